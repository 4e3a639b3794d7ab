// SPDX-License-Identifier: LGPL-2.1-or-later
// Makes decoded sound of any format what the timeline plays: 32-bit float, stereo, 48 kHz, each
// sample at its place on the medium's own 48 kHz grid.
#pragma once

#include "core/clip_schedule.h"
#include "lib/gst_ptr.h"

#include <gst/audio/audio.h>

#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace rostrum {

inline constexpr int kSoundChannels = 2;

// Where a medium's first decoded buffer of sound stands, and how long it is in samples per channel.
struct FirstSound {
  Nanoseconds time{0};
  std::int64_t frames = 0;
  bool equal_packets = true;  // those that follow can be counted
};

// Samples per channel of a decoded buffer; 0 when it is no sound.
std::int64_t frames_of(GstSample* sample);

// The caps of all sound that SoundConform makes.
GstPtr<GstCaps> conformed_caps();

// The same samples come out wherever decoding started: resampling begins at an input sample that
// coincides with one of the 48 kHz grid, and times that a container has rounded are put right by
// counting packets.  A clock that runs off is put right by resampling, too.
class SoundConform {
 public:
  // The medium that the next buffers are of: its packets have one length and begin where the first
  // sound ends.
  void count_from(std::optional<FirstSound> first) { first_ = first; }
  // By which the next buffers are taken; after reset() or before the first.
  void set_clock(const SoundClock& clock) { clock_ = clock; }
  // A decoded buffer that stands at `time` by the container (from the medium's first timestamp;
  // kNoTime: where the last one ended).  Buffers follow each other without a seam unless their
  // times differ by more than 20 ms; what overlaps the sound before is dropped.  False when the
  // format cannot be used.
  bool push(GstSample* sample, Nanoseconds time);
  // No more follows: the resampler's last samples come out.
  void finish();
  void reset();

  // Index of the sample after the last one that came out.
  std::int64_t end() const { return end_; }
  bool empty() const { return chunks_.empty(); }
  // Silence where there is no sound.  Interleaved.
  void copy(std::int64_t from, std::int64_t count, float* to) const;
  void drop_before(std::int64_t index);

 private:
  struct FreeConverter {
    void operator()(GstAudioConverter* c) const { gst_audio_converter_free(c); }
  };
  struct Chunk {
    std::int64_t start = 0;
    std::vector<float> samples;  // interleaved

    std::int64_t end() const {
      return start + static_cast<std::int64_t>(samples.size()) / kSoundChannels;
    }
  };
  bool set_format(const GstCaps* caps);
  std::int64_t index_at(Nanoseconds time) const;
  std::int64_t index_of(Nanoseconds time, std::int64_t frames) const;
  bool is_plain() const;
  void convert(void** planes, std::int64_t frames);
  void store(std::vector<float> samples);
  void end_run();

  SoundClock clock_;
  ResamplingRatio ratio_;  // of the format to 48 kHz, by the clock
  std::optional<FirstSound> first_;
  GstPtr<GstCaps> caps_;
  GstAudioInfo in_{};
  std::unique_ptr<GstAudioConverter, FreeConverter> converter_;
  bool running_ = false;        // the resampler is fed without a seam
  std::int64_t next_in_ = 0;    // input sample that follows, on the medium's own grid
  std::int64_t run_start_ = 0;  // output index of the run's first sample
  std::int64_t run_in_ = 0;     // input samples of the run so far
  std::int64_t run_out_ = 0;    // output samples of the run so far
  std::int64_t end_ = 0;
  std::deque<Chunk> chunks_;
};

}  // namespace rostrum
