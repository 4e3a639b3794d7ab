// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/interrupt.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <csignal>
#include <cstdint>

namespace rostrum {

namespace {

// Only what a signal handler may touch: lock-free flags, a descriptor and plain buffers.
volatile std::sig_atomic_t signals_seen = 0;
int event_fd = -1;
std::array<std::array<char, PATH_MAX>, 2> removed_at_abort{};

extern "C" void on_interrupt(int) {
  signals_seen = signals_seen + 1;
  if (signals_seen > 1) {
    for (const auto& path : removed_at_abort)
      if (path[0] != '\0') unlink(path.data());
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
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool Interrupt::requested() { return signals_seen > 0; }

int Interrupt::descriptor() { return event_fd; }

void Interrupt::remove_at_abort(int index, const std::string& path) {
  auto& slot = removed_at_abort.at(static_cast<std::size_t>(index));
  slot[0] = '\0';  // never half a path while a signal may come
  const auto length = std::min(path.size(), slot.size() - 1);
  if (length == 0) return;
  std::copy_n(path.begin() + 1, length - 1, slot.begin() + 1);
  slot[length] = '\0';
  slot[0] = path[0];
}

}  // namespace rostrum
