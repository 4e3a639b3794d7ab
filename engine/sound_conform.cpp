// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/sound_conform.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <span>
#include <utility>

namespace rostrum {

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kRateUnit =
    16'000;                              // common to kSoundRate and kSecond: keeps products small
constexpr int kResyncPerSecond = 50;     // 20 ms
constexpr int kRoundedPerSecond = 1000;  // 1 ms
constexpr int kResamplerQuality = 4;     // of 0 to 10; audioresample's default
// GStreamer's filter is late by 1/oversample of an input sample; its default is 8.
constexpr int kOversample = 64;

// How loud a channel is in each of two, by ITU-R BS.775: the low-frequency effects are left out,
// and nothing is turned down so that the sum cannot clip, for a limiter follows.  Nothing: a
// position that the standard does not know.
std::optional<std::array<float, kSoundChannels>> share_of(GstAudioChannelPosition position) {
  constexpr float kHalfPower = std::numbers::sqrt2_v<float> / 2;
  switch (position) {
  case GST_AUDIO_CHANNEL_POSITION_FRONT_LEFT:
    return {{1, 0}};
  case GST_AUDIO_CHANNEL_POSITION_FRONT_RIGHT:
    return {{0, 1}};
  case GST_AUDIO_CHANNEL_POSITION_FRONT_CENTER:
    return {{kHalfPower, kHalfPower}};
  case GST_AUDIO_CHANNEL_POSITION_REAR_LEFT:
  case GST_AUDIO_CHANNEL_POSITION_SIDE_LEFT:
    return {{kHalfPower, 0}};
  case GST_AUDIO_CHANNEL_POSITION_REAR_RIGHT:
  case GST_AUDIO_CHANNEL_POSITION_SIDE_RIGHT:
    return {{0, kHalfPower}};
  case GST_AUDIO_CHANNEL_POSITION_REAR_CENTER:
    return {{0.5F, 0.5F}};
  case GST_AUDIO_CHANNEL_POSITION_LFE1:
  case GST_AUDIO_CHANNEL_POSITION_LFE2:
    return {{0, 0}};
  default:
    return {};
  }
}

void append(GValue* list, GValue item) { gst_value_array_append_and_take_value(list, &item); }

// Of more channels than two; GStreamer's own matrix stays where a position is unknown.
void set_mix(const GstAudioInfo& info, GstStructure* config) {
  const auto channels = GST_AUDIO_INFO_CHANNELS(&info);
  if (channels <= kSoundChannels || GST_AUDIO_INFO_IS_UNPOSITIONED(&info)) return;
  GValue matrix = G_VALUE_INIT;
  g_value_init(&matrix, GST_TYPE_ARRAY);
  bool known = true;
  for (std::size_t out = 0; out < kSoundChannels; ++out) {
    GValue row = G_VALUE_INIT;
    g_value_init(&row, GST_TYPE_ARRAY);
    for (int c = 0; c < channels; ++c) {
      const auto share = share_of(GST_AUDIO_INFO_POSITION(&info, c));
      known = known && share;
      GValue factor = G_VALUE_INIT;
      g_value_init(&factor, G_TYPE_FLOAT);
      g_value_set_float(&factor, share ? (*share)[out] : 0);
      append(&row, factor);
    }
    append(&matrix, row);
  }
  if (known) gst_structure_set_value(config, GST_AUDIO_CONVERTER_OPT_MIX_MATRIX, &matrix);
  g_value_unset(&matrix);
}

// A buffer's planes for as long as this lives.
class Mapped {
 public:
  Mapped(const GstAudioInfo& info, GstBuffer* buffer) {
    mapped_ = gst_audio_buffer_map(&buffer_, &info, buffer, GST_MAP_READ);
  }
  ~Mapped() {
    if (mapped_) gst_audio_buffer_unmap(&buffer_);
  }
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;
  explicit operator bool() const { return mapped_; }
  std::int64_t frames() const { return static_cast<std::int64_t>(buffer_.n_samples); }
  // From a sample on.
  std::vector<void*> planes(std::int64_t skip) const {
    const bool interleaved = GST_AUDIO_BUFFER_LAYOUT(&buffer_) == GST_AUDIO_LAYOUT_INTERLEAVED;
    const int step = interleaved ? GST_AUDIO_BUFFER_BPF(&buffer_) : GST_AUDIO_BUFFER_BPS(&buffer_);
    std::vector<void*> planes;
    for (int i = 0; i < GST_AUDIO_BUFFER_N_PLANES(&buffer_); ++i)
      planes.push_back(static_cast<guint8*>(GST_AUDIO_BUFFER_PLANE_DATA(&buffer_, i)) +
                       skip * step);
    return planes;
  }

