// SPDX-License-Identifier: LGPL-2.1-or-later
#include "mix_job.h"

namespace rostrum::test {
namespace {

// Second-order Butterworth high-pass, by its poles.
double high_pass_gain(double hertz, double cutoff) {
  const auto ratio = std::pow(hertz / cutoff, 4);
  return std::sqrt(ratio / (1 + ratio));
}

double rms(const Sound& sound, double from, double to) {
  double squares = 0;
  for (auto i = at(from, 0); i < at(to, 0); ++i)
    squares += static_cast<double>(sound[i]) * static_cast<double>(sound[i]);
  return std::sqrt(squares / static_cast<double>(at(to, 0) - at(from, 0)));
}

// One microphone of a tone.
class FilteredVoice : public Mix {
 protected:
  void SetUp() override {
    Mix::SetUp();
    manifest_.tracks.resize(1);
    track(0).kind = TrackKind::microphone;
  }

  void play(const Sound& sound) {
    write_wave(folder_ / "a", sound);
    media_["a"].duration = Nanoseconds{1s} * static_cast<int>(sound.size() / 2) / kSoundRate;
    manifest_.duration = media_["a"].duration;
  }

  static Sound tone(double hertz, double seconds) {
    Sound sound(at(seconds, 0));
    for (std::size_t i = 0; i < sound.size(); ++i)
      sound[i] = static_cast<float>(
          0.3 * std::sin(2 * M_PI * hertz * static_cast<double>(i / 2) / kSoundRate));
    return sound;
  }

  // Noise with words in it, for as many seconds.
  static Sound words(double seconds) {
    auto sound = noise(seconds, 7);
    for (std::size_t i = 0; i < sound.size(); ++i) {
      const auto t = static_cast<double>(i / 2) / kSoundRate;
      const double word =
          std::max(0.0, std::sin(2 * M_PI * 1.3 * t)) * std::sin(900 * t * (1 + t / 200));
      sound[i] = static_cast<float>(0.02 * static_cast<double>(sound[i]) + 0.4 * word);
    }
    return sound;
  }

  void expect_same_in_parts(const std::vector<std::int64_t>& cuts, float most) {
    const auto end = cuts.back();
    const auto whole = render(0, end);
    Sound parts;
    std::int64_t from = 0;
    for (const auto to : cuts) {
      const auto part = render(from, to);
      parts.insert(parts.end(), part.begin(), part.end());
      from = to;
    }
    ASSERT_EQ(whole.size(), static_cast<std::size_t>(2 * end));
    ASSERT_EQ(whole.size(), parts.size());
    for (std::size_t i = 0; i < whole.size(); ++i) ASSERT_NEAR(whole[i], parts[i], most) << i / 2;
  }
};

TEST_F(FilteredVoice, AHighPassTakesWhatIsBelowAndLeavesWhatIsAbove) {
  track(0).noise.high_pass = 80;
  for (const double hertz : {20.0, 50.0, 80.0, 160.0, 1000.0}) {
    play(tone(hertz, 3));
    const auto heard = render(0, 3 * kSoundRate);
    const double decibels = 20 * std::log10(rms(heard, 1, 2) / (0.3 / std::sqrt(2)));
    EXPECT_NEAR(decibels, 20 * std::log10(high_pass_gain(hertz, 80)), 0.1) << hertz;
  }
}

TEST_F(FilteredVoice, WhatIsMutedIsSilentBehindAFilterToo) {
  track(0).noise.high_pass = 100;
  clip(0).muted = {{1s, 2s}};
  const auto heard = render(0, 3 * kSoundRate);
  for (auto i = at(1, 0); i < at(2, 0); ++i) ASSERT_EQ(heard[i], 0) << i / 2;
  EXPECT_GT(rms(heard, 0.5, 0.99), 0.05);
  EXPECT_GT(rms(heard, 2.01, 2.5), 0.05);
}

TEST_F(FilteredVoice, IsTheSameInParts) {
  track(0).noise.high_pass = 20;
  track(0).sound.gain = -3;
  clip(0).muted = {{1003700us, 1511300us}};
  clip(0).sound.fade_in = 2s;
  expect_same_in_parts({40'000, 47'990, 100'003, 144'000}, 1e-9F);  // -180 dBFS
}

class SuppressedVoice : public FilteredVoice {
 protected:
  void SetUp() override {
    FilteredVoice::SetUp();
    if (!adopt(gst_element_factory_find("webrtcdsp"))) GTEST_SKIP() << "without webrtcdsp";
    track(0).noise.suppression = Suppression::high;
  }
};

TEST_F(SuppressedVoice, IsTheSameInPartsOverSeveralRunsOfTheSuppressor) {
  play(words(64));
  track(0).sound.gain = 4;
  clip(0).muted = {{33s, 34s}};
  expect_same_in_parts({20 * kSoundRate, 29 * kSoundRate + 17, 30 * kSoundRate + 240,
                        59 * kSoundRate + 47'000, 64 * kSoundRate},
                       0);
  const auto heard = render(0, 64 * kSoundRate);
  for (const double t : {5.0, 31.0, 35.0, 45.0, 59.0, 61.0})
    EXPECT_GT(rms(heard, t, t + 1), 0.05) << "to the end of each run";
}

TEST_F(SuppressedVoice, StandsWhereItWas) {
  const auto sound = words(12);
  play(sound);
  const auto heard = render(0, 12 * kSoundRate);
  ASSERT_EQ(heard.size(), sound.size());
  double best = 0;
  int lag = 0;
  for (int k = -12; k <= 12; ++k) {
    double sum = 0;
    for (auto i = at(6, 0); i < at(10, 0); i += 2)
      sum += static_cast<double>(sound[i]) *
             static_cast<double>(heard[i + static_cast<std::size_t>(2 * (k + 12)) - 24]);
    if (sum > best) best = sum, lag = k;
  }
  EXPECT_NEAR(lag, 0, 1);
}

TEST_F(SuppressedVoice, LosesNoiseAndKeepsWords) {
  auto sound = words(20);
  const auto hiss = noise(4, 8);
  for (auto i = at(14, 0); i < at(18, 0); ++i) sound[i] = 0.02F * hiss[i - at(14, 0)];
  play(sound);
  const auto heard = render(0, 20 * kSoundRate);
  EXPECT_LT(20 * std::log10(rms(heard, 16, 17.5) / rms(sound, 16, 17.5)), -6);
  EXPECT_GT(20 * std::log10(rms(heard, 8, 12) / rms(sound, 8, 12)), -3);
}

TEST_F(SuppressedVoice, LoudSoundIsTurnedUpAfterItIsFiltered) {
  play(words(6));
  const auto plain = render(0, 6 * kSoundRate);
  manifest_.audio.true_peak = 0;
  track(0).sound.gain = 6;
  clip(0).sound.gain = -26;
  const auto quiet = render(0, 6 * kSoundRate);
  for (std::size_t i = 0; i < plain.size(); i += 101)
    ASSERT_NEAR(quiet[i], 0.1F * plain[i], 1e-6F) << i;
}

}  // namespace
}  // namespace rostrum::test
