// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/clip_schedule.h"

#include <algorithm>
#include <cstdlib>

namespace rostrum {

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr Nanoseconds kReach{3s};  // decoding on is cheaper than opening and seeking up to here

// The one search for both grids: `index_of` maps a time to a frame or sample.
template <typename IndexOf>
Spot spot_at(const std::vector<TimelineClip>& clips, std::int64_t index, std::int64_t limit,
             IndexOf index_of) {
  const auto clip = std::partition_point(clips.begin(), clips.end(), [&](const TimelineClip& c) {
    return index_of(c.end()) <= index;
  });
  Spot spot{static_cast<std::size_t>(clip - clips.begin()), true, limit};
  if (clip == clips.end()) return spot;
  spot.gap = index < index_of(clip->start);
  spot.until = std::min(limit, index_of(spot.gap ? clip->start : clip->end()));
  return spot;
}

int even(std::int64_t v) { return std::max(2, static_cast<int>(v / 2 * 2)); }

}  // namespace

std::int64_t sample_at(Nanoseconds t) {
  return t.count() < 0 ? -scale_round(-t.count(), kSoundRate, kSecond)
                       : scale_round(t.count(), kSoundRate, kSecond);
}

Nanoseconds sample_time(std::int64_t index) {
  return Nanoseconds{scale_floor(index, kSecond, kSoundRate)};
}

Nanoseconds sample_time_up(std::int64_t index) {
  const auto down = sample_time(index);
  return scale_floor(down.count(), kSoundRate, kSecond) == index ? down : down + 1ns;
}

ClipSchedule::ClipSchedule(std::vector<TimelineClip> clips) : clips_{std::move(clips)} {
  std::stable_sort(clips_.begin(), clips_.end(),
                   [](const auto& a, const auto& b) { return a.start < b.start; });
  for (std::size_t i = 0; i + 1 < clips_.size(); ++i)
    clips_[i].duration = std::min(clips_[i].duration, clips_[i + 1].start - clips_[i].start);
  std::erase_if(clips_, [](const auto& c) { return c.duration <= 0ns; });
}

Spot ClipSchedule::at_frame(const FrameGrid& grid, std::int64_t frame, std::int64_t limit) const {
  return spot_at(clips_, frame, limit, [&](Nanoseconds t) { return grid.first_at(t); });
}

Spot ClipSchedule::at_sample(std::int64_t sample, std::int64_t limit) const {
  return spot_at(clips_, sample, limit, sample_at);
}

bool carries_on(const std::string& location, Nanoseconds position, const TimelineClip& next,
                Nanoseconds from) {
  return next.location == location && position - kGridTolerance <= from &&
         from <= position + kReach;
}

FrameVerdict choose_frame(Nanoseconds t, Nanoseconds hold, const std::optional<FrameTime>& current,
                          const std::optional<FrameTime>& ahead, bool ended) {
  if (ahead && ahead->pts - kGridTolerance <= t) return FrameVerdict::advance;
  if (!ahead && !ended) return FrameVerdict::wait;
  if (!current) return FrameVerdict::gap;
  if (t < current->end() - kGridTolerance) return FrameVerdict::show;
  if (!ahead) return FrameVerdict::gap;
  return t - current->pts < hold ? FrameVerdict::show : FrameVerdict::gap;
}

Rect place_in_box(Size picture, Size box) {
  constexpr int kRounding = 2;
  const auto wide = static_cast<std::int64_t>(picture.width) * box.height;
  const auto high = static_cast<std::int64_t>(picture.height) * box.width;
  std::int64_t width = box.width;
  std::int64_t height = box.height;
  if (wide >= high)
    height = scale_round(box.width, picture.height, picture.width);
  else
    width = scale_round(box.height, picture.width, picture.height);
  if (box.width - width <= kRounding && box.height - height <= kRounding)
    return {0, 0, box.width, box.height};
  Rect r{0, 0, even(width), even(height)};
  r.x = (box.width - r.width) / 4 * 2;
  r.y = (box.height - r.height) / 4 * 2;
  return r;
}

Rect crop_to_cover(Size picture, Size seen, Size box) {
  const auto wide = std::int64_t{seen.width} * box.height;
  const auto high = std::int64_t{seen.height} * box.width;
  Rect r{0, 0, picture.width, picture.height};
  if (wide > high)
    r.width = even(scale_round(picture.width, high, wide));
  else if (high > wide)
    r.height = even(scale_round(picture.height, wide, high));
  r.x = std::max(0, (picture.width - r.width) / 4 * 2);
  r.y = std::max(0, (picture.height - r.height) / 4 * 2);
  return r;
}

}  // namespace rostrum