 private:
  GstAudioBuffer buffer_{};
  bool mapped_ = false;
};

}  // namespace

std::int64_t frames_of(GstSample* sample) {
  GstAudioInfo info;
  auto* caps = gst_sample_get_caps(sample);
  if (!caps || !gst_audio_info_from_caps(&info, caps)) return 0;
  return static_cast<std::int64_t>(gst_buffer_get_size(gst_sample_get_buffer(sample))) /
         GST_AUDIO_INFO_BPF(&info);
}

GstPtr<GstCaps> conformed_caps() {
  GstAudioInfo info;
  gst_audio_info_set_format(&info, GST_AUDIO_FORMAT_F32LE, kSoundRate, kSoundChannels, nullptr);
  return adopt(gst_audio_info_to_caps(&info));
}

bool SoundConform::set_format(const GstCaps* caps) {
  if (converter_ && caps_ && gst_caps_is_equal(caps_.get(), caps)) return true;
  end_run();
  converter_.reset();
  caps_ = adopt(gst_caps_copy(caps));
  if (!gst_audio_info_from_caps(&in_, caps)) return false;
  ratio_ = resampling_ratio(clock_, GST_AUDIO_INFO_RATE(&in_), kSoundRate);
  // The converter only knows rates by their ratio.
  auto from = in_;
  from.rate = static_cast<gint>(ratio_.in);
  GstAudioInfo out;
  gst_audio_info_set_format(&out, GST_AUDIO_FORMAT_F32LE, static_cast<gint>(ratio_.out),
                            kSoundChannels, nullptr);
  auto* config = gst_structure_new_empty("sound");
  gst_audio_resampler_options_set_quality(GST_AUDIO_RESAMPLER_METHOD_KAISER, kResamplerQuality,
                                          from.rate, out.rate, config);
  gst_structure_set(config, GST_AUDIO_RESAMPLER_OPT_FILTER_OVERSAMPLE, G_TYPE_INT, kOversample,
                    nullptr);
  set_mix(in_, config);
  converter_.reset(gst_audio_converter_new(GST_AUDIO_CONVERTER_FLAG_NONE, &from, &out, config));
  return converter_ != nullptr;
}

// Of the sample at `time` on the medium's own grid, by the container alone.
std::int64_t SoundConform::index_at(Nanoseconds time) const {
  auto num = std::int64_t{GST_AUDIO_INFO_RATE(&in_)};
  auto den = kSecond;
  if (clock_.times_right && !clock_.own()) {
    num = ratio_.in * (kSoundRate / kRateUnit);
    den = ratio_.out * (kSecond / kRateUnit);
  }
  return time.count() < 0 ? -scale_round(-time.count(), num, den)
                          : scale_round(time.count(), num, den);
}

// Matroska rounds times to whole milliseconds, so of a packet that stands within that of where its
// number says, the number is right.  A clock that runs off gives times that scatter more, but not
// by half a packet.
std::int64_t SoundConform::index_of(Nanoseconds time, std::int64_t frames) const {
  const int rate = GST_AUDIO_INFO_RATE(&in_);
  const auto at = index_at(time);
  if (!first_ || !first_->equal_packets || frames == 0) return at;
  const auto second = index_at(first_->time) + first_->frames;
  const auto packets = std::llround(static_cast<double>(at - second) / static_cast<double>(frames));
  const auto counted = second + packets * frames;
  const bool scattered = clock_.times_right && !clock_.own();
  const auto most = scattered ? std::min<std::int64_t>(frames, rate / kResyncPerSecond)
                              : rate / kRoundedPerSecond + 1;
  return std::abs(counted - at) <= most ? counted : at;
}

bool SoundConform::push(GstSample* sample, Nanoseconds time) {
  auto* caps = gst_sample_get_caps(sample);
  if (!caps || !set_format(caps)) return false;
  const Mapped mapped{in_, gst_sample_get_buffer(sample)};
  if (!mapped) return false;
  const int rate = GST_AUDIO_INFO_RATE(&in_);
  const auto at = time == kNoTime ? next_in_ : index_of(time, mapped.frames());
  if (running_ && std::abs(at - next_in_) > rate / kResyncPerSecond) end_run();
  std::int64_t skip = 0;
  if (!running_) {
    const auto step = ratio_.in;  // input samples from one that lies on the grid to the next
    skip = ((-at) % step + step) % step;
    if (skip >= mapped.frames()) return true;
    next_in_ = at + skip;
    run_start_ = next_in_ / step * ratio_.out;
    run_in_ = run_out_ = 0;
    running_ = true;
  }
  auto planes = mapped.planes(skip);
  const auto frames = mapped.frames() - skip;
  next_in_ += frames;
  run_in_ += frames;
  convert(planes.data(), frames);
  return true;
}

