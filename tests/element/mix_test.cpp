// SPDX-License-Identifier: LGPL-2.1-or-later
#include "mix_job.h"

namespace rostrum::test {
namespace {

TEST_F(Mix, IsTheSumOfItsSources) {
  expect_sum([](std::size_t, double, std::size_t) { return 1.0; });
}

TEST_F(Mix, TurnsTracksAndClipsUpAndDown) {
  track(0).sound.gain = -10;
  clip(0).sound.gain = 4;
  clip(1).sound.pan = -0.25;
  track(1).sound.gain = -3;
  track(2).sound.pan = 1;
  expect_sum([](std::size_t k, double, std::size_t channel) {
    if (k == 0) return std::pow(10, -6.0 / 20);
    if (k == 1) return std::pow(10, -3.0 / 20) * (channel == 1 ? 0.75 : 1.0);
    return channel == 0 ? 0.0 : 1.0;
  });
}

TEST_F(Mix, FadesAndMutesWithoutAClick) {
  clip(0).sound.fade_in = 1s;
  clip(0).sound.fade_out = 500ms;
  clip(1).muted = {{1s, 2s}};
  track(2).sound.fade_out = 3s;
  expect_sum([](std::size_t k, double t, std::size_t) {
    if (k == 0) return std::min({1.0, t, (3 - t) / 0.5});
    if (k == 1)
      return t < 1 ? std::min(1.0, (1 - t) / 0.005) : std::clamp((t - 2) / 0.005, 0.0, 1.0);
    return 1 - t / 3;
  });
}

TEST_F(Mix, IsTheSameInParts) {
  clip(0).sound.fade_in = 3s;
  clip(1).muted = {{1s, 2s}};
  track(2).sound = {-3, 0.3, 100ms, 200ms};
  const auto whole = render(0, 3 * kSoundRate);
  Sound parts;
  for (const auto& [from, to] : {std::pair{0, 40'000}, {40'000, 47'990}, {47'990, 144'000}}) {
    const auto part = render(from, to);
    parts.insert(parts.end(), part.begin(), part.end());
  }
  ASSERT_EQ(whole.size(), parts.size());
  for (std::size_t i = 0; i < whole.size(); ++i) EXPECT_EQ(whole[i], parts[i]) << i / 2;
}

TEST_F(Mix, IsTheSameInPartsByClocksThatRunOff) {
  for (const auto& [id, clock] : {std::pair{"a", 1.003}, {"b", 0.9987654}, {"c", 1.0011}}) {
    media_[id].sound = {0ns, media_[id].duration};
    settle_clock(media_[id], clock);
    EXPECT_FALSE(media_[id].clock.own());
  }
  const auto whole = render(0, 3 * kSoundRate);
  Sound parts;
  for (const auto& [from, to] : {std::pair{0, 40'000}, {40'000, 117'990}, {117'990, 144'000}}) {
    const auto part = render(from, to);
    parts.insert(parts.end(), part.begin(), part.end());
  }
  ASSERT_EQ(whole.size(), parts.size());
  for (std::size_t i = 0; i < whole.size(); ++i) ASSERT_EQ(whole[i], parts[i]) << i / 2;
}

TEST_F(Mix, OfOneChannelIsTheMeanOfBoth) {
  track(0).sound.pan = -1;
  clip(1).sound.gain = -4;
  const auto stereo = render(0, 3 * kSoundRate);
  manifest_.audio.channels = 1;
  const auto mono = render(0, 3 * kSoundRate);
  ASSERT_EQ(stereo.size(), 2 * mono.size());
  double worst = 0;
  for (std::size_t n = 0; n < mono.size(); ++n)
    worst = std::max(worst, std::abs((static_cast<double>(stereo[2 * n]) + stereo[2 * n + 1]) / 2 -
                                     static_cast<double>(mono[n])));
  EXPECT_LE(worst, 1e-6);
}

TEST_F(Mix, IsTheSumOfItsStemsWhateverTheLimiterDoes) {
  manifest_.people = {{"p", "Anna", {}, {}}};
  track(0).person = "p";
  track(0).kind = TrackKind::microphone;
  track(1).person = "p";
  track(1).kind = TrackKind::camera;
  track(0).sound.gain = 20;
  track(2).sound.pan = 0.5;
  clip(1).muted = {{1s, 2s}};
  media_["a"].audio->channels = media_["b"].audio->channels = 1;
  const auto plan = this->plan();
  const auto stems = stems_of(plan, media_);
  ASSERT_EQ(stems.size(), 2U);
  EXPECT_EQ(stems[0].name, "Anna");
  EXPECT_EQ(stems[0].tracks, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(stems[0].format.channels, 1) << "says the probe";
  EXPECT_EQ(stems[1].name, "c");
  EXPECT_EQ(stems[1].format.channels, 2);
  auto stereo = stems[0];
  stereo.format.channels = 2;
  auto mix = make_sound_slice(plan, 0, 3 * kSoundRate);
  mix.ceiling.reset();
  const auto whole = render(mix);
  const auto voice = render(make_stem_slice(plan, stereo, 0, 3 * kSoundRate));
  const auto music = render(make_stem_slice(plan, stems[1], 0, 3 * kSoundRate));
  ASSERT_EQ(whole.size(), at(3, 0));
  ASSERT_EQ(voice.size(), whole.size());
  ASSERT_EQ(music.size(), whole.size());
  double worst = 0;
  for (std::size_t i = 0; i < whole.size(); ++i)
    worst = std::max(worst, std::abs(static_cast<double>(whole[i]) - voice[i] - music[i]));
  EXPECT_LE(worst, kResidual);
}

TEST_F(Mix, IsLimitedTheSameInParts) {
  track(0).sound.gain = 26;
  clip(0).muted = {{1003700us, 2111300us}};
  clip(1).start = 3713us;
  clip(1).duration = 2900ms;
  manifest_.audio.true_peak = -2;
  const auto whole = render(0, 3 * kSoundRate);
  ASSERT_EQ(whole.size(), at(3, 0));
  const auto peak = std::abs(*std::max_element(
      whole.begin(), whole.end(), [](float a, float b) { return std::abs(a) < std::abs(b); }));
  EXPECT_LE(peak, std::pow(10, -2.0 / 20));
  EXPECT_GE(peak, std::pow(10, -7.0 / 20)) << "white noise peaks between its samples";
  Sound parts;
  for (const auto& [from, to] : {std::pair{0, 40'000}, {40'000, 47'990}, {47'990, 144'000}}) {
    const auto part = render(from, to);
    parts.insert(parts.end(), part.begin(), part.end());
  }
  ASSERT_EQ(whole.size(), parts.size());
  for (std::size_t i = 0; i < whole.size(); ++i) ASSERT_EQ(whole[i], parts[i]) << i / 2;
}

}  // namespace
}  // namespace rostrum::test
