// SPDX-License-Identifier: LGPL-2.1-or-later
// Where a plan is cut into chunks, and what each will cost.
#pragma once

#include "core/plan.h"
#include "core/slice.h"

#include <vector>

namespace rostrum {

inline constexpr Nanoseconds kChunkLength{30'000'000'000};
inline constexpr Nanoseconds kCutReach{5'000'000'000};

// Cuts at every multiple of kChunkLength of job time, each moved on its own to the nearest scene
// change within kCutReach (the earlier of two as near).  So one edit moves no cut but those next to
// it, and the chunks do not depend on how many workers render them.  A run of copied pictures
// begins and ends with a cut; those within it are moved to the next picture that decoding can begin
// with.  So does a still, within which there are cuts only about every ten minutes.
std::vector<FrameRange> cut_chunks(const Plan& plan);

// Of a chunk: its pictures are either all copied or all composed, and of a still not all encoded.
Slice make_chunk_slice(const Plan& plan, FrameRange frames);

// A run of packets of the whole programme, and the samples to encode so that they come out as if
// the whole had been encoded at once.  Packet j of AAC ends at sample j * 1024, packet 0 is the
// encoder's priming.
struct SoundUnit {
  std::int64_t first_packet = 0;
  std::int64_t end_packet = 0;
  std::int64_t first_sample = 0;  // with pre-roll, a multiple of packet_samples
  std::int64_t end_sample = 0;    // with what the encoder looks ahead
  std::int64_t packet_samples = 1024;

  // The packet of the unit's own encoder that is the first to keep.
  std::int64_t skipped() const { return first_packet - first_sample / packet_samples; }
  std::int64_t kept() const { return end_packet - first_packet; }
  friend bool operator==(const SoundUnit&, const SoundUnit&) = default;
};

inline constexpr Nanoseconds kSoundUnitLength{60'000'000'000};

// Units of about that length that cover all packets of `samples` samples at 48 kHz: small enough to
// share out between workers, and for an edit to redo little.
std::vector<SoundUnit> cut_sound(std::int64_t samples, AudioCodec codec,
                                 Nanoseconds length = kSoundUnitLength);

// What a chunk takes, in arbitrary units that can be compared: decoded, composed and encoded
// pixels.
double cost(const Slice& slice, const MediaMap& media);

}  // namespace rostrum
