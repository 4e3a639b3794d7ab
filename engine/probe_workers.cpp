// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/probe_workers.h"

#include "core/probe_report.h"
#include "core/probe_schedule.h"
#include "engine/coded_video.h"
#include "engine/fingerprint.h"
#include "engine/pace_cache.h"
#include "engine/probe.h"
#include "engine/worker_process.h"

#include <fcntl.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <utility>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

constexpr guint kTick = 100;                    // ms between two looks at a worker
constexpr std::size_t kLongestLine = 1U << 20;  // far more than a worker that is well says

// The events of a worker, whatever other main loops this process has.
class Loop {
 public:
  Loop() : context_{g_main_context_new()}, loop_{g_main_loop_new(context_, FALSE)} {
    g_main_context_push_thread_default(context_);
  }
  ~Loop() {
    g_main_context_pop_thread_default(context_);
    g_main_loop_unref(loop_);
    g_main_context_unref(context_);
  }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Calls tick(data) until quit().
  void run(GSourceFunc tick, gpointer data) {
    GSource* source = g_timeout_source_new(kTick);
    g_source_set_callback(source, tick, data, nullptr);
    g_source_attach(source, context_);
    g_main_loop_run(loop_);
    g_source_destroy(source);
    g_source_unref(source);
  }
  void quit() { g_main_loop_quit(loop_); }

 private:
  GMainContext* context_;
  GMainLoop* loop_;
};

// One worker, from its start to its end.
class Watch {
 public:
  Watch(const ProbeWorkers& how, ProbeSchedule& schedule) : how_{how}, schedule_{schedule} {}

  // How it ended; nothing after a stop.
  Result<std::optional<WorkerExit>> run(const std::string& spec, std::vector<File> media) {
    auto process = WorkerProcess::start(
        {how_.program, spec, std::move(media), {PaceCache::of_user().folder()}},
        {.on_progress = {},
         .on_substitution = {},
         .on_line = [this](std::string_view line) { take(line); },
         .on_exit = [this](WorkerExit exit) { ended(std::move(exit)); }});
    if (!process) return tl::unexpected(process.error());
    process_ = std::move(*process);
    loop_.run(on_tick, this);
    process_.reset();  // kills it if it still runs
    return std::move(exit_);
  }

 private:
  void take(std::string_view line) {
    auto report = parse_probe_report(line);
    if (!report) return;
    last_said_ = g_get_monotonic_time();
    if (report->found)
      schedule_.find(report->medium, std::move(*report->found));
    else
      schedule_.begin(report->medium);
    // What hangs in it must not be waited for.
    if (schedule_.worker_is_done()) process_->kill_as(WorkerExit::How::done);
  }

  void ended(WorkerExit exit) {
    exit.most_bytes = how_.most_memory;
    exit_ = std::move(exit);
    loop_.quit();
  }

  void look() {
    using How = WorkerExit::How;
    const auto now = g_get_monotonic_time();
    const auto slept = now - std::exchange(last_look_, now);
    // When this process was stopped, its worker most likely was, too.
    if (slept > 10 * gint64{kTick} * 1000) last_said_ += slept;
    if (how_.stop.stop_requested()) return loop_.quit();
    if (process_->resident() > how_.most_memory) return process_->kill_as(How::oversized);
    if (process_->unfinished() > kLongestLine) return process_->kill_as(How::crashed);
    if (Nanoseconds{(now - last_said_) * 1000} > how_.stall_timeout)
      process_->kill_as(How::stalled);
  }

  static gboolean on_tick(gpointer self) {
    static_cast<Watch*>(self)->look();
    return G_SOURCE_CONTINUE;
  }

  const ProbeWorkers& how_;
  ProbeSchedule& schedule_;
  Loop loop_;  // outlives the process
  std::unique_ptr<WorkerProcess> process_;
  std::optional<WorkerExit> exit_;
  gint64 last_look_ = g_get_monotonic_time();
  gint64 last_said_ = last_look_;
};

MediaInfo unusable(std::string problem) {
  MediaInfo info;
  info.problem = std::move(problem);
  return info;
}

// A medium that cannot be opened any more.
File nothing() { return File{open("/dev/null", O_RDONLY | O_CLOEXEC)}; }

// Gives the files to one worker after another.
class Prober {
 public:
  Prober(const std::vector<std::string>& paths, const ProbeWorkers& how)
      : paths_{paths},
        how_{how},
        folder_{how.spec_dir + "/probe-" + std::to_string(count++)},
        schedule_{paths.size()} {}

