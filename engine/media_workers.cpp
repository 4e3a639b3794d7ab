// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/media_workers.h"

#include "core/probe_report.h"
#include "core/probe_schedule.h"
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

constexpr guint kTick = 100;  // ms between two looks at a worker

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
  Watch(const MediaWorkers& how, ProbeSchedule& schedule) : how_{how}, schedule_{schedule} {}

  // How it ended; nothing after a stop.
  Result<std::optional<WorkerExit>> run(WorkerCommand command) {
    auto process = WorkerProcess::start(
        std::move(command), {.on_progress = {},
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
    if (process_->says_too_much()) return process_->kill_as(How::crashed);
    if (Nanoseconds{(now - last_said_) * 1000} > how_.stall_timeout)
      process_->kill_as(How::stalled);
  }

  static gboolean on_tick(gpointer self) {
    static_cast<Watch*>(self)->look();
    return G_SOURCE_CONTINUE;
  }

  const MediaWorkers& how_;
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
class WorkersInTurn {
 public:
  WorkersInTurn(const std::vector<std::string>& paths, const MediaTask& task,
                const MediaWorkers& how)
      : paths_{paths},
        task_{task},
        how_{how},
        folder_{how.spec_dir + "/media-" + std::to_string(count++)},
        schedule_{paths.size()} {}

  Result<std::vector<MediaInfo>> run() {
    for (std::size_t i = 0; i < paths_.size(); ++i)
      if (auto problem = problem_of_file(paths_[i]); !problem.empty())
        schedule_.know(i, unusable(std::move(problem)));
    for (auto given = schedule_.next(); !given.empty(); given = schedule_.next())
      if (auto done = run_worker(given); !done) return tl::unexpected(done.error());
    return schedule_.take();
  }

 private:
  Result<void> run_worker(const std::vector<std::size_t>& given) {
    const auto spec = write_job(given);
    if (!spec) return tl::unexpected(spec.error());
    auto exit =
        Watch{how_, schedule_}.run({how_.program, *spec, open_media(given), task_.readable});
    if (!exit) return tl::unexpected(exit.error());
    if (!*exit) return fail(Kind::interrupted, "interrupted");
    collect(given);
    return schedule_.end(**exit);
  }

  Result<std::string> write_job(const std::vector<std::size_t>& given) const {
    const auto path = folder_ + "/job" + task_.ending;
    std::error_code error;
    fs::create_directories(findings_folder(folder_), error);
    std::ofstream file{path, std::ios::binary};
    file << task_.job(given);
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

  void collect(const std::vector<std::size_t>& given) const {
    const auto folder = findings_folder(folder_);
    std::error_code error;
    if (!fs::is_empty(folder, error) && !error) task_.collect(given, folder);
    fs::remove_all(folder, error);
  }

  static inline std::atomic<unsigned> count{0};

  const std::vector<std::string>& paths_;
  const MediaTask& task_;
  const MediaWorkers& how_;
  const std::string folder_;
  ProbeSchedule schedule_;
};

}  // namespace

std::string findings_folder(const std::string& folder) { return folder + "/findings"; }

Result<std::vector<MediaInfo>> run_media_workers(const std::vector<std::string>& paths,
                                                 const MediaTask& task, const MediaWorkers& how) {
  return WorkersInTurn{paths, task, how}.run();
}

}  // namespace rostrum
