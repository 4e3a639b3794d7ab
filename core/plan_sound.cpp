// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plan_sound.h"

#include "core/clip_schedule.h"
#include "core/intervals.h"
#include "core/plan_scenes.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace rostrum {

namespace {

// Music is down when a voice begins, and comes back when it is clear that it has ended.
constexpr GainTiming kDucking{.lead = 50ms, .attack = 250ms, .hold = 800ms, .release = 1200ms};
// A quiet person is turned up around what they say, not in between: the room's noise stays down.
constexpr GainTiming kLevelling{.lead = 150ms, .attack = 100ms, .hold = 1500ms, .release = 500ms};
constexpr double kMostLevelling = 18;  // dB
// A gate is open before a word begins, and closes when the last one has died away.
constexpr Nanoseconds kGateLead = 150ms;
constexpr Nanoseconds kGateAttack = 100ms;
constexpr Nanoseconds kGateHold = 500ms;
constexpr Nanoseconds kGateRelease = 400ms;
// Under the layout's threshold, for a quiet voice is a voice.
constexpr float kQuieter = 12;  // dB

// How loud a person is while they talk: the power of those windows, in dBFS; kSilence if never.
double speech_level(const std::vector<float>& levels, const std::vector<Interval>& talk) {
  double power = 0;
  std::size_t count = 0;
  for (const auto& t : talk)
    for (auto w = t.from / kLevelWindow; w < t.to / kLevelWindow; ++w, ++count)
      if (w < static_cast<std::int64_t>(levels.size()))
        power += std::pow(10, static_cast<double>(levels[static_cast<std::size_t>(w)]) / 10);
  return power > 0 ? 10 * std::log10(power / static_cast<double>(count)) : kSilence;
}

// The median of those who talk; of two in the middle the louder.
double common_level(std::vector<double> levels) {
  std::erase_if(levels, [](double level) { return level <= kSilence; });
  if (levels.empty()) return kSilence;
  std::sort(levels.begin(), levels.end());
  return levels[levels.size() / 2];
}

void level_people(Plan& plan, const std::vector<Participant>& people, const Hearing& hearing,
                  const std::vector<std::vector<Interval>>& talk) {
  std::vector<double> levels;
  for (std::size_t p = 0; p < people.size(); ++p)
    levels.push_back(speech_level(hearing.people[p].levels, talk[p]));
  const auto common = common_level(levels);
  for (std::size_t p = 0; p < people.size(); ++p) {
    const auto gain = std::min(common - levels[p], kMostLevelling);
    if (levels[p] <= kSilence || gain <= 0) continue;
    const auto curve = gain_during(talk[p], from_decibels(gain), kLevelling);
    for (const auto track : people[p].tracks) plan.tracks[track].gains.push_back(curve);
  }
}

void duck(Plan& plan, const Manifest& manifest, const std::vector<std::vector<Interval>>& talk) {
  std::vector<Interval> anyone;
  for (const auto& times : talk) anyone.insert(anyone.end(), times.begin(), times.end());
  const auto curve =
      gain_during(merged(std::move(anyone)), from_decibels(manifest.audio.duck), kDucking);
  if (curve.empty()) return;
  for (std::size_t t = 0; t < plan.tracks.size(); ++t)
    if (manifest.tracks[t].duck) plan.tracks[t].gains.push_back(curve);
}

bool ducks(const Manifest& manifest) {
  return manifest.audio.duck != 0 && std::any_of(manifest.tracks.begin(), manifest.tracks.end(),
                                                 [](const Track& t) { return t.duck; });
}

bool gates(const Manifest& manifest) {
  return std::any_of(manifest.tracks.begin(), manifest.tracks.end(),
                     [&](const Track& t) { return manifest.noise_of(t).gate != 0; });
}

// Closed while the gate has the time to go to and fro between two words.
GainCurve gate_curve(const std::vector<Interval>& talk, double decibels, Nanoseconds end) {
  std::vector<Interval> closed;
  Nanoseconds from{0};
  const auto close = [&](Nanoseconds to) {
    if (from < to) closed.push_back({from, to});
  };
  for (const auto& t : talk) {
    close(t.from - kGateLead - kGateAttack);
    from = t.to + kGateHold + kGateRelease;
  }
  close(std::max(end, from) + kGateAttack);
  return gain_during(closed, from_decibels(decibels),
                     {.lead = 0ns, .attack = kGateRelease, .hold = 0ns, .release = kGateAttack});
}

void gate(Plan& plan, const Manifest& manifest, const std::vector<Participant>& people,
          const std::vector<std::vector<Interval>>& talk, Nanoseconds end) {
  for (std::size_t p = 0; p < people.size(); ++p)
    for (const auto t : people[p].tracks)
      if (const auto depth = manifest.noise_of(manifest.tracks[t]).gate.value_or(0); depth != 0)
        plan.tracks[t].gains.push_back(gate_curve(talk[p], depth, end));
}

SpeakerOptions sound_options(const Manifest& manifest) {
  auto options = manifest.layout.speaker.options;
  options.threshold -= kQuieter;
  return options;
}

}  // namespace

