// SPDX-License-Identifier: LGPL-2.1-or-later
#include "chunksink/chunk_playlist.h"

#include "chunksink/chunk_file.h"
#include "chunksink/chunk_fragments.h"

#include <unistd.h>
#include <filesystem>
#include <system_error>

namespace rostrum {

namespace {

// Absolute, with links resolved as far as the folder is there.
std::string resolved(const std::filesystem::path& folder) {
  std::error_code error;
  const auto absolute = std::filesystem::absolute(folder.empty() ? "." : folder, error);
  const auto real = std::filesystem::canonical(absolute, error);
  return (error ? absolute.lexically_normal() : real).string();
}

}  // namespace

Result<ChunkPlaylist> ChunkPlaylist::open(Setup setup, const std::vector<ChunkRecord>& kept) {
  ChunkPlaylist playlist;
  playlist.folder_ = resolved(std::filesystem::path{setup.path}.parent_path());
  playlist.chunks_ = resolved(setup.pattern.folder());
  playlist.setup_ = std::move(setup);
  for (const auto& record : kept)
    if (auto done = playlist.insert(record); !done) return tl::unexpected(done.error());
  if (!kept.empty()) {
    if (auto done = playlist.write(false); !done) return tl::unexpected(done.error());
    return playlist;
  }
  // That it can be written shows now, not after the first chunk.
  const auto& path = playlist.setup_.path;
  if (auto trial = ChunkFile::create(path); !trial) return tl::unexpected(trial.error());
  unlink(path.c_str());
  return playlist;
}

Result<void> ChunkPlaylist::insert(const ChunkRecord& record) {
  HlsSegment segment{.uri = segment_uri(chunks_ + '/' + setup_.pattern.name(record.index), folder_),
                     .duration = record.duration};
  if (setup_.fragmented) {
    const auto file = read_fragmented(setup_.pattern.path(record.index));
    if (!file) return tl::unexpected(file.error());
    segment.init_bytes = file->init_bytes;
    segment.media_bytes = file->media_bytes;
    segment.origin = record.first_time - file->start;
  }
  segments_.erase(segments_.lower_bound(record.index), segments_.end());
  segments_.emplace(record.index, std::move(segment));
  return {};
}

Result<void> ChunkPlaylist::add(const ChunkRecord& record) {
  return insert(record).and_then([&] { return write(false); });
}

Result<void> ChunkPlaylist::end() {
  if (segments_.empty()) return {};
  return write(true);
}

Result<void> ChunkPlaylist::write(bool ended) const {
  std::vector<HlsSegment> segments;
  for (const auto& [index, segment] : segments_) segments.push_back(segment);
  return ChunkFile::create(setup_.path).and_then([&](ChunkFile file) {
    return file.write(format_playlist(segments, setup_.longest, ended))
        .and_then([&] { return file.publish(setup_.sync); })
        .map([](std::uint64_t) {});
  });
}

}  // namespace rostrum
