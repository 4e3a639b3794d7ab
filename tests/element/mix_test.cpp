// SPDX-License-Identifier: LGPL-2.1-or-later
// What a job's sound is, sample by sample, before it is encoded.
#include "core/clip_schedule.h"
#include "core/plan.h"
#include "core/settle_clocks.h"
#include "core/slice.h"
#include "core/stems.h"
#include "engine/graph.h"
#include "harness.h"
#include "media_maker.h"

#include <cmath>
#include <cstring>
#include <random>

namespace rostrum::test {
namespace {

using Sound = std::vector<float>;  // interleaved stereo at 48 kHz

constexpr double kResidual = 3.2e-5;  // -90 dBFS

std::size_t at(double seconds, int channel) {
  return 2 * static_cast<std::size_t>(std::llround(seconds * kSoundRate)) +
         static_cast<std::size_t>(channel);
}

Sound noise(double seconds, unsigned seed) {
  std::mt19937 random{seed};
  std::uniform_real_distribution<float> value{-0.1F, 0.1F};
  Sound sound(at(seconds, 0));
  for (auto& s : sound) s = value(random);
  return sound;
}

// A WAVE file of 32-bit floats: RIFF, "Multimedia Programming Interface and Data Specifications".
void write_wave(const std::string& path, const Sound& sound) {
  const auto bytes = static_cast<std::uint32_t>(sound.size() * sizeof(float));
  const std::uint32_t head[] = {0x46464952, 36 + bytes, 0x45564157, 0x20746d66,
                                16,         0x00020003, kSoundRate, 8 * kSoundRate,
                                0x00200008, 0x61746164, bytes};
  std::string file(sizeof head + bytes, '\0');
  std::memcpy(file.data(), head, sizeof head);
  std::memcpy(file.data() + sizeof head, sound.data(), bytes);
  write_bytes(path, file);
}

// A job of three tracks whose media are noise, and what must be heard of it.
class Mix : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* id : {"a", "b", "c"}) {
      sources_.push_back(noise(id[0] == 'c' ? 0.8 : 3, static_cast<unsigned>(id[0])));
      write_wave(folder_ / id, sources_.back());
      MediaInfo info;
      info.path = folder_ / id;
      info.audio = AudioInfo{kSoundRate, 2};
      info.duration = Nanoseconds{1s} * static_cast<int>(sources_.back().size() / 2) / kSoundRate;
      media_[id] = info;
      paths_[id] = info.path;
      manifest_.assets.push_back({id, id, {}, {}});
      Clip clip;
      clip.asset = id;
      manifest_.tracks.push_back({id, TrackKind::audio, {}, {clip}});
    }
    manifest_.duration = 3s;
    clip(2).duration = 3s;
    clip(2).loop = true;
  }

  Clip& clip(std::size_t track) { return manifest_.tracks[track].clips[0]; }
  Track& track(std::size_t index) { return manifest_.tracks[index]; }

  Plan plan() const {
    auto made = make_plan(manifest_, media_, {});
    EXPECT_TRUE(made) << (made ? "" : made.error().message);
    return std::move(*made);
  }

  Sound render(std::int64_t first, std::int64_t end) const {
    return render(make_sound_slice(plan(), first, end));
  }

  Sound render(const Slice& slice) const {
    auto bin = make_audio_bin({slice, paths_, OnDamage::fail, {}});
    EXPECT_TRUE(bin) << (bin ? "" : bin.error().message);
    const Harness harness{gst_harness_new_with_element(bin->get(), nullptr, "src")};
    gst_harness_play(harness.get());
    Sound sound;
    GstBuffer* raw = nullptr;
    while (gst_harness_pull_until_eos(harness.get(), &raw) && raw) {
      const auto buffer = adopt(raw);
      GstMapInfo map;
      gst_buffer_map(buffer.get(), &map, GST_MAP_READ);
      const auto* samples = reinterpret_cast<const float*>(map.data);
      sound.insert(sound.end(), samples, samples + map.size / sizeof(float));
      gst_buffer_unmap(buffer.get(), &map);
    }
    gst_element_set_state(bin->get(), GST_STATE_NULL);
    return sound;
  }

  // gain(track, seconds, channel) is what the job says of each source.
  template <typename Gain>
  void expect_sum(Gain gain) const {
    const auto heard = render(0, 3 * kSoundRate);
    ASSERT_EQ(heard.size(), at(3, 0));
    double worst = 0;
    for (std::size_t i = 0; i < heard.size(); ++i) {
      const double t = static_cast<double>(i / 2) / kSoundRate;
      double sum = 0;
      for (std::size_t k = 0; k < 3; ++k)
        sum += gain(k, t, i % 2) * static_cast<double>(sources_[k][i % sources_[k].size()]);
      worst = std::max(worst, std::abs(sum - static_cast<double>(heard[i])));
    }
    EXPECT_LE(worst, kResidual);
  }

  Folder folder_;
  std::vector<Sound> sources_;
  Manifest manifest_;
  MediaMap media_;
  AssetPaths paths_;
};

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
