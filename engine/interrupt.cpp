// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/interrupt.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdint>

namespace rostrum {

namespace {

// Only what a signal handler may touch: lock-free flags, a descriptor and plain buffers.
volatile std::sig_atomic_t signals_seen = 0;
int event_fd = -1;
constexpr std::size_t kMostRemoved = 1024;  // 4 MiB of memory, touched only where there is a path
std::array<std::array<char, PATH_MAX>, kMostRemoved> removed_at_abort{};
std::array<char, PATH_MAX> said_at_abort{};
volatile std::sig_atomic_t size_said_at_abort = 0;
termios terminal_at_abort{};
volatile std::sig_atomic_t terminal_is_changed = 0;

extern "C" void on_interrupt(int) {
  signals_seen = signals_seen + 1;
  if (signals_seen > 1) {
    for (const auto& path : removed_at_abort)
      if (path[0] != '\0') unlink(path.data());
    if (terminal_is_changed) tcsetattr(STDIN_FILENO, TCSANOW, &terminal_at_abort);
    const auto size = static_cast<std::size_t>(size_said_at_abort);
    [[maybe_unused]] const auto said = write(STDERR_FILENO, said_at_abort.data(), size);
    _exit(130);
  }
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(event_fd, &one, sizeof one);
}

}  // namespace

void Interrupt::install() {
  if (event_fd >= 0) return;
  event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  struct sigaction action {};
  action.sa_handler = on_interrupt;
  action.sa_flags = SA_RESTART;
  for (const int signal : {SIGINT, SIGTERM}) {
    struct sigaction before {};
    sigaction(signal, nullptr, &before);
    if (before.sa_handler != SIG_IGN) sigaction(signal, &action, nullptr);  // as under nohup
  }
}

bool Interrupt::requested() { return signals_seen > 0; }

int Interrupt::descriptor() { return event_fd; }

StopOnInterrupt::StopOnInterrupt() : wake_{eventfd(0, EFD_CLOEXEC)} {
  watcher_ = std::thread{[this] {
    std::array<pollfd, 2> watched{{{event_fd, POLLIN, 0}, {wake_, POLLIN, 0}}};
    while (poll(watched.data(), watched.size(), -1) < 0 && errno == EINTR) {
    }
    if (watched[0].revents != 0) source_.request_stop();
  }};
}

StopOnInterrupt::~StopOnInterrupt() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(wake_, &one, sizeof one);
  watcher_.join();
  close(wake_);
}

void Interrupt::restore_at_abort(const termios& terminal) {
  terminal_at_abort = terminal;
  terminal_is_changed = 1;
}

void Interrupt::say_at_abort(const std::string& line) {
  size_said_at_abort = 0;  // never half a line while a signal may come
  if (line.empty()) return;
  const auto size = std::min(line.size(), said_at_abort.size() - 1);
  std::copy_n(line.begin(), size, said_at_abort.begin());
  said_at_abort[size] = '\n';
  size_said_at_abort = static_cast<std::sig_atomic_t>(size + 1);
}

void Interrupt::remove_at_abort(int index, const std::string& path) {
  if (static_cast<std::size_t>(index) >= kMostRemoved) return;
  auto& slot = removed_at_abort[static_cast<std::size_t>(index)];
  slot[0] = '\0';  // never half a path while a signal may come
  const auto length = std::min(path.size(), slot.size() - 1);
  if (length == 0) return;
  std::copy_n(path.begin() + 1, length - 1, slot.begin() + 1);
  slot[length] = '\0';
  slot[0] = path[0];
}

}  // namespace rostrum
