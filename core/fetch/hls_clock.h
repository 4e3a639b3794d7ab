// SPDX-License-Identifier: LGPL-2.1-or-later
// Where the media of HLS segments stand on the time of the whole.
#pragma once

#include "core/mp4_box.h"
#include "core/timeline.h"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace rostrum::hls {

// The earliest presentation time in the first packets of an MPEG transport stream, one of each of
// its elementary streams, on the stream's own clock of 33 bits (ISO/IEC 13818-1, 2.4.3.6).
// Nothing: there are none.
std::optional<Nanoseconds> first_time_of_ts(mp4::View bytes);

// By how much fragmented MP4, which begins with these bytes, moves the first track of this kind on
// its own time: what the edit list of its movie box adds to its start (ISO/IEC 14496-12, 8.6.6).
Nanoseconds edit_of(mp4::View bytes, mp4::FourCc handler);

// The first times of one run.
struct RunTimes {
  std::size_t part = 0;
  Nanoseconds start{0};     // of the part, on the time of the whole
  Nanoseconds first{0};     // the first time that the demuxer gives
  Nanoseconds on_clock{0};  // the same on the clock that all renditions have in common
  Nanoseconds packet{0};    // of its first packet of sound, the length
};

// The beginning of streams that begin together: the picture, where the sound begins at most a
// packet before it.  That is what its encoder puts before the first sample, which the edit list of
// an MP4 would cut off.  Else whichever is first.
Nanoseconds beginning_of(Nanoseconds picture, Nanoseconds sound, Nanoseconds packet);

// By how much the demuxer's times have to be moved, of each run.  The first time of a part stands
// at the part's start; the runs of `sound` (another rendition, which has the same clock in the same
// part: RFC 8216, 6.2.4) keep their distance to those of `main`.
struct Shifts {
  std::vector<Nanoseconds> main;
  std::vector<Nanoseconds> sound;
};
Shifts shifts_of(std::span<const RunTimes> main, std::span<const RunTimes> sound);

// When a packet is decoded and shown, and how long; a time that is not known is kNoTime.
struct PacketTimes {
  Nanoseconds decoded{kNoTime};
  Nanoseconds shown{kNoTime};
  Nanoseconds duration{0};
};

// Brings the packets of one stream, of one run after another, to the time of the whole.
class Retimer {
 public:
  // Of a stream whose packets can do without each other (sound), what would overlap the run before,
  // or begin before the whole does, is left out; of others the times of decoding move.
  explicit Retimer(bool independent)
      : independent_{independent}, end_{independent ? Nanoseconds{0} : kNoTime} {}

  void begin_run(Nanoseconds shift);
  // Both times known, that of decoding growing from packet to packet.  Nothing: it is left out.
  std::optional<PacketTimes> place(PacketTimes packet);

 private:
  bool independent_;
  bool joining_ = false;  // nothing of this run is placed yet
  Nanoseconds shift_{0};
  Nanoseconds last_{kNoTime};  // time of decoding
  Nanoseconds end_;            // the latest end
};

}  // namespace rostrum::hls
