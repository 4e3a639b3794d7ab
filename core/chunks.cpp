// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/chunks.h"

#include "core/copied_pictures.h"
#include "core/still_frames.h"

#include <algorithm>
#include <set>

namespace rostrum {

namespace {

// Copying costs little more than a worker's start: of copied pictures chunks are so many times as
// long.
constexpr std::int64_t kCopiedChunks = 10;

// And of stills, which with the reach of two cuts makes at most ten minutes.
constexpr std::int64_t kStillChunks = 19;

// The scene changes, and where runs of copied pictures and stills begin and end.
std::vector<std::int64_t> changes(const Plan& plan) {
  std::vector<std::int64_t> found;
  for (const auto& scene : plan.scenes)
    if (const auto* run = run_at(plan.pictures, scene.frames.first);
        !run || run->frames.first == scene.frames.first)
      found.push_back(scene.frames.first);
  for (const auto& run : plan.pictures.copied) {
    found.push_back(run.frames.first);
    found.push_back(run.frames.end);
  }
  for (const auto& run : plan.stills) {
    found.push_back(run.first);
    found.push_back(run.end);
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::int64_t moved_to_change(const Plan& plan, const std::vector<std::int64_t>& changes,
                             std::int64_t nominal) {
  const auto reach = plan.grid.frames(kCutReach);
  std::int64_t best = nominal;
  std::int64_t distance = reach + 1;
  for (const auto change : changes) {
    const auto away = std::abs(change - nominal);
    if (away < distance && change > plan.frames.first) {
      best = change;
      distance = away;
    }
  }
  return best;
}

// The end of the run where no other picture of it will do.
std::int64_t moved_within(const CopiedRun& run, std::int64_t nominal, std::int64_t reach) {
  const auto entry = std::lower_bound(run.entries.begin(), run.entries.end(), nominal);
  return entry == run.entries.end() || *entry > run.frames.end - reach ? run.frames.end : *entry;
}

}  // namespace

std::vector<FrameRange> cut_chunks(const Plan& plan) {
  const auto reach = plan.grid.frames(kCutReach);
  const auto places = changes(plan);
  std::set<std::int64_t> cuts{plan.frames.end};
  for (const auto& run : plan.pictures.copied) cuts.insert({run.frames.first, run.frames.end});
  for (const auto& run : plan.stills) cuts.insert({run.first, run.end});
  for (std::int64_t k = 1;; ++k) {
    const auto nominal = plan.grid.frames(kChunkLength * k);
    if (nominal >= plan.frames.end + reach) break;
    const auto* run = run_at(plan.pictures, nominal);
    if (run && k % kCopiedChunks != 0) continue;
    if (!run && is_in(plan.stills, nominal) && k % kStillChunks != 0) continue;
    cuts.insert(run ? moved_within(*run, nominal, reach) : moved_to_change(plan, places, nominal));
  }
  std::vector<FrameRange> chunks;
  auto first = plan.frames.first;
  for (const auto cut : cuts) {
    if (cut <= first || cut > plan.frames.end) continue;
    chunks.push_back({first, cut});
    first = cut;
  }
  return chunks;
}

Slice make_chunk_slice(const Plan& plan, FrameRange frames) {
  auto slice = make_picture_slice(plan, frames);
  const auto* run = run_at(plan.pictures, frames.first);
  slice.copied = run && frames.end <= run->frames.end;
  if (slice.copied) slice.first_picture = run->picture + frames.first - run->frames.first;
  slice.still = is_in(plan.stills, frames.first);
  return slice;
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
  constexpr double kCopying = 0.01;  // of a picture
  const double canvas = static_cast<double>(slice.canvas.width) * slice.canvas.height;
  if (slice.copied) return kCopying * canvas * static_cast<double>(slice.frames.count());
  const auto coded = slice.still ? std::ssize(coded_frames(slice)) : slice.frames.count();
  double pixels = 3 * canvas * static_cast<double>(coded);
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
