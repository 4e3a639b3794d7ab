// SPDX-License-Identifier: LGPL-2.1-or-later
// What the layout policies share.  Internal to core/layout*.cpp.
#pragma once

#include "core/layout.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace rostrum {

using Sources = std::vector<LayoutSource>;
using Indices = std::vector<std::size_t>;  // into the sources handed to arrange()

// The rules are written for a canvas of 1280x720; other canvases scale them.
inline constexpr Size kReference{1280, 720};

constexpr int even(int value) { return value & ~1; }

// A length of the reference canvas on another one: even, at least 2.
constexpr int scaled(int length, int canvas, int reference) {
  return std::max(2, even(static_cast<int>(std::int64_t{length} * canvas / reference)));
}

// Whether two rectangles have a pixel in common.
constexpr bool meet(Rect a, Rect b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

// Whether the border, or what is painted around the rounded corners, of a tile would lie in another
// rectangle.
bool border_meets(Rect tile, const TileEdge& edge, Rect other);
bool corners_meet(Rect tile, const TileEdge& edge, Rect other);

// Who is who at this moment.
struct Cast {
  Indices cameras;                       // in the order of the sources
  std::optional<std::size_t> stage;      // the newest screen share, else the newest slide
  std::optional<std::size_t> presenter;  // the first camera of a presenter
  std::optional<std::size_t> speaker;    // set when there is a camera
  bool in_order = false;                 // the cameras are in the order in which they are shown
};

Cast cast_of(const LayoutContext& context, const Sources& sources);

// Sources of one kind that have a picture, in their order.
Indices of_kind(const Sources& sources, TrackKind kind);

// The one whose clip started last; of several the first.
std::optional<std::size_t> newest(const Sources& sources, const Indices& among);

// Columns of the squarest grid: the square root, rounded up.
int grid_columns(std::size_t count);

enum class LastRow { centred, left };

// `count` cells of one even size inside an even area, row by row.
std::vector<Rect> grid_cells(Rect area, int columns, std::size_t count, LastRow last_row);

// Adds the source to the arrangement, fitted into the box; one that would have no area is left out.
void place(Arrangement& arrangement, const Sources& sources, std::size_t source, Rect box,
           int z = 0, Fit how = Fit::contain);

// The speaker, the presenter, then the others by the time they joined; or as the user says.
Indices column_order(const Sources& sources, const Cast& cast);

// The lowest that a cell of place_rows() may be, so that people stay recognisable.
inline int least_row_height(Size canvas) {
  return scaled(90, std::min(canvas.width, canvas.height), kReference.height);
}

// Rows of equal cells of at least that height, as many columns as show the most picture; in that
// order, no more than fit.
void place_rows(Arrangement& arrangement, const Sources& sources, Indices order, Rect area,
                int least_height);

// The stage with these cameras beside it, in that order: a column; rows below it where the canvas
// is higher than wide. Without cameras it fills the canvas.
Arrangement stage_and_cameras(Size canvas, const Sources& sources, std::size_t stage,
                              const Indices& order);

Arrangement arrange_webinar(const LayoutContext& context, const Sources& sources);
Arrangement arrange_mtslinker(const LayoutContext& context, const Sources& sources);
Arrangement arrange_speaker(const LayoutContext& context, const Sources& sources);
Arrangement arrange_presenter(const LayoutContext& context, const Sources& sources);
Arrangement arrange_side_by_side(const LayoutContext& context, const Sources& sources);
Arrangement arrange_stack(const LayoutContext& context, const Sources& sources);
Arrangement arrange_custom(const LayoutContext& context, const Sources& sources);

}  // namespace rostrum
