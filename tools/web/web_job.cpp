// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/web/web_job.h"

#include "core/preview_data.h"
#include "core/source_trials.h"
#include "engine/encoders.h"
#include "tools/encoding.h"

#include <algorithm>
#include <utility>

namespace rostrum {

namespace {

constexpr int kThumbnailLines = 96;

// Without the media that the slice does not play: a worker need not be given them.
ChunkJob job_of(const Job& job, Slice slice) {
  auto work = chunk_job(job);
  work.slice = std::move(slice);
  const auto played = sources_of(work.slice);
  std::erase_if(work.paths, [&](const auto& path) {
    return std::find(played.begin(), played.end(), path.first) == played.end();
  });
  return work;
}

}  // namespace

WebJob::WebJob(Job job, Plan plan, Plan small)
    : job_{std::move(job)},
      plan_{std::move(plan)},
      small_{std::move(small)},
      data_{preview_data(plan_, job_.manifest)},
      digest_{job_digest(job_)} {}

Result<std::shared_ptr<const WebJob>> WebJob::open(const JobOptions& options, KnownMedia& known) {
  auto job = open_job(options, known);
  if (!job) return tl::unexpected(job.error());
  if (auto heard = hear(*job); !heard) return tl::unexpected(heard.error());
  if (auto found = find_codec(*job, {}); !found) return tl::unexpected(found.error());
  auto plan = make_plan(job->manifest, job->media, {.h264 = job->picture_codec == kUsualCodec});
  if (!plan) return tl::unexpected(plan.error());
  return of(std::move(*job), std::move(*plan));
}

Result<std::shared_ptr<const WebJob>> WebJob::of(Job job, Plan plan) {
  PlanOptions thumbnails{.lines = kThumbnailLines, .copy = false};
  thumbnails.from = plan.grid.start(plan.frames.first);
  thumbnails.to = plan.grid.start(plan.frames.end);
  auto small = make_plan(job.manifest, job.media, thumbnails);
  if (!small) return tl::unexpected(small.error());
  return std::shared_ptr<const WebJob>{
      new WebJob{std::move(job), std::move(plan), std::move(*small)}};
}

ChunkJob WebJob::film(FrameRange frames) const {
  const auto first = nearest(frames.first);
  return job_of(job_, make_slice(plan_, {first, std::max(nearest(frames.end - 1), first) + 1}));
}

ChunkJob WebJob::picture_at(std::int64_t frame, bool small) const {
  frame = nearest(frame);
  return job_of(job_, make_picture_slice(small ? small_ : plan_, {frame, frame + 1}));
}

std::int64_t WebJob::nearest(std::int64_t frame) const {
  return std::clamp(frame, plan_.frames.first, plan_.frames.end - 1);
}

std::string WebJob::explain(Nanoseconds t) const {
  return rostrum::explain(plan_, job_.manifest, job_.media, t);
}

}  // namespace rostrum
