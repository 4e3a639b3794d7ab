// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/worker_process.h"

#include "core/render_journal.h"
#include "engine/memory.h"
#include "engine/system_places.h"
#include "lib/gst_ptr.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <nlohmann/json.hpp>

namespace rostrum {

namespace {

using Json = nlohmann::json;

// In the child between fork and exec, where nothing may allocate or lock: main() would be too late
// for a worker that is stopped before it gets there.
void die_with_parent_from_the_start(gpointer parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != GPOINTER_TO_INT(parent)) _exit(130);  // it was gone already
}

// Somebody else ended it: for memory, or because the machine goes down.  Not its own fault.
bool is_kill(int signal) { return signal == SIGKILL || signal == SIGTERM; }

// Of what the worker reports; whoever has taken it over may say anything.
Kind kind_of(const Json& report) {
  const auto kind = report.find("kind");
  if (kind == report.end() || !kind->is_number_unsigned()) return Kind::internal;
  const auto number = kind->get<unsigned>();
  return number <= static_cast<unsigned>(Kind::encoder) ? static_cast<Kind>(number)
                                                        : Kind::internal;
}

}  // namespace

std::string WorkerProcess::path_of_medium(std::size_t index) {
  return "/proc/self/fd/" + std::to_string(kFirstMedium + static_cast<int>(index));
}

Result<std::unique_ptr<WorkerProcess>> WorkerProcess::start(WorkerCommand command,
                                                            WorkerEvents events) {
  GError* raw = nullptr;
  const auto parent = std::to_string(getpid());
  const char* words[] = {command.program.c_str(), "worker", command.spec.c_str(), parent.c_str(),
                         nullptr};
  auto* launcher = g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  end_with_parent(launcher);
  auto places = system_places_text();
  for (const auto& place : command.readable) places += place + "\n";
  g_subprocess_launcher_setenv(launcher, kSystemPlaces, places.c_str(), TRUE);
  int descriptor = kFirstMedium;
  for (auto& medium : command.media)
    g_subprocess_launcher_take_fd(launcher, medium.release(), descriptor++);
  auto* process = g_subprocess_launcher_spawnv(launcher, words, &raw);
  g_object_unref(launcher);
  const GErrorPtr error{raw};
  if (!process)
    return fail(Kind::internal, std::string{"cannot start a worker: "} + error->message);
  auto worker = std::unique_ptr<WorkerProcess>{new WorkerProcess{process, std::move(events)}};
  worker->read_next();
  return worker;
}

WorkerProcess::WorkerProcess(GSubprocess* process, WorkerEvents events)
    : process_{process},
      output_{g_data_input_stream_new(g_subprocess_get_stdout_pipe(process))},
      cancel_{g_cancellable_new()},
      events_{std::move(events)} {}

WorkerProcess::~WorkerProcess() {
  g_cancellable_cancel(cancel_);
  g_subprocess_force_exit(process_);
  g_subprocess_wait(process_, nullptr, nullptr);  // so that it writes no more
  g_object_unref(output_);
  g_object_unref(process_);
  g_object_unref(cancel_);
}

void WorkerProcess::kill_as(WorkerExit::How how) {
  killed_as_ = how;
  g_subprocess_force_exit(process_);
}

std::int64_t WorkerProcess::resident() const {
  const char* id = g_subprocess_get_identifier(process_);  // none once it is reaped
  return id ? resident_bytes(std::atoi(id)) : 0;
}

bool WorkerProcess::says_too_much() const {
  constexpr gsize kLongestLine = 1U << 20;
  return g_buffered_input_stream_get_available(G_BUFFERED_INPUT_STREAM(output_)) > kLongestLine;
}

void WorkerProcess::read_next() {
  g_data_input_stream_read_line_async(output_, G_PRIORITY_DEFAULT, cancel_, on_line, this);
}

void WorkerProcess::on_line(GObject* stream, GAsyncResult* result, gpointer self) {
  GError* raw = nullptr;
  gsize length = 0;
  const GCharPtr line{
      g_data_input_stream_read_line_finish(G_DATA_INPUT_STREAM(stream), result, &length, &raw)};
  const GErrorPtr error{raw};
  if (was_cancelled(error.get())) return;  // `self` is gone
  auto* worker = static_cast<WorkerProcess*>(self);
  if (!line) {
    g_subprocess_wait_async(worker->process_, worker->cancel_, on_end, self);
    return;
  }
  worker->take_line({line.get(), length});
  worker->read_next();
}

void WorkerProcess::take_line(std::string_view line) {
  const auto j = Json::parse(line, nullptr, false);
  if (!j.is_object()) return;  // torn by a crash
  if (const auto e = j.find("error"); e != j.end() && e->is_string())
    reported_ = Error{kind_of(j), e->get<std::string>()};
  if (events_.on_line) return events_.on_line(line);
  if (const auto p = j.find("progress"); p != j.end() && p->is_number_integer())
    events_.on_progress(Nanoseconds{p->get<std::int64_t>()});
  if (const auto s = j.find("substitution"); s != j.end())
    if (auto substitution = parse_substitution(s->dump()))
      events_.on_substitution(std::move(*substitution));
  if (const auto s = j.find("encoded"); s != j.end() && s->is_number() && events_.on_encoded)
    events_.on_encoded(s->get<double>());
  refused_ = refused_ || j.value("refused", Json{}) == true;
}

void WorkerProcess::on_end(GObject* process, GAsyncResult* result, gpointer self) {
  GError* raw = nullptr;
  g_subprocess_wait_finish(G_SUBPROCESS(process), result, &raw);
  const GErrorPtr error{raw};
  if (!was_cancelled(error.get())) static_cast<WorkerProcess*>(self)->ended();
}

void WorkerProcess::ended() {
  using How = WorkerExit::How;
  WorkerExit exit;
  if (killed_as_)
    exit.how = *killed_as_;
  else if (g_subprocess_get_if_signaled(process_))
    exit.how = is_kill(g_subprocess_get_term_sig(process_)) ? How::killed : How::crashed;
  else if (reported_ && reported_->kind == Kind::interrupted)
    exit.how = How::killed;  // it caught the signal
  else if (g_subprocess_get_exit_status(process_) != 0)
    exit.how = reported_ ? How::reported : How::crashed;
  if (exit.how == How::reported) exit.error = reported_;
  exit.refused = exit.how == How::reported && refused_;
  const auto on_exit = std::move(events_.on_exit);
  on_exit(std::move(exit));  // may destroy this object
}

bool was_cancelled(const GError* error) {
  return g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

void end_with_parent(GSubprocessLauncher* launcher) {
  g_subprocess_launcher_set_child_setup(launcher, die_with_parent_from_the_start,
                                        GINT_TO_POINTER(getpid()), nullptr);
}

void die_with_parent(int parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(130);  // it was gone already
  std::signal(SIGINT, SIG_IGN);  // Ctrl-C reaches the whole foreground group; the parent decides
}

}  // namespace rostrum
