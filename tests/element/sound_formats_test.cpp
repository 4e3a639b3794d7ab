// SPDX-License-Identifier: LGPL-2.1-or-later
// Media of any rate, number of channels and coding are heard at the right sample and level.
#include "timeline_harness.h"

#include "core/clip_schedule.h"

#include <cmath>
#include <cstdio>
#include <functional>
#include <numbers>

namespace rostrum::test {
namespace {

struct Format {
  const char* coding;  // elements
  int rate = 48000;
  int channels = 1;
  Nanoseconds late{0};  // at most, by the coding's own delay
};

using Value = std::function<float(double seconds, int channel)>;

std::string caps_of(const Format& f) {
  return "audio/x-raw,format=F32LE,layout=interleaved,rate=" + std::to_string(f.rate) +
         ",channels=" + std::to_string(f.channels) +
         (f.channels == 6 ? ",channel-mask=(bitmask)0x3f" : "");
}

void make(const std::string& path, const Format& f, int seconds, const Value& value) {
  const auto launch = "appsrc name=s format=time max-bytes=100000000 caps=" + caps_of(f) +
                      " ! audioconvert ! " + f.coding + " ! filesink location=" + path;
  const auto pipeline = retain(gst_parse_launch(launch.c_str(), nullptr));
  ASSERT_TRUE(pipeline) << launch;
  const auto source = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "s"));
  for (int second = 0; second < seconds; ++second) {
    std::vector<float> piece;
    for (int i = 0; i < f.rate; ++i)
      for (int c = 0; c < f.channels; ++c)
        piece.push_back(value(second + static_cast<double>(i) / f.rate, c));
    auto* buffer = gst_buffer_new_allocate(nullptr, piece.size() * sizeof(float), nullptr);
    gst_buffer_fill(buffer, 0, piece.data(), piece.size() * sizeof(float));
    GST_BUFFER_PTS(buffer) = static_cast<GstClockTime>(second) * GST_SECOND;
    GST_BUFFER_DURATION(buffer) = GST_SECOND;
    gst_app_src_push_buffer(GST_APP_SRC(source.get()), buffer);
  }
  gst_app_src_end_of_stream(GST_APP_SRC(source.get()));
  ASSERT_TRUE(run_to_eos(pipeline.get())) << launch;
}

struct Heard {
  std::vector<float> channel[2];
};

Heard hear(const std::string& file, Nanoseconds in, Nanoseconds duration) {
  Player player{{{.location = file, .in = in, .duration = duration}}};
  player.set_text("media", "audio").play();
  Heard heard;
  while (auto buffer = player.pull()) {
    GstMapInfo map;
    gst_buffer_map(buffer.get(), &map, GST_MAP_READ);
    const auto* samples = reinterpret_cast<const float*>(map.data);
    for (gsize i = 0; i < map.size / sizeof(float); ++i) heard.channel[i % 2].push_back(samples[i]);
    gst_buffer_unmap(buffer.get(), &map);
  }
  return heard;
}

// 20 ms of a tone that swells and fades, with its middle at `at`.
float beep(double seconds, double at) {
  constexpr double kHalf = 0.01;
  const double off = seconds - at;
  if (std::abs(off) >= kHalf) return 0;
  return static_cast<float>(0.25 * (1 + std::cos(std::numbers::pi * off / kHalf)) *
                            std::cos(2 * std::numbers::pi * 1000 * off));
}

// Where the middle of all that is heard lies, in samples.
double middle(const std::vector<float>& samples) {
  double power = 0, weighted = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double square = static_cast<double>(samples[i]) * static_cast<double>(samples[i]);
    power += square;
    weighted += square * static_cast<double>(i);
  }
  return weighted / power;
}

double decibels(const std::vector<float>& samples, std::size_t from, std::size_t to) {
  double sum = 0;
  for (auto i = from; i < to; ++i)
    sum += static_cast<double>(samples[i]) * static_cast<double>(samples[i]);
  return 10 * std::log10(2 * sum / static_cast<double>(to - from));  // of a sine's amplitude
}

