// SPDX-License-Identifier: LGPL-2.1-or-later
#include "truepeaklimiter/limited_buffers.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

namespace rostrum {

namespace {

// Timestamps of some containers are whole milliseconds, and those of a network may be worse.
constexpr GstClockTime kJitter = 10 * GST_MSECOND;

LimiterFormat format_of(const GstAudioInfo& info) {
  return {GST_AUDIO_INFO_RATE(&info), static_cast<std::size_t>(GST_AUDIO_INFO_CHANNELS(&info))};
}

// A buffer's samples for as long as this lives.
class Mapped {
 public:
  Mapped(GstBuffer* buffer, GstMapFlags flags) : buffer_{buffer} {
    mapped_ = gst_buffer_map(buffer, &info_, flags);
  }
  ~Mapped() {
    if (mapped_) gst_buffer_unmap(buffer_, &info_);
  }
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;
  explicit operator bool() const { return mapped_; }
  std::span<float> samples(std::size_t n) const {
    return {reinterpret_cast<float*>(info_.data), n};
  }

 private:
  GstBuffer* buffer_;
  GstMapInfo info_{};
  bool mapped_;
};

GstPtr<GstBuffer> writable(GstPtr<GstBuffer> buffer) {
  return adopt(gst_buffer_make_writable(buffer.release()));
}

}  // namespace

LimitedBuffers::LimitedBuffers(const GstAudioInfo& info, double ceiling)
    : info_{info}, ceiling_{ceiling}, limiter_{format_of(info), ceiling} {}

GstClockTime LimitedBuffers::duration(std::size_t frames) const {
  return gst_util_uint64_scale_round(frames, GST_SECOND, GST_AUDIO_INFO_RATE(&info_));
}

bool LimitedBuffers::continues(GstBuffer* buffer) const {
  if (held_.empty()) return true;
  if (GST_BUFFER_IS_DISCONT(buffer)) return false;
  const auto pts = GST_BUFFER_PTS(buffer);
  if (!GST_CLOCK_TIME_IS_VALID(next_) || !GST_CLOCK_TIME_IS_VALID(pts)) return true;
  return (pts > next_ ? pts - next_ : next_ - pts) <= kJitter;
}

bool LimitedBuffers::push(GstPtr<GstBuffer> buffer) {
  const auto frames = gst_buffer_get_size(buffer.get()) / GST_AUDIO_INFO_BPF(&info_);
  if (GST_BUFFER_PTS_IS_VALID(buffer.get())) next_ = GST_BUFFER_PTS(buffer.get());
  if (GST_CLOCK_TIME_IS_VALID(next_)) next_ += duration(frames);
  if (!measure(buffer, frames)) return false;
  held_.push_back({{std::move(buffer), nullptr}, frames});
  return release();
}

// Gives a buffer's sound to the limiter; what is no sound becomes silence first.
bool LimitedBuffers::measure(GstPtr<GstBuffer>& buffer, std::size_t frames) {
  const bool gap = GST_BUFFER_FLAG_IS_SET(buffer.get(), GST_BUFFER_FLAG_GAP);
  const auto count = frames * static_cast<std::size_t>(GST_AUDIO_INFO_CHANNELS(&info_));
  {
    const Mapped read{buffer.get(), GST_MAP_READ};
    if (!read) return false;
    const auto samples = read.samples(count);
    const bool finite = all_finite(samples);
    if (gap ? finite && sample_peak(samples) == 0 : finite) {
      gap ? limiter_.push_silence(frames) : limiter_.push(samples);
      return true;
    }
  }
  buffer = writable(std::move(buffer));
  const Mapped write{buffer.get(), GST_MAP_READWRITE};
  if (!write) return false;
  const auto samples = write.samples(count);
  if (gap)
    std::fill(samples.begin(), samples.end(), 0.0F);
  else
    silence_non_finite(samples);
  limiter_.push(samples);
  return true;
}

void LimitedBuffers::push(GstPtr<GstEvent> event) {
  if (held_.empty())
    passed_.push_back({nullptr, std::move(event)});
  else
    held_.push_back({{nullptr, std::move(event)}});
}

bool LimitedBuffers::finish() {
  limiter_.finish();
  const bool done = release();
  limiter_ = Limiter{format_of(info_), ceiling_};
  next_ = GST_CLOCK_TIME_NONE;
  return done;
}

void LimitedBuffers::reset() { *this = LimitedBuffers{info_, ceiling_}; }

// Moves what is ready from held_ to passed_.
bool LimitedBuffers::release() {
  bool done = true;
  while (!held_.empty()) {
    auto& front = held_.front();
    const auto frames = std::min(limiter_.ready(), front.frames - front.done);
    if (frames == 0 && front.done < front.frames) break;
    if (front.what.event) {
      passed_.push_back(std::move(front.what));
    } else {
      auto buffer = piece(front, frames);
      done = apply_gains_to(buffer, frames) && done;
      passed_.push_back({std::move(buffer), nullptr});
    }
    if (front.done == front.frames) held_.pop_front();
  }
  return done;
}

// The next frames of a buffer, all of them in the buffer itself.
GstPtr<GstBuffer> LimitedBuffers::piece(Held& held, std::size_t frames) {
  const auto first = held.done;
  held.done += frames;
  auto& whole = held.what.buffer;
  GstPtr<GstBuffer> out;
  if (frames == held.frames) {
    out = std::move(whole);
  } else {
    const auto bpf = static_cast<std::size_t>(GST_AUDIO_INFO_BPF(&info_));
    out =
        adopt(gst_buffer_copy_region(whole.get(), GST_BUFFER_COPY_ALL, first * bpf, frames * bpf));
    if (GST_BUFFER_PTS_IS_VALID(whole.get()))
      GST_BUFFER_PTS(out.get()) = GST_BUFFER_PTS(whole.get()) + duration(first);
    GST_BUFFER_DURATION(out.get()) = duration(held.done) - duration(first);
    if (GST_BUFFER_OFFSET_IS_VALID(whole.get())) {
      GST_BUFFER_OFFSET(out.get()) = GST_BUFFER_OFFSET(whole.get()) + first;
      GST_BUFFER_OFFSET_END(out.get()) = GST_BUFFER_OFFSET(out.get()) + frames;
    }
    if (first > 0) GST_BUFFER_FLAG_UNSET(out.get(), GST_BUFFER_FLAG_DISCONT);
    if (first > 0) GST_BUFFER_FLAG_UNSET(out.get(), GST_BUFFER_FLAG_RESYNC);
  }
  return out;
}

bool LimitedBuffers::apply_gains_to(GstPtr<GstBuffer>& buffer, std::size_t frames) {
  const auto channels = static_cast<std::size_t>(GST_AUDIO_INFO_CHANNELS(&info_));
  const bool gap = GST_BUFFER_FLAG_IS_SET(buffer.get(), GST_BUFFER_FLAG_GAP);
  std::optional<Mapped> sound;  // its memory is copied only where there is something to change
  for (std::size_t at = 0; at < frames;) {
    const auto run = limiter_.take(frames - at);
    if (!run.gains.empty() && !gap) {
      if (!sound) {
        buffer = writable(std::move(buffer));
        sound.emplace(buffer.get(), GST_MAP_READWRITE);
      }
      if (!*sound) return false;
      apply_gains(run.gains,
                  sound->samples(frames * channels).subspan(at * channels, run.frames * channels));
    }
    at += run.frames;
  }
  return true;
}

Released LimitedBuffers::pull() {
  if (passed_.empty()) return {};
  auto passed = std::move(passed_.front());
  passed_.pop_front();
  return passed;
}

}  // namespace rostrum
