// SPDX-License-Identifier: LGPL-2.1-or-later
// Movie boxes of finished chunks -> the movie box of one film whose samples are theirs, one after
// another.
#pragma once

#include "core/mp4_box.h"
#include "core/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace rostrum::mp4 {

// One file with one track: its movie box and which of its samples are the film's.
struct JoinPart {
  Bytes moov;              // body of the box
  std::int64_t skip = 0;   // samples left out at the beginning
  std::int64_t keep = -1;  // samples taken after them; -1 = all
  // Of pictures that are held: the frames, counted from the part's first, with which they come, in
  // order, the first 0 and the last the part's last; empty: one comes with each frame.
  std::vector<std::int64_t> frames = {};
};

// A run of bytes of a part's file that is copied as it is.
struct Extent {
  bool sound = false;
  std::size_t part = 0;  // index into the pictures or sounds
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  // A picture that decoding can begin with: the part's parameter units come first, but behind the
  // delimiter (H.264, 7.4.1.2.3) if it has one.
  bool parameters = false;

  friend bool operator==(const Extent&, const Extent&) = default;
};

struct JoinedMovie {
  Bytes moov;  // body of the box; its offsets count from `payload_start`
  std::vector<Extent>
      extents;  // what the payload is made of, in order; sound interleaved by the second
  std::uint64_t payload_size = 0;  // with the parameter units
  std::vector<Bytes> parameters;   // of each part of the pictures; empty: all are alike
};

// Where the samples begin in a payload box: after its 64-bit header.
inline constexpr std::uint64_t kPayloadHeader = 16;

// Pictures must be of one frame rate and size, sounds encoded alike (same sample description).
// Where pictures of H.264 are coded differently their parameters stand before each picture that
// decoding can begin with, and the film's sample entry is 'avc3' (ISO/IEC 14496-15, 5.4.2.1).
// Sample times are made even: picture n stands at n frames, or at that which its part says, whatever
// rounding each part had.
// Kind::media when a part is damaged, has fewer samples than are to be kept, or does not match the
// first.  Without sounds there is no sound track.  `packet`: of the sound, in its time scale, for
// parts whose first packet is cut by its priming; 0 = as long as the first.  Only the last packet
// of all may be shorter.
Result<JoinedMovie> join_movies(const std::vector<JoinPart>& pictures,
                                const std::vector<JoinPart>& sounds, std::uint32_t packet = 0);

}  // namespace rostrum::mp4