std::vector<Format> formats() {
  std::vector<Format> all;
  for (const int rate : {8000, 11025, 16000, 22050, 32000, 44100, 48000, 96000})
    for (const int channels : {1, 2, 6}) {
      const auto late = [rate](int samples) {
        return Nanoseconds{samples * 1'000'000'000LL / rate};
      };
      all.push_back({"audio/x-raw,format=S16LE ! wavenc", rate, channels});
      all.push_back({"audio/x-raw,format=F32LE ! wavenc", rate, channels});
      all.push_back({"flacenc", rate, channels});
      all.push_back({"flacenc ! matroskamux", rate, channels});
      all.push_back({"avenc_aac bitrate=256000 ! aacparse ! mp4mux", rate, channels, late(1025)});
      if (rate == 8000 || rate == 16000 || rate == 48000)
        all.push_back({"opusenc bitrate=256000 ! matroskamux", rate, channels, 7ms});
    }
  return all;
}

class SoundFormat : public testing::TestWithParam<Format> {
 protected:
  TempFolder folder_;
};

TEST_P(SoundFormat, IsHeardAtItsSampleAndLevel) {
  const auto& f = GetParam();
  const auto file = folder_.file("medium");
  // A beep after a second; after two a steady tone.  Only the front channels of 5.1.
  make(file, f, 4, [&](double t, int c) {
    if (c > 1) return 0.F;
    if (t < 2) return beep(t, 1);
    return static_cast<float>(0.25 * std::sin(2 * std::numbers::pi * 1000 * t));
  });
  const auto heard = hear(file, 0ns, 4s);
  for (const auto& channel : heard.channel) {
    ASSERT_EQ(channel.size(), 4U * kSoundRate);
    const std::vector<float> beginning(channel.begin(), channel.begin() + 90'000);
    const auto off = middle(beginning) - kSoundRate;
    EXPECT_GE(off, -1);
    EXPECT_LE(off, 1 + to_seconds(f.late) * kSoundRate);
    EXPECT_NEAR(decibels(channel, 110'000, 180'000), 20 * std::log10(0.25), 0.1);
  }
}

INSTANTIATE_TEST_SUITE_P(All, SoundFormat, testing::ValuesIn(formats()), [](const auto& info) {
  std::string name = std::to_string(info.param.rate) + "_" + std::to_string(info.param.channels);
  for (const char* c = info.param.coding; *c; ++c)
    if (std::isalnum(static_cast<unsigned char>(*c))) name += *c;
  return name;
});

class SoundFormats : public testing::Test {
 protected:
  TempFolder folder_;
};

// ITU-R BS.775-3, table 2: 3/2 to 2/0.
TEST_F(SoundFormats, MixesSurroundDownByTheStandard) {
  constexpr double kHalfPower = std::numbers::sqrt2 / 2;
  // front left and right, centre, LFE, surround left and right
  constexpr double kLeft[] = {1, 0, kHalfPower, 0, kHalfPower, 0};
  constexpr double kRight[] = {0, 1, kHalfPower, 0, 0, kHalfPower};
  for (const char* coding : {"audio/x-raw,format=S16LE ! wavenc", "flacenc"})
    for (int only = 0; only < 6; ++only) {
      const auto file = folder_.file("surround");
      make(file, {coding, 44100, 6}, 2, [&](double t, int c) {
        return c == only ? static_cast<float>(0.5 * std::sin(2 * std::numbers::pi * 500 * t)) : 0;
      });
      const auto heard = hear(file, 0ns, 2s);
      for (int side = 0; side < 2; ++side) {
        const double factor = (side == 0 ? kLeft : kRight)[only];
        const auto level = decibels(heard.channel[side], 20'000, 80'000);
        if (factor > 0)
          EXPECT_NEAR(level, 20 * std::log10(0.5 * factor), 0.1) << coding << only << side;
        else
          EXPECT_LT(level, -90) << coding << only << side;
      }
    }
}

TEST_F(SoundFormats, DoesNotDriftInAnHour) {
  const auto file = folder_.file("hour.flac");
  const Format f{"flacenc quality=0", 44100, 1};
  const std::vector<float> silent(static_cast<std::size_t>(f.rate));
  make(file, f, 3600,
       [](double t, int) { return t < 2 || t > 3598 ? beep(t, t < 2 ? 1 : 3599) : 0; });
  for (const auto at : {1s, 3599s}) {
    const auto off = middle(hear(file, at - 500ms, 1s).channel[0]) - kSoundRate / 2;
    std::printf("%d s: %+.3f samples\n", static_cast<int>(at / 1s), off);
    EXPECT_LE(std::abs(off), 1) << at / 1s;
  }
}

}  // namespace
}  // namespace rostrum::test
