// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/chunks.h"

#include <algorithm>

namespace rostrum {

namespace {

// Packets before the first kept one that bring the encoder's window and bit reservoir to where they
// would be, and packets after the last one for its look-ahead (measured; see docs/rendering.md).
constexpr std::int64_t kPreRoll = 4;
constexpr std::int64_t kTail = 2;
// A minute: small enough to share out between workers, and for an edit to redo little.
constexpr std::int64_t kUnitPackets = 60 * 48000 / kAacFrame;

std::int64_t moved_to_scene(const Plan& plan, std::int64_t nominal) {
  const auto reach = plan.grid.frames(kCutReach);
  std::int64_t best = nominal;
  std::int64_t distance = reach + 1;
  for (const auto& scene : plan.scenes) {
    const auto away = std::abs(scene.frames.first - nominal);
    if (away < distance && scene.frames.first > plan.frames.first) {
      best = scene.frames.first;
      distance = away;
    }
  }
  return best;
}

}  // namespace

std::vector<FrameRange> cut_chunks(const Plan& plan) {
  std::vector<FrameRange> chunks;
  auto first = plan.frames.first;
  for (std::int64_t k = 1;; ++k) {
    const auto nominal = plan.grid.frames(kChunkLength * k);
    if (nominal >= plan.frames.end + plan.grid.frames(kCutReach)) break;
    const auto cut = moved_to_scene(plan, nominal);
    if (cut <= first || cut >= plan.frames.end) continue;
    chunks.push_back({first, cut});
    first = cut;
  }
  chunks.push_back({first, plan.frames.end});
  return chunks;
}

std::vector<SoundUnit> cut_sound(std::int64_t samples) {
  const auto packets = (samples + kAacFrame - 1) / kAacFrame + 1;
  std::vector<SoundUnit> units;
  for (std::int64_t first = 0; first < packets; first += kUnitPackets) {
    const auto end = std::min(first + kUnitPackets, packets);
    units.push_back({first, end, std::max<std::int64_t>(0, first - kPreRoll) * kAacFrame,
                     std::min((end + kTail) * kAacFrame, samples)});
  }
  return units;
}

double cost(const Slice& slice, const MediaMap& media) {
  const double canvas = static_cast<double>(slice.canvas.width) * slice.canvas.height;
  double pixels = 3 * canvas * static_cast<double>(slice.frames.count());
  for (const auto& slot : slice.slots)
    for (const auto& piece : slot.pieces) {
      const auto found = media.find(piece.asset);
      if (slot.slides || found == media.end() || !found->second.video) continue;
      const auto& video = *found->second.video;
      const double rate = video.rate.num > 0 ? static_cast<double>(video.rate.num) /
                                                   static_cast<double>(video.rate.den)
                                             : 25;
      pixels += to_seconds(piece.duration) * rate * video.width * video.height;
    }
  return pixels;
}

}  // namespace rostrum
