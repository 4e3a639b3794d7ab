// SPDX-License-Identifier: LGPL-2.1-or-later
// timelinesrc's properties.
#pragma once

#include "core/clip_schedule.h"
#include "core/gain.h"

#include <gst/gst.h>

#include <string>
#include <vector>

namespace rostrum::timelinesrc {

enum class Media { video, audio };
enum class GapKind { event, fill };
enum class Damage { substitute, fail };

struct Settings {
  std::vector<TimelineClip> clips;
  std::string clips_problem;  // what was wrong with the last `clips`; "" = nothing
  std::vector<GainCurve> gains;
  std::string gains_problem;  // the same of `gains`
  std::string location;       // of a manifest; "" = none
  std::string track;          // id of a track of that manifest
  Media media = Media::video;
  Nanoseconds start{0};
  Nanoseconds stop = kNoTime;  // kNoTime: the end of the last clip
  Fraction framerate{25, 1};
  GapKind gap = GapKind::fill;
  Damage on_damage = Damage::substitute;
  Nanoseconds stall_timeout{10s};
};

void install_properties(GObjectClass* klass);
// False for an unknown property id.
bool set_property(Settings& settings, guint id, const GValue* value);
bool get_property(const Settings& settings, guint id, GValue* value);

}  // namespace rostrum::timelinesrc
