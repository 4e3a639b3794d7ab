// SPDX-License-Identifier: LGPL-2.1-or-later
// What this machine has and lacks for rendering.
#pragma once

#include "engine/doctor_encoders.h"

#include <string>
#include <vector>

namespace rostrum {

struct DoctorItem {
  std::string group;  // "elements", "decoders", "encoders", "fonts", "protection", "machine"
  std::string name;
  bool ok = false;
  bool required = false;  // without it no job can be rendered
  std::string detail;     // what it is for, or what was found
  std::string cure;       // what to install or free; "" where ok
};

struct DoctorReport {
  std::vector<DoctorItem> items;
  std::vector<EncoderFinding> encoders;  // see examine_encoders()

  // Whether all that is required is there.
  bool ok() const;
  // A line per item, grouped; with terminal colours if asked.
  std::string to_text(bool color) const;
  // As data/schema/doctor.schema.json says.
  std::string to_json() const;
};

// `work_dir`: where the output will be written; its free space is looked at.  gst_init() must have
// run.
DoctorReport examine(const std::string& work_dir);

}  // namespace rostrum
