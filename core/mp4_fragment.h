// SPDX-License-Identifier: LGPL-2.1-or-later
// Movie fragments (ISO/IEC 14496-12, 8.8) put on a time axis while they are written.
#pragma once

#include "core/mp4_box.h"
#include "core/timeline.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>

namespace rostrum::mp4 {

// mp4mux (1.22) begins every track of a fragmented file at decoding time 0 and writes no edit list:
// the pictures come late by the reordering of B-frames, and how much later one track begins than
// another is lost.
class FragmentTimes {
 public:
  // By track id, not negative.
  using TimeOf = std::function<Nanoseconds(std::uint32_t)>;

  // `ftyp` is the whole box; the result names the brand of what rewrite() makes.
  static Bytes rewrite_brands(View ftyp);
  // The movie box (whole, as is the result) with an edit list that takes these delays of the first
  // presentation off; without any it stays as it is.  Nothing when it is broken.
  std::optional<Bytes> rewrite_movie(View moov, const TimeOf& delay);
  // The fragment (a whole 'moof' box, as is the result) with each track's first presentation at
  // these times.  Nothing when it is broken, or holds several tracks, which mp4mux does not do.
  std::optional<Bytes> rewrite(View moof, const TimeOf& start);

  // When the first sample of a fragment is presented, by what it says itself, edit list apart.
  struct First {
    std::uint32_t track = 0;
    Nanoseconds time{0};
  };
  bool read_movie(View moov);  // the whole box
  std::optional<First> first_of(View moof) const;

 private:
  struct Clock {
    std::uint32_t timescale = 0;
    std::int64_t edit = 0;  // ticks that the edit list takes off
    bool begun = false;
    std::int64_t shift = 0;  // ticks from mp4mux's decoding times to ours
  };

  std::map<std::uint32_t, Clock> clocks_;  // by track id
};

}  // namespace rostrum::mp4
