// SPDX-License-Identifier: LGPL-2.1-or-later
// Section numbers are those of ISO/IEC 14496-12.
#include "core/mp4_sample_count.h"

#include <algorithm>

namespace rostrum::mp4 {

namespace {

constexpr std::uint64_t kEntry = 4;                 // bytes of a size in a list of them
constexpr std::uint64_t kMostSamples = 20'000'000;  // 92 h of 60 frames a second

// 8.7.3.2: sizes that differ are listed, so that the list says how many there can be; of one size
// for all nothing but their number is there.
std::string why_impossible(std::size_t track, View stsz, std::uint64_t file_bytes) {
  Reader r{stsz};
  r.skip(4);
  const std::uint64_t size = r.u32();
  const std::uint64_t count = r.u32();
  if (size == 0 || count <= file_bytes / size) return {};
  return "track " + std::to_string(track) + " lists " + std::to_string(count) + " samples of " +
         std::to_string(size) + " bytes, more than the file holds";
}

}  // namespace

std::string impossible_samples(View moov, std::uint64_t file_bytes) {
  std::size_t track = 0;
  for (const Box& box : children(moov).value_or(std::vector<Box>{})) {
    if (box.type != fourcc("trak")) continue;
    ++track;
    const auto stsz =
        find(box.body, {fourcc("mdia"), fourcc("minf"), fourcc("stbl"), fourcc("stsz")});
    if (!stsz) continue;
    if (auto why = why_impossible(track, stsz->body, file_bytes); !why.empty()) return why;
  }
  return {};
}

std::size_t most_samples(std::uint64_t file_bytes) {
  return static_cast<std::size_t>(std::min(file_bytes / kEntry, kMostSamples));
}

}  // namespace rostrum::mp4
