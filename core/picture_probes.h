// SPDX-License-Identifier: LGPL-2.1-or-later
// Where a film is held against its sources: which tiles of which scenes, at which frames.
#pragma once

#include "core/plan.h"
#include "core/signature.h"

#include <string>
#include <vector>

namespace rostrum {

// Some frames in a row of one tile.
struct PictureProbe {
  std::size_t scene = 0;  // index into Plan::scenes
  std::size_t tile = 0;   // index into that scene's tiles
  FrameRange frames;      // of the job
  CellGrid grid;
  CellMask mask;  // what lies over the tile
};

// More frames tell where a movement stands in time; one tells only what is seen.
inline constexpr int kStripFrames = 15;
// So far before and after its time the source is searched for what the film shows, in frames: a
// second that is cut out is found at 25 fps and below.
inline constexpr int kReachFrames = 30;
inline constexpr int kStripCells = 48;  // the longer side of a tile that moves
inline constexpr int kSlideCells = 96;  // of a slide: lines of text must be told apart

struct ProbeDensity {
  Nanoseconds step{2s};      // from one look to the next within a scene
  std::size_t most = 600;    // tiles in all: what is kept of them stays under 60 MB
  int strip = kStripFrames;  // frames of one look
  bool edges = true;         // also shortly after and before each change of a slide
};
// So dense that a film of any length costs about the same share of its own.
ProbeDensity full_density(Nanoseconds programme);

// The frames in which the tile is all there: not fading.
FrameRange clear_frames(const Scene& scene, const SceneTile& tile);

// Cells of a tile that are covered by other tiles or by what is drawn over them in any of these
// frames.
CellMask covered_cells(const Plan& plan, const Scene& scene, std::size_t tile, FrameRange frames,
                       CellGrid grid);
// Whether enough of a tile is left to judge it.
bool enough_left(const CellMask& mask);

// By time; of each scene that is long enough at least one moment, as far as `most` allows.
std::vector<PictureProbe> picture_probes(const Plan& plan, const ProbeDensity& density);

// All tiles that can be judged in one frame.
std::vector<PictureProbe> probes_at(const Plan& plan, std::int64_t frame);

// "Anna's camera", "page 3 of \"deck\"", "the screen \"share\"".
std::string name_of_tile(const Plan& plan, const SceneTile& tile);

}  // namespace rostrum
