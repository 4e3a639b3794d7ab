// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/waveform.h"

#include "core/clip_schedule.h"
#include "core/plan_scenes.h"
#include "core/plan_sound.h"
#include "core/plan_speaker.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

namespace rostrum {

namespace {

constexpr std::int16_t kFullScale = -1;  // tenths of dBFS: what a coder leaves of a clipped sample
constexpr std::ptrdiff_t kShortTerm = 30;  // windows of 0.1 s

// Which columns show a stretch of the programme; at least one.
class Columns {
 public:
  Columns(std::size_t count, Nanoseconds length) : count_{count}, length_{length} {}

  std::pair<std::size_t, std::size_t> of(Interval when) const {
    const auto from = std::min(at(when.from), count_ - 1);
    return {from, std::clamp(at(when.to), from + 1, count_)};
  }

  template <typename Column, typename Mark>
  void mark(std::vector<Column>& columns, Interval when, Mark how) const {
    const auto [from, to] = of(when);
    std::for_each(columns.begin() + static_cast<std::ptrdiff_t>(from),
                  columns.begin() + static_cast<std::ptrdiff_t>(to), how);
  }

 private:
  std::size_t at(Nanoseconds t) const {
    const auto share = static_cast<double>(t.count()) / static_cast<double>(length_.count());
    return static_cast<std::size_t>(std::max(0.0, share) * static_cast<double>(count_));
  }

