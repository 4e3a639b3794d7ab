// SPDX-License-Identifier: LGPL-2.1-or-later
// Sound whose clock runs off against its picture: found by the prober, put right by timelinesrc.
#include "timeline_harness.h"

#include "core/clip_schedule.h"
#include "core/settle_clocks.h"
#include "engine/pace_cache.h"
#include "engine/probe.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <numbers>

namespace rostrum::test {
namespace {

constexpr int kRate = 16000;        // of the media
constexpr Nanoseconds kEvery{10s};  // a flash, and a beep whose middle is the flash's beginning
constexpr Nanoseconds kBeep{100ms};
constexpr int kFrames = 2;  // a second

struct Film {
  Nanoseconds length{3600s};
  double pace = 1;          // samples for each that the rate says
  bool wall_clock = false;  // the times of the packets are right
  Nanoseconds shorter{0};   // the sound ends so much before the picture
  Nanoseconds gap_at{-1};   // from there on the times of sound jump by 700 ms
  bool picture = true;
  std::string coding = "avenc_aac bitrate=64000 ! aacparse";
  std::string muxer = "mp4mux";
};

float beep(double seconds) {
  const double period = to_seconds(kEvery);
  const double off = seconds - period * std::round(seconds / period);
  const double half = to_seconds(kBeep) / 2;
  if (std::abs(off) > half || seconds < period / 2) return 0;
  const double window = 0.5 + 0.5 * std::cos(std::numbers::pi * off / half);
  return static_cast<float>(0.5 * window * std::sin(2 * std::numbers::pi * 800 * off));
}

GstPtr<GstBuffer> sound_of(const Film& film, std::int64_t first, std::int64_t count) {
  auto buffer = adopt(gst_buffer_new_allocate(nullptr, static_cast<gsize>(count) * 2, nullptr));
  GstMapInfo map;
  gst_buffer_map(buffer.get(), &map, GST_MAP_WRITE);
  auto* samples = reinterpret_cast<std::int16_t*>(map.data);
  const double from = static_cast<double>(first) / kRate / film.pace;
  const double middle = from + static_cast<double>(count) / kRate / film.pace / 2;
  const double period = to_seconds(kEvery);
  const bool silent = std::abs(middle - period * std::round(middle / period)) > 1;
  for (std::int64_t i = 0; i < count; ++i)
    samples[i] = silent ? 0
                        : static_cast<std::int16_t>(std::lround(
                              32767 * beep(static_cast<double>(first + i) / kRate / film.pace)));
  gst_buffer_unmap(buffer.get(), &map);
  GST_BUFFER_PTS(buffer.get()) = gst_util_uint64_scale(first, GST_SECOND, kRate);
  GST_BUFFER_DURATION(buffer.get()) = gst_util_uint64_scale(count, GST_SECOND, kRate);
  return buffer;
}

GstPtr<GstBuffer> flash_of(int n) {
  constexpr gsize kSize = 64 * 64 * 3 / 2;
  auto buffer = adopt(gst_buffer_new_allocate(nullptr, kSize, nullptr));
  const bool lit = n > 0 && n % (kFrames * static_cast<int>(kEvery / 1s)) == 0;
  gst_buffer_memset(buffer.get(), 0, lit ? 235 : 16, 64 * 64);
  gst_buffer_memset(buffer.get(), 64 * 64, 128, kSize - 64 * 64);
  GST_BUFFER_PTS(buffer.get()) = gst_util_uint64_scale_int(GST_SECOND, n, kFrames);
  GST_BUFFER_DURATION(buffer.get()) = GST_SECOND / kFrames;
  return buffer;
}

// Gives the packets behind the encoder the times that a recorder's clock would, to 1 ms.
GstPadProbeReturn set_time(GstPad*, GstPadProbeInfo* info, gpointer data) {
  const auto& film = *static_cast<const Film*>(data);
  auto* packet = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
  info->data = packet;
  if (!GST_BUFFER_PTS_IS_VALID(packet)) return GST_PAD_PROBE_OK;  // a header
  auto time = static_cast<double>(GST_BUFFER_PTS(packet));
  if (film.wall_clock) time /= film.pace;
  if (film.gap_at >= 0ns && time >= static_cast<double>(film.gap_at.count())) time += 7e8;
  GST_BUFFER_PTS(packet) = static_cast<GstClockTime>(time);
  GST_BUFFER_DTS(packet) = GST_CLOCK_TIME_NONE;
  return GST_PAD_PROBE_OK;
}

void make_film(const std::string& path, const Film& film) {
  auto launch =
      "appsrc name=a format=time max-bytes=100000000 caps=audio/x-raw,format=S16LE,"
      "layout=interleaved,channels=1,rate=" +
      std::to_string(kRate) + " ! audioconvert ! " + film.coding +
      " ! identity name=times ! queue max-size-time=0 max-size-bytes=0 "
      "max-size-buffers=0 ! " +
      film.muxer + " name=m ! filesink location=" + path;
  if (film.picture)
    launch +=
        " appsrc name=v format=time max-bytes=100000000 caps=video/x-raw,format=I420,width=64,"
        "height=64,framerate=" +
        std::to_string(kFrames) +
        "/1 ! x264enc speed-preset=ultrafast bframes=0 key-int-max=50 ! h264parse ! "
        "queue max-size-time=0 max-size-bytes=0 max-size-buffers=0 ! m.";
  const auto pipeline = retain(gst_parse_launch(launch.c_str(), nullptr));
  ASSERT_TRUE(pipeline) << launch;
  const auto times = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "times"));
  const auto pad = adopt(gst_element_get_static_pad(times.get(), "sink"));
  Film copy = film;
  gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_BUFFER, set_time, &copy, nullptr);
  const auto source = [&](const char* name) {
    return adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), name));
  };
  const auto audio = source("a");
  const auto end =
      static_cast<std::int64_t>(to_seconds(film.length - film.shorter) * kRate * film.pace);
  for (std::int64_t n = 0; n < end; n += kRate / 2)
    gst_app_src_push_buffer(
        GST_APP_SRC(audio.get()),
        sound_of(film, n, std::min<std::int64_t>(kRate / 2, end - n)).release());
  gst_app_src_end_of_stream(GST_APP_SRC(audio.get()));
  if (film.picture) {
    const auto video = source("v");
    for (int n = 0; n < film.length / 1s * kFrames; ++n)
      gst_app_src_push_buffer(GST_APP_SRC(video.get()), flash_of(n).release());
    gst_app_src_end_of_stream(GST_APP_SRC(video.get()));
  }
  ASSERT_TRUE(run_to_eos(pipeline.get())) << launch;
}

