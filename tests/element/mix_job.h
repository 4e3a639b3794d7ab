// SPDX-License-Identifier: LGPL-2.1-or-later
// What a job's sound is, sample by sample, before it is encoded.
#pragma once

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

using Sound = std::vector<float>;  // interleaved stereo at 48 kHz

inline constexpr double kResidual = 3.2e-5;  // -90 dBFS

inline std::size_t at(double seconds, int channel) {
  return 2 * static_cast<std::size_t>(std::llround(seconds * kSoundRate)) +
         static_cast<std::size_t>(channel);
}

inline Sound noise(double seconds, unsigned seed) {
  std::mt19937 random{seed};
  std::uniform_real_distribution<float> value{-0.1F, 0.1F};
  Sound sound(at(seconds, 0));
  for (auto& s : sound) s = value(random);
  return sound;
}

// A WAVE file of 32-bit floats: RIFF, "Multimedia Programming Interface and Data Specifications".
inline void write_wave(const std::string& path, const Sound& sound) {
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

}  // namespace rostrum::test
