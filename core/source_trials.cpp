// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/source_trials.h"

#include "core/still_frames.h"

#include <algorithm>

namespace rostrum {

namespace {

using How = WorkerExit::How;

// Calls visit(piece) for each piece that plays an asset.
template <typename Visit>
void for_each_source(const Slice& slice, Visit visit) {
  const auto each = [&](const std::vector<Piece>& pieces) {
    for (const auto& piece : pieces)
      if (!piece.color) visit(piece);
  };
  for (const auto& slot : slice.slots) each(slot.pieces);
  for (const auto& voice : slice.voices) each(voice.pieces);
}

// Keeps the pieces for which `keep(asset)`.
template <typename Keep>
void filter(Slice& slice, Keep keep) {
  const auto drop = [&](const Piece& p) { return !p.color && !keep(p.asset); };
  for (auto& slot : slice.slots) std::erase_if(slot.pieces, drop);
  std::erase_if(slice.overlays,
                [&](const Overlay& o) { return !o.asset.empty() && !keep(o.asset); });
  for (auto& voice : slice.voices) std::erase_if(voice.pieces, drop);
}

// Shows nothing, and changes with these frames: so a still has the frames that its film expects.
Slot marks_of(const std::vector<std::int64_t>& changes) {
  Slot slot;
  slot.slides = true;
  for (const auto frame : changes) slot.placements.push_back({frame, {}});
  return slot;
}

std::string megabytes(std::int64_t bytes) { return std::to_string(bytes / 1'000'000) + " MB"; }

}  // namespace

std::string what_it_does(const WorkerExit& exit) {
  switch (exit.how) {
  case How::stalled:
    return "never ends";
  case How::oversized:
    return "takes more than " + megabytes(exit.most_bytes) + " of memory";
  default:
    return "crashes";
  }
}

std::set<std::string> sources_of(const Slice& slice) {
  std::set<std::string> assets;
  for_each_source(slice, [&](const Piece& piece) { assets.insert(piece.asset); });
  for (const auto& overlay : slice.overlays)
    if (!overlay.asset.empty()) assets.insert(overlay.asset);
  return assets;
}

ChunkJob trial_of(const ChunkJob& job, const std::string& asset) {
  auto trial = job;
  trial.output.clear();
  trial.rendition_outputs.clear();
  filter(trial.slice, [&](const std::string& other) { return other == asset; });
  return trial;
}

void leave_out(Slice& slice, const std::string& asset) {
  const auto changes = picture_changes(slice);
  filter(slice, [&](const std::string& other) { return other != asset; });
  if (slice.still) slice.slots.push_back(marks_of(changes));
}

Verdict verdict(const WorkerExit& exit, int attempts) {
  switch (exit.how) {
  case How::done:
    return Verdict::innocent;
  case How::killed:
    return next_step(exit, attempts) == NextStep::again_fewer ? Verdict::again_fewer
                                                              : Verdict::unclear;
  case How::reported:
    return exit.error && exit.error->kind == Kind::media ? Verdict::guilty : Verdict::unclear;
  case How::crashed:
  case How::stalled:
  case How::oversized:
    break;
  }
  return Verdict::guilty;
}

Substitution conviction(const Slice& slice, const std::string& asset, const WorkerExit& exit) {
  Interval span{Nanoseconds::max(), 0ns};
  for_each_source(slice, [&](const Piece& p) {
    if (p.asset == asset)
      span = {std::min(span.from, p.start), std::max(span.to, p.start + p.duration)};
  });
  for (const auto& o : slice.overlays)
    if (o.asset == asset)
      span = {std::min(span.from, slice.grid.start(o.frames.first)),
              std::max(span.to, slice.grid.start(o.frames.end))};
  return {asset,
          {},
          "damaged",
          span,
          exit.error ? exit.error->message : "decoding it " + what_it_does(exit)};
}

Error unexplained(const ChunkJob& job, const WorkerExit& exit) {
  return {job.slice.frames.empty() ? Kind::internal : Kind::encoder,
          "a worker " + what_it_does(exit) + ", but none of its sources alone makes it do so"};
}

}  // namespace rostrum