SoundFormat sound_format(const AudioOptions& audio) {
  const auto codec = audio.codec.value_or(AudioCodec::aac);
  const auto channels = audio.channels.value_or(kUsualChannels);
  return {codec, channels, audio.bitrate.value_or(usual_bitrate(codec, channels))};
}

void leave_out_pictures(Manifest& manifest) {
  auto& layout = manifest.layout;
  layout.policy = Policy::grid;
  layout.labels = layout.cards = false;
  layout.custom.clear();
  manifest.scenes.clear();
  manifest.cards.clear();
  manifest.logo.reset();
  for (auto& other : manifest.output.further) other.renditions.clear();
}

bool needs_levels(const Manifest& manifest) {
  return manifest.audio.level || gates(manifest) ||
         (ducks(manifest) && manifest.layout.speaker.source == SpeakerSource::levels);
}

bool needs_loudness(const Manifest& manifest) {
  return manifest.audio.loudness || manifest.audio.range;
}

std::vector<std::vector<Interval>> talk_for_sound(const Manifest& manifest, const MediaMap& media,
                                                  const std::vector<PlannedTrack>& tracks,
                                                  const std::vector<Participant>& people,
                                                  SpeakerSource source) {
  const auto hearing = listen(manifest, media, tracks, people, source, true);
  return talk_times(hearing.people, hearing.end, sound_options(manifest));
}

void add_gains(Plan& plan, const Manifest& manifest, const MediaMap& media) {
  if (!needs_levels(manifest) && !ducks(manifest)) return;
  const auto people = participants(plan.tracks);
  if (manifest.audio.level || gates(manifest)) {
    const auto hearing = listen(manifest, media, plan.tracks, people, SpeakerSource::levels, true);
    const auto talk = talk_times(hearing.people, hearing.end, sound_options(manifest));
    if (manifest.audio.level) level_people(plan, people, hearing, talk);
    gate(plan, manifest, people, talk, hearing.end);
  }
  if (ducks(manifest))
    duck(plan, manifest,
         talk_for_sound(manifest, media, plan.tracks, people, manifest.layout.speaker.source));
}

namespace {

constexpr double kMostGain = 40;  // dB, that a quiet programme is turned up
constexpr double kMostPush = 6;   // dB, of that into the limiter
// A window is turned down less than its peak, for the limiter comes back within it: found on speech
// (tests/acceptance/loudness.py).
constexpr double kLimitedShare = 0.8;  // of the decibels
// What a noise suppressor takes from a voice, found likewise.
constexpr double kSuppressed = 0.9;  // dB

// What a pan leaves of a sound that is alike in both channels.
struct PanFactors {
  double power;  // of the sum of both channels' powers, or of the one channel's
  double peak;
};

PanFactors pan_factors(double pan, int channels) {
  const auto left = std::min(1.0, 1 - pan);
  const auto right = std::min(1.0, 1 + pan);
  const auto mean = (left + right) / 2;
  if (channels == 1) return {mean * mean, mean};
  return {(left * left + right * right) / 2, 1};
}

void add_levels(const PlannedTrack& track, const PlannedClip& clip, const MediaInfo& info,
                int channels, ProgrammeLevels& levels) {
  const auto pan = pan_factors(clip.pan, channels);
  const auto known = std::min(info.loudness.size(), info.peaks.size());
  const bool quieter = track.filter.suppression != Suppression::off;
  const auto suppressed = quieter ? from_decibels(-kSuppressed) : 1;
  for (const auto& part : subtract({clip.start, clip.start + clip.playable}, clip.muted))
    for (auto w = part.from / kLoudnessWindow; w <= part.to / kLoudnessWindow; ++w) {
      const auto middle = kLoudnessWindow * w + kLoudnessWindow / 2;
      const auto index = static_cast<std::size_t>(w);
      const auto of_medium =
          static_cast<std::size_t>((clip.in + middle - clip.start) / kLoudnessWindow);
      if (!part.contains(middle) || index >= levels.power.size() || of_medium >= known) continue;
      auto gain = clip.volume * suppressed;
      for (const auto& curve : track.gains) gain *= gain_at(curve, sample_at(middle));
      levels.power[index] +=
          gain * gain * pan.power * power_of_lufs(info.loudness[of_medium] / 10.0);
      const auto peak = gain * pan.peak * from_decibels(info.peaks[of_medium] / 10.0);
      levels.peaks[index] = std::hypot(levels.peaks[index], peak);
    }
}

// How far the limiter turns down the peak of each window.  It comes back in about three windows.
std::vector<double> limited(const std::vector<double>& peaks, double gain, double ceiling) {
  constexpr double kBetweenSamples = 1.06;  // 0.5 dB: true peaks over the greatest samples
  const auto most = from_decibels(ceiling) / kBetweenSamples / gain;
  std::vector<double> found;
  double before = 1;
  for (const auto peak : peaks) {
    const auto recovered = before + (1 - before) / 2;
    before = std::min(peak > most ? most / peak : 1.0, recovered);
    found.push_back(before);
  }
  return found;
}

}  // namespace

