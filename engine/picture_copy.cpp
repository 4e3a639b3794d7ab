// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/picture_copy.h"

#include "core/mp4_copy.h"
#include "engine/assemble.h"
#include "engine/file.h"

#include <algorithm>

namespace rostrum {

namespace {

struct Broken {
  std::int64_t picture = 0;  // counted from the slice's first, in the order of decoding
  std::string why;
};

// The asset of the only source of moving pictures; "" = there is none.
std::string asset_of(const Slice& slice) {
  for (const auto& slot : slice.slots)
    if (!slot.slides && !slot.pieces.empty()) return slot.pieces.front().asset;
  return {};
}

mp4::CopiedPart part_of(const Slice& slice) {
  return {static_cast<std::size_t>(slice.first_picture),
          static_cast<std::size_t>(slice.frames.count()), slice.grid.rate(), slice.canvas};
}

Result<mp4::CodedTrack> read_track(const File& file, const std::string& path) {
  const auto moov = read_moov(file, path);
  if (!moov) return fail(Kind::media, "it has no index");
  return mp4::read_coded_track(*moov);
}

std::optional<Broken> find_broken(const File& file, const mp4::CodedTrack& track,
                                  const mp4::CopiedPart& part,
                                  const std::function<void(std::int64_t pictures)>& on_progress) {
  constexpr std::size_t kTell = 1000;
  constexpr std::uint32_t kMostBytes = 64 << 20;  // of one picture
  if (part.first > track.samples.size() || part.count > track.samples.size() - part.first)
    return Broken{0, "it has fewer pictures than it had"};
  for (std::size_t i = 0; i < part.count; ++i) {
    const auto& sample = track.samples[part.first + i];
    const auto at = static_cast<std::int64_t>(i);
    if (sample.size > kMostBytes) return Broken{at, "it is too large"};
    const auto bytes = file.read(sample.offset, sample.size);
    if (bytes.size() != sample.size) return Broken{at, "the file ends before it"};
    if (auto why = avc::damage(bytes, track.config, i == 0); !why.empty()) return Broken{at, why};
    if (i % kTell == 0) on_progress(at);
  }
  return {};
}

Substitution substitution(const Slice& slice, const std::string& asset, const Broken& broken) {
  const auto frame = slice.frames.first + broken.picture;
  return {asset,
          {},
          "broken",
          {slice.grid.start(frame), slice.grid.start(frame + 1)},
          "a coded picture is broken: " + broken.why,
          {}};
}

}  // namespace

Result<std::optional<Substitution>> copy_pictures(
    const ChunkJob& job, const std::function<void(Nanoseconds done)>& on_progress) {
  const auto& slice = job.slice;
  const auto asset = asset_of(slice);
  const auto path = job.paths.find(asset);
  if (path == job.paths.end()) return substitution(slice, asset, {0, "its medium is missing"});
  const auto file = File::open_to_read(path->second);
  const auto track = file ? read_track(*file, path->second) : tl::unexpected(file.error());
  if (!track) return substitution(slice, asset, {0, track.error().message});
  const auto part = part_of(slice);
  const auto tell = [&](std::int64_t pictures) {
    if (on_progress) on_progress(slice.grid.start(pictures));
  };
  if (const auto broken = find_broken(*file, *track, part, tell))
    return substitution(slice, asset, *broken);
  const auto done = write_joined(mp4::copy_samples(*track, part), {path->second}, {}, job.output);
  if (!done) return tl::unexpected(done.error());
  return std::nullopt;
}

}  // namespace rostrum