std::vector<float> hear(const std::string& file, const SoundClock& clock, Nanoseconds in,
                        Nanoseconds duration) {
  Player player{{{.location = file, .in = in, .duration = duration, .clock = clock}}};
  player.set_text("media", "audio").play();
  std::vector<float> left;
  while (auto buffer = player.pull()) {
    GstMapInfo map;
    gst_buffer_map(buffer.get(), &map, GST_MAP_READ);
    const auto* samples = reinterpret_cast<const float*>(map.data);
    for (gsize i = 0; i < map.size / sizeof(float); i += 2) left.push_back(samples[i]);
    gst_buffer_unmap(buffer.get(), &map);
  }
  return left;
}

// The middle of the beep around a moment of the medium; kNoTime when there is none.
Nanoseconds beep_at(const std::string& file, const SoundClock& clock, Nanoseconds moment) {
  const auto from = moment - 500ms;
  const auto heard = hear(file, clock, from, 1s);
  double power = 0, weighted = 0;
  for (std::size_t i = 0; i < heard.size(); ++i) {
    const double square = heard[i] * heard[i];
    power += square;
    weighted += square * static_cast<double>(i);
  }
  if (power < 1) return kNoTime;
  return from + Nanoseconds{std::llround(weighted / power / kSoundRate * 1e9)};
}

// When the picture flashes within a second around a moment.
Nanoseconds flash_at(const std::string& file, Nanoseconds moment) {
  const auto from = moment - 480ms;
  Player player{{{.location = file, .in = from, .duration = 1s}}};
  player.play();
  while (auto buffer = player.pull()) {
    GstMapInfo map;
    gst_buffer_map(buffer.get(), &map, GST_MAP_READ);
    const bool lit = map.data[64 * 32 + 32] > 128;
    gst_buffer_unmap(buffer.get(), &map);
    if (lit) return from + Nanoseconds{static_cast<std::int64_t>(GST_BUFFER_PTS(buffer.get()))};
  }
  return kNoTime;
}

MediaInfo settled(const std::string& file) {
  auto info = probe(file);
  EXPECT_TRUE(info.usable()) << info.problem;
  settle_clock(info, {});
  return info;
}

class RunningClock : public testing::Test {
 protected:
  // Greatest distance of beep and flash at eight moments of an hour, for the coding's own delay.
  double worst_ms(const MediaInfo& info, Nanoseconds delay = 0ns) const {
    double worst = 0;
    for (int k = 0; k < 8; ++k) {
      const auto moment = (10s + 3580s * k / 7) / kEvery * kEvery;
      const auto flash = flash_at(info.path, moment);
      const auto beep = beep_at(info.path, info.clock, moment);
      EXPECT_NE(flash, kNoTime) << moment / 1s;
      EXPECT_NE(beep, kNoTime) << moment / 1s;
      worst = std::max(worst, std::abs(to_seconds(beep - flash - delay)) * 1000);
    }
    std::printf("%s: clock %s, worst %.3f ms\n", info.path.c_str(),
                format_off(info.clock.off).c_str(), worst);
    return worst;
  }

  TempFolder folder_;
};

TEST_F(RunningClock, OfSoundThatLastsTooLongKeepsWithItsPictureForAnHour) {
  const auto file = folder_.file("counted.mp4");
  make_film(file, {.pace = 1.003, .coding = "opusenc bitrate=24000 complexity=0"});
  const auto info = settled(file);
  EXPECT_FALSE(info.clock.times_right);
  EXPECT_NEAR(static_cast<double>(info.clock.off), 3e6, 6e3) << info.clock_why;
  EXPECT_NEAR(to_seconds(info.duration), 3600, 0.001);
  EXPECT_LT(worst_ms(info), 20);
}

