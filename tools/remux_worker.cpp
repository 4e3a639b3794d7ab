// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/remux_worker.h"

#include "core/memory_limits.h"
#include "engine/interrupt.h"
#include "engine/worker_process.h"
#include "remux/remux.h"
#include "engine/scratch.h"

#include <filesystem>
#include <fstream>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

constexpr Nanoseconds kStallTimeout = 60s;          // without a word of the worker
constexpr guint kTick = 100;                        // ms between two looks at the worker
constexpr std::int64_t kMostMemory = 1536LL << 20;  // of a worker

class Watch {
 public:
  // How the worker ended; nothing after Ctrl-C.
  Result<std::optional<WorkerExit>> run(const std::string& spec) {
    auto process = WorkerProcess::start({.program = own_program(), .spec = spec},
                                        {.on_progress = [this](Nanoseconds) { note_life(); },
                                         .on_substitution = [](const Substitution&) {},
                                         .on_exit =
                                             [this](WorkerExit exit) {
                                               exit_ = std::move(exit);
                                               g_main_loop_quit(loop_);
                                             }});
    if (!process) return tl::unexpected(process.error());
    process_ = std::move(*process);
    loop_ = g_main_loop_new(nullptr, FALSE);
    note_life();
    const guint tick = g_timeout_add(kTick, on_tick, this);
    g_main_loop_run(loop_);
    g_source_remove(tick);
    process_.reset();  // kills it if it still runs
    g_main_loop_unref(loop_);
    return std::move(exit_);
  }

 private:
  void note_life() { last_said_ = g_get_monotonic_time(); }

  void look() {
    using How = WorkerExit::How;
    if (Interrupt::requested()) return g_main_loop_quit(loop_);
    if (process_->resident() > kMostMemory) return process_->kill_as(How::oversized);
    const Nanoseconds silent{(g_get_monotonic_time() - last_said_) * 1000};
    if (silent > kStallTimeout) process_->kill_as(How::stalled);
  }

  static gboolean on_tick(gpointer self) {
    static_cast<Watch*>(self)->look();
    return G_SOURCE_CONTINUE;
  }

  GMainLoop* loop_ = nullptr;
  std::unique_ptr<WorkerProcess> process_;
  std::optional<WorkerExit> exit_;
  gint64 last_said_ = 0;
};

std::string why_of(const WorkerExit& exit) {
  using How = WorkerExit::How;
  switch (exit.how) {
  case How::done:
    break;
  case How::reported:
    return exit.error ? exit.error->message : "it failed";
  case How::crashed:
    return "the process that did it crashed";
  case How::stalled:
    return "the process that did it hung";
  case How::killed:
    return "the process that did it was killed";
  case How::oversized:
    return "the process that did it took too much memory";
  }
  return {};
}

}  // namespace

Result<std::string> remux_by_worker(const hls::RemuxJob& job, const std::string& folder) {
  const auto spec = folder + "/job" + hls::kRemuxJobEnding;
  std::ofstream file{spec, std::ios::binary};
  file << hls::remux_job_json(job);
  file.close();
  if (!file) return fail(Kind::internal, spec + ": cannot be written");
  const auto exit = Watch{}.run(spec);
  if (!exit) return tl::unexpected(exit.error());
  if (!*exit) return fail(Kind::interrupted, "interrupted");
  if (const auto why = why_of(**exit); !why.empty())
    return fail((*exit)->error ? (*exit)->error->kind : Kind::media,
                "its segments cannot be put together: " + why);
  std::error_code error;
  for (const char* name : {kWholeMp4, kWholeMatroska})
    if (const auto path = folder + "/" + name; fs::exists(path, error)) return path;
  return fail(Kind::internal, folder + ": the worker has written no file");
}

}  // namespace rostrum
