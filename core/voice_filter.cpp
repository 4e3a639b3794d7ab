// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/voice_filter.h"

#include <algorithm>

namespace rostrum {

namespace {

constexpr Nanoseconds kBlock = 10ms;  // of the suppressor, whose blocks lie on one grid

// The latest moment up to `lead` before `from` that is a whole number of blocks away, from 0 on.
Nanoseconds earlier(Nanoseconds from, Nanoseconds lead) {
  return from >= lead ? from - lead : from % kBlock;
}

FilterRun suppressor_run(Nanoseconds stretch, Interval mixed) {
  const auto end = stretch + kSuppressorStretch;
  FilterRun run;
  run.heard = {std::max(stretch, mixed.from), std::min(end + kSuppressorSeam, mixed.to)};
  run.played = {earlier(stretch, kSuppressorSettles), run.heard.to + 2 * kBlock};
  if (stretch > 0ns) run.seam = {{stretch, 0}, {stretch + kSuppressorSeam, 1}};
  run.seam.push_back({end, 1});
  run.seam.push_back({end + kSuppressorSeam, 0});
  return run;
}

}  // namespace

std::int64_t filter_delay(const VoiceFilter& filter) {
  return filter.suppression == Suppression::off ? 0 : kSuppressorDelay;
}

std::vector<FilterRun> filter_runs(const VoiceFilter& filter, Interval mixed) {
  if (filter.suppression == Suppression::off)
    return {{mixed, {earlier(mixed.from, kHighPassSettles), mixed.to}, {}}};
  std::vector<FilterRun> runs;
  // The seam of the stretch before may reach into the interval.
  const auto first = std::max(mixed.from - kSuppressorSeam, 0ns) / kSuppressorStretch;
  for (auto stretch = first * kSuppressorStretch; stretch < mixed.to; stretch += kSuppressorStretch)
    runs.push_back(suppressor_run(stretch, mixed));
  std::erase_if(runs, [](const FilterRun& run) { return run.heard.empty(); });
  return runs;
}

GainCurve volume_curve(const std::vector<PlannedClip>& clips) {
  GainCurve curve;
  for (const auto& clip : clips) {
    if (!clip.has_audio) continue;
    if (!curve.empty() && curve.back().gain == clip.volume) continue;
    if (!curve.empty()) curve.push_back({clip.start, curve.back().gain});
    curve.push_back({clip.start, clip.volume});
  }
  return curve;
}

}  // namespace rostrum
