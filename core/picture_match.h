// SPDX-License-Identifier: LGPL-2.1-or-later
// Whether what a film shows is what its source shows at that time.
#pragma once

#include "core/signature.h"

#include <optional>
#include <vector>

namespace rostrum {

// Means over cells of a film that was encoded as a draft differ by up to 4 levels from its source,
// of fast movement at another frame rate by up to 8; two pictures that have nothing in common by 20
// and more.
inline constexpr double kUnlikeDistance = 10;
// Two shots of one person have less in common than a film and its source even where the film is
// darker.
inline constexpr double kUnlikeCorrelation = 0.85;
// Another source's frame that is twice as near is the one that is shown, unless both are as near as
// encoding allows.
inline constexpr double kClearlyNearer = 0.5;
inline constexpr double kEncodingNoise = 2.5;
// A source of another rate than the film's is shown a frame early or late by right.
inline constexpr int kInStep = 2;

// Frames of the film, and of the source from `reach` frames before the first to `reach` after the
// last.
struct Strips {
  std::vector<Signature> film;
  std::vector<Signature> source;
  int reach = 0;
};

struct PictureMatch {
  Likeness likeness;     // at its time
  bool unlike = false;   // it shows something else
  bool certain = false;  // the movement leaves no doubt where it stands in time
  int lag = 0;           // frames that it comes too late, if `certain`; negative: too early
};

// Nothing where there is nothing to compare.
std::optional<PictureMatch> match(const Strips& strips, const CellMask& mask);

// Of a film's slide the index of the candidate that it shows instead of its own, which has
// `own` in common with it.
std::optional<std::size_t> shown_instead(const Signature& film, const Likeness& own,
                                         const std::vector<const Signature*>& candidates,
                                         const CellMask& mask);

// Whether a source moves: by more than what a film that stands still may (kStillTolerance).
bool moves(const std::vector<Signature>& frames, const CellMask& mask);

}  // namespace rostrum
