// SPDX-License-Identifier: LGPL-2.1-or-later
// One sink pad of speakerswitch.
#pragma once

#include "lib/gst_ptr.h"
#include "speakerswitch/level_meter.h"

#include <gst/audio/audio.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace rostrum {

enum class Medium { video, audio };
inline constexpr Medium kMedia[] = {Medium::video, Medium::audio};

struct SwitchInput {
  SwitchInput(Medium m, guint n, std::string pad) : medium{m}, number{n}, name{std::move(pad)} {}

  const Medium medium;
  const guint number;  // pads of the same number are one person's
  const std::string name;
  const std::uint64_t serial = next_serial();  // of no other, also after this one is gone

  std::atomic<guint> priority{0};   // any thread
  std::atomic<bool> muted = false;  // any thread

  // Streaming thread only.
  GstSegment segment{};
  GstPtr<GstCaps> caps;
  GstAudioInfo info{};

  // With the lock of SwitchState.
  std::size_t person = kNobody;
  bool eos = false;
  bool flushing = false;
  bool released = false;
  bool ended_before_seek = false;
  bool stale = false;                // a seek is under way and this pad has not been flushed for it
  bool awaited = false;              // another pad waits for `passed`
  std::optional<Nanoseconds> begun;  // running time of its first data
  Nanoseconds known{0};              // what comes up to here has arrived: the sound is measured
  Nanoseconds passed{0};             // and here: it is put out or dropped
  LevelMeter meter;
  GstClockID wait = nullptr;

  static std::uint64_t next_serial() {
    static std::atomic<std::uint64_t> last{0};
    return ++last;
  }

  // Begins as after a flush.  Windows before `window` are decided already.
  void rewind(std::int64_t window) {
    eos = false;
    begun.reset();
    known = passed = Nanoseconds{0};
    meter.clear(window);
  }
};

using SwitchInputs = std::vector<std::shared_ptr<SwitchInput>>;

}  // namespace rostrum
