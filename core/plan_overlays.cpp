// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plan_overlays.h"

#include "core/initials.h"
#include "core/layout_policies.h"
#include "core/people_heard.h"
#include "core/plan_cards.h"
#include "core/plan_fades.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace rostrum {

namespace {

constexpr Size kLeastTile{96, 48};     // that gets a label
constexpr int kLeastText = 12;         // pixels per em of a label
constexpr std::size_t kMostNames = 8;  // lines, while nothing is seen

// Where a tile does not fade.
FrameRange opaque_frames(const Scene& scene, const SceneTile& tile) {
  return {scene.frames.first + tile.fade_in, scene.frames.end - tile.fade_out};
}

// About where the letters of initials stand: two wide ones, with accents.
Rect initials_box(Rect tile, int size) {
  const int width = std::min(tile.width, size * 5 / 2);
  const int height = std::min(tile.height, size * 11 / 10);
  return {tile.x + (tile.width - width) / 2, tile.y + (tile.height - height) / 2, width, height};
}

// Calls visit(rectangle) for each tile that lies over this one.
template <typename Visit>
void for_each_above(const Scene& scene, std::size_t index, Visit visit) {
  const auto& tile = scene.tiles[index];
  for (std::size_t i = 0; i < scene.tiles.size(); ++i) {
    const auto& other = scene.tiles[i];
    if (other.z > tile.z || (other.z == tile.z && i > index)) visit(other.rect);
  }
}

// Gathers overlays; one that only goes on is no new one, however the scenes are cut.
class Gatherer {
 public:
  explicit Gatherer(std::vector<Overlay>& all) : all_{all} {}

  void add(Overlay overlay) {
    const auto [first, last] = ended_.equal_range(overlay.frames.first);
    for (auto at = first; at != last; ++at) {
      auto& before = all_[at->second];
      const auto frames = before.frames;
      before.frames = overlay.frames;
      const bool same = before == overlay;
      before.frames = {frames.first, same ? overlay.frames.end : frames.end};
      if (!same) continue;
      const auto index = at->second;
      ended_.erase(at);
      ended_.emplace(overlay.frames.end, index);
      return;
    }
    ended_.emplace(overlay.frames.end, all_.size());
    all_.push_back(std::move(overlay));
  }

 private:
  std::vector<Overlay>& all_;
  std::multimap<std::int64_t, std::size_t> ended_;  // end frame -> index
};

class Drawing {
 public:
  Drawing(Plan& plan, const Manifest& manifest)
      : plan_{plan}, layout_{manifest.layout}, gatherer_{plan.overlays} {
    for (std::size_t i = 0; i < plan.people.size(); ++i) people_.emplace(plan.people[i].id, i);
    if (!layout_.labels) return;
    for (const auto& h : heard_people(plan.tracks, plan.grid, plan.frames)) {
      const auto person = people_.find(h.person);
      if (person != people_.end() && !plan.people[person->second].name.empty())
        heard_.add(person->second, h.frames);
    }
  }

  // One after the other, in order.
  void scene(const Scene& scene) {
    for (std::size_t i = 0; i < scene.tiles.size(); ++i) {
      if (!scene.tiles[i].edge.plain()) draw_edge(scene, i);
      if (scene.tiles[i].card) draw_initials(scene, i);
      if (layout_.labels) draw_label(scene, i);
    }
    if (layout_.labels && scene.tiles.empty() && scene.backdrops.empty()) draw_names(scene.frames);
  }

 private:
  std::string name_of_tile(const SceneTile& tile) const {
    const auto& track = plan_.tracks[tile.track];
    const auto person = people_.find(track.person);
    if (track.kind == TrackKind::slides || person == people_.end()) return {};
    return plan_.people[person->second].name;
  }

  // The picture in a place may be smaller than it, so that its edge lies elsewhere.
  void draw_edge(const Scene& scene, std::size_t index) {
    const auto& tile = scene.tiles[index];
    bool covered = false;
    for_each_above(scene, index, [&](Rect other) {
      covered |=
          border_meets(tile.rect, tile.edge, other) || corners_meet(tile.rect, tile.edge, other);
    });
    if (covered) return;
    Overlay o;
    o.kind = OverlayKind::edge;
    o.frames = opaque_frames(scene, tile);
    o.rect = tile.rect;
    o.edge = tile.edge;
    o.behind = plan_.background;
    if (!o.frames.empty()) gatherer_.add(std::move(o));
  }

