// SPDX-License-Identifier: LGPL-2.1-or-later
// Frames as SMPTE timecode (ST 12-1).
#pragma once

#include "core/timeline.h"

#include <cstdint>
#include <string>

namespace rostrum {

class Timecode {
 public:
  // Drop-frame for 30000/1001 and 60000/1001, where a day of it lasts a day.
  explicit Timecode(Fraction rate);

  bool drops() const { return dropped_ > 0; }
  std::int64_t frames_per_second() const { return nominal_; }
  std::int64_t frames_per_day() const;
  // "01:02:03:04", with drop-frame "01:02:03;04"; 0 <= frame < frames_per_day().
  std::string text(std::int64_t frame) const;

 private:
  std::int64_t nominal_;  // whole frames per second
  std::int64_t dropped_;  // numbers left out at each minute but every tenth
};

}  // namespace rostrum
