// SPDX-License-Identifier: LGPL-2.1-or-later
// The internal commands.  `worker` renders one chunk job, looks into media or listens to them, or
// puts segments together, and says on stdout, a line of JSON each, how it goes.
#include "core/chunk_job.h"
#include "core/fetch/hls_plan.h"
#include "core/listening.h"
#include "core/memory_limits.h"
#include "core/preview_job.h"
#include "core/probe_report.h"
#include "core/render_journal.h"
#include "core/still_frames.h"
#include "engine/chunk_check.h"
#include "engine/level_cache.h"
#include "engine/levels.h"
#include "engine/media_workers.h"
#include "engine/memory.h"
#include "engine/parallel.h"
#include "engine/picture_copy.h"
#include "engine/picture_witness.h"
#include "engine/preview_pipeline.h"
#include "engine/probe.h"
#include "engine/render_pipeline.h"
#include "engine/renderer_builds.h"
#include "engine/runner.h"
#include "engine/sound_copy.h"
#include "engine/sound_encoders.h"
#include "engine/worker_process.h"
#include "engine/worker_sandbox.h"
#include "remux/remux.h"
#include "tools/commands/commands.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>
#include <vector>

namespace rostrum {

namespace {

void tell(const std::string& line) {
  std::fputs((line + "\n").c_str(), stdout);
  std::fflush(stdout);
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

void tell_error(const Error& error) {
  const nlohmann::json text{{"error", error.message}, {"kind", static_cast<int>(error.kind)}};
  tell(text.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

Result<std::optional<Substitution>> copy_chunk(
    const ChunkJob& job, const std::function<void(Nanoseconds)>& on_progress) {
  if (!job.slice.frames.empty()) return copy_pictures(job, on_progress);
  if (auto done = copy_sound(job, on_progress); !done) return tl::unexpected(done.error());
  return std::nullopt;
}

// What stands still was composed as if its pictures followed each other.
Substitution in_job_time(Substitution s, const Slice& slice) {
  if (const auto frames = composed_frames(slice); !slice.frames.empty() && !frames.empty())
    s.when = spread(s.when, slice, frames);
  return s;
}

// Composes and encodes.
Result<void> render_composed(const ChunkJob& job,
                             const std::function<void(Nanoseconds)>& on_progress) {
  const auto pipeline = make_render_pipeline(job);
  if (!pipeline) return tl::unexpected(pipeline.error());
  RunOptions run;
  run.progress_element = job.slice.frames.empty() ? kAudioProgress : kVideoProgress;
  run.stall_timeout = Nanoseconds::max();  // the parent watches, and can kill what hangs
  run.on_progress = on_progress;
  if (job.coding.hardware) run.on_refused = [] { tell("{\"refused\":true}"); };
  std::optional<PictureWitnesses> witness;
  if (job.coding.hardware && !job.raw && !job.output.empty()) witness.emplace(pipeline->get(), job);
  const auto result = run_pipeline(pipeline->get(), run);
  if (!result) return tl::unexpected(result.error());
  if (is_flac_stream(job))
    if (auto whole = wrap_flac(job); !whole) return whole;
  const double seconds = witness ? witness->seconds() : 0;
  if (auto whole = check_chunk(job); !whole) return whole;
  if (witness) {
    if (auto right = witness->check(); !right) return right;
    tell("{\"encoded\":" + std::to_string(seconds) + "}");
  }
  for (const auto& s : result->substitutions)
    tell("{\"substitution\":" + substitution_json(in_job_time(s, job.slice)) + "}");
  return {};
}

// Several at a time, as many as there are cores.
Result<void> look_into_media(const std::string& text, const std::string& folder) {
  const auto job = parse_probe_job(text);
  if (!job) return fail(Kind::internal, "this is no probe job");
  const auto at_once = std::min<std::size_t>(job->media, std::thread::hardware_concurrency());
  limit_address_space(address_space_limit({}, at_once));
  const ProbeOptions options{job->time,
                             PaceCache{PaceCache::of_user().folder(), findings_folder(folder)}};
  in_parallel(job->media, 0, [&](std::size_t medium) {
    tell(probe_report_json({medium, {}}));
    tell(probe_report_json({medium, probe(WorkerProcess::path_of_medium(medium), options)}));
    return true;
  });
  return {};
}

// Several at a time, as many as there are cores; of each a word now and then.
Result<void> listen_to_media(const std::string& text, const std::string& folder) {
  constexpr Nanoseconds kWord = 30s;  // of a medium's sound: a fraction of a second of work
  const auto job = parse_listening_job(text);
  if (!job) return fail(Kind::internal, "this is no listening job");
  const auto at_once =
      std::min<std::size_t>(job->media.size(), std::thread::hardware_concurrency());
  limit_address_space(address_space_limit({}, at_once));
  in_parallel(job->media.size(), 0, [&](std::size_t medium) {
    Nanoseconds said{-kWord};
    const auto say_position = [&](Nanoseconds position) {
      if (position < said + kWord) return;
      said = position;
      tell(probe_report_json({medium, {}}));
    };
    const auto& [duration, listening] = job->media[medium];
    const auto levels =
        measure_levels(WorkerProcess::path_of_medium(medium), duration, listening, say_position);
    LevelCache{findings_folder(folder)}.store(std::to_string(medium), levels);
    tell(probe_report_json({medium, MediaInfo{}}));
    return true;
  });
  return {};
}

Result<void> render_chunk(const std::string& text) {
  auto job = parse_chunk_job(text);
  if (!job) return tl::unexpected(job.error());
  std::vector<Size> renditions;
  for (const auto& r : job->coding.renditions) renditions.push_back(r.size);
  limit_address_space(address_space_limit(job->slice.canvas, 1, renditions));
  const auto on_progress = [](Nanoseconds done) {
    tell("{\"progress\":" + std::to_string(done.count()) + "}");
  };
  if (!job->slice.copied || job->output.empty()) return render_composed(*job, on_progress);
  const auto broken = copy_chunk(*job, on_progress);
  if (!broken) return tl::unexpected(broken.error());
  if (!*broken) return job->slice.frames.empty() ? Result<void>{} : check_chunk(*job);
  job->slice.copied = false;
  if (auto done = render_composed(*job, on_progress); !done) return done;
  tell("{\"substitution\":" + substitution_json(**broken) + "}");
  return {};
}

Result<void> remux_segments(const std::string& text, const std::string& folder) {
  const auto job = hls::parse_remux_job(text);
  if (!job) return fail(Kind::internal, "this is no remux job");
  limit_address_space(address_space_limit({}));
  return remux(*job, folder, [](Nanoseconds done) {
    tell("{\"progress\":" + std::to_string(done.count()) + "}");
  });
}

// As core/preview_job.h says.
Result<void> show(const std::filesystem::path& spec) {
  make_preview_ready();
  char kind = 0;
  if (read(WorkerProcess::kFirstMedium + 1, &kind, 1) != 1) return {};  // nothing is wanted
  const auto job = parse_chunk_job(text_of(spec));
  if (!job) return tl::unexpected(job.error());
  limit_address_space(address_space_limit(job->slice.canvas));
  const bool picture = kind == static_cast<char>(PreviewKind::picture);
  const auto make = picture ? make_preview_picture : make_preview_stream;
  const auto pipeline = make(*job, WorkerProcess::kFirstMedium);
  if (!pipeline) return tl::unexpected(pipeline.error());
  RunOptions run;
  run.stall_timeout = Nanoseconds::max();  // whoever looks may pause
  if (const auto shown = run_pipeline(pipeline->get(), run); !shown)
    return tl::unexpected(shown.error());
  return {};
}

// By the ending of the file that holds the job.
Result<void> run_job(const std::filesystem::path& spec) {
  if (spec.extension() == kPreviewEnding) return show(spec);
  const auto text = text_of(spec);
  const auto folder = spec.parent_path().string();
  if (spec.extension() == kProbeJobEnding) return look_into_media(text, folder);
  if (spec.extension() == kListeningJobEnding) return listen_to_media(text, folder);
  if (spec.extension() == hls::kRemuxJobEnding) return remux_segments(text, folder);
  return render_chunk(text);
}

}  // namespace

void begin_worker(const char* spec, int parent) {
  die_with_parent(parent);
  if (const auto confined = confine_worker(spec); !confined) {
    tell_error(confined.error());
    std::exit(exit_code(confined.error().kind));
  }
}

Result<void> run_worker(const WorkerOptions& options) {
  if (const auto result = run_job(options.spec); !result) {
    tell_error(result.error());
    return fail(result.error().kind, "");  // the parent says it
  }
  return {};
}

Result<void> run_builds() {
  std::fputs(renderer_builds().c_str(), stdout);  // just this text: keys depend on it
  return {};
}

}  // namespace rostrum