// One channel of the right samples, as microphones have it: there is nothing to reckon.
bool SoundConform::is_plain() const {
  return ratio_.in == ratio_.out && GST_AUDIO_INFO_CHANNELS(&in_) == 1 &&
         GST_AUDIO_INFO_FORMAT(&in_) == GST_AUDIO_FORMAT_F32LE;
}

void SoundConform::convert(void** planes, std::int64_t frames) {
  if (is_plain()) {
    const std::span mono{static_cast<const float*>(planes[0]), static_cast<std::size_t>(frames)};
    std::vector<float> both(mono.size() * kSoundChannels);
    for (std::size_t i = 0; i < both.size(); ++i) both[i] = mono[i / kSoundChannels];
    return store(std::move(both));
  }
  const auto count =
      gst_audio_converter_get_out_frames(converter_.get(), static_cast<gsize>(frames));
  std::vector<float> samples(count * kSoundChannels);
  void* out[] = {samples.data()};
  gst_audio_converter_samples(converter_.get(), GST_AUDIO_CONVERTER_FLAG_NONE, planes,
                              static_cast<gsize>(frames), out, count);
  store(std::move(samples));
}

void SoundConform::store(std::vector<float> samples) {
  Chunk chunk{run_start_ + run_out_, std::move(samples)};
  run_out_ = chunk.end() - run_start_;
  const auto late = (chunks_.empty() && end_ == 0) ? 0 : end_ - chunk.start;
  if (late > 0) {
    const auto cut =
        std::min(late * kSoundChannels, static_cast<std::int64_t>(chunk.samples.size()));
    chunk.samples.erase(chunk.samples.begin(), chunk.samples.begin() + cut);
    chunk.start += cut / kSoundChannels;
  }
  if (chunk.samples.empty()) return;
  end_ = chunk.end();
  chunks_.push_back(std::move(chunk));
}

// The resampler is half a filter behind: silence pushes the rest out.
void SoundConform::end_run() {
  if (!std::exchange(running_, false)) return;
  const auto due = scale_round(run_in_, ratio_.out, ratio_.in);
  const auto behind = gst_audio_converter_get_max_latency(converter_.get());
  if (behind > 0 && run_out_ < due) {
    std::vector<guint8> silence((behind + 1) * GST_AUDIO_INFO_BPF(&in_));
    gst_audio_format_info_fill_silence(in_.finfo, silence.data(), silence.size());
    const bool planar = GST_AUDIO_INFO_LAYOUT(&in_) == GST_AUDIO_LAYOUT_NON_INTERLEAVED;
    std::vector<void*> planes(planar ? GST_AUDIO_INFO_CHANNELS(&in_) : 1, silence.data());
    convert(planes.data(), static_cast<std::int64_t>(behind));
    const auto extra = end_ - (run_start_ + due);
    if (extra > 0 && !chunks_.empty()) {
      auto& last = chunks_.back();
      const auto cut =
          std::min(extra * kSoundChannels, static_cast<std::int64_t>(last.samples.size()));
      last.samples.resize(last.samples.size() - cut);
      end_ = last.end();
    }
  }
  gst_audio_converter_reset(converter_.get());
}

void SoundConform::finish() { end_run(); }

void SoundConform::reset() {
  running_ = false;
  converter_.reset();
  caps_.reset();
  chunks_.clear();
  end_ = 0;
  next_in_ = 0;
}

void SoundConform::copy(std::int64_t from, std::int64_t count, float* to) const {
  auto next = from;
  const auto silence_until = [&](std::int64_t index) {
    std::fill_n(to + (next - from) * kSoundChannels, (index - next) * kSoundChannels, 0.0F);
  };
  for (const auto& chunk : chunks_) {
    const auto first = std::max(next, chunk.start);
    const auto last = std::min(from + count, chunk.end());
    if (first >= last) continue;
    silence_until(first);
    std::copy_n(chunk.samples.data() + (first - chunk.start) * kSoundChannels,
                (last - first) * kSoundChannels, to + (first - from) * kSoundChannels);
    next = last;
  }
  silence_until(from + count);
}

void SoundConform::drop_before(std::int64_t index) {
  while (chunks_.size() > 1 && chunks_.front().end() <= index) chunks_.pop_front();
}

}  // namespace rostrum
