// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/worker_pool.h"

#include "core/session_limit.h"
#include "core/source_trials.h"
#include "engine/interrupt.h"
#include "engine/worker_media.h"
#include "engine/worker_process.h"
#include "lib/gst_ptr.h"

#include <glib-unix.h>

#include <algorithm>
#include <cerrno>
#include <deque>
#include <fstream>
#include <iterator>
#include <list>
#include <utility>

namespace rostrum {

namespace {

constexpr guint kTick = 500;  // ms between two looks at stalls and progress
// Bytes that a worker may tell of what it could not play; each piece of its slice once.
constexpr std::size_t kMostTold = 16 << 20;

// A task with its history.
struct Work {
  PoolTask task;
  int attempts = 0;
  int refusals = 0;                    // by its encoder, one after the other
  std::vector<Substitution> excluded;  // sources that killed their worker
  // Of a trial: the source that is tried alone, and the work it belongs to.
  std::string suspect;
  std::shared_ptr<Work> origin;
  // Of work whose sources are tried.
  WorkerExit ended;  // why they are
  int trials_left = 0;
  std::size_t excluded_before = 0;  // how many were excluded when they began
};
using WorkPtr = std::shared_ptr<Work>;

// The encoder of whose sessions the work takes one; "" = of none.
std::string session_of(const ChunkJob& job) {
  const bool encodes = !job.slice.frames.empty() && !job.raw && !job.output.empty();
  return encodes && job.coding.hardware ? job.coding.encoder : "";
}

WorkPtr work_of(PoolTask task) {
  auto work = std::make_shared<Work>();
  work->task = std::move(task);
  return work;
}

struct Running {
  WorkPtr work;
  std::unique_ptr<WorkerProcess> process;
  std::vector<Substitution> substitutions;
  std::size_t told = 0;  // bytes of them
  Nanoseconds position{0};
  gint64 last_progress = 0;  // microseconds, monotonic

  void take(Substitution s) {
    told += sizeof s + s.asset.size() + s.pointer.size() + s.what.size() + s.why.size();
    if (told <= kMostTold) substitutions.push_back(std::move(s));
  }
};

class Pool {
 public:
  Pool(const PoolOptions& options, const PoolEvents& events)
      : options_{options},
        events_{events},
        loop_{g_main_loop_new(nullptr, FALSE)},
        limit_{options.workers},
        sessions_{options.sessions} {}
  ~Pool() { g_main_loop_unref(loop_); }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  Result<void> run(std::vector<PoolTask> tasks) {
    for (auto& task : tasks) waiting_.push_back(work_of(std::move(task)));
    Interrupt::install();
    const guint interrupt = g_unix_fd_add(Interrupt::descriptor(), G_IO_IN, on_interrupt, this);
    const guint tick = g_timeout_add(kTick, on_tick, this);
    fill();
    if (!ended_) g_main_loop_run(loop_);
    running_.clear();  // kills those that still run
    g_source_remove(interrupt);
    g_source_remove(tick);
    if (error_) return tl::unexpected(*error_);
    return {};
  }

 private:
  void end(std::optional<Error> error) {
    if (ended_) return;
    ended_ = true;
    error_ = std::move(error);
    g_main_loop_quit(loop_);
  }

  void fill() {
    while (!ended_ && static_cast<int>(running_.size()) < limit_) {
      const auto next = std::find_if(waiting_.begin(), waiting_.end(),
                                     [this](const WorkPtr& work) { return may_start(*work); });
      if (next == waiting_.end()) break;
      auto work = *next;
      waiting_.erase(next);
      begin(std::move(work));
    }
    if (waiting_.empty() && refused_.empty() && running_.empty()) end({});
  }

  int running_with(const std::string& encoder) const {
    return static_cast<int>(std::count_if(running_.begin(), running_.end(), [&](const auto& run) {
      return session_of(run.work->task.job) == encoder;
    }));
  }

  bool may_start(const Work& work) const {
    const auto encoder = session_of(work.task.job);
    return encoder.empty() || sessions_.admits(encoder, running_with(encoder));
  }

