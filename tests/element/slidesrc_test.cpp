// SPDX-License-Identifier: LGPL-2.1-or-later
#include "slide_player.h"

#include "harness.h"

namespace rostrum {
namespace {

using namespace rostrum::test;

constexpr double kR[] = {1, 0, 0};
constexpr double kB[] = {0, 0, 1};
constexpr GstClockTime kFrame = 40 * GST_MSECOND;

// A red and a blue picture.
struct Pictures {
  Folder folder;
  std::string red = make_png(folder / "red.png", kSmall, halves(64, 36, kR, kR));
  std::string blue = make_png(folder / "blue.png", kSmall, halves(64, 36, kB, kB));
};

Yuv middle(GstBuffer* buffer, Size size = kSmall) {
  return pixel(buffer, size, size.width / 2, size.height / 2);
}

void expect_colors(const std::vector<GstPtr<GstBuffer>>& buffers, const std::vector<Yuv>& colors) {
  ASSERT_EQ(buffers.size(), colors.size());
  for (std::size_t i = 0; i < colors.size(); ++i)
    EXPECT_TRUE(middle(buffers[i].get()).near(colors[i])) << "frame " << i;
}

std::vector<Yuv> runs(const std::vector<std::pair<int, Yuv>>& runs) {
  std::vector<Yuv> all;
  for (const auto& [count, color] : runs)
    all.insert(all.end(), static_cast<std::size_t>(count), color);
  return all;
}

TEST(SlideSrc, SwitchesAtExactFrames) {
  const Pictures p;
  Player player{"stop=1000000000",
                "",
                {{p.red, 120 * GST_MSECOND, 401 * GST_MSECOND},
                 {p.blue, 600 * GST_MSECOND, 200 * GST_MSECOND}}};
  const auto buffers = player.play();
  expect_colors(buffers, runs({{3, kBlack}, {10, kRed}, {2, kBlack}, {5, kBlue}, {5, kBlack}}));
  for (std::size_t i = 0; i < buffers.size(); ++i) {
    EXPECT_EQ(GST_BUFFER_PTS(buffers[i].get()), i * kFrame);
    EXPECT_EQ(GST_BUFFER_DURATION(buffers[i].get()), kFrame);
  }
}

TEST(SlideSrc, CountsFramesOfAnyRateFromItsStart) {
  const Pictures p;
  Player player{"framerate=30000/1001 start=60000000000",
                "",
                {{p.red, 0, 61 * GST_SECOND}, {p.blue, 61 * GST_SECOND, GST_SECOND}}};
  const auto buffers = player.play();
  const FrameGrid grid{{30000, 1001}};
  const SliceGrid slice{grid, grid.first_at(60s)};
  const auto red = grid.first_at(61s) - grid.first_at(60s);
  ASSERT_EQ(static_cast<std::int64_t>(buffers.size()), grid.first_at(62s) - grid.first_at(60s));
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(buffers.size()); ++i) {
    auto* buffer = buffers[static_cast<std::size_t>(i)].get();
    const auto pts = slice.pts(grid.first_at(60s) + i).count();
    EXPECT_EQ(GST_BUFFER_PTS(buffer), static_cast<GstClockTime>(pts));
    EXPECT_TRUE(middle(buffer).near(i < red ? kRed : kBlue)) << i;
  }
}

TEST(SlideSrc, StartsItsSegmentAtTheFirstFrame) {
  Player player{"start=2010000000", "", {{"", 0, 3 * GST_SECOND, 1, ", color=0xff0000"}}};
  player.to(GST_STATE_PLAYING);
  const auto sample = player.next();
  const auto* segment = gst_sample_get_segment(sample.get());
  EXPECT_EQ(segment->start, 2040 * GST_MSECOND);
  EXPECT_EQ(segment->time, 2040 * GST_MSECOND);
  const auto* caps = gst_caps_get_structure(gst_sample_get_caps(sample.get()), 0);
  const auto expected = adopt(gst_caps_from_string(
      "video/x-raw,format=I420,width=64,height=36,framerate=25/1,colorimetry=bt709,"
      "pixel-aspect-ratio=1/1,interlace-mode=progressive"));
  EXPECT_TRUE(gst_structure_is_equal(caps, gst_caps_get_structure(expected.get(), 0)));
}

TEST(SlideSrc, HandsOnTheSameMemory) {
  const Pictures p;
  Player player{"",
                "",
                {{p.red, 0, GST_SECOND},
                 {p.blue, GST_SECOND, GST_SECOND},
                 {p.red, 2 * GST_SECOND, GST_SECOND}}};
  const auto buffers = player.play();
  ASSERT_EQ(buffers.size(), 75U);
  const auto memory = [&](std::size_t i) { return gst_buffer_peek_memory(buffers[i].get(), 0); };
  for (std::size_t i = 0; i < 75; ++i) {
    EXPECT_EQ(gst_buffer_n_memory(buffers[i].get()), 1U);
    EXPECT_EQ(memory(i), memory(i / 25 == 1 ? 25 : 0)) << i;
  }
  EXPECT_NE(memory(0), memory(25));
}

TEST(SlideSrc, KeepsItsPictureWhenOneDownstreamDrawsOnIt) {
  Player player{"",
                "videobox top=-1 ! video/x-raw,height=37 ! gamma gamma=3 !",
                {{"", 0, 400 * GST_MSECOND, 1, ", color=0x808080"}}};
  const auto buffers = player.play();
  ASSERT_EQ(buffers.size(), 10U);
  for (const auto& buffer : buffers)
    EXPECT_EQ(middle(buffer.get(), {64, 37}), middle(buffers[0].get(), {64, 37}));
}

TEST(SlideSrc, ChangeModePutsOutOneBufferPerPicture) {
  const Pictures p;
  Player player{"mode=change stop=4000000000",
                "",
                {{p.red, GST_SECOND, GST_SECOND}, {p.blue, 2 * GST_SECOND, GST_SECOND}}};
  const auto buffers = player.play();
  expect_colors(buffers, {kBlack, kRed, kBlue, kBlack});
  for (std::size_t i = 0; i < buffers.size(); ++i) {
    EXPECT_EQ(GST_BUFFER_PTS(buffers[i].get()), i * GST_SECOND);
    EXPECT_EQ(GST_BUFFER_DURATION(buffers[i].get()), GST_SECOND);
  }
}

TEST(SlideSrc, GapEventsFollowCapsAndSegment) {
  auto source = retain(gst_element_factory_make("slidesrc", nullptr));
  set_slides(source.get(), {{"", GST_SECOND, GST_SECOND, 1, ", color=0xff0000"}});
  gst_util_set_object_arg(G_OBJECT(source.get()), "gap", "event");
  g_object_set(source.get(), "stop", 4 * GST_SECOND, nullptr);
  auto* h = gst_harness_new_with_element(source.get(), nullptr, "src");
  gst_harness_play(h);
  std::vector<GstEventType> order;
  std::vector<std::pair<GstClockTime, GstClockTime>> gaps;
  while (order.empty() || order.back() != GST_EVENT_EOS) {
    const auto event = adopt(gst_harness_pull_event(h));
    ASSERT_TRUE(event);
    order.push_back(GST_EVENT_TYPE(event.get()));
    GstClockTime from = 0;
    GstClockTime length = 0;
    if (order.back() == GST_EVENT_GAP) gst_event_parse_gap(event.get(), &from, &length);
    if (order.back() == GST_EVENT_GAP) gaps.emplace_back(from, length);
  }
  EXPECT_EQ(gst_harness_buffers_received(h), 25U);
  gst_harness_teardown(h);
  ASSERT_GE(order.size(), 4U);
  EXPECT_EQ(order[0], GST_EVENT_STREAM_START);
  EXPECT_EQ(order[1], GST_EVENT_CAPS);
  EXPECT_EQ(order[2], GST_EVENT_SEGMENT);
  EXPECT_EQ(order[3], GST_EVENT_GAP);
  using Gaps = std::vector<std::pair<GstClockTime, GstClockTime>>;
  const Gaps expected{{0, GST_SECOND}, {2 * GST_SECOND, 2 * GST_SECOND}};
  EXPECT_EQ(gaps, expected);
}

TEST(SlideSrc, FeedsCompositorExactlyInEveryMode) {
  const Pictures p;
  for (const char* rate : {"25/1", "30000/1001"})
    for (const char* mode : {"fixed", "change"})
      for (const char* gap : {"fill", "event"}) {
        SCOPED_TRACE(std::string{rate} + " " + mode + " " + gap);
        Player player{
            std::string{"start=2000000000 stop=70000000000 framerate="} + rate + " mode=" + mode +
                " gap=" + gap,
            "compositor background=black ! video/x-raw,format=I420,width=64,height=36,framerate=" +
                std::string{rate} + " !",
            {{p.red, 3 * GST_SECOND, 60 * GST_SECOND},
             {p.blue, 63 * GST_SECOND, 80 * GST_MSECOND},
             {p.red, 64 * GST_SECOND, GST_SECOND}}};
        const FrameGrid grid{std::string{rate} == "25/1" ? Fraction{25, 1} : Fraction{30000, 1001}};
        const auto count = [&](Nanoseconds a, Nanoseconds b) {
          return static_cast<int>(grid.range({a, b}).count());
        };
        expect_colors(player.play(), runs({{count(2s, 3s), kBlack},
                                           {count(3s, 63s), kRed},
                                           {count(63s, 63080ms), kBlue},
                                           {count(63080ms, 64s), kBlack},
                                           {count(64s, 65s), kRed},
                                           {count(65s, 70s), kBlack}}));
      }
}

TEST(SlideSrc, GivesEverySlideItsOwnSize) {
  const Pictures p;
  Player player{"",
                "",
                {{p.red, 0, kFrame, 1, ", width=100, height=100, background=0x0000ff"},
                 {"", kFrame, kFrame, 1, ", color=0x00ff00"}}};
  player.to(GST_STATE_PLAYING);
  const auto boxed = player.next();
  const Size box{100, 100};
  EXPECT_PIXEL(gst_sample_get_buffer(boxed.get()), box, 50, 50, kRed);
  EXPECT_PIXEL(gst_sample_get_buffer(boxed.get()), box, 50, 10, kBlue);
  const auto plain = player.next();
  EXPECT_PIXEL(gst_sample_get_buffer(plain.get()), kSmall, 1, 1, kGreen);
}

TEST(SlideSrc, SeeksToTheFrameThatIsShown) {
  const Pictures p;
  for (const char* mode : {"fixed", "change"}) {
    SCOPED_TRACE(mode);
    Player player{std::string{"mode="} + mode,
                  "",
                  {{p.red, 0, 2 * GST_SECOND}, {p.blue, 2 * GST_SECOND, 2 * GST_SECOND}}};
    ASSERT_EQ(player.to(GST_STATE_PAUSED), GST_STATE_CHANGE_SUCCESS);
    const auto flags = static_cast<GstSeekFlags>(GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE);
    const std::pair<GstClockTime, Yuv> cases[] = {{2 * GST_SECOND, kBlue},
                                                  {0, kRed},
                                                  {2 * GST_SECOND - 1, kRed},
                                                  {3 * GST_SECOND + 1, kBlue}};
    for (const auto& [time, color] : cases) {
      ASSERT_TRUE(gst_element_seek_simple(player.pipeline(), GST_FORMAT_TIME, flags,
                                          static_cast<gint64>(time)));
      ASSERT_EQ(player.to(GST_STATE_PAUSED), GST_STATE_CHANGE_SUCCESS);
      gint64 position = 0;
      EXPECT_TRUE(gst_element_query_position(player.pipeline(), GST_FORMAT_TIME, &position));
      EXPECT_NEAR(static_cast<double>(position), static_cast<double>(time), kFrame);
      player.to(GST_STATE_PLAYING);
      const auto sample = player.next();
      EXPECT_EQ(GST_BUFFER_PTS(gst_sample_get_buffer(sample.get())), time / kFrame * kFrame);
      EXPECT_TRUE(middle(gst_sample_get_buffer(sample.get())).near(color)) << time;
      player.to(GST_STATE_PAUSED);
    }
    ASSERT_TRUE(gst_element_seek(player.pipeline(), 1, GST_FORMAT_TIME, flags, GST_SEEK_TYPE_SET,
                                 GST_SECOND, GST_SEEK_TYPE_SET, 2 * GST_SECOND + 2 * kFrame));
    const auto rest = player.play();
    ASSERT_EQ(rest.size(), mode[0] == 'f' ? 27U : 2U);
    EXPECT_EQ(GST_BUFFER_PTS(rest.back().get()) + GST_BUFFER_DURATION(rest.back().get()),
              2 * GST_SECOND + 2 * kFrame);
  }
}

TEST(SlideSrc, RefusesToPlayBackwardsAndGoesOn) {
  Player player{"", "", {{"", 0, 400 * GST_MSECOND, 1, ", color=0xff0000"}}};
  player.to(GST_STATE_PAUSED);
  EXPECT_FALSE(gst_element_seek(player.pipeline(), -1, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH,
                                GST_SEEK_TYPE_SET, 0, GST_SEEK_TYPE_SET, GST_SECOND));
  EXPECT_EQ(player.play().size(), 10U);
}

TEST(SlideSrc, AnswersQueries) {
  Player player{"start=1000000000", "", {{"", 0, 4 * GST_SECOND, 1, ", color=0xff0000"}}};
  player.to(GST_STATE_PAUSED);
  gint64 duration = 0;
  ASSERT_TRUE(gst_element_query_duration(player.pipeline(), GST_FORMAT_TIME, &duration));
  EXPECT_EQ(duration, gint64{4 * GST_SECOND});
  auto query = adopt(gst_query_new_seeking(GST_FORMAT_TIME));
  ASSERT_TRUE(gst_element_query(player.pipeline(), query.get()));
  gboolean seekable = FALSE;
  gst_query_parse_seeking(query.get(), nullptr, &seekable, nullptr, nullptr);
  EXPECT_TRUE(seekable);
}

TEST(SlideSrc, PlaysAgainAfterReadyAndAfterNull) {
  const Pictures p;
  auto pipeline =
      retain(gst_parse_launch("slidesrc name=source width=64 height=36 ! fakesink", nullptr));
  const auto source = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "source"));
  set_slides(source.get(), {{p.red, 0, 400 * GST_MSECOND}});
  std::vector<GstPtr<GstBuffer>> buffers;
  const auto pad = adopt(gst_element_get_static_pad(source.get(), "src"));
  gst_pad_add_probe(
      pad.get(), GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad*, GstPadProbeInfo* info, gpointer kept) {
        static_cast<std::vector<GstPtr<GstBuffer>>*>(kept)->push_back(
            retain(GST_PAD_PROBE_INFO_BUFFER(info)));
        return GST_PAD_PROBE_OK;
      },
      &buffers, nullptr);
  const auto bus = adopt(gst_element_get_bus(pipeline.get()));
  for (const auto state : {GST_STATE_READY, GST_STATE_NULL, GST_STATE_NULL}) {
    buffers.clear();
    gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
    EXPECT_TRUE(adopt(gst_bus_timed_pop_filtered(bus.get(), 10 * GST_SECOND, GST_MESSAGE_EOS)));
    gst_element_set_state(pipeline.get(), state);
    expect_colors(buffers, runs({{10, kRed}}));
    EXPECT_EQ(GST_BUFFER_PTS(buffers.back().get()), 9 * kFrame);
  }
  for (const auto& buffer : buffers) EXPECT_EQ(GST_MINI_OBJECT_REFCOUNT_VALUE(buffer.get()), 1);
}

TEST(SlideSrc, PropertiesRoundTrip) {
  auto source = retain(gst_element_factory_make("slidesrc", nullptr));
  set_slides(source.get(), {{"a.png", 1, 2, 3}});
  gst_util_set_object_arg(G_OBJECT(source.get()), "framerate", "30000/1001");
  GValue array = G_VALUE_INIT;
  g_value_init(&array, GST_TYPE_ARRAY);
  g_object_get_property(G_OBJECT(source.get()), "slides", &array);
  ASSERT_EQ(gst_value_array_get_size(&array), 1U);
  const auto* slide = gst_value_get_structure(gst_value_array_get_value(&array, 0));
  EXPECT_STREQ(gst_structure_get_string(slide, "location"), "a.png");
  g_value_unset(&array);
  int num = 0;
  int den = 0;
  GValue rate = G_VALUE_INIT;
  g_value_init(&rate, GST_TYPE_FRACTION);
  g_object_get_property(G_OBJECT(source.get()), "framerate", &rate);
  num = gst_value_get_fraction_numerator(&rate);
  den = gst_value_get_fraction_denominator(&rate);
  EXPECT_EQ(std::pair(num, den), std::pair(30000, 1001));
}

}  // namespace
}  // namespace rostrum
