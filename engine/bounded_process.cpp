// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/bounded_process.h"

#include "engine/sandbox.h"
#include "engine/system_places.h"
#include "lib/gst_ptr.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

// glibc 2.36 forgot to declare its functions for C++.
extern "C" {
#include <sys/pidfd.h>
}

namespace rostrum {

namespace {

using Clock = std::chrono::steady_clock;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_{fd} {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

struct Confinement {
  ProcessLimits limits;
  pid_t parent;
  Sandbox sandbox;
};

// In the child between fork and exec: nothing here allocates or locks.
void confine(gpointer data) {
  const auto& [limits, parent, sandbox] = *static_cast<const Confinement*>(data);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);  // it was gone before the signal was asked for
  const auto seconds = static_cast<rlim_t>(limits.time.count());
  const rlimit cpu{seconds, seconds};
  const rlimit memory{limits.memory, limits.memory};
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CPU, &cpu);
  setrlimit(RLIMIT_AS, &memory);
  setrlimit(RLIMIT_CORE, &none);
  if (!sandbox.enter()) _exit(1);
}

Sandbox sandbox_for(int input, FileRules rules) {
  const auto add = [](auto& list, const auto& more) {
    list.insert(list.end(), more.begin(), more.end());
  };
  add(rules.read, system_places());
  add(rules.devices, harmless_devices());
  if (input >= 0) rules.reopened.push_back(input);
  return Sandbox{rules};
}

// A child that is killed and reaped at the latest when this goes.
class Child {
 public:
  Child(GPid pid, int output) : output{output}, ended{pidfd_open(pid, 0)}, pid_{pid} {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ == 0) return;
    kill(pid_, SIGKILL);
    reap();
  }

  // The wait status; blocks until the child is gone.
  int reap() {
    int status = -1;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = 0;
    return status;
  }

  Descriptor output;
  Descriptor ended;

 private:
  GPid pid_;
};

enum class Wake { ready, cancelled, late };

Wake wait_for(int fd, int cancelled, Clock::time_point deadline) {
  std::array<pollfd, 2> fds{{{fd, POLLIN, 0}, {cancelled, POLLIN, 0}}};
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return Wake::late;
    const int count = poll(fds.data(), fds.size(), static_cast<int>(left));
    if (count < 0 && errno != EINTR) return Wake::late;
    if (count > 0) return fds[1].revents ? Wake::cancelled : Wake::ready;
  }
}

tl::unexpected<Error> not_ready(Wake wake, const std::string& name) {
  if (wake == Wake::cancelled) return fail(Kind::interrupted, name + " was interrupted");
  return fail(Kind::media, name + " exceeded its time limit");
}

Result<std::string> read_all(Child& child, const std::string& name, int cancelled,
                             const ProcessLimits& limits) {
  const auto deadline = Clock::now() + limits.time;
  std::string text;
  std::array<char, 1 << 16> block;
  for (;;) {
    const auto wake = wait_for(child.output.get(), cancelled, deadline);
    if (wake != Wake::ready) return not_ready(wake, name);
    const auto count = read(child.output.get(), block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    text.append(block.data(), static_cast<std::size_t>(count));
    if (text.size() > limits.output) return fail(Kind::media, name + " wrote without end");
  }
  const auto wake = wait_for(child.ended.get(), cancelled, deadline);
  if (wake != Wake::ready) return not_ready(wake, name);
  const int status = child.reap();
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return text;
  if (WIFEXITED(status))
    return fail(Kind::media, name + " ended with status " + std::to_string(WEXITSTATUS(status)));
  return fail(Kind::media, name + " crashed");
}

}  // namespace

Result<std::string> run_bounded(const std::vector<std::string>& command, GCancellable* cancellable,
                                const ProcessLimits& limits, int input, const FileRules& files) {
  std::vector<char*> arguments;
  for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  Confinement confined{limits, getpid(), sandbox_for(input, files)};
  constexpr int kInput = 3;  // kBoundedInput
  GPid pid = 0;
  int output = -1;
  GError* problem = nullptr;
  const auto flags = static_cast<GSpawnFlags>(G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH |
                                              G_SPAWN_STDERR_TO_DEV_NULL);
  if (!g_spawn_async_with_pipes_and_fds(nullptr, arguments.data(), nullptr, flags, confine,
                                        &confined, -1, -1, -1, &input, &kInput, input >= 0 ? 1 : 0,
                                        &pid, nullptr, &output, nullptr, &problem)) {
    const GErrorPtr error{problem};
    const bool absent = g_error_matches(problem, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT);
    return fail(absent ? Kind::missing_component : Kind::media,
                absent ? "the program " + command.front() + " is missing" : error->message);
  }
  Child child{pid, output};
  const int cancelled = cancellable ? g_cancellable_get_fd(cancellable) : -1;
  auto result = read_all(child, command.front(), cancelled, limits);
  if (cancelled >= 0) g_cancellable_release_fd(cancellable);
  return result;
}

}  // namespace rostrum