ProgrammeLevels track_levels(const Plan& plan, const std::vector<std::size_t>& tracks,
                             const MediaMap& media, Nanoseconds programme) {
  const auto count = static_cast<std::size_t>(programme / kLoudnessWindow);
  ProgrammeLevels levels{WeightedPower(count), std::vector<double>(count)};
  for (const auto t : tracks)
    for (const auto& clip : plan.tracks[t].clips)
      if (const auto found = media.find(clip.asset); clip.has_audio && found != media.end())
        add_levels(plan.tracks[t], clip, found->second, plan.sound.channels, levels);
  return levels;
}

ProgrammeLevels programme_levels(const Plan& plan, const MediaMap& media, Nanoseconds programme) {
  std::vector<std::size_t> all(plan.tracks.size());
  std::iota(all.begin(), all.end(), 0);
  return track_levels(plan, all, media, programme);
}

std::optional<double> limited_loudness(const ProgrammeLevels& levels, double gain, double ceiling) {
  const auto factor = from_decibels(gain);
  const auto down = limited(levels.peaks, factor, ceiling);
  auto power = levels.power;
  for (std::size_t w = 0; w < power.size(); ++w)
    power[w] *= factor * factor * std::pow(down[w], 2 * kLimitedShare);
  return integrated_loudness(power);
}

void set_loudness(Plan& plan, const Manifest& manifest, const MediaMap& media,
                  Nanoseconds programme) {
  if (!manifest.audio.loudness) return;
  const auto wanted = *manifest.audio.loudness;
  const auto levels = programme_levels(plan, media, programme);
  const auto now = integrated_loudness(levels.power);
  if (!now) return;
  // What the limiter takes away is given back: the loudness grows with the gain.
  auto least = std::min(wanted - *now, kMostGain);
  auto most = std::min(least + kMostPush, kMostGain);
  for (int step = 0; step < 12; ++step) {
    const auto gain = (least + most) / 2;
    (limited_loudness(levels, gain, plan.ceiling).value_or(wanted) < wanted ? least : most) = gain;
  }
  if (wanted - *now > kMostGain)
    plan.warnings.emplace_back(
        "/audio/loudness: the programme is too quiet: it is turned up by 40 dB only");
  // Decoders make up noise anew in each run (perceptual noise substitution of AAC), which moves the
  // loudness by less than a thousandth of a decibel: the gain must not show that.
  plan.made_up = from_decibels(std::round(least * 100) / 100);
  for (auto& track : plan.tracks)
    for (auto& clip : track.clips) clip.volume *= plan.made_up;
}

std::optional<std::int64_t> rounds_of(const PlannedClip& clip, Nanoseconds medium) {
  const auto round = medium - clip.in;
  if (round <= 0ns) return {};
  return (clip.duration + round - 1ns) / round;
}

namespace {

// Those that are on between two times, of which `sorted` ones do not overlap.
std::vector<Interval> touching(const std::vector<Interval>& sorted, Nanoseconds from,
                               Nanoseconds to) {
  const auto first = std::partition_point(sorted.begin(), sorted.end(),
                                          [from](const Interval& i) { return i.to <= from; });
  const auto last =
      std::partition_point(first, sorted.end(), [to](const Interval& i) { return i.from < to; });
  return {first, last};
}

}  // namespace

void PlannedSound::add(PlannedClip clip, const Clip& declared, Nanoseconds medium) {
  clip.volume = from_decibels(options_.gain + declared.sound.gain);
  clip.pan = std::clamp(options_.pan + declared.sound.pan, -1.0, 1.0);
  fade(clip, declared.sound);
  if (!declared.loop) {
    track_.clips.push_back(std::move(clip));
    return;
  }
  const auto end = clip.end();
  const auto muted = merged(std::exchange(clip.muted, {}));
  const auto hidden = merged(std::exchange(clip.hidden, {}));
  for (auto at = clip.start; at < end; at += medium - clip.in) {
    auto round = clip;
    round.start = at;
    round.duration = round.playable = std::min(medium - clip.in, end - at);
    round.muted = touching(muted, at, round.end());
    round.hidden = touching(hidden, at, round.end());
    track_.clips.push_back(std::move(round));
  }
}

void PlannedSound::fade(const PlannedClip& clip, const SoundOptions& declared) {
  if (!clip.has_audio) return;
  const Interval whole{clip.start, clip.start + clip.playable};
  append_fade(fades_, whole, declared.fade_in, declared.fade_out);
  for (const auto& part : subtract(whole, clip.muted))
    append_fade(mutes_, part, part.from > whole.from ? kMuteRamp : 0ns,
                part.to < whole.to ? kMuteRamp : 0ns);
}

void PlannedSound::finish() {
  GainCurve whole;
  if (!track_.clips.empty())
    append_fade(
        whole,
        {track_.clips.front().start, track_.clips.back().start + track_.clips.back().playable},
        options_.fade_in, options_.fade_out);
  for (auto* curve : {&mutes_, &fades_, &whole})
    if (!curve->empty()) track_.gains.push_back(std::move(*curve));
}

}  // namespace rostrum
