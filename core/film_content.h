// SPDX-License-Identifier: LGPL-2.1-or-later
// What was seen and heard of a film while it was decoded once, as far as it is kept.
#pragma once

#include "core/loudness.h"
#include "core/picture_probes.h"
#include "core/sound_match.h"
#include "core/still_watch.h"

#include <optional>
#include <vector>

namespace rostrum {

// What the film shows at a probe: a signature for each of its frames that was there.
struct ProbedTile {
  PictureProbe probe;
  std::vector<Signature> film;
};

// A tile with a moving source that stands still in the film.
struct StillTile {
  std::size_t scene = 0;
  std::size_t tile = 0;
  StillStretch stretch;  // time of the film
  CellMask mask;
};

// A small picture of the film.
struct Thumbnail {
  std::int64_t frame = 0;  // of the film
  Signature picture;
};

struct FilmPictures {
  std::vector<ProbedTile> probes;
  std::vector<StillTile> still_tiles;
  std::vector<Interval> black;      // time of the film
  std::vector<StillStretch> still;  // of the whole picture
  std::vector<Thumbnail> thumbnails;
  bool readable = true;     // frames of a format that is looked at
  bool every_frame = true;  // was looked at, not samples
};

// Samples at full scale in a row.
struct Clipping {
  std::int64_t samples = 0;
  std::vector<Interval> where;  // the first of them; those close to each other are one
};

struct FilmSound {
  WeightedPower power;  // per kLoudnessWindow, time of the film
  Envelope envelope;    // per kEnvelopeStep
  ProgrammeLoudness loudness;
  Clipping clipping;
};

}  // namespace rostrum