  std::size_t count_;
  Nanoseconds length_;
};

double gain_of(const PlannedTrack& track, const PlannedClip& clip, Nanoseconds t) {
  auto gain = clip.volume;
  for (const auto& curve : track.gains) gain *= gain_at(curve, sample_at(t));
  return gain;
}

void draw_part(const PlannedTrack& track, const PlannedClip& clip, const MediaInfo& info,
               Interval part, const Columns& columns, std::vector<WaveformColumn>& row) {
  columns.mark(row, part, [](WaveformColumn& c) { c.muted = false; });
  for (auto w = part.from / kLevelWindow; kLevelWindow * w < part.to; ++w) {
    const auto middle = kLevelWindow * w + kLevelWindow / 2;
    const auto index = static_cast<std::size_t>((clip.in + middle - clip.start) / kLevelWindow);
    if (!part.contains(middle) || index >= info.levels.size()) continue;
    const auto gain = gain_of(track, clip, middle);
    if (gain <= 0 || info.levels[index] < -1200) continue;
    const auto level = static_cast<float>(info.levels[index] / 10.0 + 20 * std::log10(gain));
    const bool clipped = index < info.peaks.size() && info.peaks[index] >= kFullScale;
    columns.mark(row, {kLevelWindow * w, kLevelWindow * (w + 1)}, [&](WaveformColumn& c) {
      c.level = std::max(c.level, level);
      c.clipped = c.clipped || clipped;
    });
  }
}

void draw_track(const PlannedTrack& track, const MediaMap& media, const Columns& columns,
                std::vector<WaveformColumn>& row) {
  for (const auto& clip : track.clips) {
    const auto found = media.find(clip.asset);
    if (!clip.has_audio || clip.playable <= 0ns || found == media.end()) continue;
    const Interval playable{clip.start, clip.start + clip.playable};
    columns.mark(row, playable, [](WaveformColumn& c) {
      c.muted = c.muted || !c.present;
      c.present = true;
    });
    for (const auto& part : subtract(playable, clip.muted))
      draw_part(track, clip, found->second, part, columns, row);
  }
}

bool has_sound(const PlannedTrack& track) {
  return std::any_of(track.clips.begin(), track.clips.end(),
                     [](const PlannedClip& clip) { return clip.has_audio; });
}

std::string name_of(const Plan& plan, const Participant& who) {
  const auto found = std::find_if(plan.people.begin(), plan.people.end(),
                                  [&](const Person& p) { return p.id == who.person; });
  if (found != plan.people.end() && !found->name.empty()) return found->name;
  return who.person.empty() ? plan.tracks[who.tracks.front()].id : who.person;
}

std::vector<WaveformRow> people_rows(const Plan& plan, const Manifest& manifest,
                                     const MediaMap& media, const Columns& columns,
                                     std::size_t count) {
  const auto people = participants(plan.tracks);
  const auto hearing = listen(manifest, media, plan.tracks, people, SpeakerSource::levels);
  const auto talk = talk_times(hearing.people, hearing.end, manifest.layout.speaker.options);
  std::vector<WaveformRow> rows;
  for (std::size_t p = 0; p < people.size(); ++p) {
    WaveformRow row{name_of(plan, people[p]), 0ns, std::vector<WaveformColumn>(count)};
    bool heard = false;
    for (const auto t : people[p].tracks) {
      draw_track(plan.tracks[t], media, columns, row.columns);
      heard = heard || has_sound(plan.tracks[t]);
    }
    for (const auto& when : talk[p]) {
      columns.mark(row.columns, when, [](WaveformColumn& c) { c.talks = true; });
      row.talk += when.to - when.from;
    }
    if (heard) rows.push_back(std::move(row));
  }
  return rows;
}

// Of each window, the 3 s around it.
std::vector<double> short_term(const WeightedPower& power) {
  std::vector<double> sums(power.size() + 1);
  std::partial_sum(power.begin(), power.end(), sums.begin() + 1);
  std::vector<double> found;
  const auto count = static_cast<std::ptrdiff_t>(power.size());
  for (std::ptrdiff_t w = 0; w < count; ++w) {
    const auto from = std::max<std::ptrdiff_t>(w - kShortTerm / 2, 0);
    const auto to = std::min(w + kShortTerm / 2, count);
    found.push_back((sums[static_cast<std::size_t>(to)] - sums[static_cast<std::size_t>(from)]) /
                    static_cast<double>(to - from));
  }
  return found;
}

void draw_programme(const ProgrammeLevels& levels, double ceiling, const Columns& columns,
                    std::vector<ProgrammeColumn>& programme) {
  const auto around = short_term(levels.power);
  for (std::size_t w = 0; w < around.size(); ++w) {
    const auto over = levels.peaks[w] > 0 ? 20 * std::log10(levels.peaks[w]) - ceiling : 0;
    const Interval when{kLevelWindow * static_cast<std::int64_t>(w),
                        kLevelWindow * static_cast<std::int64_t>(w + 1)};
    columns.mark(programme, when, [&](ProgrammeColumn& c) {
      if (around[w] > 0) c.loudness = std::max(c.loudness.value_or(-HUGE_VAL), lufs_of(around[w]));
      c.limited = std::max(c.limited, over);
    });
  }
}

}  // namespace

Waveform make_waveform(const Plan& plan, const Manifest& manifest, const MediaMap& media,
                       const MediaMap& recorded, std::size_t columns) {
  Waveform waveform;
  waveform.length = plan.grid.start(plan.frames.end);
  waveform.programme.resize(columns);
  if (columns == 0 || waveform.length <= 0ns) return waveform;
  const Columns axis{columns, waveform.length};
  waveform.rows = people_rows(plan, manifest, recorded, axis, columns);
  const auto people = participant_of_tracks(plan.tracks, participants(plan.tracks));
  for (std::size_t t = 0; t < plan.tracks.size(); ++t) {
    if (people[t] != kNobody || !has_sound(plan.tracks[t])) continue;
    waveform.rows.push_back({plan.tracks[t].id, 0ns, std::vector<WaveformColumn>(columns)});
    draw_track(plan.tracks[t], recorded, axis, waveform.rows.back().columns);
  }
  const auto levels = programme_levels(plan, media, waveform.length);
  draw_programme(levels, plan.ceiling, axis, waveform.programme);
  waveform.integrated = limited_loudness(levels, 0, plan.ceiling);
  waveform.range = loudness_range(levels.power);
  return waveform;
}

Nanoseconds axis_step(Nanoseconds length, std::size_t most) {
  constexpr Nanoseconds kSteps[] = {100ms, 200ms, 500ms, 1s,   2s,    5s,    10s,   15s,
                                    30s,   1min,  2min,  5min, 10min, 15min, 30min, 1h};
  const auto fits = [&](Nanoseconds step) {
    return length / step <= static_cast<std::int64_t>(most);
  };
  for (const auto step : kSteps)
    if (fits(step)) return step;
  auto step = 2 * kSteps[std::size(kSteps) - 1];
  while (!fits(step)) step *= 2;
  return step;
}

}  // namespace rostrum
