// SPDX-License-Identifier: LGPL-2.1-or-later
// The packets of a film, out of the files of its chunks or out of the film itself, at the times at
// which the film has them: what mp4_join.h writes into its index.
#pragma once

#include "core/chunk_list.h"
#include "core/mp4_movie.h"

#include <optional>
#include <vector>

namespace rostrum {

struct FilmPacket {
  std::uint64_t offset = 0;  // in its file
  std::uint32_t size = 0;
  Nanoseconds time{0};  // of the film, when it is shown or heard
  Nanoseconds duration{0};
  bool sync = true;  // decoding can begin with it

  Nanoseconds end() const { return time + duration; }
};

// The pictures of `wanted`, frames counted from the film's first, in order of decoding.  `first`:
// the frame that the file begins with.  A picture lasts until the next one.  Nothing where the file
// is damaged or has none of them.
std::optional<std::vector<FilmPacket>> picture_packets(mp4::View moov, FrameGrid grid,
                                                       std::int64_t first, FrameRange wanted);

// A run of packets of a file of sound.
struct PacketRun {
  std::int64_t number = 0;  // of the first, counted from the film's
  std::int64_t skip = 0;    // packets of the file before it
  std::int64_t keep = -1;   // -1 = all
};

// They come behind some of those before them, as far as the file has them, for a decoder that
// begins with the run.  Nothing where the file is damaged or has fewer.
std::optional<std::vector<FilmPacket>> sound_packets(mp4::View moov, const SoundList& sound,
                                                     const PacketRun& run);

// When the film's packet of sound of this number begins; below 0 while the decoder is primed.
Nanoseconds packet_time(const SoundList& sound, std::int64_t packet);

// The packet with which decoding begins, so that what stands at t is decoded: of pictures the last
// one that decoding can begin with, of sound as many before as its decoder needs to be exact.
std::size_t entry_of(const std::vector<FilmPacket>& packets, Nanoseconds t, bool sound);

// How much earlier the first of these is than what it is decoded for, at most.
inline constexpr Nanoseconds kMostPreRoll = 300ms;

// Which of the samples of a buffer are heard within a part of the film.
struct HeardSamples {
  std::int64_t skip = 0;
  std::int64_t keep = 0;

  friend bool operator==(const HeardSamples&, const HeardSamples&) = default;
};
// The buffer begins at `begin`, which may be rounded, and holds so many.
HeardSamples heard_within(Interval part, Nanoseconds begin, std::int64_t samples,
                          std::int64_t rate);

// When the picture begins that is shown at t; the first one where none is yet.
Nanoseconds shown_at(const std::vector<FilmPacket>& pictures, Nanoseconds t);
// When the picture begins that comes next after t, and the one before t; nothing where there is
// none.
std::optional<Nanoseconds> next_after(const std::vector<FilmPacket>& pictures, Nanoseconds t);
std::optional<Nanoseconds> last_before(const std::vector<FilmPacket>& pictures, Nanoseconds t);

}  // namespace rostrum
