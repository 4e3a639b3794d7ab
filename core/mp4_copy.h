// SPDX-License-Identifier: LGPL-2.1-or-later
// The movie box of a file that holds some of a medium's coded pictures as they are.
#pragma once

#include "core/avc.h"
#include "core/layout.h"
#include "core/mp4_join.h"
#include "core/mp4_movie.h"

namespace rostrum::mp4 {

// The only track of pictures of a medium, of H.264 in one sample entry.
struct CodedTrack {
  Track header;
  avc::Config config;
  std::vector<Sample> samples;
};

// Kind::media, with a clause for people, when there is no such track.
Result<CodedTrack> read_coded_track(View moov);

// Zero of the times of everything in the medium as GStreamer's demuxer has them, on the movie's
// axis: of its tracks of pictures and sound the earliest first sample, but not before 0.
Nanoseconds first_time(View moov);

// When each sample is shown on the movie's axis, kNoTime outside the edit list; nothing when that
// is more than a beginning and an end, or samples are shown before they are decoded.
std::optional<std::vector<Nanoseconds>> shown_times(const CodedTrack& track,
                                                    std::uint32_t movie_timescale);

struct CopiedPart {
  std::size_t first = 0;  // sample
  std::size_t count = 0;
  Fraction rate;  // at which they follow each other now
  Size size;
};

// Declared BT.709.  The samples must be there, and be shown without the others.
JoinedMovie copy_samples(const CodedTrack& track, const CopiedPart& part);

}  // namespace rostrum::mp4
