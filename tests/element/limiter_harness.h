// SPDX-License-Identifier: LGPL-2.1-or-later
// Sound pushed through truepeaklimiter, and what comes out.
#pragma once

#include "harness.h"
#include "tests/unit/limited_sound.h"

#include <gst/audio/audio.h>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

namespace rostrum::test {

inline std::string caps_of(const LimiterFormat& format) {
  return "audio/x-raw,format=F32LE,layout=interleaved,rate=" + std::to_string(format.rate) +
         ",channels=" + std::to_string(format.channels) +
         (format.channels > 2 ? ",channel-mask=(bitmask)0" : "");
}

inline GstPtr<GstBuffer> buffer_of(std::span<const float> sound, GstClockTime pts) {
  auto buffer = adopt(gst_buffer_new_memdup(sound.data(), sound.size_bytes()));
  GST_BUFFER_PTS(buffer.get()) = pts;
  return buffer;
}

inline Sound sound_of(GstBuffer* buffer) {
  Sound sound(gst_buffer_get_size(buffer) / sizeof(float));
  gst_buffer_extract(buffer, 0, sound.data(), gst_buffer_get_size(buffer));
  return sound;
}

class LimiterHarness {
 public:
  explicit LimiterHarness(const LimiterFormat& format = {48000, 1}, double ceiling = -1)
      : harness_{gst_harness_new("truepeaklimiter")}, format_{format} {
    g_object_set(get()->element, "ceiling", ceiling, nullptr);
    gst_harness_set_src_caps_str(get(), caps_of(format).c_str());
  }

  GstHarness* get() const { return harness_.get(); }

  GstClockTime time_of(std::size_t frame) const {
    return gst_util_uint64_scale_round(frame, GST_SECOND, static_cast<guint64>(format_.rate));
  }

  GstFlowReturn push(GstPtr<GstBuffer> buffer) const {
    return gst_harness_push(get(), buffer.release());
  }
  // The n frames from one on, at their time.
  void push(const Sound& sound, std::size_t first, std::size_t n) const {
    const auto part = std::span{sound}.subspan(first * format_.channels, n * format_.channels);
    ASSERT_EQ(push(buffer_of(part, time_of(first))), GST_FLOW_OK);
  }
  // All of it, in buffers of 1024 frames.
  void push(const Sound& sound) const {
    const auto frames = sound.size() / format_.channels;
    for (std::size_t at = 0; at < frames; at += 1024)
      push(sound, at, std::min<std::size_t>(1024, frames - at));
  }
  void end() const { ASSERT_TRUE(gst_harness_push_event(get(), gst_event_new_eos())); }

  std::vector<GstPtr<GstBuffer>> pull() const {
    std::vector<GstPtr<GstBuffer>> buffers;
    while (auto* buffer = gst_harness_try_pull(get())) buffers.push_back(adopt(buffer));
    return buffers;
  }
  Sound pull_sound() const {
    Sound sound;
    for (const auto& buffer : pull()) {
      const auto part = sound_of(buffer.get());
      sound.insert(sound.end(), part.begin(), part.end());
    }
    return sound;
  }

 private:
  Harness harness_;
  LimiterFormat format_;
};

inline Sound operator+(Sound a, const Sound& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace rostrum::test
