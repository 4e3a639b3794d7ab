// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/encoder_trial.h"

#include "engine/driver_version.h"
#include "engine/fingerprint.h"
#include "engine/trial_cache.h"
#include "engine/worker_process.h"

#include <fstream>
#include <memory>
#include <utility>

namespace rostrum {

namespace {

// One worker, from its start to its end or the time limit.
class TrialRun {
 public:
  explicit TrialRun(Nanoseconds limit) : limit_{limit}, loop_{g_main_loop_new(nullptr, FALSE)} {}
  ~TrialRun() { g_main_loop_unref(loop_); }
  TrialRun(const TrialRun&) = delete;
  TrialRun& operator=(const TrialRun&) = delete;

  EncoderTrial run(const std::string& program, const std::string& spec, int frames) {
    WorkerEvents events;
    events.on_progress = [](Nanoseconds) {};
    events.on_substitution = [](const Substitution&) {};
    events.on_encoded = [this](double seconds) { seconds_ = seconds; };
    events.on_exit = [this](WorkerExit exit) {
      exit_ = std::move(exit);
      g_main_loop_quit(loop_);
    };
    auto worker = WorkerProcess::start({program, spec}, std::move(events));
    if (!worker) return {false, 0, worker.error().message, false};
    worker_ = std::move(*worker);
    const guint timer = g_timeout_add(static_cast<guint>(limit_ / 1ms), on_late, this);
    g_main_loop_run(loop_);
    if (!late_) g_source_remove(timer);
    return outcome(frames);
  }

 private:
  static gboolean on_late(gpointer self) {
    auto* run = static_cast<TrialRun*>(self);
    run->late_ = true;
    run->worker_->kill_as(WorkerExit::How::stalled);
    return G_SOURCE_REMOVE;
  }

  EncoderTrial outcome(int frames) const {
    using How = WorkerExit::How;
    if (late_) return {false, 0, "it takes more than " + std::to_string(limit_ / 1s) + " s", false};
    if (exit_.how == How::done) return {true, seconds_ > 0 ? frames / seconds_ : 0, "", true};
    if (exit_.how == How::reported) return {false, 0, exit_.error->message, !exit_.refused};
    return {false, 0, "it ends its process", exit_.how == How::crashed};
  }

  const Nanoseconds limit_;
  GMainLoop* loop_;
  std::unique_ptr<WorkerProcess> worker_;
  WorkerExit exit_;
  double seconds_ = 0;
  bool late_ = false;
};

EncoderTrial run_trial(ChunkJob job, const TrialOptions& options, Nanoseconds limit) {
  if (options.folder.empty()) return {false, 0, "there is no folder for temporary files", false};
  const auto spec = options.folder + "/trial.job";
  job.output = options.folder + "/trial.mp4";
  for (const auto& r : job.coding.renditions)
    job.rendition_outputs.push_back(options.folder + "/" + rendition_key("trial", r.size) + ".mp4");
  std::ofstream file{spec, std::ios::binary};
  file << chunk_job_json(job);
  file.close();
  if (!file) return {false, 0, spec + ": cannot be written", false};
  return TrialRun{limit}.run(options.program, spec, static_cast<int>(job.slice.frames.count()));
}

}  // namespace

Nanoseconds trial_limit(const PictureCoding& coding) {
  return (1 + std::ssize(coding.renditions)) * (coding.hardware ? 3s : 30s);
}

std::string trial_key(const ChunkJob& job) {
  auto text = chunk_recipe(job) + "\n" + job.coding.description + "\n" + job.coding.builds + "\n";
  for (const auto& r : job.coding.renditions) text += r.description + "\n";
  return sha256(text + driver_versions());
}

EncoderTrial try_encoder(const PictureCoding& coding, Size canvas, FrameGrid grid,
                         const TrialOptions& options) {
  const auto job = trial_job(coding, canvas, grid, options.frames);
  const auto key = trial_key(job);
  const auto cache = TrialCache::of_user();
  if (options.use_cache)
    if (auto known = cache.find(key)) return *known;
  const auto trial = run_trial(job, options, trial_limit(coding));
  if (options.use_cache && trial.lasting) cache.store(key, trial);
  return trial;
}

}  // namespace rostrum
