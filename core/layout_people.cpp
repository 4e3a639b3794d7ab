// SPDX-License-Identifier: LGPL-2.1-or-later
// The policies that show one or two people: speaker, presenter, side-by-side; and stack.
#include "core/layout_policies.h"

#include <algorithm>

namespace rostrum {

namespace {

// One person: beside the stage, or alone.
Arrangement arrange_one(Size canvas, const Sources& sources, const Cast& cast,
                        std::optional<std::size_t> person) {
  Arrangement arrangement;
  if (cast.stage)
    return stage_and_cameras(canvas, sources, *cast.stage, person ? Indices{*person} : Indices{});
  if (person) place(arrangement, sources, *person, {0, 0, canvas.width, canvas.height});
  return arrangement;
}

// The stage, then the people in the order of the column.
Indices by_importance(const Sources& sources, const Cast& cast) {
  auto order = column_order(sources, cast);
  if (cast.stage) order.insert(order.begin(), *cast.stage);
  return order;
}

}  // namespace

Arrangement arrange_speaker(const LayoutContext& context, const Sources& sources) {
  const auto cast = cast_of(context, sources);
  return arrange_one(context.canvas, sources, cast, cast.speaker);
}

Arrangement arrange_presenter(const LayoutContext& context, const Sources& sources) {
  auto unmoved = context;  // who speaks does not matter
  unmoved.speaker.reset();
  const auto cast = cast_of(unmoved, sources);
  return arrange_one(context.canvas, sources, cast, cast.speaker);
}

Arrangement arrange_side_by_side(const LayoutContext& context, const Sources& sources) {
  Arrangement arrangement;
  auto shown = by_importance(sources, cast_of(context, sources));
  shown.resize(std::min<std::size_t>(shown.size(), 2));
  const int columns = context.canvas.width >= context.canvas.height ? 2 : 1;
  const auto cells =
      grid_cells({0, 0, context.canvas.width, context.canvas.height},
                 std::min(columns, static_cast<int>(shown.size())), shown.size(), LastRow::centred);
  for (std::size_t i = 0; i < shown.size(); ++i) place(arrangement, sources, shown[i], cells[i]);
  return arrangement;
}

Arrangement arrange_stack(const LayoutContext& context, const Sources& sources) {
  Arrangement arrangement;
  const auto [width, height] = context.canvas;
  const auto shown = by_importance(sources, cast_of(context, sources));
  if (shown.empty()) return arrangement;
  const int top = shown.size() > 1 ? even(height * 3 / 4) : height;
  place(arrangement, sources, shown.front(), {0, 0, width, top});
  if (shown.size() > 1)
    place_rows(arrangement, sources, {shown.begin() + 1, shown.end()},
               {0, top, width, height - top}, least_row_height(context.canvas));
  return arrangement;
}

}  // namespace rostrum
