// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/chunks.h"

#include <algorithm>

namespace rostrum {

namespace {

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

std::vector<SoundUnit> cut_sound(std::int64_t samples, AudioCodec codec, Nanoseconds length) {
  const auto grid = packet_grid(codec);
  const auto packets = grid.packets(samples);
  const auto step = std::max<std::int64_t>(
      1, scale_floor(length.count(), kSampleRate, 1'000'000'000) / grid.samples);
  std::vector<SoundUnit> units;
  for (std::int64_t first = 0; first < packets; first += step) {
    const auto end = std::min(first + step, packets);
    units.push_back({first, end, std::max<std::int64_t>(0, first - grid.pre_roll) * grid.samples,
                     std::min((end + grid.tail) * grid.samples, samples), grid.samples});
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
