// SPDX-License-Identifier: LGPL-2.1-or-later
// A compositor whose inputs change goes on with the buffers that it has, however many the encoder
// holds back.
#include "engine/allocation.h"

#include "test_media.h"

#include <gtest/gtest.h>

#include <set>

namespace rostrum::test {
namespace {

constexpr int kFrames = 60;
constexpr int kChange = 6;              // frames after which the compositor negotiates anew
constexpr std::size_t kLookAhead = 10;  // frames that x264 holds back

// What the frames of a compositor before x264enc were made of.
class Frames {
 public:
  // The canvas changes to `last` with the second half.
  explicit Frames(const char* last = nullptr) : last_{last} {
    keep_pool(src_.get());
    gst_pad_add_probe(src_.get(), GST_PAD_PROBE_TYPE_BUFFER, on_frame, this, nullptr);
  }

  bool run() { return run_to_eos(pipeline_.get()); }
  std::size_t pools() const { return pools_.size(); }
  std::size_t places() const { return places_.size(); }

 private:
  static GstPadProbeReturn on_frame(GstPad* pad, GstPadProbeInfo* info, gpointer self) {
    static_cast<Frames*>(self)->take(pad, GST_PAD_PROBE_INFO_BUFFER(info));
    return GST_PAD_PROBE_OK;
  }

  void take(GstPad* pad, GstBuffer* buffer) {
    pools_.insert(buffer->pool);
    GstMapInfo map;
    gst_buffer_map(buffer, &map, GST_MAP_READ);
    places_.insert(map.data);
    gst_buffer_unmap(buffer, &map);
    if (++frames_ == kFrames / 2 && last_)
      g_object_set(child("canvas").get(), "caps", adopt(gst_caps_from_string(last_)).get(),
                   nullptr);
    if (frames_ % kChange == 0) gst_pad_mark_reconfigure(pad);
  }

  GstPtr<GstElement> child(const char* name) const {
    return adopt(gst_bin_get_by_name(GST_BIN(pipeline_.get()), name));
  }

  const char* last_;
  const GstPtr<GstElement> pipeline_ = retain(gst_parse_launch(
      ("videotestsrc num-buffers=" + std::to_string(kFrames) +
       " ! video/x-raw,format=I420,width=64,height=64 ! compositor name=mixer ! capsfilter "
       "name=canvas caps=video/x-raw,width=64,height=64 ! x264enc speed-preset=veryfast threads=1 "
       "sync-lookahead=0 rc-lookahead=" +
       std::to_string(kLookAhead) + " ! fakesink")
          .c_str(),
      nullptr));
  const GstPtr<GstPad> src_ = adopt(gst_element_get_static_pad(child("mixer").get(), "src"));
  // Streaming thread only, until run() has returned.
  int frames_ = 0;
  std::set<GstBufferPool*> pools_;
  std::set<const void*> places_;
};

TEST(Allocation, OnePoolOutlastsEveryChangeOfInputs) {
  Frames frames;
  ASSERT_TRUE(frames.run());
  EXPECT_EQ(frames.pools(), 1U);
  EXPECT_LE(frames.places(), kLookAhead + 2);
}

TEST(Allocation, FramesOfAnotherSizeHaveAnotherPool) {
  Frames frames{"video/x-raw,width=48,height=48"};
  ASSERT_TRUE(frames.run());
  EXPECT_EQ(frames.pools(), 2U);
}

}  // namespace
}  // namespace rostrum::test
