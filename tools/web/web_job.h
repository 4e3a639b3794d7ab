// SPDX-License-Identifier: LGPL-2.1-or-later
// A job as the preview page shows it: planned, and ready to be played from any time on.
#pragma once

#include "core/chunk_job.h"
#include "tools/job.h"

#include <memory>
#include <stop_token>
#include <string>

namespace rostrum {

class WebJob {
 public:
  // Opens, hears and plans it; only media that are not `known` are looked into.  Kind::interrupted
  // after Ctrl-C.
  static Result<std::shared_ptr<const WebJob>> open(const JobOptions& options, KnownMedia& known);
  // Of a job that is opened, heard and planned.
  static Result<std::shared_ptr<const WebJob>> of(Job job, Plan plan);

  const Job& job() const { return job_; }
  const Plan& plan() const { return plan_; }
  // What an edit of the job changes.
  const std::string& digest() const { return digest_; }
  // For the page's timeline (core/preview_data.h).
  const std::string& data() const { return data_; }
  // All of them.
  AssetPaths media() const { return chunk_job(job_).paths; }
  // Picture and sound of these frames, as far as the job has them, of one at least; here and below,
  // the first or the last frame stands for one that it does not have.
  ChunkJob film(FrameRange frames) const;
  // One frame, of the film's size or, `small`, for a row of thumbnails.
  ChunkJob picture_at(std::int64_t frame, bool small) const;
  // For people: what is seen and heard at a time, and why.
  std::string explain(Nanoseconds t) const;

 private:
  WebJob(Job job, Plan plan, Plan small);
  std::int64_t nearest(std::int64_t frame) const;

  Job job_;
  Plan plan_;
  Plan small_;
  std::string data_;
  std::string digest_;
};

}  // namespace rostrum
