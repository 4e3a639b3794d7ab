// SPDX-License-Identifier: LGPL-2.1-or-later
// Policy custom: the rectangles that the manifest gives.
#include "core/layout_policies.h"

#include <cmath>

namespace rostrum {

namespace {

constexpr int kLeastSide = 2;  // pixels
constexpr int kLeastRow = 16;  // pixels: the user has given the others their room

int pixels(const CanvasLength& length, int side) {
  return static_cast<int>(std::lround(length.percent ? length.value * side / 100 : length.value));
}

bool lies_over(const CustomLayout& layout, std::size_t upper, std::size_t lower) {
  if (layout[upper].z != layout[lower].z) return layout[upper].z > layout[lower].z;
  return upper > lower;
}

// Hands the sources to the places, each once: to the first place that asks for it.
class Placing {
 public:
  Placing(const LayoutContext& context, const Sources& sources)
      : context_{context},
        sources_{sources},
        cast_{cast_of(context, sources)},
        placed_(sources.size()) {}

  Arrangement run() {
    for (const auto& p : context_.custom)
      if (p.role != PlaceRole::others) put(p, wanted(p));
    for (const auto& p : context_.custom)
      if (p.role == PlaceRole::others) put_others(p);
    return std::move(arrangement_);
  }

 private:
  std::optional<std::size_t> wanted(const CustomPlace& p) const {
    switch (p.role) {
    case PlaceRole::stage:
      return cast_.stage;
    case PlaceRole::speaker:
      return cast_.speaker;
    case PlaceRole::presenter:
      return cast_.presenter;
    case PlaceRole::person:
      for (const auto i : cast_.cameras)
        if (sources_[i].person == p.person) return i;
      return {};
    case PlaceRole::others:
      return {};
    }
    return {};
  }

  void put(const CustomPlace& p, std::optional<std::size_t> source) {
    if (!source || placed_[*source]) return;
    placed_[*source] = true;
    const auto before = arrangement_.tiles.size();
    place(arrangement_, sources_, *source, box(p), p.z, p.fit);
    if (arrangement_.tiles.size() > before) arrangement_.tiles.back().edge = edge(p);
  }

  void put_others(const CustomPlace& p) {
    Indices rest;
    for (const auto i : column_order(sources_, cast_))
      if (!placed_[i]) rest.push_back(i);
    Arrangement rows;
    place_rows(rows, sources_, rest, box(p), kLeastRow);
    for (auto& tile : rows.tiles) {
      placed_[tile.source] = true;
      tile.z = p.z;
      tile.edge = edge(p);
      arrangement_.tiles.push_back(tile);
    }
  }

  TileEdge edge(const CustomPlace& p) const {
    if (context_.declared.width == 0) return p.edge;
    const auto scale = [&](int length) {
      return (length * context_.canvas.width + context_.declared.width - 1) /
             context_.declared.width;
    };
    return {scale(p.edge.radius), scale(p.edge.border), p.edge.color};
  }

  // On the canvas that is drawn, which a draft makes smaller than the declared one.
  Rect box(const CustomPlace& p) const {
    const auto canvas = context_.canvas;
    const auto declared = context_.declared.width > 0 ? context_.declared : canvas;
    const auto r = place_rect(p, declared);
    const auto x = [&](int v) { return even(v * canvas.width / declared.width); };
    const auto y = [&](int v) { return even(v * canvas.height / declared.height); };
    return {x(r.x), y(r.y), x(r.x + r.width) - x(r.x), y(r.y + r.height) - y(r.y)};
  }

  const LayoutContext& context_;
  const Sources& sources_;
  Cast cast_;
  std::vector<bool> placed_;
  Arrangement arrangement_;
};

// What is drawn into the composed picture would lie over the tiles above, too.
void check_edge(const CustomLayout& layout, Size canvas, std::size_t lower,
                std::vector<MisplacedPlace>& found) {
  const auto& edge = layout[lower].edge;
  const auto rect = place_rect(layout[lower], canvas);
  for (std::size_t upper = 0; upper < layout.size(); ++upper) {
    if (!lies_over(layout, upper, lower)) continue;
    const auto other = place_rect(layout[upper], canvas);
    const auto name = std::to_string(upper);
    if (border_meets(rect, edge, other))
      found.push_back({lower, "border",
                       "it would be drawn over place " + name +
                           ", which lies above: move one of them, or leave the border out"});
    if (corners_meet(rect, edge, other))
      found.push_back({lower, "radius",
                       "the corners would be cut out of place " + name +
                           ", too, which lies above: move one of them, or leave the radius out"});
  }
}

// The longest that a border or a radius is drawn.
int at_most_half(int length, Rect tile) {
  return std::min(length, (std::min(tile.width, tile.height) + 1) / 2);
}

}  // namespace

bool border_meets(Rect tile, const TileEdge& edge, Rect other) {
  if (edge.border == 0 || !meet(tile, other)) return false;
  const int width = at_most_half(edge.border, tile);
  return other.x < tile.x + width || other.y < tile.y + width ||
         other.x + other.width > tile.x + tile.width - width ||
         other.y + other.height > tile.y + tile.height - width;
}

bool corners_meet(Rect tile, const TileEdge& edge, Rect other) {
  const int side = at_most_half(edge.radius, tile);
  if (side == 0) return false;
  for (const int x : {tile.x, tile.x + tile.width - side})
    for (const int y : {tile.y, tile.y + tile.height - side})
      if (meet({x, y, side, side}, other)) return true;
  return false;
}

Rect place_rect(const CustomPlace& place, Size canvas) {
  return {pixels(place.x, canvas.width), pixels(place.y, canvas.height),
          pixels(place.width, canvas.width), pixels(place.height, canvas.height)};
}

std::vector<MisplacedPlace> misplaced(const CustomLayout& layout, Size canvas) {
  std::vector<MisplacedPlace> found;
  for (std::size_t i = 0; i < layout.size(); ++i) {
    const auto rect = place_rect(layout[i], canvas);
    if (rect.width < kLeastSide || rect.height < kLeastSide)
      found.push_back({i, "rect", "is smaller than 2 pixels"});
    if (rect.x < 0 || rect.y < 0 || rect.x + rect.width > canvas.width ||
        rect.y + rect.height > canvas.height)
      found.push_back({i, "rect",
                       "lies partly outside the canvas of " + std::to_string(canvas.width) + "x" +
                           std::to_string(canvas.height)});
    // What lies under a corner is not known when the corner is drawn.
    for (std::size_t k = 0; k < layout.size() && layout[i].edge.radius > 0; ++k)
      if (lies_over(layout, i, k) && meet(rect, place_rect(layout[k], canvas)))
        found.push_back({i, "radius",
                         "corners are cut out of the background only, but this lies over place " +
                             std::to_string(k)});
    check_edge(layout, canvas, i, found);
  }
  return found;
}

Arrangement arrange_custom(const LayoutContext& context, const Sources& sources) {
  return Placing{context, sources}.run();
}

}  // namespace rostrum
