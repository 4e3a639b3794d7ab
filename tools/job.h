// SPDX-License-Identifier: LGPL-2.1-or-later
// A job as the tool opens it: with what it says on the way, and until Ctrl-C.
#pragma once

#include "engine/job.h"
#include "engine/planned_job.h"

namespace rostrum {

// Reads JOB, or imports it if it is a folder of media.
Result<Job> load_job(const JobOptions& options);
// Looks into each medium.  Kind::interrupted when stopped.
Result<void> probe(Job& job, const std::stop_token& stop = {});
// Listens to microphones whose clock may run off against the log, and puts it right: the times at
// which they are muted tell.  Kind::interrupted after Ctrl-C.
Result<void> time_by_log(Job& job);
// The same; takes alternatives for media that are silent though somebody is to be heard; and
// measures how loud the media are that the plan asks for, or `all` that are heard, and
// their loudness.  Kind::interrupted after Ctrl-C.
Result<void> hear(Job& job, bool all = false);
// After hear(), of all that are heard: the media with the peaks of their own samples instead of
// those that a high-pass and the mix to one channel leave.  Kind::interrupted after Ctrl-C.
Result<MediaMap> hear_as_recorded(const Job& job);
// Of all that is seen and heard of the job, hex.
std::string job_digest(const Job& job);
// All of it but hear().  Kind::interrupted after Ctrl-C, where Interrupt is installed.  Only media
// that are not `known` are looked into.
Result<Job> open_job(const JobOptions& options);
Result<Job> open_job(const JobOptions& options, KnownMedia& known);

}  // namespace rostrum