  void begin(WorkPtr work) {
    const bool is_trial = !work->suspect.empty();
    if (is_trial || !events_.on_start || events_.on_start(work->task))
      start(std::move(work));
    else
      done_ += work->task.length;
  }

  void start(WorkPtr work) {
    ++work->attempts;
    if (const auto complete = std::exchange(work->task.complete, {})) complete(work->task.job);
    const auto spec = options_.spec_dir + "/" + work->task.key + ".job";
    auto job = work->task.job;
    auto media = open_media(job, options_.files);
    if (!media) return end(media.error());
    std::ofstream file{spec, std::ios::binary};
    file << chunk_job_json(job);
    file.close();
    if (!file)
      return end(
          Error{Kind::internal, spec + ": cannot be written: " + std::string{g_strerror(errno)}});
    const auto at = running_.emplace(running_.end());
    at->work = std::move(work);
    at->last_progress = g_get_monotonic_time();
    auto process =
        WorkerProcess::start({options_.program, spec, std::move(*media)},
                             {.on_progress =
                                  [at](Nanoseconds position) {
                                    at->position = position;
                                    at->last_progress = g_get_monotonic_time();
                                  },
                              .on_substitution = [at](Substitution s) { at->take(std::move(s)); },
                              .on_exit = [this, at](WorkerExit exit) { ended(at, exit); }});
    if (!process) return end(process.error());
    at->process = std::move(*process);
  }

  void ended(std::list<Running>::iterator at, WorkerExit exit) {
    exit.most_bytes = options_.memory.worker;
    auto finished = std::move(*at);
    running_.erase(at);
    if (!finished.work->suspect.empty())
      take_trial(finished.work, exit);
    else
      take(finished, exit);
    fill();
  }

  void take(Running& run, const WorkerExit& exit) {
    auto& work = *run.work;
    switch (next_step(exit, work.attempts)) {
    case NextStep::accept:
      return accept(run);
    case NextStep::again_fewer:
      return again_fewer(run.work);
    case NextStep::again:
      return waiting_.push_front(run.work);
    case NextStep::other_encoder:
      return other_encoder(run.work, *exit.error);
    case NextStep::wait_for_session:
      return wait_for_session(run.work, *exit.error);
    case NextStep::find_culprit:
      return start_trials(run.work, exit);
    case NextStep::give_up:
      return end(exit.error.value_or(killed_too_often()));
    }
  }

  void again_fewer(const WorkPtr& work) {
    limit_ = std::max(1, limit_ - 1);
    waiting_.push_front(work);
  }

  void other_encoder(const WorkPtr& work, const Error& error) {
    const bool encoders = error.kind == Kind::encoder;
    if (encoders && events_.on_encoder_failed && events_.on_encoder_failed(work->task, error))
      work->attempts = work->refusals = 0;
    else if (!encoders || work->attempts >= kTries)
      return end(error);
    waiting_.push_front(work);
  }

  void wait_for_session(const WorkPtr& work, const Error& error) {
    const auto& encoder = work->task.job.coding.encoder;
    --work->attempts;  // it has not begun
    switch (sessions_.refuse(encoder, running_with(encoder), ++work->refusals)) {
    case Refusal::share:
      if (events_.on_session_limit) events_.on_session_limit(encoder, sessions_.limit_of(encoder));
      return waiting_.push_front(work);
    case Refusal::wait:
      return refused_.push_back(work);
    case Refusal::failed:
      work->attempts = kTries;
      return other_encoder(work, error);
    }
  }

  static Error killed_too_often() {
    return {
        Kind::internal,
        "a worker was killed again and again by the system; more memory or fewer --jobs may help"};
  }

  void accept(Running& run) {
    done_ += run.work->task.length;
    auto substitutions = std::move(run.substitutions);
    for (const auto& s : run.work->excluded) substitutions.push_back(s);
    if (auto result = events_.on_finished(run.work->task, std::move(substitutions)); !result)
      end(result.error());
  }