  void draw_initials(const Scene& scene, std::size_t index) {
    const auto& tile = scene.tiles[index];
    Overlay o;
    o.kind = OverlayKind::initials;
    o.frames = opaque_frames(scene, tile);
    o.rect = tile.rect;
    o.size = std::max(2, std::min(tile.rect.width, tile.rect.height) * 2 / 5);
    o.text = initials(name_of_tile(tile));
    const auto box = initials_box(tile.rect, o.size);
    bool covered = false;
    for_each_above(scene, index, [&](Rect other) { covered |= meet(box, other); });
    if (!covered && !o.text.empty() && !o.frames.empty()) gatherer_.add(std::move(o));
  }

  void draw_label(const Scene& scene, std::size_t index) {
    const auto& tile = scene.tiles[index];
    auto label = label_on(tile.rect, plan_.canvas);
    label.frames = opaque_frames(scene, tile);
    label.text = single_line(name_of_tile(tile));
    for_each_above(scene, index, [&](Rect other) {
      if (!meet(other, label.rect)) return;
      const int margin = label.rect.x - tile.rect.x;
      label.rect.width = std::max(0, other.x - margin - label.rect.x);
    });
    const bool legible = label.rect.width >= 2 * label.rect.height;
    if (legible && !label.text.empty() && !label.frames.empty()) gatherer_.add(std::move(label));
  }

  // Who is heard changes without a new scene.
  void draw_names(FrameRange run) {
    for (auto at = run.first; at < run.end;) {
      heard_.go_to(at);
      const auto next = std::min(run.end, heard_.next_change());
      if (!heard_.heard().empty()) gatherer_.add(list_of(heard_.heard(), {at, next}));
      at = next;
    }
  }

  Overlay list_of(const std::map<std::size_t, std::size_t>& people, FrameRange frames) const {
    const auto [width, height] = plan_.canvas;
    Overlay o;
    o.kind = OverlayKind::names;
    o.frames = frames;
    o.rect = {even(width / 8), even(height / 8), even(width * 3 / 4), even(height * 3 / 4)};
    o.size = std::max(2, std::min(width, height) / 16);
    std::size_t lines = 0;
    for (const auto& [person, voices] : people) {
      const bool last = lines + 1 == kMostNames && people.size() > kMostNames;
      if (lines > 0) o.text += '\n';
      o.text += last ? "+" + std::to_string(people.size() - lines)
                     : single_line(plan_.people[person].name);
      ++lines;
      if (last) break;
    }
    return o;
  }