TEST_F(RunningClock, OfSoundWithTheRecordersTimesKeepsWithItsPictureForAnHour) {
  struct Case {
    const char* name;
    const char* coding;
    Nanoseconds delay;
  };
  for (const auto& [name, coding, delay] :
       {Case{"aac.mkv", "avenc_aac bitrate=64000 ! aacparse", 64ms},
        Case{"pcm.mkv", "identity", 0ms}}) {
    const auto file = folder_.file(name);
    make_film(file, {.pace = 0.997, .wall_clock = true, .coding = coding, .muxer = "matroskamux"});
    const auto info = settled(file);
    EXPECT_TRUE(info.clock.times_right);
    EXPECT_NEAR(static_cast<double>(info.clock.off), -3e6, 200) << info.clock_why;
    EXPECT_LT(worst_ms(info, delay), 2);
  }
}

TEST_F(RunningClock, IsPutRightWithoutASeamWhereverTheMediumIsEntered) {
  for (const bool wall_clock : {false, true}) {
    const auto file = folder_.file("film.mkv");
    make_film(file,
              {.length = 70s, .pace = 1.004, .wall_clock = wall_clock, .muxer = "matroskamux"});
    const SoundClock clock{.off = 4'000'000, .times_right = wall_clock};
    const auto whole = hear(file, clock, 0s, 69s);
    ASSERT_EQ(whole.size(), 69U * kSoundRate);
    for (const auto in : {1200ms, 9800ms, 33333ms, 60001ms}) {
      const auto part = hear(file, clock, in, 1s);
      ASSERT_EQ(part.size(), std::size_t{kSoundRate});
      double worst = 0;
      for (std::size_t i = 0; i < part.size(); ++i)
        worst = std::max(worst, std::abs(static_cast<double>(
                                    part[i] - whole[i + static_cast<std::size_t>(sample_at(in))])));
      EXPECT_LT(worst, 1e-4) << wall_clock << ' ' << in.count();
    }
  }
}

TEST_F(RunningClock, IsFoundInWhateverKeepsTimes) {
  struct Case {
    const char* coding;
    const char* muxer;
  };
  const Case cases[] = {{"avenc_aac ! aacparse", "matroskamux"},
                        {"opusenc complexity=0", "matroskamux"},
                        {"vorbisenc", "matroskamux"},
                        {"lamemp3enc ! mpegaudioparse", "matroskamux"},
                        {"flacenc ! flacparse", "matroskamux"},
                        {"identity", "matroskamux"},
                        {"avenc_aac ! aacparse", "flvmux"},
                        {"avenc_aac ! aacparse", "mpegtsmux"},
                        {"avenc_aac ! aacparse", "mp4mux"}};
  for (const auto& [coding, muxer] : cases) {
    const auto file = folder_.file("film");
    make_film(file,
              {.length = 70s, .pace = 1.004, .wall_clock = true, .coding = coding, .muxer = muxer});
    const auto info = settled(file);
    EXPECT_TRUE(info.clock.times_right) << coding << muxer;
    EXPECT_NEAR(static_cast<double>(info.clock.off), 4e6, 2e4) << coding << muxer;
  }
}

TEST_F(RunningClock, IsNotFoundInOrdinaryMedia) {
  struct Case {
    const char* name;
    Film film;
  };
  const Case cases[] = {
      {"ordinary.mp4", {.length = 400s}},
      {"shorter.mp4", {.length = 400s, .shorter = 900ms}},
      {"much-shorter.mp4", {.length = 400s, .shorter = 8s}},
      {"gap.mkv", {.length = 400s, .gap_at = 100s, .muxer = "matroskamux"}},
      {"ordinary.mkv", {.length = 400s, .muxer = "matroskamux"}},
      {"ordinary.webm",
       {.length = 400s,
        .picture = false,
        .coding = "opusenc bitrate=24000 complexity=0",
        .muxer = "webmmux"}},
      {"ordinary.flac",
       {.length = 400s, .picture = false, .coding = "flacenc", .muxer = "identity"}},
  };
  for (const auto& [name, film] : cases) {
    const auto file = folder_.file(name);
    make_film(file, film);
    const auto info = settled(file);
    EXPECT_TRUE(info.clock.own()) << name << ": " << format_off(info.clock.off) << info.clock_why;
    EXPECT_NEAR(info.pace, 1, 1e-4) << name;
  }
}

TEST_F(RunningClock, IsKeptUntilTheNextTime) {
  const PaceCache cache{folder_.file("cache/clocks")};
  EXPECT_FALSE(cache.find("abc"));
  cache.store("abc", 1.0023456789012);
  EXPECT_EQ(cache.find("abc"), 1.0023456789012);
  std::ofstream{folder_.file("cache/clocks/abc")} << "damaged";
  EXPECT_FALSE(cache.find("abc"));
  PaceCache{"/proc/none"}.store("abc", 1);
  EXPECT_FALSE(PaceCache{"/proc/none"}.find("abc"));
}

}  // namespace
}  // namespace rostrum::test
