// SPDX-License-Identifier: LGPL-2.1-or-later
// When a live source counts as lost.  Times are of one clock, which goes on whatever the job does.
#pragma once

#include "core/timeline.h"

#include <string>

namespace rostrum {

struct LiveSigns {
  bool begun = false;   // something has come
  bool waits = false;   // for somebody to call, for as long as it likes
  Nanoseconds last{0};  // when something came last; before that, when the source was opened
};

// Why it is lost, a clause; "" = it is not.  `rested`: until when the job did not play: nothing
// could come then.
std::string why_lost(const LiveSigns& signs, Nanoseconds rested, Nanoseconds now);

}  // namespace rostrum
