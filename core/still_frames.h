// SPDX-License-Identifier: LGPL-2.1-or-later
// Stretches of a film in which nothing moves: where they are, and which of their frames are worth
// composing or encoding.
#pragma once

#include "core/plan.h"
#include "core/slice.h"

#include <cstdint>
#include <vector>

namespace rostrum {

// Shorter stretches are encoded frame by frame: two chunks more would take as long.
inline constexpr Nanoseconds kShortestStillRun{10'000'000'000};
// Of a still the frames are encoded so far apart: GStreamer's players cannot seek into a frame that
// is held for longer.
inline constexpr Nanoseconds kStillStep{1'000'000'000};
// And so many at either end, one after the other: with B-frames the decoding times of chunks would
// run into each other otherwise, and the last frame has no other length than its own.
inline constexpr std::int64_t kStillEdge = 3;
// Players enter a film at key frames, so a still has one at least so often.
inline constexpr Nanoseconds kStillKeyFrames{10'000'000'000};

// Runs of frames of at least kShortestStillRun in which no video is seen and nothing fades.
// Pictures, names and layouts may change from one frame to the next.
std::vector<FrameRange> still_runs(const Plan& plan);

// Whether the frame is in one of these runs, which are in order.
bool is_in(const std::vector<FrameRange>& runs, std::int64_t frame);

// Whether no video is seen in the slice and nothing fades.
bool stands_still(const Slice& slice);

// The frames of a slice that stands still from which on its picture may be another; the first among
// them.
std::vector<std::int64_t> picture_changes(const Slice& slice);

// Those of them that are composed of a slice that stands still; empty: all frames are composed, for
// it moves.
std::vector<std::int64_t> composed_frames(const Slice& slice);

// The frames of the slice that are encoded, in order: of a still those of its edges, one each
// second, each that may show another picture, and of a film with renditions those at which their
// segments begin; else all.
std::vector<std::int64_t> coded_frames(const Slice& slice, bool renditions = false);

// Of a still the same, counted from its first; of another slice nothing: one comes with each frame.
std::vector<std::int64_t> held_frames(const Slice& slice, bool renditions = false);

// Of a chunk of the plan, with its renditions; and of all its chunks.
std::vector<std::int64_t> coded_frames(const Plan& plan, FrameRange chunk);
std::vector<std::int64_t> coded_frames(const Plan& plan);

// A slice that stands still with only those of its frames, one after the other: frame k of them is
// frame slice.frames.first + k.  `frames` are in order and begin with the slice's first; a change
// between two of them comes with the later.
Slice gathered(const Slice& slice, const std::vector<std::int64_t>& frames);

// A stretch of job time of the gathered slice, where it is in the slice itself.
Interval spread(Interval when, const Slice& slice, const std::vector<std::int64_t>& frames);

}  // namespace rostrum
