// SPDX-License-Identifier: LGPL-2.1-or-later
// Which source ends its worker: each is tried alone, decoded and composed to nowhere, and the
// guilty ones are left out of the chunk and reported.
#pragma once

#include "core/chunk_job.h"
#include "core/retry.h"

#include <set>
#include <string>

namespace rostrum {

// The assets that the slice plays.
std::set<std::string> sources_of(const Slice& slice);

// The job with this source alone, and without an output.
ChunkJob trial_of(const ChunkJob& job, const std::string& asset);

// Black, silence or a plain slide stands where it was.
void leave_out(Slice& slice, const std::string& asset);

enum class Verdict {
  innocent,
  guilty,
  again_fewer,  // somebody else ended the worker
  unclear       // the worker cannot tell, and no other could
};

// `attempts`: how often this trial has been run, this time included.
Verdict verdict(const WorkerExit& exit, int attempts);

// Of a worker, or of the decoding in it: "crashes", "never ends", "takes more than 1610 MB of
// memory".
std::string what_it_does(const WorkerExit& exit);

// What the report says of a guilty source of the slice.
Substitution conviction(const Slice& slice, const std::string& asset, const WorkerExit& exit);

// When the job ends its worker this way, but none of its sources alone does.  Trials do not encode:
// of a job with a picture it is the encoder that is left.
Error unexplained(const ChunkJob& job, const WorkerExit& exit);

}  // namespace rostrum
