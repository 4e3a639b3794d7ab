// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs a timelinesrc and collects what comes out.
#pragma once

#include "core/sound_clock.h"
#include "harness.h"
#include "test_media.h"

#include <initializer_list>

namespace rostrum::test {

struct ClipSpec {
  std::string location;
  Nanoseconds start{0};
  Nanoseconds in{0};
  Nanoseconds duration{2s};
  Size size{};
  guint64 hold = 2 * GST_SECOND;
  SoundClock clock{};
};

inline void set_clips(GstElement* element, const std::vector<ClipSpec>& clips) {
  GValue array = G_VALUE_INIT;
  g_value_init(&array, GST_TYPE_ARRAY);
  for (const auto& c : clips) {
    GValue value = G_VALUE_INIT;
    g_value_init(&value, GST_TYPE_STRUCTURE);
    g_value_take_boxed(
        &value, gst_structure_new(
                    "clip", "location", G_TYPE_STRING, c.location.c_str(), "asset", G_TYPE_STRING,
                    "the-asset", "start", G_TYPE_UINT64, c.start.count(), "in", G_TYPE_UINT64,
                    c.in.count(), "duration", G_TYPE_UINT64, c.duration.count(), "width",
                    G_TYPE_INT, c.size.width, "height", G_TYPE_INT, c.size.height, "hold",
                    G_TYPE_UINT64, c.hold, "clock", G_TYPE_DOUBLE, c.clock.factor(), "times-right",
                    G_TYPE_BOOLEAN, static_cast<gboolean>(c.clock.times_right), nullptr));
    gst_value_array_append_and_take_value(&array, &value);
  }
  g_object_set_property(G_OBJECT(element), "clips", &array);
  g_value_unset(&array);
}

// A timelinesrc in a harness, with a bus to read its messages from.
class Player {
 public:
  explicit Player(const std::vector<ClipSpec>& clips) {
    harness_.reset(gst_harness_new("timelinesrc"));
    bus_ = adopt(gst_bus_new());
    gst_element_set_bus(element(), bus_.get());
    set_clips(element(), clips);
  }
  ~Player() {
    gst_element_set_state(element(), GST_STATE_NULL);
    gst_element_set_bus(element(), nullptr);
  }
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;

  GstElement* element() { return harness_->element; }
  GstHarness* get() { return harness_.get(); }
  GstBus* bus() { return bus_.get(); }
  template <typename Value>
  Player& set(const char* property, Value value) {
    g_object_set(element(), property, value, nullptr);
    return *this;
  }
  Player& set_text(const char* property, const char* value) {
    gst_util_set_object_arg(G_OBJECT(element()), property, value);
    return *this;
  }
  void play() { gst_harness_play(harness_.get()); }
  // Null at EOS.
  GstPtr<GstBuffer> pull() {
    GstBuffer* buffer = nullptr;
    gst_harness_pull_until_eos(harness_.get(), &buffer);
    return adopt(buffer);
  }
  // The size that the caps say now.
  Size size() {
    const auto caps = adopt(gst_pad_get_current_caps(harness_->sinkpad));
    GstVideoInfo info;
    if (!caps || !gst_video_info_from_caps(&info, caps.get())) return {};
    return {GST_VIDEO_INFO_WIDTH(&info), GST_VIDEO_INFO_HEIGHT(&info)};
  }
  GstPtr<GstMessage> message(GstMessageType type) {
    return adopt(gst_bus_pop_filtered(bus_.get(), type));
  }

 private:
  Harness harness_;
  GstPtr<GstBus> bus_;
};

struct Shown {
  int number;  // of the source frame; -1 black
  Nanoseconds pts;
  Nanoseconds duration;

  friend bool operator==(const Shown&, const Shown&) = default;
};

// Everything to EOS; all frames must have one size.
inline std::vector<Shown> play_all(Player& player) {
  player.play();
  std::vector<Shown> all;
  while (auto buffer = player.pull())
    all.push_back({read_number(buffer.get(), player.size()),
                   Nanoseconds{static_cast<std::int64_t>(GST_BUFFER_PTS(buffer.get()))},
                   Nanoseconds{static_cast<std::int64_t>(GST_BUFFER_DURATION(buffer.get()))}});
  return all;
}

inline std::vector<int> numbers(const std::vector<Shown>& shown) {
  std::vector<int> out;
  for (const auto& s : shown) out.push_back(s.number);
  return out;
}

}  // namespace rostrum::test
