// SPDX-License-Identifier: LGPL-2.1-or-later
// What the limiter's gain depends on: nothing but the sound of a fixed window.
#include "core/limiter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "limited_sound.h"

namespace rostrum::test {
namespace {

TEST(Limiter, HasAFixedWindow) {
  EXPECT_EQ(limiter_look_ahead(48000), 239U + 2 * kPeakReach);
  EXPECT_EQ(limiter_pre_roll(48000), 239U + 3840 + 9600 + kPeakReach);
  EXPECT_EQ(limiter_look_ahead(8000), 39U + 2 * kPeakReach);
  EXPECT_EQ(limiter_look_ahead(192000), 959U + 2 * kPeakReach);
}

TEST(Limiter, GivesAGainToEveryFrameWhateverTheirNumber) {
  for (const std::size_t frames : {0U, 1U, 2U, 63U, 286U, 287U, 288U, 1000U, 50000U})
    EXPECT_EQ(gains_of(Sound(frames * 2, 0.9F)).size(), frames);
}

TEST(Limiter, TellsAGainAsSoonAsTheLookAheadIsThere) {
  for (const float level : {0.1F, 3.0F}) {
    Limiter limiter{{48000, 1}, -1};
    const auto look_ahead = limiter_look_ahead(48000);
    limiter.push(Sound(look_ahead, level));
    EXPECT_EQ(limiter.ready(), 0U);
    limiter.push(Sound(1, level));
    EXPECT_EQ(limiter.ready(), 1U);
    limiter.push(Sound(1000, level));
    EXPECT_EQ(limiter.ready(), 1001U);
  }
}

TEST(Limiter, IsTheSameWhereverItBegins) {
  constexpr LimiterFormat kFormat{48000, 1};
  for (const auto& [name, sound] : hard_sounds(kFormat.rate)) {
    const auto whole = gains_of(sound, kFormat);
    ASSERT_LT(*std::min_element(whole.begin(), whole.end()), 0.95F) << name;
    const auto after = limiter_pre_roll(kFormat.rate);
    for (const std::size_t begin : {1U, 6007U, 12345U, 24001U, 33333U}) {
      const auto part = gains_of(Sound(sound.begin() + begin, sound.end()), kFormat);
      ASSERT_EQ(part.size(), whole.size() - begin);
      for (auto k = after; k < part.size(); ++k) ASSERT_EQ(part[k], whole[begin + k]) << name << k;
    }
  }
}

TEST(Limiter, IsTheSameWhereverItEnds) {
  constexpr LimiterFormat kFormat{48000, 1};
  for (const auto& [name, sound] : hard_sounds(kFormat.rate)) {
    const auto whole = gains_of(sound, kFormat);
    for (const std::size_t end : {300U, 6007U, 12345U, 24001U, 33333U}) {
      const auto part = gains_of(Sound(sound.begin(), sound.begin() + end), kFormat);
      const auto same = end - limiter_look_ahead(kFormat.rate);
      ASSERT_TRUE(std::equal(part.begin(), part.begin() + static_cast<long>(same), whole.begin()))
          << name;
    }
  }
}

// The one frame that needs less gain is felt from look-ahead before it to pre-roll after it.
TEST(Limiter, FeelsAPeakForNoLongerThanTheWindow) {
  for (const int rate : {8000, 44100, 48000, 192000}) {
    const std::size_t at = limiter_look_ahead(rate) + 100;
    Sound sound(at + limiter_pre_roll(rate) + 100, 0.0F);
    sound[at] = 1e6F;
    const auto gains = gains_of(sound, {rate, 1});
    const auto first = static_cast<std::size_t>(
        std::find_if(gains.begin(), gains.end(), [](float g) { return g != 1; }) - gains.begin());
    const auto last = gains.size() - 1 -
                      static_cast<std::size_t>(std::find_if(gains.rbegin(), gains.rend(),
                                                            [](float g) { return g != 1; }) -
                                               gains.rbegin());
    EXPECT_GE(first, at - limiter_look_ahead(rate)) << rate;
    EXPECT_LE(first, at - limiter_look_ahead(rate) + 10) << rate;
    EXPECT_LE(last, at + limiter_pre_roll(rate)) << rate;
    EXPECT_GE(last, at + limiter_pre_roll(rate) * 98 / 100) << rate;
  }
}

TEST(Limiter, DoesNotDependOnHowTheSoundIsCut) {
  constexpr LimiterFormat kFormat{44100, 2};
  for (const auto& [name, mono] : hard_sounds(kFormat.rate)) {
    const auto sound = spread(mono, 2);
    const auto whole = gains_of(sound, kFormat);
    for (const unsigned seed : {1U, 2U, 3U}) {
      std::mt19937 random{seed};
      const auto size = [&] { return 1 + random() % (1U << (1 + random() % 12)); };
      EXPECT_EQ(gains_of(sound, kFormat, -1, size), whole) << name << ' ' << seed;
    }
  }
}

TEST(Limiter, SilenceIsSilenceInWhateverForm) {
  Sound loud = sine(1000, 2, 5000);
  Limiter told{{48000, 1}, -1};
  told.push(loud);
  told.push_silence(3000);
  told.push(loud);
  told.finish();
  auto sound = loud;
  sound.resize(8000, 0.0F);
  sound.insert(sound.end(), loud.begin(), loud.end());
  const auto gains = gains_of(sound, {48000, 1});
  std::vector<float> found;
  while (told.ready() > 0) {
    const auto run = told.take(77);
    if (run.gains.empty()) found.insert(found.end(), run.frames, 1.0F);
    found.insert(found.end(), run.gains.begin(), run.gains.end());
  }
  EXPECT_EQ(found, gains);
}

TEST(Limiter, OneGainIsForAllChannels) {
  const auto mono = hard_sounds(48000)[6].mono;
  const auto gains = gains_of(mono, {48000, 1});
  for (const std::size_t channels : {2U, 3U, 8U})
    EXPECT_EQ(gains_of(spread(mono, channels), {48000, channels}), gains) << channels;
}

}  // namespace
}  // namespace rostrum::test
