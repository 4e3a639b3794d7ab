// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/picture_probes.h"

#include "core/findings.h"

#include <algorithm>
#include <set>

namespace rostrum {

namespace {

constexpr int kLeastSide = 16;      // pixels; of smaller tiles nothing can be told
constexpr int kClearOfChanges = 3;  // frames: sources of other rates change that much later

bool is_slide(const Plan& plan, const SceneTile& tile) {
  return plan.tracks[tile.track].kind == TrackKind::slides;
}

bool can_be_judged(const SceneTile& tile) {
  return !tile.card && std::min(tile.rect.width, tile.rect.height) >= kLeastSide;
}

bool over(const SceneTile& a, std::size_t index_a, const SceneTile& b, std::size_t index_b) {
  return a.z != b.z ? a.z > b.z : index_a > index_b;
}

void mask_edge(CellMask& mask, CellGrid grid, const Overlay& edge) {
  const auto& r = edge.rect;
  const int w = std::max(edge.edge.border, 1);
  const int c = edge.edge.radius;
  for (const Rect part :
       {Rect{r.x, r.y, r.width, w}, Rect{r.x, r.y + r.height - w, r.width, w},
        Rect{r.x, r.y, w, r.height}, Rect{r.x + r.width - w, r.y, w, r.height},
        Rect{r.x, r.y, c, c}, Rect{r.x + r.width - c, r.y, c, c},
        Rect{r.x, r.y + r.height - c, c, c}, Rect{r.x + r.width - c, r.y + r.height - c, c, c}})
    mask_out(mask, grid, r, part);
}

// The look at one tile around a frame; nothing where it cannot be judged.
std::optional<PictureProbe> probe_at(const Plan& plan, std::size_t scene, std::size_t tile,
                                     std::int64_t frame, int strip) {
  const auto& s = plan.scenes[scene];
  const auto& t = s.tiles[tile];
  const auto clear = clear_frames(s, t);
  if (!can_be_judged(t) || !clear.contains(frame)) return {};
  const bool slide = is_slide(plan, t);
  PictureProbe probe{scene, tile, {frame, frame + 1}, {}, {}};
  if (!slide && strip > 1) {
    const auto first = std::clamp(frame - strip / 2, clear.first, clear.end);
    probe.frames = {first, std::min(first + strip, clear.end)};
  }
  probe.grid = cells_of({t.rect.width, t.rect.height}, slide ? kSlideCells : kStripCells);
  probe.mask = covered_cells(plan, s, tile, probe.frames, probe.grid);
  if (!enough_left(probe.mask)) return {};
  return probe;
}

// Evenly, the first and the last stay.
template <typename T>
void thin(std::vector<T>& list, std::size_t most) {
  if (list.size() <= most || most < 2) return;
  std::vector<T> kept;
  for (std::size_t i = 0; i < most; ++i)
    kept.push_back(std::move(list[i * (list.size() - 1) / (most - 1)]));
  list = std::move(kept);
}

std::set<std::int64_t> moments_of(const Plan& plan, const Scene& scene, Nanoseconds step) {
  std::set<std::int64_t> found;
  const auto from = plan.grid.start(scene.frames.first);
  const auto to = plan.grid.start(scene.frames.end);
  for (auto k = from / step; step * k < to; ++k)
    if (const auto n = plan.grid.first_at(step * k + step / 2); scene.frames.contains(n))
      found.insert(n);
  if (found.empty()) found.insert((scene.frames.first + scene.frames.end) / 2);
  return found;
}

}  // namespace

ProbeDensity full_density(Nanoseconds programme) {
  ProbeDensity density;
  density.step = std::clamp(programme / 200, Nanoseconds{2s}, Nanoseconds{30s});
  return density;
}

FrameRange clear_frames(const Scene& scene, const SceneTile& tile) {
  return {scene.frames.first + tile.fade_in, scene.frames.end - tile.fade_out};
}

CellMask covered_cells(const Plan& plan, const Scene& scene, std::size_t tile, FrameRange frames,
                       CellGrid grid) {
  CellMask mask;
  const auto& mine = scene.tiles[tile];
  for (std::size_t i = 0; i < scene.tiles.size(); ++i)
    if (i != tile && over(scene.tiles[i], i, mine, tile))
      mask_out(mask, grid, mine.rect, scene.tiles[i].rect);
  for (const auto& overlay : plan.overlays) {
    if (overlay.frames.end <= frames.first || frames.end <= overlay.frames.first) continue;
    if (overlay.kind != OverlayKind::edge)
      mask_out(mask, grid, mine.rect, overlay.rect);
    else if (overlay.rect == mine.rect)
      mask_edge(mask, grid, overlay);
  }
  return mask;
}

bool enough_left(const CellMask& mask) {
  const auto covered = static_cast<std::size_t>(std::count(mask.begin(), mask.end(), true));
  return mask.empty() || 4 * (mask.size() - covered) >= mask.size();
}

std::vector<PictureProbe> picture_probes(const Plan& plan, const ProbeDensity& density) {
  std::vector<PictureProbe> found;
  for (std::size_t s = 0; s < plan.scenes.size(); ++s) {
    const auto& scene = plan.scenes[s];
    if (scene.frames.count() < 2 * kClearOfChanges) continue;
    const auto moments = moments_of(plan, scene, density.step);
    for (std::size_t t = 0; t < scene.tiles.size(); ++t) {
      auto of_tile = moments;
      const auto clear = clear_frames(scene, scene.tiles[t]);
      if (density.edges && is_slide(plan, scene.tiles[t]))
        of_tile.insert({clear.first + kClearOfChanges - 1, clear.end - kClearOfChanges});
      for (const auto frame : of_tile)
        if (auto probe = probe_at(plan, s, t, frame, density.strip))
          found.push_back(std::move(*probe));
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.frames.first < b.frames.first; });
  thin(found, density.most);
  return found;
}

std::vector<PictureProbe> probes_at(const Plan& plan, std::int64_t frame) {
  std::vector<PictureProbe> found;
  for (std::size_t s = 0; s < plan.scenes.size(); ++s) {
    const FrameRange well_inside{plan.scenes[s].frames.first + kClearOfChanges,
                                 plan.scenes[s].frames.end - kClearOfChanges};
    if (!well_inside.contains(frame)) continue;
    for (std::size_t t = 0; t < plan.scenes[s].tiles.size(); ++t)
      if (auto probe = probe_at(plan, s, t, frame, 1)) found.push_back(std::move(*probe));
  }
  return found;
}

std::string name_of_tile(const Plan& plan, const SceneTile& tile) {
  const auto& track = plan.tracks[tile.track];
  const auto& clip = track.clips[tile.clip];
  if (track.kind == TrackKind::slides)
    return "page " + std::to_string(clip.page) + " of " + in_quotes(clip.asset);
  if (track.kind == TrackKind::screen) return "the screen " + in_quotes(track.id);
  for (const auto& person : plan.people)
    if (!track.person.empty() && person.id == track.person)
      return "the camera of " + in_quotes(person.name.empty() ? person.id : person.name);
  return "the camera " + in_quotes(track.id);
}

}  // namespace rostrum
