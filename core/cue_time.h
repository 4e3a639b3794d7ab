// SPDX-License-Identifier: LGPL-2.1-or-later
// A time as cues of WebVTT and chapters of Ogg write it.
#pragma once

#include "core/timeline.h"

#include <string>

namespace rostrum {

// hh:mm:ss.mmm of a time from 0 on; hours may have more digits.
inline std::string cue_time(Nanoseconds t) {
  const auto text = format_time(t);
  return text.find(':') == 1 ? "0" + text : text;
}

}  // namespace rostrum