  Plan& plan_;
  const LayoutOptions layout_;
  Gatherer gatherer_;
  std::map<std::string, std::size_t, std::less<>> people_;  // id -> index
  HeardSweep heard_;
};

Overlay card_overlay(const Card& card, FrameRange frames, Size canvas) {
  Overlay o;
  o.kind = OverlayKind::card;
  o.frames = frames;
  o.rect = {even(canvas.width / 10), even(canvas.height / 10), even(canvas.width * 4 / 5),
            even(canvas.height * 4 / 5)};
  o.size = std::max(2, std::min(canvas.width, canvas.height) / 10);
  o.text = clean_lines(card.title);
  o.detail = clean_lines(card.text);
  o.color = card.color;
  return o;
}

int even_part(double part, int whole) { return even(static_cast<int>(std::lround(part * whole))); }

Rect logo_rect(const Logo& logo, Size picture, Size canvas) {
  const int margin = std::max(
      0, std::min(even_part(logo.margin, canvas.width), even((canvas.height - 2) / 2 - 1)));
  const int widest =
      std::max(2, std::min(even_part(logo.width, canvas.width), canvas.width - 2 * margin));
  const auto inner = fit(picture, {0, 0, widest, canvas.height - 2 * margin});
  const bool left = logo.position == Corner::top_left || logo.position == Corner::bottom_left;
  const bool top = logo.position == Corner::top_left || logo.position == Corner::top_right;
  const int right = canvas.width - inner.width;
  const int bottom = canvas.height - inner.height;
  return {std::clamp(left ? margin : right - margin, 0, std::max(0, right)),
          std::clamp(top ? margin : bottom - margin, 0, std::max(0, bottom)),
          std::min(inner.width, canvas.width), std::min(inner.height, canvas.height)};
}

// Nothing where the logo can be drawn.
std::optional<Substitution> logo_problem(const Plan& plan, const Logo& logo,
                                         const MediaMap& media) {
  const Interval whole{plan.grid.start(plan.frames.first), plan.grid.start(plan.frames.end)};
  const auto found = media.find(logo.asset);
  if (found == media.end())
    return Substitution{logo.asset, "/logo/asset", "missing", whole, "the file is missing"};
  const auto& info = found->second;
  if (!info.usable())
    return Substitution{logo.asset, "/logo/asset", info.path.empty() ? "missing" : "damaged", whole,
                        info.problem};
  if (info.pages == 0 || !info.video)
    return Substitution{logo.asset, "/logo/asset", "unsuitable", whole, "it is no picture"};
  return {};
}

void add_logo(Plan& plan, const Logo& logo, const MediaMap& media,
              const std::vector<FrameRange>& free) {
  const auto opacity = static_cast<int>(std::lround(logo.opacity * 1000));
  if (opacity == 0) return;
  if (auto problem = logo_problem(plan, logo, media)) {
    plan.substitutions.push_back(std::move(*problem));
    return;
  }
  const auto& video = *media.find(logo.asset)->second.video;
  Overlay o;
  o.kind = OverlayKind::logo;
  o.rect = logo_rect(logo, {video.width, video.height}, plan.canvas);
  o.asset = logo.asset;
  o.opacity = opacity;
  for (const auto& frames : free) {
    o.frames = frames;
    if (o.rect.width > 0) plan.overlays.push_back(o);
  }
}

}  // namespace

Overlay label_on(Rect tile, Size canvas) {
  Overlay o;
  o.kind = OverlayKind::label;
  if (tile.width < kLeastTile.width || tile.height < kLeastTile.height) return o;
  const int most = std::max(kLeastText, std::min(canvas.width, canvas.height) / 24);
  o.size = std::clamp(tile.height / 12, kLeastText, most);
  const int margin = even(o.size / 2);
  const int height = even(o.size * 8 / 5);
  o.rect = {even(tile.x + margin), even(tile.y + tile.height - margin - height),
            even(tile.width - 2 * margin), height};
  return o;
}

Result<void> add_graphics(Plan& plan, const Manifest& manifest, const MediaMap& media,
                          Nanoseconds programme) {
  const auto cards = place_cards(manifest.cards, plan.grid, plan.frames, programme);
  if (!cards) return tl::unexpected(cards.error());
  cover_scenes(plan, manifest.cards, *cards);
  fade_layouts(plan.scenes, plan.grid, manifest.layout.fade);
  Drawing drawing{plan, manifest};
  for (const auto& scene : plan.scenes) drawing.scene(scene);
  std::vector<FrameRange> free;
  for (const auto& stretch : *cards)
    if (stretch.item)
      plan.overlays.push_back(
          card_overlay(manifest.cards[*stretch.item], stretch.frames, plan.canvas));
    else
      free.push_back(stretch.frames);
  if (manifest.logo) add_logo(plan, *manifest.logo, media, free);
  std::stable_sort(plan.overlays.begin(), plan.overlays.end(),
                   [](const Overlay& a, const Overlay& b) {
                     return a.kind != b.kind ? a.kind < b.kind : a.frames.first < b.frames.first;
                   });
  return {};
}

std::vector<Overlay> overlays_within(const Plan& plan, FrameRange frames) {
  std::vector<Overlay> found;
  for (const auto& overlay : plan.overlays) {
    const FrameRange part{std::max(overlay.frames.first, frames.first),
                          std::min(overlay.frames.end, frames.end)};
    if (part.empty()) continue;
    found.push_back(overlay);
    found.back().frames = part;
  }
  return found;
}

}  // namespace rostrum