  Result<std::vector<MediaInfo>> run() {
    for (std::size_t i = 0; i < paths_.size(); ++i)
      if (auto problem = problem_of_file(paths_[i]); !problem.empty())
        schedule_.know(i, unusable(std::move(problem)));
    for (auto given = schedule_.next(); !given.empty(); given = schedule_.next())
      if (auto done = run_worker(given); !done) return tl::unexpected(done.error());
    auto found = schedule_.take();
    for (std::size_t i = 0; i < found.size(); ++i) {
      found[i].path = paths_[i];
      if (found[i].coded) list_pictures(how_.files.open_or_none(paths_[i]).link(), *found[i].coded);
    }
    return found;
  }

 private:
  Result<void> run_worker(const std::vector<std::size_t>& given) {
    const auto spec = write_job(given.size());
    if (!spec) return tl::unexpected(spec.error());
    auto exit = Watch{how_, schedule_}.run(*spec, open_media(given));
    if (!exit) return tl::unexpected(exit.error());
    if (!*exit) return fail(Kind::interrupted, "interrupted");
    keep_paces(given);
    return schedule_.end(**exit);
  }

  Result<std::string> write_job(std::size_t media) const {
    const auto path = folder_ + "/media" + kProbeJobEnding;
    std::error_code error;
    fs::create_directories(paces_folder(folder_), error);
    std::ofstream file{path, std::ios::binary};
    file << probe_job_json({media, how_.time});
    file.close();
    if (file) return path;
    return fail(Kind::internal, path + ": cannot be written: " + std::strerror(errno));
  }

  // As descriptors: a name may come to mean another file.
  std::vector<File> open_media(const std::vector<std::size_t>& given) {
    std::vector<File> media;
    for (std::size_t number = 0; number < given.size(); ++number) {
      auto file = how_.files.open_or_none(paths_[given[number]]);
      if (file.fd() < 0) schedule_.find(number, unusable("it cannot be read"));
      media.push_back(file.fd() < 0 ? nothing() : std::move(file));
    }
    return media;
  }

  // What the worker has found of clocks, of its own media: it may say nothing of others.
  void keep_paces(const std::vector<std::size_t>& given) const {
    const auto folder = paces_folder(folder_);
    std::error_code error;
    if (fs::is_empty(folder, error) || error) return;
    const PaceCache said{folder};
    for (const auto i : given) {
      const auto content = fingerprint(how_.files.open_or_none(paths_[i]).link());
      if (const auto pace = said.find(content)) PaceCache::of_user().store(content, *pace);
    }
    fs::remove_all(folder, error);
  }

  static inline std::atomic<unsigned> count{0};

  const std::vector<std::string>& paths_;
  const ProbeWorkers& how_;
  const std::string folder_;
  ProbeSchedule schedule_;
};

// The file of the asset that is looked into in this round, if its turn comes: its own first.
const std::string* candidate(const ResolvedAsset& asset, const MediaInfo& known,
                             std::size_t round) {
  if (round == 0) return asset.problem.empty() ? &asset.path : nullptr;
  const bool wanted = !known.usable() && round <= asset.others.size();
  return wanted ? &asset.others[round - 1] : nullptr;
}

}  // namespace

std::string paces_folder(const std::string& folder) { return folder + "/clocks"; }

Result<std::vector<MediaInfo>> probe_files(const std::vector<std::string>& paths,
                                           const ProbeWorkers& how) {
  return Prober{paths, how}.run();
}

Result<MediaMap> probe_all(const std::vector<ResolvedAsset>& assets, const ProbeWorkers& how) {
  MediaMap map;
  std::size_t rounds = 1;
  for (const auto& asset : assets) {
    auto& info = map[asset.id];
    info.path = asset.path;
    info.problem = asset.problem;
    rounds = std::max(rounds, asset.others.size() + 1);
  }
  for (std::size_t round = 0; round < rounds; ++round) {
    std::vector<MediaInfo*> wanted;
    std::vector<std::string> paths;
    for (const auto& asset : assets) {
      auto& info = map.find(asset.id)->second;
      const auto* path = candidate(asset, info, round);
      if (!path) continue;
      wanted.push_back(&info);
      paths.push_back(*path);
    }
    auto found = probe_files(paths, how);
    if (!found) return tl::unexpected(found.error());
    for (std::size_t i = 0; i < wanted.size(); ++i)
      if (round == 0 || (*found)[i].usable()) *wanted[i] = std::move((*found)[i]);
  }
  return map;
}

}  // namespace rostrum
