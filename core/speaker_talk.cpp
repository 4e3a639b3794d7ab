// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/speaker_talk.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace rostrum {

namespace {

constexpr std::size_t kNoiseHorizon = 30;   // windows within which speech has a pause, noise none
constexpr float kOverNoise = 4;             // 6 dB: speech over the noise of its microphone
constexpr float kPause = 0.0316F;           // -15 dB: further below its own level talk is a pause
constexpr float kCrossTalk = 0.0316F;       // -15 dB: further below the loudest it may be theirs
constexpr std::size_t kLongestBridged = 3;  // windows: the pause between two words

// Whether the microphone falls below a level within the next seconds and within the last ones:
// speech pauses, noise does not.  Less than `least` windows at either end of the recording do not
// tell.
bool pauses(const std::vector<float>& power, std::size_t at, float below, std::size_t least) {
  const auto under = [below](float p) { return p <= below; };
  const auto here = power.begin() + static_cast<std::ptrdiff_t>(at);
  const auto ahead = std::min(kNoiseHorizon, power.size() - at);
  const auto behind = std::min(kNoiseHorizon, at + 1);
  const auto back = std::make_reverse_iterator(here + 1);
  return (ahead < least || std::any_of(here, here + static_cast<std::ptrdiff_t>(ahead), under)) &&
         (behind < least || std::any_of(back, back + static_cast<std::ptrdiff_t>(behind), under));
}

// Pauses between words belong to who speaks them.
void bridge_pauses(std::vector<bool>& talks, const std::vector<bool>& audible) {
  std::size_t pause = kLongestBridged + 1;  // windows since this person talked
  for (std::size_t i = 0; i < talks.size(); ++i) {
    if (pause > kLongestBridged && !talks[i]) continue;
    if (talks[i] && pause <= kLongestBridged)
      for (auto k = i - pause; k < i; ++k) talks[k] = true;
    if (talks[i])
      pause = 0;
    else
      pause = audible[i] ? pause + 1 : kLongestBridged + 1;
  }
}

// Takes out what is less than least_talk() of any stretch of two windows.
void drop_interjections(std::vector<bool>& talks, const SpeakerOptions& options) {
  const auto stretch = 2 * static_cast<std::size_t>(windows_of(options.window));
  const auto least = least_talk(options);
  std::vector<bool> kept(talks.size());
  std::size_t count = 0;
  for (std::size_t i = 0; i < talks.size(); ++i) {
    if (i >= stretch && talks[i - stretch]) --count;
    if (!talks[i] || ++count < least) continue;
    for (auto k = i + 1; k-- > (i < stretch ? 0 : i + 1 - stretch);) {
      if (!talks[k]) continue;
      if (kept[k]) break;  // and so are those before it
      kept[k] = true;
    }
  }
  talks = std::move(kept);
}

}  // namespace

float power_of(double dbfs) {
  constexpr float kPerDecibel = 0.33219281F;  // log2(10) / 10
  constexpr float kMost = 60;                 // no sound has it: keeps sums finite
  if (!(dbfs > kSilence)) return 0;           // not a number is silence, too
  return std::exp2(std::min(static_cast<float>(dbfs), kMost) * kPerDecibel);
}

std::int64_t windows_of(Nanoseconds t) {
  return std::max<std::int64_t>(1, (t + kLevelWindow - 1ns) / kLevelWindow);
}

std::size_t least_talk(const SpeakerOptions& options) {
  // more than half of the window, and one for the two ends, which only partly fill theirs
  const auto window = static_cast<std::size_t>(windows_of(options.window));
  return std::min(window / 2 + 1, window - 1) + 1;
}

TalkFinder::TalkFinder(std::size_t windows, const SpeakerOptions& options)
    : windows_{windows},
      options_{options},
      margin_{power_of(options.margin)},
      hysteresis_{power_of(options.hysteresis)},
      sums_(windows + 1) {
  talk_.talker.assign(windows, kNoTalker);
  talk_.several.resize(windows);
}

void TalkFinder::sum(const std::vector<float>& power) {
  for (std::size_t i = 0; i < windows_; ++i) sums_[i + 1] = sums_[i] + power[i];
}

// Of the power; silence outside of what was recorded.
float TalkFinder::mean(std::int64_t from, std::int64_t to) const {
  const auto last = static_cast<std::int64_t>(windows_);
  const auto begin = static_cast<std::size_t>(std::clamp<std::int64_t>(from, 0, last));
  const auto end = static_cast<std::size_t>(std::clamp<std::int64_t>(to, 0, last));
  return static_cast<float>((sums_[end] - sums_[begin]) / static_cast<double>(to - from));
}

void TalkFinder::add(const std::vector<float>& power, std::vector<bool> audible) {
  const auto person = static_cast<std::int32_t>(talk_.audible.size());
  talk_.audible.push_back(std::move(audible));
  talk_.talks.emplace_back(windows_);
  sum(power);
  const auto window = windows_of(options_.window);
  const auto threshold = power_of(options_.threshold);
  const auto least = static_cast<std::size_t>(std::max<std::int64_t>(window / 2, 1));
  for (std::size_t i = 0; i < windows_; ++i) {
    if (power[i] < threshold * kPause) continue;
    const auto at = static_cast<std::int64_t>(i);
    const auto centred = mean(at - window / 2, at - window / 2 + window);
    const auto level = std::max({centred, mean(at, at + window), mean(at + 1 - window, at + 1)});
    const auto around = mean(at - 1, at + 2);
    if (level < threshold || std::min(around, power[i]) < level * kPause) continue;
    if (!pauses(power, i, around / kOverNoise, least)) continue;
    voices_.push_back({static_cast<std::uint32_t>(i), person, around, centred});
  }
}

