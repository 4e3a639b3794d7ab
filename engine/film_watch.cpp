// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/film_watch.h"

#include "core/still_frames.h"
#include "engine/mapped_frame.h"

#include <algorithm>

namespace rostrum {

namespace {

constexpr int kStandstillCells = 40;  // the longer side of a tile
constexpr int kWholeCells = 160;      // of the whole picture; also a thumbnail

bool may_move(const Plan& plan, const SceneTile& tile) {
  return !tile.card && plan.tracks[tile.track].kind != TrackKind::slides &&
         std::min(tile.rect.width, tile.rect.height) >= 16;
}

}  // namespace

PictureWatch::PictureWatch(const Plan* plan, std::vector<PictureProbe> probes,
                           std::vector<std::int64_t> thumbnails, bool all)
    : plan_{plan}, all_{all}, probes_{std::move(probes)}, thumbnails_{std::move(thumbnails)} {}

// The film may be smaller than planned, a draft.
Rect PictureWatch::in_film(Rect rect, Size size) const {
  const auto& canvas = plan_->canvas;
  if (canvas == size) return rect;
  const auto scaled = [](int value, int to, int of) { return value * to / of; };
  const int x = scaled(rect.x, size.width, canvas.width) / 2 * 2;
  const int y = scaled(rect.y, size.height, canvas.height) / 2 * 2;
  const int right = scaled(rect.x + rect.width, size.width, canvas.width);
  const int bottom = scaled(rect.y + rect.height, size.height, canvas.height);
  return {x, y, std::max(2, right - x), std::max(2, bottom - y)};
}

void PictureWatch::look(GstBuffer* frame, const GstVideoInfo& info, Nanoseconds t) {
  if (GST_VIDEO_INFO_FORMAT(&info) != GST_VIDEO_FORMAT_I420) {
    found_.readable = false;
    return;
  }
  const MappedFrame mapped{frame, info};
  if (!mapped.mapped() || t < 0ns) return;
  const auto view = mapped.view();
  const Size size{GST_VIDEO_INFO_WIDTH(&info), GST_VIDEO_INFO_HEIGHT(&info)};
  if (end_ > 0ns && t < end_) return;  // times that run backward are another's matter
  end_ = t + 1ns;
  const auto n = (plan_ ? plan_->grid : FrameGrid{}).frames(t);
  if (plan_ && all_ && !plan_->stills.empty()) {
    look_at_held(n);
    before_ = retain(frame);
    before_info_ = info;
    before_place_ = n;
  }
  look_at_frame(view, size, n);
  if (!all_ || (looked_ && t - *looked_ < kLookStep)) return;
  looked_ = t;
  look_for_standstill(view, size, t);
  if (plan_) look_at_tiles(view, size, plan_->frames.first + n, t);
}

void PictureWatch::look_at_frame(const PictureView& view, Size size, std::int64_t n) {
  if (plan_ && all_) look_at_probes(view, size, plan_->frames.first + n);
  if (plan_ && !all_) look_at_sample(view, size, plan_->frames.first + n);
  while (next_thumbnail_ < thumbnails_.size() && thumbnails_[next_thumbnail_] <= n) {
    const auto grid = cells_of(size, kWholeCells);
    found_.thumbnails.push_back({n, signature_of(view, {0, 0, size.width, size.height}, grid)});
    ++next_thumbnail_;
  }
}

// Up to that frame none has come: where the plan leaves them out they show what the last one shows.
void PictureWatch::look_at_held(std::int64_t end) {
  if (!before_ || before_place_ + 1 >= end) return;
  const MappedFrame mapped{before_.get(), before_info_};
  if (!mapped.mapped()) return;
  const Size size{GST_VIDEO_INFO_WIDTH(&before_info_), GST_VIDEO_INFO_HEIGHT(&before_info_)};
  for (auto n = before_place_ + 1; n < end; ++n)
    if (is_in(plan_->stills, plan_->frames.first + n)) look_at_frame(mapped.view(), size, n);
}

void PictureWatch::look_for_standstill(const PictureView& view, Size size, Nanoseconds t) {
  const auto whole =
      signature_of(view, {0, 0, size.width, size.height}, cells_of(size, kWholeCells));
  black_.look(t, whole);
  still_.look(t, whole, {});
}

void PictureWatch::look_at_tiles(const PictureView& view, Size size, std::int64_t frame,
                                 Nanoseconds t) {
  while (scene_ + 1 < plan_->scenes.size() && plan_->scenes[scene_].frames.end <= frame) ++scene_;
  for (auto& [key, tile] : tiles_) tile.shown = false;
  if (scene_ < plan_->scenes.size()) {
    const auto& scene = plan_->scenes[scene_];
    for (std::size_t i = 0; i < scene.tiles.size(); ++i) {
      const auto& tile = scene.tiles[i];
      if (!may_move(*plan_, tile) || !clear_frames(scene, tile).contains(frame)) continue;
      const auto grid = cells_of({tile.rect.width, tile.rect.height}, kStandstillCells);
      auto& known = tiles_[{tile.track, tile.clip, tile.rect.x, tile.rect.y, tile.rect.width,
                            tile.rect.height}];
      known.scene = scene_;
      known.tile = i;
      known.shown = true;
      known.mask = covered_cells(*plan_, scene, i, {frame, frame + 1}, grid);
      if (enough_left(known.mask))
        known.watch.look(t, signature_of(view, in_film(tile.rect, size), grid), known.mask);
      else
        known.watch.end(t);
    }
  }
  for (auto it = tiles_.begin(); it != tiles_.end();) {
    if (it->second.shown) {
      ++it;
      continue;
    }
    it->second.watch.end(t);
    take_stills(it->second);
    it = tiles_.erase(it);
  }
}

void PictureWatch::take_stills(Tile& tile) {
  for (auto& stretch : tile.watch.take())
    found_.still_tiles.push_back({tile.scene, tile.tile, std::move(stretch), tile.mask});
}

void PictureWatch::look_at_sample(const PictureView& view, Size size, std::int64_t frame) {
  constexpr std::int64_t kEach = 3;  // each costs a seek in every source that is seen
  if (samples_++ % kEach != 1) return;
  for (auto& probe : probes_at(*plan_, frame)) {
    const auto rect = in_film(plan_->scenes[probe.scene].tiles[probe.tile].rect, size);
    auto looks = signature_of(view, rect, probe.grid);
    found_.probes.push_back({std::move(probe), {std::move(looks)}});
  }
}

void PictureWatch::look_at_probes(const PictureView& view, Size size, std::int64_t frame) {
  for (; next_probe_ < probes_.size() && probes_[next_probe_].frames.first <= frame;
       ++next_probe_) {
    if (probes_[next_probe_].frames.end <= frame) continue;
    open_.push_back(found_.probes.size());
    found_.probes.push_back({std::move(probes_[next_probe_]), {}});
  }
  for (const auto index : open_) {
    auto& [probe, film] = found_.probes[index];
    if (!probe.frames.contains(frame)) continue;
    const auto& tile = plan_->scenes[probe.scene].tiles[probe.tile];
    film.push_back(signature_of(view, in_film(tile.rect, size), probe.grid));
  }
  std::erase_if(
      open_, [&](std::size_t index) { return found_.probes[index].probe.frames.end <= frame + 1; });
}

FilmPictures PictureWatch::take() {
  const auto end = looked_ ? end_ : 0ns;
  black_.end(end);
  still_.end(end);
  for (auto& [key, tile] : tiles_) {
    tile.watch.end(end);
    take_stills(tile);
  }
  found_.every_frame = all_;
  found_.black = black_.found();
  found_.still = still_.take();
  // of a film with frames missing, a strip would be held against the wrong times
  std::erase_if(found_.probes, [](const ProbedTile& p) {
    return static_cast<std::int64_t>(p.film.size()) != p.probe.frames.count();
  });
  return std::move(found_);
}

}  // namespace rostrum
