// SPDX-License-Identifier: LGPL-2.1-or-later
#include "timeline_harness.h"

#include <algorithm>
#include <fstream>

namespace rostrum::test {
namespace {

// The source frame that is to be seen at output frame n.
int expected(int n, Fraction out, Fraction source, Nanoseconds in, int frames) {
  const auto t = FrameGrid{out}.start(n) + in + 1ms;  // rounding of times in the container
  const auto number = scale_floor(t.count(), source.num, source.den * 1'000'000'000);
  return number < frames ? static_cast<int>(number) : -1;
}

class TimelineSrc : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TempFolder;
    make_video(folder_->file("25.mp4"), {.frames = 100});
  }
  static void TearDownTestSuite() { delete folder_; }
  static std::string file(const std::string& name) { return folder_->file(name); }
  static TempFolder* folder_;
};
TempFolder* TimelineSrc::folder_ = nullptr;

TEST_F(TimelineSrc, ShowsEverySourceFrameOnceAtEqualRates) {
  Player player{{{.location = file("25.mp4"), .duration = 4s}}};
  const auto shown = play_all(player);
  ASSERT_EQ(shown.size(), 100U);
  for (int n = 0; n < 100; ++n) EXPECT_EQ(shown[n], (Shown{n, n * 40ms, 40ms})) << n;
}

struct Rates {
  Fraction source, out;
};
class TimelineSrcRates : public TimelineSrc, public testing::WithParamInterface<Rates> {};

TEST_P(TimelineSrcRates, ShowsTheFrameWhoseSpanHoldsTheTime) {
  const auto& [source, out] = GetParam();
  const int frames = 60;
  make_video(file("rate.mp4"), {.frames = frames, .rate = source});
  for (const auto in : {0ms, 520ms, 1033ms}) {
    Player player{{{.location = file("rate.mp4"), .in = in, .duration = 900ms}}};
    gst_util_set_object_arg(G_OBJECT(player.element()), "framerate",
                            (std::to_string(out.num) + "/" + std::to_string(out.den)).c_str());
    const auto shown = numbers(play_all(player));
    ASSERT_EQ(static_cast<int>(shown.size()), FrameGrid{out}.first_at(900ms));
    for (int n = 0; n < static_cast<int>(shown.size()); ++n)
      EXPECT_EQ(shown[n], expected(n, out, source, in, frames)) << n << " in " << in.count();
  }
}

INSTANTIATE_TEST_SUITE_P(All, TimelineSrcRates,
                         testing::Values(Rates{{30, 1}, {25, 1}}, Rates{{25, 1}, {30, 1}},
                                         Rates{{25, 2}, {25, 1}}, Rates{{30000, 1001}, {25, 1}},
                                         Rates{{25, 1}, {30000, 1001}}));

TEST_F(TimelineSrc, FillsGapsWithBlack) {
  Player player{{{.location = file("25.mp4"), .start = 200ms, .in = 1s, .duration = 200ms},
                 {.location = file("25.mp4"), .start = 600ms, .in = 200ms, .duration = 80ms}}};
  const auto shown = numbers(play_all(player));
  EXPECT_EQ(shown,
            (std::vector<int>{-1, -1, -1, -1, -1, 25, 26, 27, 28, 29, -1, -1, -1, -1, -1, 5, 6}));
}

TEST_F(TimelineSrc, GapsAreEventsOnRequestAndComeAfterCapsAndSegment) {
  Player player{{{.location = file("25.mp4"), .start = 80ms, .in = 1s, .duration = 40ms}}};
  player.set_text("gap", "event");
  EXPECT_EQ(play_all(player), (std::vector<Shown>{{25, 80ms, 40ms}}));
  std::vector<GstEventType> types;
  while (auto event = adopt(gst_harness_try_pull_event(player.get())))
    types.push_back(GST_EVENT_TYPE(event.get()));
  ASSERT_GE(types.size(), 5U);
  EXPECT_EQ(std::vector(types.begin(), types.begin() + 5),
            (std::vector{GST_EVENT_STREAM_START, GST_EVENT_CAPS, GST_EVENT_SEGMENT, GST_EVENT_GAP,
                         GST_EVENT_GAP}));
}

TEST_F(TimelineSrc, HoldsAFrameInsideAHoleButNeverPastTheLast) {
  // Frames at 0, 40, ... 360 ms, then one at 3 s.
  const auto pts = [](int n) { return n < 10 ? Nanoseconds{n * 40ms} : Nanoseconds{3s}; };
  make_video(file("hole.mkv"),
             {.frames = 11, .coding = "x264enc bframes=0 key-int-max=5 ! matroskamux", .pts = pts});
  const auto count = [&](guint64 hold, Nanoseconds in) {
    Player player{
        {{.location = file("hole.mkv"), .in = in, .duration = 3200ms - in, .hold = hold}}};
    const auto shown = numbers(play_all(player));
    EXPECT_EQ(std::count(shown.begin(), shown.end(), 10), 1) << "its own duration only";
    return std::count(shown.begin(), shown.end(), 9);
  };
  EXPECT_EQ(count(500 * GST_MSECOND, 0s), 13);  // 360 ms to 860 ms
  EXPECT_EQ(count(G_MAXUINT64, 0s), 66);        // to 3 s
  EXPECT_EQ(count(G_MAXUINT64, 2s), 25);        // begun inside the hole
}

TEST_F(TimelineSrc, TheLastFrameLastsAsLongAsItsContainerSays) {
  // Two frames a second at a rate of 25: the decoder gives each 40 ms.
  make_video(file("screen.mp4"),
             {.frames = 6, .pts = [](int n) { return n * 500ms; }, .tail = 500ms});
  Player player{{{.location = file("screen.mp4"), .duration = 3s}}};
  const auto shown = numbers(play_all(player));
  ASSERT_EQ(shown.size(), 75U);
  for (int n = 0; n < 75; ++n) EXPECT_EQ(shown[n], n * 2 / 25) << n;
  EXPECT_FALSE(player.message(GST_MESSAGE_WARNING));
}

TEST_F(TimelineSrc, PiecesOfOneFileKeepTheirFramesAndHaveTheirOwnSizes) {
  Player player{
      {{.location = file("25.mp4"), .duration = 1s, .size = {320, 192}},
       {.location = file("25.mp4"), .start = 1s, .in = 1s, .duration = 1s, .size = {80, 48}},
       {.location = file("25.mp4"), .start = 2s, .in = 2400ms, .duration = 1s}}};
  player.play();
  for (int n = 0; n < 75; ++n) {
    const auto buffer = player.pull();
    ASSERT_TRUE(buffer);
    const Size size = n < 25 ? Size{320, 192} : n < 50 ? Size{80, 48} : Size{160, 96};
    GstVideoInfo info;
    gst_video_info_set_format(&info, GST_VIDEO_FORMAT_I420, size.width, size.height);
    ASSERT_EQ(gst_buffer_get_size(buffer.get()), GST_VIDEO_INFO_SIZE(&info)) << n;
    EXPECT_EQ(read_number(buffer.get(), size), n < 50 ? n : n + 10) << n;
  }
  EXPECT_FALSE(player.pull());
}

TEST_F(TimelineSrc, BarsKeepTheAspect) {
  Player player{{{.location = file("25.mp4"), .duration = 40ms, .size = {160, 160}}}};
  player.play();
  const auto buffer = player.pull();
  GstMapInfo map;
  ASSERT_TRUE(gst_buffer_map(buffer.get(), &map, GST_MAP_READ));
  EXPECT_EQ(map.data[160 * 31 + 5], 16);   // 32 rows of black above
  EXPECT_GT(map.data[160 * 34 + 5], 200);  // number 1: the first column is white
  EXPECT_EQ(map.data[160 * 128 + 5], 16);
  gst_buffer_unmap(buffer.get(), &map);
}

TEST_F(TimelineSrc, AFrameThatIsShownAgainIsTheSameMemory) {
  make_video(file("12.mp4"), {.frames = 10, .rate = {25, 2}});
  Player player{{{.location = file("12.mp4"), .duration = 800ms}}};
  player.play();
  std::vector<GstPtr<GstBuffer>> buffers;
  while (auto buffer = player.pull()) buffers.push_back(std::move(buffer));
  ASSERT_EQ(buffers.size(), 20U);
  for (int n = 0; n < 20; n += 2) {
    EXPECT_EQ(gst_buffer_peek_memory(buffers[n].get(), 0),
              gst_buffer_peek_memory(buffers[n + 1].get(), 0));
    EXPECT_NE(GST_BUFFER_PTS(buffers[n].get()), GST_BUFFER_PTS(buffers[n + 1].get()));
  }
  gst_element_set_state(player.element(), GST_STATE_NULL);
  for (const auto& buffer : buffers) EXPECT_EQ(GST_MINI_OBJECT_REFCOUNT_VALUE(buffer.get()), 1);
}

TEST_F(TimelineSrc, StartsAndStopsInsideAClip) {
  Player player{{{.location = file("25.mp4"), .start = 1s, .duration = 4s}}};
  player.set("start", 2 * GST_SECOND).set("stop", 2200 * GST_MSECOND);
  const auto shown = play_all(player);
  ASSERT_EQ(shown.size(), 5U);
  for (int n = 0; n < 5; ++n) EXPECT_EQ(shown[n], (Shown{25 + n, 2s + n * 40ms, 40ms}));
}

TEST_F(TimelineSrc, RefusesWrongClips) {
  const auto src = retain(gst_element_factory_make("timelinesrc", nullptr));
  const auto bus = adopt(gst_bus_new());
  gst_element_set_bus(src.get(), bus.get());
  // Not literals: GStreamer's parser of arrays writes into the text that it is given.
  for (std::string clips :
       {"<[clip,start=(guint64)0,duration=(guint64)1]>", "<[clip,location=a,start=1,duration=2]>",
        "<[clip,location=a,start=(guint64)0,duration=(guint64)1,lenght=5]>", "<>"}) {
    gst_util_set_object_arg(G_OBJECT(src.get()), "clips", clips.data());
    EXPECT_EQ(gst_element_set_state(src.get(), GST_STATE_PAUSED), GST_STATE_CHANGE_FAILURE)
        << clips;
    const auto message = adopt(gst_bus_pop_filtered(bus.get(), GST_MESSAGE_ERROR));
    EXPECT_TRUE(message) << clips;
    gst_element_set_state(src.get(), GST_STATE_NULL);
    gst_bus_set_flushing(bus.get(), TRUE);
    gst_bus_set_flushing(bus.get(), FALSE);
  }
  gst_element_set_bus(src.get(), nullptr);
}

TEST_F(TimelineSrc, PlaysATrackOfAManifest) {
  std::ofstream{file("job.json")} << R"({"rostrum": 1, "assets": {"a": {"uri": "25.mp4"}},
    "tracks": [{"id": "other", "kind": "camera", "clips": [{"asset": "a", "start": 0}]},
               {"id": "anna", "kind": "camera", "clips": [
                 {"asset": "a", "start": 0.08, "in": 1, "duration": 0.2, "hidden": [[0.12, 0.2]]},
                 {"asset": "a", "start": 0.32, "in": 3.92}]}]})";
  Player player{{}};
  player.set("location", file("job.json").c_str()).set("track", "anna");
  EXPECT_EQ(numbers(play_all(player)), (std::vector<int>{-1, -1, 25, -1, -1, 28, 29, -1, 98, 99}));
}

