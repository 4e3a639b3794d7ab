// SPDX-License-Identifier: LGPL-2.1-or-later
// A job whose frames carry numbers and whose samples count, and a pipeline that plays it.
#pragma once

#include "media_maker.h"
#include "test_media.h"

#include <cmath>
#include <cstring>
#include <string>

namespace rostrum::test {

inline constexpr Size kJobCanvas{160, 96};
inline constexpr int kJobRate = 48000;
inline constexpr float kRamp = 1e-6F;  // from one sample to the next

// A WAVE file whose n-th sample is n steps of the ramp.
inline void make_ramp(const std::string& path, int samples) {
  const auto bytes = static_cast<std::uint32_t>(samples) * 4;
  const std::uint32_t head[] = {0x46464952, 36 + bytes,   0x45564157, 0x20746d66, 16,   0x00010003,
                                kJobRate,   4 * kJobRate, 0x00200004, 0x61746164, bytes};
  std::string file(sizeof head + bytes, '\0');
  std::memcpy(file.data(), head, sizeof head);
  for (int n = 0; n < samples; ++n) {
    const float value = kRamp * static_cast<float>(n);
    std::memcpy(file.data() + sizeof head + 4 * static_cast<std::size_t>(n), &value, 4);
  }
  write_bytes(path, file);
}

// Frames 0 to 49, a second of nothing, frames 50 to 74; the ramp all the while.
inline std::string job_text(const std::string& second = R"("start": 3, "in": 2, "duration": 1)") {
  return R"({"rostrum": 1, "title": "Frames", "canvas": {"size": "160x96", "rate": "25/1"},
    "assets": {"a": {"uri": "a.mp4"}, "s": {"uri": "s.wav"}},
    "tracks": [{"id": "camera", "kind": "camera", "clips": [
        {"asset": "a", "start": 0, "duration": 2}, {"asset": "a", )" +
         second + R"(}]},
      {"id": "sound", "kind": "audio", "clips": [{"asset": "s", "start": 0, "duration": 4}]}],
    "layout": {"policy": "single"}})";
}

// What of the job above is seen at a time; -1: nothing.
inline int number_at(Nanoseconds t) {
  const auto frame = static_cast<int>(t / 40ms);
  return frame < 50 ? frame : frame < 75 ? -1 : frame - 25;
}

// Plays `location` to two sinks, each of which keeps what it shows.
class JobPlayer {
 public:
  explicit JobPlayer(const std::string& source, bool sync = true) {
    const std::string sink = sync ? " sync=true" : " sync=false";
    pipeline_ = retain(gst_parse_launch(
        (source + " j.video ! fakesink name=v" + sink + " j.audio ! fakesink name=a" + sink)
            .c_str(),
        nullptr));
    bus_ = adopt(gst_element_get_bus(pipeline_.get()));
  }
  ~JobPlayer() { gst_element_set_state(pipeline_.get(), GST_STATE_NULL); }
  JobPlayer(const JobPlayer&) = delete;
  JobPlayer& operator=(const JobPlayer&) = delete;

  GstElement* pipeline() { return pipeline_.get(); }
  GstPtr<GstElement> element(const char* name) {
    return adopt(gst_bin_get_by_name(GST_BIN(pipeline_.get()), name));
  }
  GstStateChangeReturn go_to(GstState state) {
    gst_element_set_state(pipeline_.get(), state);
    return gst_element_get_state(pipeline_.get(), nullptr, nullptr, 20 * GST_SECOND);
  }
  bool seek(Nanoseconds to, int flags = GST_SEEK_FLAG_ACCURATE) {
    return gst_element_seek_simple(pipeline_.get(), GST_FORMAT_TIME,
                                   static_cast<GstSeekFlags>(GST_SEEK_FLAG_FLUSH | flags),
                                   to.count());
  }
  bool settle() {
    return gst_element_get_state(pipeline_.get(), nullptr, nullptr, 20 * GST_SECOND) ==
           GST_STATE_CHANGE_SUCCESS;
  }
  // In PAUSED, what is shown.
  GstPtr<GstBuffer> shown(const char* sink = "v") {
    const auto element = this->element(sink);
    GstSample* raw = nullptr;
    g_object_get(element.get(), "last-sample", &raw, nullptr);
    const auto sample = adopt(raw);
    return sample ? retain(gst_sample_get_buffer(sample.get())) : nullptr;
  }
  int number() {
    const auto buffer = shown();
    return buffer ? read_number(buffer.get(), kJobCanvas) : -3;
  }
  // Of the ramp, the first sample in PAUSED.
  long sample() {
    const auto buffer = shown("a");
    GstMapInfo map;
    if (!buffer || !gst_buffer_map(buffer.get(), &map, GST_MAP_READ)) return -1;
    float value = 0;
    std::memcpy(&value, map.data, sizeof value);
    gst_buffer_unmap(buffer.get(), &map);
    return std::lround(value / kRamp);
  }
  GstPtr<GstMessage> message(int types) {
    return adopt(gst_bus_timed_pop_filtered(bus_.get(), 20 * GST_SECOND,
                                            static_cast<GstMessageType>(types)));
  }
  // The next element message of that name.
  GstPtr<GstMessage> element_message(const char* name) {
    for (;;) {
      auto found = message(GST_MESSAGE_ELEMENT | GST_MESSAGE_ERROR);
      if (!found || gst_message_has_name(found.get(), name)) return found;
    }
  }
  bool plays_to_end() {
    gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
    const auto end = message(GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
    return end && GST_MESSAGE_TYPE(end.get()) == GST_MESSAGE_EOS;
  }

 private:
  GstPtr<GstElement> pipeline_;
  GstPtr<GstBus> bus_;
};

class NumberedJob : public testing::Test {
 protected:
  void SetUp() override {
    make_video(folder_ / "a.mp4", {.frames = 100, .size = kJobCanvas});
    make_ramp(folder_ / "s.wav", 4 * kJobRate);
    write_bytes(job_, job_text());
  }
  std::string source(const std::string& more = {}) const {
    return "jobsrc name=j program=\"\" location=" + job_ + " " + more;
  }

  Folder folder_;
  const std::string job_ = folder_ / "job.json";
};

}  // namespace rostrum::test
