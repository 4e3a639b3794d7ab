// SPDX-License-Identifier: LGPL-2.1-or-later
#include "timeline_harness.h"

#include "core/clip_schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace rostrum::test {
namespace {

struct SoundSpec {
  int rate = kSoundRate;
  int channels = 1;
  int samples = 2 * kSoundRate;
  std::string coding = "wavenc";
  std::function<float(int)> value{};
};

void make_sound(const std::string& path, const SoundSpec& spec) {
  const auto launch =
      "appsrc name=s format=time caps=audio/x-raw,format=F32LE,layout=interleaved,rate=" +
      std::to_string(spec.rate) + ",channels=" + std::to_string(spec.channels) + " ! " +
      spec.coding + " ! filesink location=" + path;
  const auto pipeline = retain(gst_parse_launch(launch.c_str(), nullptr));
  ASSERT_TRUE(pipeline) << launch;
  const auto source = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "s"));
  constexpr int kPiece = 1000;
  for (int first = 0; first < spec.samples; first += kPiece) {
    std::vector<float> piece;
    for (int i = first; i < std::min(first + kPiece, spec.samples); ++i)
      piece.insert(piece.end(), static_cast<std::size_t>(spec.channels), spec.value(i));
    const auto size = piece.size() * sizeof(float);
    auto* buffer = gst_buffer_new_allocate(nullptr, size, nullptr);
    gst_buffer_fill(buffer, 0, piece.data(), size);
    GST_BUFFER_PTS(buffer) = gst_util_uint64_scale(first, GST_SECOND, spec.rate);
    gst_app_src_push_buffer(GST_APP_SRC(source.get()), buffer);
  }
  gst_app_src_end_of_stream(GST_APP_SRC(source.get()));
  ASSERT_TRUE(run_to_eos(pipeline.get())) << launch;
}

struct Heard {
  std::vector<float> left, right;
  Nanoseconds first_pts{-1};
  bool gapless = true;  // each buffer starts where the last one ended
};

// Reads all to EOS into one piece.
Heard hear(Player& player) {
  player.set_text("media", "audio").play();
  Heard heard;
  GstClockTime next = GST_CLOCK_TIME_NONE;
  while (auto buffer = player.pull()) {
    if (heard.first_pts < 0ns)
      heard.first_pts = Nanoseconds{static_cast<std::int64_t>(GST_BUFFER_PTS(buffer.get()))};
    else
      heard.gapless = heard.gapless && next == GST_BUFFER_PTS(buffer.get());
    next = GST_BUFFER_PTS(buffer.get()) + GST_BUFFER_DURATION(buffer.get());
    GstMapInfo map;
    gst_buffer_map(buffer.get(), &map, GST_MAP_READ);
    const auto* samples = reinterpret_cast<const float*>(map.data);
    for (gsize i = 0; i + 1 < map.size / sizeof(float); i += 2) {
      heard.left.push_back(samples[i]);
      heard.right.push_back(samples[i + 1]);
    }
    gst_buffer_unmap(buffer.get(), &map);
  }
  return heard;
}

float sine(double hertz, double index, int rate) {
  return static_cast<float>(0.5 * std::sin(2 * std::numbers::pi * hertz * index / rate));
}

// Greatest distance of a stretch from a sine that is 0 at `zero`.
double error_to_sine(const std::vector<float>& heard, std::int64_t from, std::int64_t to,
                     double zero, double hertz) {
  double worst = 0;
  for (auto i = from; i < to; ++i)
    worst = std::max(worst, std::abs(static_cast<double>(heard[i]) -
                                     sine(hertz, static_cast<double>(i) - zero, kSoundRate)));
  return worst;
}

class TimelineSrcAudio : public testing::Test {
 protected:
  TempFolder folder_;
};

