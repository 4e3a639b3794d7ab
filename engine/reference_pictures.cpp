// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/reference_pictures.h"

#include "engine/file.h"
#include "engine/picture_canvas.h"
#include "engine/picture_task.h"

#include <algorithm>
#include <cstdio>
#include <map>

namespace rostrum {

namespace {

// A source that ends its worker costs the other wishes of its batch a second run.
constexpr std::size_t kBatch = 32;

using Frames = std::vector<std::vector<Signature>>;

// Twice as fine as the cells, so that these are means of pixels here as they are in the film.
Size size_of(const PictureWish& wish) { return {2 * wish.grid.columns, 2 * wish.grid.rows}; }

// Wishes that are rendered one after the other by one worker.
struct Batch {
  std::vector<std::size_t> wishes;
  Size canvas;
  std::int64_t frames = 0;
};

std::vector<Batch> batches_of(const std::vector<PictureWish>& wishes) {
  std::vector<Batch> found;
  std::map<bool, std::size_t> open;  // by kind: slides and strips differ in size
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    const auto known = open.find(wishes[i].slide);
    if (known == open.end() || found[known->second].wishes.size() == kBatch) {
      open[wishes[i].slide] = found.size();
      found.emplace_back();
    }
    auto& batch = found[open[wishes[i].slide]];
    const auto size = size_of(wishes[i]);
    batch.canvas.width = std::max(batch.canvas.width, size.width);
    batch.canvas.height = std::max(batch.canvas.height, size.height);
    batch.frames += wishes[i].frames;
    batch.wishes.push_back(i);
  }
  return found;
}

// The piece that shows the wish from a frame of the batch on.
Piece piece_of(const PictureWish& wish, const FrameGrid& grid, std::int64_t at) {
  Piece piece;
  piece.asset = wish.asset;
  piece.page = wish.page;
  piece.fit = wish.fit;
  piece.colors = wish.colors;
  piece.size = size_of(wish);
  const auto before = wish.slide ? 0ns : std::max(0ns, -wish.in);  // the medium's beginning
  piece.start = grid.start(at) + before;
  piece.in = wish.slide ? 0ns : wish.in + before;
  piece.duration = grid.start(at + wish.frames) - piece.start;
  return piece;
}

Slice slice_of(const Batch& batch, const std::vector<PictureWish>& wishes, const FrameGrid& grid) {
  Slice slice;
  slice.canvas = batch.canvas;
  slice.grid = grid;
  slice.frames = {0, batch.frames};
  std::map<std::pair<bool, bool>, Slot> slots;
  std::int64_t at = 0;
  for (const auto index : batch.wishes) {
    const auto& wish = wishes[index];
    auto& slot = slots[{wish.slide, wish.screen}];
    slot.slides = wish.slide;
    slot.screen = wish.screen;
    const auto piece = piece_of(wish, grid, at);
    if (piece.duration > 0ns) slot.pieces.push_back(piece);
    const auto size = size_of(wish);
    slot.placements.push_back({at, {0, 0, size.width, size.height}});
    at += wish.frames;
  }
  for (auto& [kind, slot] : slots)
    if (!slot.pieces.empty()) slice.slots.push_back(std::move(slot));
  return slice;
}

PictureView view_of(const mp4::Bytes& bytes, const GstVideoInfo& info) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  return {data + info.offset[0], data + info.offset[1], data + info.offset[2], info.stride[0],
          info.stride[1]};
}

void read_looks(const Batch& batch, const std::vector<PictureWish>& wishes, const std::string& path,
                Frames& found) {
  const auto file = File::open_to_read(path);
  const auto info = frame_info(batch.canvas);
  std::uint64_t position = 0;
  for (const auto index : batch.wishes) {
    const auto size = size_of(wishes[index]);
    for (std::int64_t n = 0; file && n < wishes[index].frames; ++n, position += info.size) {
      const auto bytes = file->read(position, info.size);
      if (bytes.size() != info.size) return;
      found[index].push_back(
          signature_of(view_of(bytes, info), {0, 0, size.width, size.height}, wishes[index].grid));
    }
  }
}

}  // namespace

Result<Frames> reference_pictures(const std::vector<PictureWish>& wishes, const FrameGrid& grid,
                                  const ChunkJob& base, const PoolOptions& pool) {
  Frames found(wishes.size());
  const auto batches = batches_of(wishes);
  std::vector<PoolTask> tasks;
  std::map<std::string, const Batch*> by_key;
  for (const auto& batch : batches) {
    tasks.push_back(picture_task("looks-" + std::to_string(tasks.size()),
                                 slice_of(batch, wishes, grid), base, pool.spec_dir));
    by_key.emplace(tasks.back().key, &batch);
  }
  PoolEvents events;
  events.on_finished = [&](const PoolTask& task, const std::vector<Substitution>&) -> Result<void> {
    read_looks(*by_key.at(task.key), wishes, task.job.output, found);
    std::remove(task.job.output.c_str());
    return {};
  };
  if (tasks.empty()) return found;
  if (auto done = run_pool(pool, std::move(tasks), events); !done)
    return tl::unexpected(done.error());
  return found;
}

}  // namespace rostrum
