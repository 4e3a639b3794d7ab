// SPDX-License-Identifier: LGPL-2.1-or-later
// Policy custom: the rectangles that the manifest gives.
#include "core/layout_policies.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace rostrum {

namespace {

constexpr int kLeastSide = 2;  // pixels
constexpr int kLeastRow = 16;  // pixels: the user has given the others their room

double pixels(const CanvasLength& length, int side) {
  return length.percent ? length.value * side / 100 : length.value;
}

int nearest(double pixels) { return static_cast<int>(std::lround(pixels)); }

bool lies_over(const CustomLayout& layout, std::size_t upper, std::size_t lower) {
  if (layout[upper].z != layout[lower].z) return layout[upper].z > layout[lower].z;
  return upper > lower;
}

// How many places are stacked below each, at most: an order of drawing that does not depend on
// which sources there are.
std::vector<int> stack_levels(const CustomLayout& layout, Size canvas) {
  std::vector<std::size_t> order(layout.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return lies_over(layout, b, a); });
  std::vector<int> found(layout.size());
  for (auto upper = order.begin(); upper != order.end(); ++upper)
    for (auto lower = order.begin(); lower != upper; ++lower)
      if (meet(place_rect(layout[*upper], canvas), place_rect(layout[*lower], canvas)))
        found[*upper] = std::max(found[*upper], found[*lower] + 1);
  return found;
}

// Hands the sources to the places, each once: to the first place that asks for it.
class Placing {
 public:
  Placing(const LayoutContext& context, const Sources& sources)
      : context_{context},
        sources_{sources},
        cast_{cast_of(context, sources)},
        placed_(sources.size()),
        stack_levels_{stack_levels(context.custom, declared())} {}

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
    place(arrangement_, sources_, *source, box(p), stack_level(p), p.fit);
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
      tile.z = stack_level(p);
      tile.edge = edge(p);
      arrangement_.tiles.push_back(tile);
    }
  }

  int stack_level(const CustomPlace& p) const {
    return stack_levels_[static_cast<std::size_t>(&p - context_.custom.data())];
  }

  Size declared() const {
    return context_.declared.width > 0 ? context_.declared : context_.canvas;
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
    const auto r = place_rect(p, declared());
    const auto x = [&](int v) { return even(v * canvas.width / declared().width); };
    const auto y = [&](int v) { return even(v * canvas.height / declared().height); };
    return {x(r.x), y(r.y), x(r.x + r.width) - x(r.x), y(r.y + r.height) - y(r.y)};
  }

  const LayoutContext& context_;
  const Sources& sources_;
  Cast cast_;
  std::vector<bool> placed_;
  std::vector<int> stack_levels_;
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

// The edges are rounded, not the lengths: places that touch in percent touch in pixels.
Rect place_rect(const CustomPlace& place, Size canvas) {
  const auto x = pixels(place.x, canvas.width);
  const auto y = pixels(place.y, canvas.height);
  const auto right = nearest(x + pixels(place.width, canvas.width));
  const auto bottom = nearest(y + pixels(place.height, canvas.height));
  return {nearest(x), nearest(y), right - nearest(x), bottom - nearest(y)};
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