TEST_F(TimelineSrc, SaysWhatIsWrongWithAManifest) {
  std::ofstream{file("job.json")} << R"({"rostrum": 1, "assets": {"a": {"uri": "25.mp4"}},
    "tracks": [{"id": "other", "kind": "camera", "clips": [{"asset": "a", "start": 0}]}]})";
  Player player{{}};
  player.set("location", file("job.json").c_str()).set("track", "nobody");
  EXPECT_EQ(gst_element_set_state(player.element(), GST_STATE_PAUSED), GST_STATE_CHANGE_FAILURE);
  const auto error = player.message(GST_MESSAGE_ERROR);
  ASSERT_TRUE(error);
  GError* raw = nullptr;
  gst_message_parse_error(error.get(), &raw, nullptr);
  const GErrorPtr text{raw};
  EXPECT_NE(std::string{text->message}.find("no track \"nobody\""), std::string::npos);
}

TEST_F(TimelineSrc, ClipsReadBackAsTheyWereSet) {
  const auto src = retain(gst_element_factory_make("timelinesrc", nullptr));
  set_clips(
      src.get(),
      {{.location = "/a b.mp4", .start = 1s, .in = 2s, .size = {64, 48}, .hold = G_MAXUINT64}});
  GValue array = G_VALUE_INIT;
  g_value_init(&array, GST_TYPE_ARRAY);
  g_object_get_property(G_OBJECT(src.get()), "clips", &array);
  ASSERT_EQ(gst_value_array_get_size(&array), 1U);
  const auto* s = gst_value_get_structure(gst_value_array_get_value(&array, 0));
  guint64 in = 0;
  guint64 hold = 0;
  EXPECT_STREQ(gst_structure_get_string(s, "location"), "/a b.mp4");
  EXPECT_TRUE(gst_structure_get_uint64(s, "in", &in) && in == 2 * GST_SECOND);
  EXPECT_TRUE(gst_structure_get_uint64(s, "hold", &hold) && hold == G_MAXUINT64);
  g_value_unset(&array);
}

}  // namespace
}  // namespace rostrum::test
