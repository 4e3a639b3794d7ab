// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/audio_track.h"

#include <algorithm>
#include <span>
#include <vector>

namespace rostrum {

namespace {

// Blocks end on these grids.  Each costs its reader a change of threads.
constexpr std::int64_t kBlock = kSoundRate / 5;
constexpr std::int64_t kGapBlock = kSoundRate;
constexpr std::int64_t kKept = kSoundRate / 100;  // behind what was put out, for the next clip
constexpr std::int64_t kFrameBytes = kSoundChannels * sizeof(float);

// The samples of a block, to be written.
GstPtr<GstBuffer> make_block(std::int64_t count) {
  return adopt(gst_buffer_new_allocate(nullptr, static_cast<gsize>(count * kFrameBytes), nullptr));
}

// At most kGapBlock, all of it from one memory that nobody may write to.
GstPtr<GstBuffer> silence(std::int64_t count) {
  static std::vector<float> zeros(kGapBlock * kSoundChannels);
  const auto size = static_cast<gsize>(count * kFrameBytes);
  auto buffer =
      adopt(gst_buffer_new_wrapped_full(GST_MEMORY_FLAG_READONLY, zeros.data(),
                                        zeros.size() * sizeof(float), 0, size, nullptr, nullptr));
  GST_BUFFER_FLAG_SET(buffer.get(), GST_BUFFER_FLAG_GAP);
  return buffer;
}

// Volume and pan: the channel that the sound is moved away from is turned down.
void place(const TimelineClip& clip, std::span<float> samples) {
  if (clip.volume == 1 && clip.pan == 0) return;
  const float factors[] = {static_cast<float>(clip.volume * std::min(1.0, 1 - clip.pan)),
                           static_cast<float>(clip.volume * std::min(1.0, 1 + clip.pan))};
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] *= factors[i % kSoundChannels];
}

AudioTrack::Step gap(std::int64_t count, bool silent) {
  return {AudioTrack::Step::Kind::gap, silent ? silence(count) : nullptr, count};
}

}  // namespace

void AudioTrack::restart() {
  player_.restart();
  conform_.reset();
  ended_ = false;
  first_ = true;
  consumed_.reset();
}

void AudioTrack::enter(std::size_t clip, std::int64_t from) {
  if (player_.enter(clip, sample_time(std::max<std::int64_t>(from, 0)), position())) return;
  conform_.reset();
  conform_.set_clock(player_.clip(clip).clock);
  ended_ = false;
  first_ = true;
  consumed_.reset();
}

// Until the medium's sample `until` is there or known to be missing; false when interrupted.
bool AudioTrack::decode(std::int64_t from, std::int64_t until) {
  while (!ended_ && conform_.end() < until) {
    GstPtr<GstSample> sample;
    switch (player_.next(sample)) {
    case ClipPlayer::Next::flushing:
      return false;
    case ClipPlayer::Next::ended:
      conform_.finish();
      ended_ = true;
      continue;
    case ClipPlayer::Next::sample:
      break;
    }
    const auto* decoder = player_.decoder();
    const auto time = decoder->time_of(sample.get());
    const bool first = std::exchange(first_, false);
    const auto beginning = decoder->first_sound();
    if (first) conform_.count_from(beginning);
    if (first && time != kNoTime && from >= 0 && player_.try_earlier(time, sample_time(from))) {
      first_ = true;
      continue;
    }
    // A seek cuts into the packet that it meets, so that its length says nothing.
    const bool cut = first && time != kNoTime && beginning && time > beginning->time;
    const auto& clock = player_.clip(*player_.current()).clock;
    if (cut && sample_at(clock.medium_time(time)) + frames_of(sample.get()) < from - kKept)
      continue;
    conform_.push(sample.get(), time);
    conform_.drop_before(from - kKept);
  }
  return true;
}

AudioTrack::Step AudioTrack::play(const TimelineClip& clip, std::int64_t n, std::int64_t count,
                                  bool silent_gaps) {
  // One constant per clip, so that the pieces of a clip that was cut play the same samples.
  const auto from = n + sample_at(clip.in - clip.start);
  if (!decode(from, from + count)) return {Step::Kind::flushing, {}, 0};
  consumed_ = std::max<std::int64_t>(from + count, 0);
  if (ended_ && conform_.end() < from + count)
    player_.report(conform_.end() > 0 ? sample_time(conform_.end()) : clip.in);
  if (conform_.end() <= from) return gap(count, silent_gaps);
  Step step{Step::Kind::sound, make_block(count), count};
  GstMapInfo map;
  if (gst_buffer_map(step.sound.get(), &map, GST_MAP_WRITE)) {
    const std::span samples{reinterpret_cast<float*>(map.data), map.size / sizeof(float)};
    conform_.copy(from, count, samples.data());
    place(clip, samples);
    for (const auto& gain : player_.settings().gains) apply_gain(gain, n, samples, kSoundChannels);
    gst_buffer_unmap(step.sound.get(), &map);
  }
  return step;
}

AudioTrack::Step AudioTrack::samples(std::int64_t n, std::int64_t end, bool silent_gaps) {
  const auto& schedule = player_.settings().schedule;
  const auto spot = schedule.at_sample(n, end);
  const auto block = spot.gap ? kGapBlock : kBlock;
  const auto count = std::min(spot.until, (n / block + 1) * block) - n;
  const bool near = spot.until < end && spot.until - n < sample_at(kOpenAhead);
  if (spot.gap) {
    if (player_.current() != spot.clip) player_.leave_unless_for(spot.clip, position());
    if (near) player_.prepare(spot.clip, position());
    return gap(count, silent_gaps);
  }
  const auto& clip = player_.clip(spot.clip);
  if (player_.current() != spot.clip) enter(spot.clip, n + sample_at(clip.in - clip.start));
  auto step = play(clip, n, count, silent_gaps);
  if (near && spot.clip + 1 < schedule.clips().size())
    player_.prepare(spot.clip + 1, clip.source_time(clip.end()));
  return step;
}

}  // namespace rostrum
