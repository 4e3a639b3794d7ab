// SPDX-License-Identifier: LGPL-2.1-or-later
// What the media of a job sound like, as far as picture or sound depend on it.
#pragma once

#include "engine/job.h"
#include "engine/media_workers.h"

#include <functional>
#include <string>

namespace rostrum {

struct HearingEvents {
  std::function<void(Nanoseconds total)> on_begin = {};  // of listening that takes long
  std::function<void(const std::string& text)> on_warning = {};
};

// Listens to microphones whose clock may run off against the log, and puts it right: the times at
// which they are muted tell.
Result<void> time_by_log(Job& job, const MediaWorkers& workers, const HearingEvents& events);
// The same; takes alternatives for media that are silent though somebody is to be heard; and
// measures how loud the media are that the plan asks for, or `all` that are heard, and
// their loudness.
Result<void> hear(Job& job, bool all, const MediaWorkers& workers, const HearingEvents& events);
// After hear(), of all that are heard: the media with the peaks of their own samples instead of
// those that a high-pass and the mix to one channel leave.
Result<MediaMap> hear_as_recorded(const Job& job, const MediaWorkers& workers);
// hear() without listening: what earlier runs have measured, the rest counts as silent.  True when
// nothing was missing, so that hear() takes no time.
Result<bool> hear_known(Job& job);

}  // namespace rostrum
