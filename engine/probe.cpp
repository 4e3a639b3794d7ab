// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/probe.h"

#include "engine/medium_reader.h"
#include "engine/patience.h"
#include "engine/picture.h"
#include "lib/gst_ptr.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <fstream>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>

namespace rostrum {

namespace {

// Whether the file is an MP4 (MOV) without the box that lists its samples: a recorder that was
// killed, or a file that was cut off.
bool lacks_index(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  bool mp4 = false;
  std::uint64_t at = 0;
  for (int boxes = 0; boxes < 1000 && file.seekg(static_cast<std::streamoff>(at)); ++boxes) {
    std::array<unsigned char, 16> head{};
    if (!file.read(reinterpret_cast<char*>(head.data()), head.size())) break;
    const auto big_endian = [&head](int from, int bytes) {
      std::uint64_t value = 0;
      for (int i = from; i < from + bytes; ++i) value = value << 8 | head[i];
      return value;
    };
    const std::string_view type{reinterpret_cast<const char*>(head.data()) + 4, 4};
    if (type == "moov") return false;
    mp4 = mp4 || type == "ftyp" || type == "mdat";
    const auto size = big_endian(0, 4) == 1 ? big_endian(8, 8) : big_endian(0, 4);
    if (!mp4 || size < 8 || size > (1ULL << 62)) break;
    at += size;
  }
  return mp4;
}

MediaInfo read_picture(const std::string& path, const std::stop_token& stop) {
  const std::unique_ptr<GCancellable, Freed<g_object_unref>> cancellable{g_cancellable_new()};
  const std::stop_callback cancel{stop, [&] { g_cancellable_cancel(cancellable.get()); }};
  MediaInfo info;
  if (const auto size = picture_size(path, 1, cancellable.get()))
    info.video = VideoInfo{.width = size->width, .height = size->height};
  else
    info.problem = size.error().message;
  info.pages = info.usable() ? page_count(path, cancellable.get()) : 0;
  return info;
}

MediaInfo read(const std::string& path, const Patience& patience, const PaceCache& paces,
               const std::stop_token& stop) {
  if (is_picture(path)) return read_picture(path, stop);
  MediumReader reader{path, patience, paces, stop};
  return reader.read();
}

// What a reading thread has found, shared with who waits for it.
struct Answer {
  std::mutex mutex;
  std::condition_variable_any there;
  std::optional<MediaInfo> info;  // under the mutex
};

// A demuxer that never comes back keeps its thread and its pipeline: there is no way to end it
// within the process, and the job goes on without it.
MediaInfo read_guarded(const std::shared_ptr<const File>& file, const ProbeOptions& options,
                       const std::stop_token& stop) {
  constexpr auto kToEnd = 500ms;  // cleanly, after the patience is over or a stop
  Patience patience{options.time};
  auto answer = std::make_shared<Answer>();
  std::thread{[answer, file, patience, paces = options.paces, stop] {
    auto info = read(file->link(), patience, paces, stop);
    const std::lock_guard lock{answer->mutex};
    answer->info = std::move(info);
    answer->there.notify_all();
  }}.detach();
  const auto is_there = [&] { return answer->info.has_value(); };
  std::unique_lock lock{answer->mutex};
  while (!answer->there.wait_until(lock, stop, patience.until(), is_there))
    if (stop.stop_requested() || patience.over()) break;
  if (answer->there.wait_for(lock, kToEnd, is_there)) return *answer->info;
  MediaInfo info;
  info.problem = "it takes too long to read";
  return info;
}

}  // namespace

std::string problem_of_file(const std::string& path) {
  struct stat status {};
  if (path.empty()) return "it has no local file";
  if (stat(path.c_str(), &status) != 0)
    return errno == ENOENT || errno == ENOTDIR
               ? "it is missing"
               : std::string{"it cannot be read: "} + strerror(errno);
  if (S_ISDIR(status.st_mode)) return "it is a folder";
  if (S_ISFIFO(status.st_mode)) return "it is a pipe, not a file";
  if (!S_ISREG(status.st_mode)) return "it is a device, not a file";
  if (status.st_size == 0) return "it is empty";
  if (access(path.c_str(), R_OK) != 0) return std::string{"it cannot be read: "} + strerror(errno);
  return {};
}

MediaInfo probe(const std::string& path, const ProbeOptions& options, const std::stop_token& stop,
                const MediaFiles& files) {
  MediaInfo info;
  if (stop.stop_requested()) return info;
  info.problem = problem_of_file(path);
  if (info.usable()) {
    // Read by descriptor: the name may come to mean another file.
    const auto file = std::make_shared<const File>(files.open_or_none(path));
    if (file->fd() < 0) info.problem = "it cannot be read";
    if (info.usable()) info = read_guarded(file, options, stop);
    if (!info.usable() && lacks_index(file->link()))
      info.problem = "it is damaged: it has no index (moov)";
  }
  info.path = path;
  return info;
}

}  // namespace rostrum