TEST_F(TimelineSrcAudio, PutsEverySampleInItsPlace) {
  const auto file = folder_.file("clicks.wav");
  make_sound(file, {.value = [](int i) { return i == 4800 || i == 12345 ? 0.5F : 0.F; }});
  // 1 s + 7 samples, from 0.1 s of the medium on, which is where the first click lies.
  const auto start = Nanoseconds{1'000'145'834};
  Player player{{{.location = file, .start = start, .in = 100ms, .duration = 1s}}};
  const auto heard = hear(player);
  ASSERT_EQ(heard.left.size(), 96007U);
  EXPECT_TRUE(heard.gapless);
  for (int i = 0; i < 96007; ++i) {
    const float value = i == 48007 || i == 48007 + 12345 - 4800 ? 0.5F : 0.F;
    ASSERT_NEAR(heard.left[i], value, 1e-4) << i;  // mono at unity on both sides
    ASSERT_NEAR(heard.right[i], value, 1e-4) << i;
  }
}

TEST_F(TimelineSrcAudio, PlaysExactlyFromStartToStop) {
  const auto file = folder_.file("a.wav");
  make_sound(file, {.value = [](int i) { return sine(440, i, kSoundRate); }});
  const Nanoseconds start{333'366'667};
  const Nanoseconds stop{1'701'700'011};
  Player player{{{.location = file, .start = 500ms, .duration = 1s}}};
  player.set("start", static_cast<guint64>(start.count()))
      .set("stop", static_cast<guint64>(stop.count()));
  const auto heard = hear(player);
  EXPECT_EQ(static_cast<std::int64_t>(heard.left.size()), sample_at(stop) - sample_at(start));
  EXPECT_EQ(heard.first_pts, start);
  EXPECT_TRUE(heard.gapless);
  const auto first = 24000 - sample_at(start);
  EXPECT_EQ(heard.left[first - 1], 0.F);
  EXPECT_LT(error_to_sine(heard.left, first, first + 48000, static_cast<double>(first), 440), 1e-3);
  EXPECT_EQ(heard.left[first + 48000], 0.F);
}

class TimelineSrcRate : public TimelineSrcAudio, public testing::WithParamInterface<int> {};

TEST_P(TimelineSrcRate, ResamplesWithoutShiftAndWhereverItIsCut) {
  const int rate = GetParam();
  const auto file = folder_.file("tone.wav");
  make_sound(file, {.rate = rate, .samples = 3 * rate, .value = [rate](int i) {
                      return sine(440, i, rate);
                    }});
  Player whole{{{.location = file, .in = 500ms, .duration = 2s}}};
  const auto heard = hear(whole).left;
  ASSERT_EQ(heard.size(), 96000U);
  EXPECT_LT(error_to_sine(heard, 0, 96000, -24000, 440), 5e-3);

  Player cut{{{.location = file, .start = 1s, .in = 1500ms, .duration = 1s}}};
  cut.set("start", static_cast<guint64>(1'234'567'890));
  const auto part = hear(cut).left;
  const auto first = sample_at(1'234'567'890ns);
  ASSERT_EQ(part.size(), 96000U - first);
  double worst = 0;
  for (std::size_t i = 0; i < part.size(); ++i)
    worst = std::max(worst, static_cast<double>(std::abs(part[i] - heard[first + i])));
  EXPECT_EQ(worst, 0);
}

INSTANTIATE_TEST_SUITE_P(All, TimelineSrcRate, testing::Values(48000, 44100, 22050, 8000, 96000));

TEST_F(TimelineSrcAudio, StartsAnAacClipWithTheRightSamples) {
  const auto file = folder_.file("tone.m4a");
  make_sound(file, {.samples = 4 * kSoundRate,
                    .coding = "audioconvert ! avenc_aac bitrate=192000 ! mp4mux",
                    .value = [](int i) { return sine(440, i, kSoundRate); }});
  Player whole{{{.location = file, .duration = 3s}}};
  const auto linear = hear(whole).left;
  Player part{{{.location = file, .in = 1234ms, .duration = 1s}}};
  const auto heard = hear(part).left;
  ASSERT_EQ(heard.size(), 48000U);
  double worst = 0;
  for (int i = 0; i < 48000; ++i)
    worst = std::max(worst, static_cast<double>(std::abs(heard[i] - linear[i + 59232])));
  EXPECT_LT(worst, 1e-4);
  EXPECT_GT(*std::max_element(heard.begin(), heard.begin() + 200), 0.4F);
}

struct RoundedTimes {
  const char* name;
  int rate;
  const char* coding;
};
class TimelineSrcRounded : public TimelineSrcAudio,
                           public testing::WithParamInterface<RoundedTimes> {};

// Matroska rounds times to milliseconds, so each packet says something else about where sound is.
TEST_P(TimelineSrcRounded, SoundIsWhereItIsWhereverTheMediumIsEntered) {
  const int rate = GetParam().rate;
  const auto file = folder_.file("tone.mkv");
  make_sound(file, {.rate = rate,
                    .samples = 4 * rate,
                    .coding = GetParam().coding,
                    .value = [rate](int i) { return sine(440, i, rate); }});
  Player whole{{{.location = file, .duration = 3500ms}}};
  const auto linear = hear(whole).left;
  for (const auto in : {700ms, 1234ms, 1777ms, 2310ms}) {
    Player part{{{.location = file, .in = in, .duration = 1s}}};
    const auto heard = hear(part).left;
    ASSERT_EQ(heard.size(), 48000U);
    double worst = 0;
    for (int i = 0; i < 48000; ++i)
      worst = std::max(worst, static_cast<double>(std::abs(heard[i] - linear[i + sample_at(in)])));
    EXPECT_LT(worst, 0.01) << in.count();  // half a millisecond off would be 0.6
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, TimelineSrcRounded,
    testing::Values(
        RoundedTimes{"Aac", 44100, "audioconvert ! avenc_aac bitrate=192000 ! matroskamux"},
        RoundedTimes{"Mp3", 44100, "audioconvert ! lamemp3enc ! matroskamux"},
        RoundedTimes{"Opus", 48000, "audioconvert ! opusenc bitrate=160000 ! matroskamux"}),
    [](const auto& info) { return std::string{info.param.name}; });

TEST_F(TimelineSrcAudio, GapsAreEventsOnRequest) {
  const auto file = folder_.file("a.wav");
  make_sound(file, {.value = [](int) { return 0.25F; }});
  Player player{{{.location = file, .start = 500ms, .duration = 250ms}}};
  player.set_text("gap", "event").set("stop", static_cast<guint64>(GST_SECOND));
  const auto heard = hear(player);
  ASSERT_EQ(heard.left.size(), 12000U);
  EXPECT_EQ(heard.first_pts, 500ms);
  EXPECT_NEAR(heard.left.front(), 0.25F, 1e-4);
  EXPECT_NEAR(heard.left.back(), 0.25F, 1e-4);
  GstClockTime silent = 0;
  std::vector<GstEventType> types;
  while (auto event = adopt(gst_harness_try_pull_event(player.get()))) {
    types.push_back(GST_EVENT_TYPE(event.get()));
    GstClockTime duration = 0;
    if (types.back() == GST_EVENT_GAP) gst_event_parse_gap(event.get(), nullptr, &duration);
    silent += duration;
  }
  EXPECT_EQ(silent, 750 * GST_MSECOND);
  const std::vector<GstEventType> head{GST_EVENT_STREAM_START, GST_EVENT_CAPS, GST_EVENT_SEGMENT,
                                       GST_EVENT_GAP};
  ASSERT_GE(types.size(), head.size());
  EXPECT_TRUE(std::equal(head.begin(), head.end(), types.begin()));
}

// A file in which picture and sound begin at different times, neither of them 0.
void make_film(const std::string& path, Nanoseconds picture, Nanoseconds sound) {
  const auto launch =
      "appsrc name=v format=time caps=video/x-raw,format=I420,width=160,height=96,framerate=25/1 ! "
      "x264enc speed-preset=ultrafast bframes=0 ! queue max-size-time=0 ! matroskamux name=m ! "
      "filesink location=" +
      path +
      " appsrc name=a format=time caps=audio/x-raw,format=S16LE,layout=interleaved,rate=48000,"
      "channels=1 ! queue max-size-time=0 ! m.audio_0";
  const auto pipeline = retain(gst_parse_launch(launch.c_str(), nullptr));
  ASSERT_TRUE(pipeline);
  const auto video = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "v"));
  const auto audio = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "a"));
  const VideoSpec spec{.frames = 50, .pts = [&](int n) { return picture + n * 40ms; }};
  for (int n = 0; n < spec.frames; ++n)
    gst_app_src_push_buffer(GST_APP_SRC(video.get()), numbered_frame(spec, n).release());
  for (int n = 0; n < 50; ++n) {  // a click at the first sample of all
    auto* buffer = gst_buffer_new_allocate(nullptr, 3840, nullptr);
    gst_buffer_memset(buffer, 0, 0, 3840);
    if (n == 0) gst_buffer_memset(buffer, 1, 0x40, 1);
    GST_BUFFER_PTS(buffer) = static_cast<GstClockTime>((sound + n * 40ms).count());
    GST_BUFFER_DURATION(buffer) = 40 * GST_MSECOND;
    gst_app_src_push_buffer(GST_APP_SRC(audio.get()), buffer);
  }
  gst_app_src_end_of_stream(GST_APP_SRC(video.get()));
  gst_app_src_end_of_stream(GST_APP_SRC(audio.get()));
  ASSERT_TRUE(run_to_eos(pipeline.get()));
}

TEST_F(TimelineSrcAudio, PictureAndSoundCountFromWhicheverIsFirst) {
  struct Case {
    Nanoseconds picture, sound;
  };
  for (const auto& c : {Case{7200ms, 7200ms}, Case{7200ms, 7680ms}, Case{7680ms, 7200ms}}) {
    const auto file = folder_.file("late.mkv");
    make_film(file, c.picture, c.sound);
    Player pictures{{{.location = file, .duration = 1s}}};
    const auto shown = numbers(play_all(pictures));
    const auto first = (std::max(c.picture, c.sound) - c.sound) / 40ms;
    ASSERT_EQ(shown.size(), 25U);
    for (int n = 0; n < 25; ++n) EXPECT_EQ(shown[n], n < first ? -1 : n - first) << n;
    Player sounds{{{.location = file, .duration = 1s}}};
    const auto heard = hear(sounds).left;
    const auto click = std::max_element(heard.begin(), heard.end()) - heard.begin();
    EXPECT_NEAR(click, sample_at(std::max(c.picture, c.sound) - c.picture), 48);
  }
}

TEST_F(TimelineSrcAudio, PiecesOfOneFilePlayOnWithoutASeam) {
  const auto file = folder_.file("tone.m4a");
  make_sound(file, {.rate = 44100,
                    .samples = 3 * 44100,
                    .coding = "audioconvert ! avenc_aac bitrate=192000 ! mp4mux",
                    .value = [](int i) { return sine(440, i, 44100); }});
  Player whole{{{.location = file, .duration = 2s}}};
  Player pieces{{{.location = file, .duration = 700ms},
                 {.location = file, .start = 700ms, .in = 700ms, .duration = 333ms},
                 {.location = file, .start = 1033ms, .in = 1033ms, .duration = 967ms}}};
  EXPECT_EQ(hear(whole).left, hear(pieces).left);
}

}  // namespace
}  // namespace rostrum::test
