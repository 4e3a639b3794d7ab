// SPDX-License-Identifier: LGPL-2.1-or-later
// truepeaklimiter in a stream: gaps, flushes, events, caps, stop and start.
#include "limiter_harness.h"
#include "media_maker.h"

namespace rostrum::test {
namespace {

constexpr LimiterFormat kMono{48000, 1};

class TruePeakLimiterStream : public testing::Test {
 protected:
  const Sound loud_ = sine(1000, 2, 5000);
  const Sound quiet_ = sine(1000, 0.8, 5000);
  const Sound apart_ = limited(loud_, kMono) + limited(quiet_, kMono);
  const Sound together_ = limited(loud_ + quiet_, kMono);
  const LimiterHarness harness_{kMono};
};

TEST_F(TruePeakLimiterStream, GoesOnOverJitter) {
  ASSERT_NE(apart_, together_);
  harness_.push(buffer_of(loud_, 0));
  harness_.push(buffer_of(quiet_, harness_.time_of(5000) + 9 * GST_MSECOND));
  harness_.end();
  EXPECT_EQ(harness_.pull_sound(), together_);
}

TEST_F(TruePeakLimiterStream, GoesOnWithoutTimestamps) {
  harness_.push(buffer_of(loud_, GST_CLOCK_TIME_NONE));
  harness_.push(buffer_of(quiet_, GST_CLOCK_TIME_NONE));
  harness_.end();
  EXPECT_EQ(harness_.pull_sound(), together_);
}

TEST_F(TruePeakLimiterStream, BeginsAnewAfterAHoleInTime) {
  for (const auto pts : {harness_.time_of(5000) + 20 * GST_MSECOND, GstClockTime{0}}) {
    const LimiterHarness harness{kMono};
    harness.push(buffer_of(loud_, 0));
    harness.push(buffer_of(quiet_, pts));
    harness.end();
    EXPECT_EQ(harness.pull_sound(), apart_);
  }
}

TEST_F(TruePeakLimiterStream, BeginsAnewAtADiscontinuityAndMarksIt) {
  harness_.push(buffer_of(loud_, 0));
  auto second = buffer_of(quiet_, harness_.time_of(5000));
  GST_BUFFER_FLAG_SET(second.get(), GST_BUFFER_FLAG_DISCONT);
  harness_.push(std::move(second));
  harness_.end();
  Sound out;
  for (const auto& buffer : harness_.pull()) {
    EXPECT_EQ(GST_BUFFER_IS_DISCONT(buffer.get()), out.size() == 5000) << out.size();
    out = out + sound_of(buffer.get());
  }
  EXPECT_EQ(out, apart_);
}

TEST_F(TruePeakLimiterStream, BeginsAnewAfterAGapEvent) {
  harness_.push(buffer_of(loud_, 0));
  gst_harness_push_event(harness_.get(),
                         gst_event_new_gap(harness_.time_of(5000), 5 * GST_MSECOND));
  EXPECT_EQ(harness_.pull_sound(), limited(loud_, kMono));
  harness_.push(buffer_of(quiet_, harness_.time_of(5000) + 5 * GST_MSECOND));
  harness_.end();
  EXPECT_EQ(harness_.pull_sound(), limited(quiet_, kMono));
}

TEST_F(TruePeakLimiterStream, ForgetsWhatItHoldsInAFlush) {
  harness_.push(buffer_of(loud_, 0));
  EXPECT_EQ(harness_.pull_sound().size(), 5000 - limiter_look_ahead(kMono.rate));
  gst_harness_push_event(harness_.get(), gst_event_new_flush_start());
  gst_harness_push_event(harness_.get(), gst_event_new_flush_stop(TRUE));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  gst_harness_push_event(harness_.get(), gst_event_new_segment(&segment));
  harness_.push(buffer_of(quiet_, harness_.time_of(5000)));
  harness_.end();
  EXPECT_EQ(harness_.pull_sound(), limited(quiet_, kMono));
}

TEST_F(TruePeakLimiterStream, SendsAnEventBehindTheSoundBeforeIt) {
  while (auto* event = gst_harness_try_pull_event(harness_.get())) gst_event_unref(event);
  harness_.push(buffer_of(loud_, 0));
  gst_harness_push_event(harness_.get(),
                         gst_event_new_tag(gst_tag_list_new(GST_TAG_TITLE, "x", nullptr)));
  EXPECT_EQ(gst_harness_events_in_queue(harness_.get()), 0U);
  harness_.push(buffer_of(quiet_, harness_.time_of(5000)));
  const auto event = adopt(gst_harness_try_pull_event(harness_.get()));
  ASSERT_TRUE(event);
  EXPECT_EQ(GST_EVENT_TYPE(event.get()), GST_EVENT_TAG);
  harness_.end();
  EXPECT_EQ(harness_.pull_sound(), together_);
}

TEST_F(TruePeakLimiterStream, EndsTheSoundBeforeOtherCaps) {
  harness_.push(buffer_of(loud_, 0));
  gst_harness_set_src_caps_str(harness_.get(), caps_of({44100, 2}).c_str());
  EXPECT_EQ(harness_.pull_sound(), limited(loud_, kMono));
  const auto stereo = spread(loud_, 2);
  harness_.push(buffer_of(stereo, harness_.time_of(5000)));
  harness_.end();
  EXPECT_EQ(harness_.pull_sound(), limited(stereo, {44100, 2}));
}

TEST_F(TruePeakLimiterStream, EndsNothingAtTheSameCaps) {
  harness_.push(buffer_of(loud_, 0));
  const auto caps = adopt(gst_caps_from_string(caps_of(kMono).c_str()));
  gst_harness_push_event(harness_.get(), gst_event_new_caps(caps.get()));
  harness_.push(buffer_of(quiet_, harness_.time_of(5000)));
  harness_.end();
  EXPECT_EQ(harness_.pull_sound(), together_);
}

TEST_F(TruePeakLimiterStream, RunsAgainWithAnotherCeiling) {
  harness_.push(buffer_of(loud_, 0));
  harness_.pull();
  auto* element = harness_.get()->element;
  gst_element_set_state(element, GST_STATE_READY);
  g_object_set(element, "ceiling", -6.0, nullptr);
  gst_harness_play(harness_.get());
  gst_harness_set_src_caps_str(harness_.get(), caps_of(kMono).c_str());
  harness_.push(buffer_of(quiet_, 0));
  harness_.end();
  EXPECT_EQ(harness_.pull_sound(), limited(quiet_, kMono, -6));
}

TEST(TruePeakLimiterElement, KeepsItsProperty) {
  const auto element = retain(gst_element_factory_make("truepeaklimiter", nullptr));
  double ceiling = 0;
  g_object_get(element.get(), "ceiling", &ceiling, nullptr);
  EXPECT_EQ(ceiling, -1);
  g_object_set(element.get(), "ceiling", -23.5, nullptr);
  g_object_get(element.get(), "ceiling", &ceiling, nullptr);
  EXPECT_EQ(ceiling, -23.5);
}

TEST(TruePeakLimiterElement, TakesOnlyWhatItCanLimit) {
  const auto element = retain(gst_element_factory_make("truepeaklimiter", nullptr));
  const auto pad = adopt(gst_element_get_static_pad(element.get(), "sink"));
  const auto takes = [&](const std::string& caps) {
    const auto asked = adopt(gst_caps_from_string(caps.c_str()));
    return gst_pad_query_accept_caps(pad.get(), asked.get()) != FALSE;
  };
  for (const auto& format :
       {LimiterFormat{8000, 1}, LimiterFormat{48000, 2}, LimiterFormat{192000, 8}})
    EXPECT_TRUE(takes(caps_of(format))) << caps_of(format);
  for (const auto& format :
       {LimiterFormat{7999, 1}, LimiterFormat{192001, 2}, LimiterFormat{48000, 9}})
    EXPECT_FALSE(takes(caps_of(format))) << caps_of(format);
  EXPECT_FALSE(takes("audio/x-raw,format=S16LE,layout=interleaved,rate=48000,channels=1"));
  EXPECT_FALSE(takes("audio/x-raw,format=F32LE,layout=non-interleaved,rate=48000,channels=1"));
}

TEST(TruePeakLimiterElement, RunsInAPipeline) {
  run_pipeline(
      "audiotestsrc num-buffers=100 wave=square volume=1 ! audio/x-raw,rate=32000,channels=1 "
      "! audioconvert ! truepeaklimiter ceiling=-3 ! audioconvert ! audio/x-raw,format=S16LE "
      "! fakesink");
}

}  // namespace
}  // namespace rostrum::test