// Of the other people who are audible; in dB, where the mean of silence and anything is silence.
float TalkFinder::median_of_others(Voices voices, const Voice& self, std::size_t audible) {
  const auto others = audible - 1;
  const auto silent = others - (voices.size() - 1);
  if (others == 0 || (others - 1) / 2 < silent) return 0;
  std::vector<float> powers;
  for (const auto& voice : voices)
    if (voice.person != self.person) powers.push_back(voice.power);
  std::sort(powers.begin(), powers.end());
  return std::sqrt(powers[(others - 1) / 2 - silent] * powers[others / 2 - silent]);
}

std::size_t TalkFinder::count_audible(std::size_t window) const {
  return static_cast<std::size_t>(
      std::count_if(talk_.audible.begin(), talk_.audible.end(),
                    [window](const std::vector<bool>& audible) { return audible[window]; }));
}

// Notes who talks in a window.  Who is too quiet beside the loudest may be but cross-talk.
void TalkFinder::note(Voices voices, std::size_t window, std::int32_t last) {
  const auto audible = voices.size() > 1 ? count_audible(window) : 1;
  float most = 0;
  float most_favoured = 0;
  talk_.several[window] = voices.size() > 1;
  for (const auto& voice : voices) {
    if (voice.power < margin_ * median_of_others(voices, voice, audible)) continue;
    talk_.talks[static_cast<std::size_t>(voice.person)][window] = true;
    most = std::max(most, voice.loudness);
    const auto favoured = voice.person == last ? voice.loudness * hysteresis_ : voice.loudness;
    if (favoured <= most_favoured) continue;
    most_favoured = favoured;
    talk_.talker[window] = voice.person;
  }
  for (const auto& voice : voices)
    if (voice.loudness < most * kCrossTalk)
      talk_.talks[static_cast<std::size_t>(voice.person)][window] = false;
}

// By window, and within one by person; returns where each window begins.
std::vector<std::size_t> TalkFinder::sort_by_window() {
  std::vector<std::size_t> begin(windows_ + 1);
  for (const auto& voice : voices_) ++begin[voice.window + 1];
  for (std::size_t i = 0; i < windows_; ++i) begin[i + 1] += begin[i];
  std::vector<Voice> sorted(voices_.size());
  auto next = begin;
  for (const auto& voice : voices_) sorted[next[voice.window]++] = voice;
  voices_ = std::move(sorted);
  return begin;
}

void TalkFinder::give_pauses_to_talkers() {
  for (std::size_t p = 0; p < talk_.talks.size(); ++p)
    bridge_pauses(talk_.talks[p], talk_.audible[p]);
  auto last = kNoTalker;
  for (std::size_t i = 0; i < windows_; ++i) {
    auto& talker = talk_.talker[i];
    if (talker != kNoTalker) last = talker;
    if (last != kNoTalker && talk_.talks[static_cast<std::size_t>(last)][i]) talker = last;
  }
}

Talk TalkFinder::find(std::int32_t last) {
  const auto begin = sort_by_window();
  for (std::size_t i = 0; i < windows_; ++i) {
    if (begin[i] == begin[i + 1]) continue;
    note(Voices{voices_}.subspan(begin[i], begin[i + 1] - begin[i]), i, last);
    if (talk_.talker[i] != kNoTalker) last = talk_.talker[i];
  }
  give_pauses_to_talkers();
  return std::move(talk_);
}

// Of several the log does not say who is the loudest: who talked before goes on.
Talk logged_talk(std::vector<std::vector<bool>> talks, std::vector<std::vector<bool>> audible) {
  const auto count = talks.empty() ? 0 : talks[0].size();
  Talk talk{.talker = std::vector<std::int32_t>(count, kNoTalker),
            .several = std::vector<bool>(count),
            .talks = std::move(talks),
            .audible = std::move(audible)};
  auto last = kNoTalker;
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t talking = 0;
    auto first = kNoTalker;
    for (auto p = talk.talks.size(); p-- > 0;) {
      if (!talk.audible[p][i]) talk.talks[p][i] = false;
      if (!talk.talks[p][i]) continue;
      first = static_cast<std::int32_t>(p);
      ++talking;
    }
    talk.several[i] = talking > 1;
    const bool goes_on = last != kNoTalker && talk.talks[static_cast<std::size_t>(last)][i];
    talk.talker[i] = goes_on ? last : first;
    if (first != kNoTalker) last = talk.talker[i];
  }
  return talk;
}

void drop_interjections(Talk& talk, const SpeakerOptions& options) {
  for (auto& talks : talk.talks) drop_interjections(talks, options);
  for (std::size_t i = 0; i < talk.talker.size(); ++i)
    if (talk.talker[i] != kNoTalker && !talk.talks[static_cast<std::size_t>(talk.talker[i])][i])
      talk.talker[i] = kNoTalker;
}

void join_turns(Talk& talk, const SpeakerOptions& options) {
  const auto longest = static_cast<std::size_t>(windows_of(options.window));
  std::size_t pause = longest + 1;  // windows since anybody talked
  std::int32_t last = kNoTalker;
  for (std::size_t i = 0; i < talk.talker.size(); ++i) {
    const auto who = talk.talker[i];
    if (who == kNoTalker) {
      const bool audible = last != kNoTalker && talk.audible[static_cast<std::size_t>(last)][i];
      pause = audible && !talk.several[i] ? pause + 1 : longest + 1;
      continue;
    }
    if (who == last && pause <= longest)
      for (auto k = i - pause; k < i; ++k) {
        talk.talker[k] = who;
        talk.talks[static_cast<std::size_t>(who)][k] = true;
      }
    last = who;
    pause = 0;
  }
}

}  // namespace rostrum
