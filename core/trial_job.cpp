// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/trial_job.h"

namespace rostrum {

namespace {

// Half the range of luma lies between neighbours: a frame that is lost, doubled or left as it was
// is seen.
std::uint32_t color_of(int frame) {
  constexpr std::uint32_t kColors[] = {0x202020, 0xc0c0c0, 0x204060, 0xe0c080, 0x402020, 0x80e0c0};
  return kColors[static_cast<std::size_t>(frame) % std::size(kColors)];
}

}  // namespace

ChunkJob trial_job(const PictureCoding& coding, Size canvas, FrameGrid grid, int frames) {
  Slot slot;
  slot.slides = true;
  slot.placements.push_back({0, {0, 0, canvas.width, canvas.height}});
  for (int i = 0; i < frames; ++i) {
    Piece piece;
    piece.start = grid.start(i);
    piece.duration = grid.start(i + 1) - piece.start;
    piece.size = canvas;
    piece.color = color_of(i);
    slot.pieces.push_back(piece);
  }
  ChunkJob job;
  job.slice.canvas = canvas;
  job.slice.grid = grid;
  job.slice.frames = {0, frames};
  job.slice.slots.push_back(std::move(slot));
  job.coding = coding;
  job.coding.hardware = true;  // also a processor's packets are looked at
  return job;
}

}  // namespace rostrum
