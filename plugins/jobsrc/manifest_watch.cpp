// SPDX-License-Identifier: LGPL-2.1-or-later
#include "jobsrc/manifest_watch.h"

#include "engine/file.h"

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

// What the thread uses, which may outlive the watch.
struct ManifestWatch::Watched {
  OnChange on_change;
  File wake;         // readable when something is asked
  File changes;      // of the file's folder
  std::string name;  // of the file in it

  void add(const std::string& path);
  void run(const std::stop_token& stop);
  bool changed();
};

ManifestWatch::ManifestWatch(const std::string& path, OnChange on_change)
    : watched_{
          new Watched{std::move(on_change), File{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)}, {}, {}}} {
  if (!path.empty()) watched_->add(path);
  thread_ = std::jthread{[watched = watched_](const std::stop_token& stop) { watched->run(stop); }};
}

ManifestWatch::~ManifestWatch() {
  thread_.request_stop();
  request();
  if (thread_.get_id() == std::this_thread::get_id())
    thread_.detach();
  else
    thread_.join();
}

bool ManifestWatch::watches() const { return watched_->changes.fd() >= 0; }

void ManifestWatch::request() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(watched_->wake.fd(), &one, sizeof one);
}

// Editors put a new file in the place of the old one, so that the folder is watched.
void ManifestWatch::Watched::add(const std::string& path) {
  std::error_code error;
  const auto file = std::filesystem::absolute(path, error).lexically_normal();
  name = file.filename().string();
  changes = File{inotify_init1(IN_CLOEXEC | IN_NONBLOCK)};
  if (inotify_add_watch(changes.fd(), file.parent_path().c_str(),
                        IN_CLOSE_WRITE | IN_MOVED_TO | IN_ONLYDIR) < 0)
    changes = File{};
}

// Whether one of the changes that have come is of the file.
bool ManifestWatch::Watched::changed() {
  alignas(inotify_event) char events[4096];
  bool found = false;
  for (ssize_t size = 0; (size = read(changes.fd(), events, sizeof events)) > 0;)
    for (const char* at = events; at < events + size;) {
      const auto* event = reinterpret_cast<const inotify_event*>(at);
      found = found || (event->len > 0 && name == event->name);
      at += sizeof *event + event->len;
    }
  return found;
}

void ManifestWatch::Watched::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    pollfd both[] = {{wake.fd(), POLLIN, 0}, {changes.fd(), POLLIN, 0}};
    if (poll(both, 2, -1) < 0) continue;
    bool due = false;
    if (readable(wake)) {
      std::uint64_t count = 0;
      due = read(wake.fd(), &count, sizeof count) > 0;
    }
    if (readable(changes) && changed()) {
      due = true;
      pollfd more{changes.fd(), POLLIN, 0};
      while (!stop.stop_requested() && poll(&more, 1, kQuiet) > 0) changed();
    }
    if (due && !stop.stop_requested()) on_change(stop);
  }
}

}  // namespace rostrum
