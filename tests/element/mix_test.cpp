// SPDX-License-Identifier: LGPL-2.1-or-later
// What a job's sound is, sample by sample, before it is encoded.
#include "core/clip_schedule.h"
#include "core/plan.h"
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
