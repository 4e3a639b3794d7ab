// SPDX-License-Identifier: LGPL-2.1-or-later
// The index of a finished film -> the same film in movie fragments (ISO/IEC 14496-12, 8.8), which a
// player can fetch one by one.
#pragma once

#include "core/mp4_box.h"
#include "core/result.h"
#include "core/timeline.h"

#include <cstdint>
#include <string>
#include <vector>

namespace rostrum::mp4 {

// A run of bytes of the film's file.
struct ByteRange {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;

  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

struct MovieFragment {
  Bytes head;                      // the 'moof', and the header of the 'mdat' behind it
  std::vector<ByteRange> samples;  // what that holds, in order
  std::uint64_t size = 0;          // of all
  Interval shown;                  // of its first track
};

struct FragmentedMovie {
  Bytes head;   // 'ftyp' and 'moov': what a player needs before any fragment
  Bytes index;  // 'sidx' (8.16.3), which says how long and how large each fragment is
  std::vector<MovieFragment> fragments;
  std::string codecs;  // of its first track, as in RFC 6381
};

// Where fragments of a film can begin: at 0, and at the next picture that decoding can begin with
// once `length` is over; without pictures at each `length`.  `moov` is the body of the box.
// Kind::media when it is damaged.
Result<std::vector<Nanoseconds>> fragment_times(View moov, Nanoseconds length);

// The tracks of these handlers ('vide', 'soun'), in this order, cut at those times; sound at its
// next packet.  The edit lists that take off the delay of reordered pictures and the priming of
// sound stay; composition offsets without one would have to be negative, which libavformat 59 takes
// for a delay.  Of several tracks together the title and the list
// of chapters stay, too.  Kind::media when the film is damaged, lacks such a track, or has
// one with more than one edit.
Result<FragmentedMovie> fragment_movie(View moov, const std::vector<FourCc>& handlers,
                                       const std::vector<Nanoseconds>& times);

}  // namespace rostrum::mp4