  void start_trials(const WorkPtr& work, const WorkerExit& exit) {
    const auto assets = sources_of(work->task.job.slice);
    work->ended = exit;
    work->trials_left = static_cast<int>(assets.size());
    work->excluded_before = work->excluded.size();
    if (assets.empty()) return other_encoder(work, unexplained(work->task.job, exit));
    int number = 0;
    for (const auto& asset : assets) {
      auto trial = work_of({work->task.key + ".trial" + std::to_string(++number),
                            trial_of(work->task.job, asset), work->task.length});
      trial->suspect = asset;
      trial->origin = work;
      waiting_.push_front(std::move(trial));
    }
  }

  void take_trial(const WorkPtr& trial, const WorkerExit& exit) {
    auto& work = *trial->origin;
    switch (verdict(exit, trial->attempts)) {
    case Verdict::again_fewer:
      return again_fewer(trial);
    case Verdict::unclear:
      return end(exit.error.value_or(killed_too_often()));
    case Verdict::guilty:
      work.excluded.push_back(conviction(work.task.job.slice, trial->suspect, exit));
      break;
    case Verdict::innocent:
      break;
    }
    if (--work.trials_left == 0) conclude_trials(trial->origin);
  }

  void conclude_trials(const WorkPtr& work) {
    if (work->excluded.size() == work->excluded_before)
      return other_encoder(work, unexplained(work->task.job, work->ended));
    for (const auto& s : work->excluded) leave_out(work->task.job.slice, s.asset);
    work->attempts = 0;
    waiting_.push_front(work);
  }

  void tick() {
    const auto now = g_get_monotonic_time();
    const auto slept = now - std::exchange(last_tick_, now);
    auto done = done_;
    for (auto& run : running_) {
      // When this process was stopped, its workers most likely were, too.
      if (slept > 4 * gint64{kTick} * 1000) run.last_progress += slept;
      if (run.work->suspect.empty()) done += run.position;
      if (run.process->says_too_much() || run.told > kMostTold)
        run.process->kill_as(WorkerExit::How::crashed);
      if (Nanoseconds{(now - run.last_progress) * 1000} > options_.stall_timeout) {
        run.last_progress = now;
        run.process->kill_as(WorkerExit::How::stalled);
      }
    }
    if (events_.on_progress) events_.on_progress(done);
    watch_memory();
    for (auto& work : std::exchange(refused_, {})) waiting_.push_back(std::move(work));
    fill();
    if (!events_.on_look) return;
    if (auto fine = events_.on_look(); !fine) end(fine.error());
  }

  void watch_memory() {
    std::vector<std::int64_t> resident;
    for (const auto& run : running_) resident.push_back(run.process->resident());
    const auto excess = find_excess(resident, options_.memory);
    if (!excess) return;
    const auto& run = *std::next(running_.begin(), static_cast<std::ptrdiff_t>(excess->worker));
    run.process->kill_as(excess->of_all ? WorkerExit::How::killed : WorkerExit::How::oversized);
  }

  static gboolean on_tick(gpointer self) {
    static_cast<Pool*>(self)->tick();
    return G_SOURCE_CONTINUE;
  }

  static gboolean on_interrupt(gint, GIOCondition, gpointer self) {
    static_cast<Pool*>(self)->end(Error{Kind::interrupted, "interrupted"});
    return G_SOURCE_CONTINUE;
  }

  const PoolOptions& options_;
  const PoolEvents& events_;
  GMainLoop* loop_;
  int limit_;
  SessionLimit sessions_;
  std::deque<WorkPtr> waiting_;
  std::vector<WorkPtr> refused_;  // by encoders that others may have; wait for the next tick
  std::list<Running> running_;    // iterators stay valid while their worker runs
  Nanoseconds done_{0};
  gint64 last_tick_ = g_get_monotonic_time();
  bool ended_ = false;
  std::optional<Error> error_;
};

}  // namespace

Result<void> run_pool(const PoolOptions& options, std::vector<PoolTask> tasks,
                      const PoolEvents& events) {
  return Pool{options, events}.run(std::move(tasks));
}

}  // namespace rostrum
