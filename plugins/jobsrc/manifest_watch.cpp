// SPDX-License-Identifier: LGPL-2.1-or-later
#include "jobsrc/manifest_watch.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <utility>

namespace rostrum {

namespace {

constexpr int kQuiet = 50;  // ms: an editor that writes a file in pieces is done by then

bool readable(const File& file) {
  pollfd one{file.fd(), POLLIN, 0};
  return file.fd() >= 0 && poll(&one, 1, 0) > 0;
}

}  // namespace

ManifestWatch::ManifestWatch(const std::string& path, OnChange on_change)
    : on_change_{std::move(on_change)}, wake_{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
  if (!path.empty()) watch(path);
  thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
}

ManifestWatch::~ManifestWatch() {
  thread_.request_stop();
  request();
  thread_.join();
}

void ManifestWatch::request() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(wake_.fd(), &one, sizeof one);
}

// Editors put a new file in the place of the old one, so that the folder is watched.
void ManifestWatch::watch(const std::string& path) {
  std::error_code error;
  const auto file = std::filesystem::absolute(path, error).lexically_normal();
  name_ = file.filename().string();
  changes_ = File{inotify_init1(IN_CLOEXEC | IN_NONBLOCK)};
  if (inotify_add_watch(changes_.fd(), file.parent_path().c_str(),
                        IN_CLOSE_WRITE | IN_MOVED_TO | IN_ONLYDIR) < 0)
    changes_ = File{};
}

// Whether one of the changes that have come is of the file.
bool ManifestWatch::changed() {
  alignas(inotify_event) char events[4096];
  bool found = false;
  for (ssize_t size = 0; (size = read(changes_.fd(), events, sizeof events)) > 0;)
    for (const char* at = events; at < events + size;) {
      const auto* event = reinterpret_cast<const inotify_event*>(at);
      found = found || (event->len > 0 && name_ == event->name);
      at += sizeof *event + event->len;
    }
  return found;
}

void ManifestWatch::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    pollfd both[] = {{wake_.fd(), POLLIN, 0}, {changes_.fd(), POLLIN, 0}};
    if (poll(both, 2, -1) < 0) continue;
    bool due = false;
    if (readable(wake_)) {
      std::uint64_t count = 0;
      due = read(wake_.fd(), &count, sizeof count) > 0;
    }
    if (readable(changes_) && changed()) {
      due = true;
      pollfd more{changes_.fd(), POLLIN, 0};
      while (!stop.stop_requested() && poll(&more, 1, kQuiet) > 0) changed();
    }
    if (due && !stop.stop_requested()) on_change_(stop);
  }
}

}  // namespace rostrum
