// SPDX-License-Identifier: LGPL-2.1-or-later
// Policy webinar: the stage with a column of cameras, or the people alone; and the column itself.
#include "core/layout_policies.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace rostrum {

namespace {

// Fitted into the box, at its top.
Rect fit_top(Size picture, Rect box) {
  auto rect = fit(picture, box);
  rect.y = box.y;
  return rect;
}

// The box for each of the tiles below the speaker: as wide as the column and `tallest` high where
// there is room, else all of one height not less than `least`, and no more than fit.
struct ColumnBoxes {
  std::size_t count;
  int height;
};

ColumnBoxes boxes_below(const std::vector<int>& heights, int room, int tallest, int least) {
  int total = 0;
  int lowest = tallest;
  for (const int height : heights) {
    total += height;
    lowest = std::min(lowest, height);
  }
  if (total <= room) return {heights.size(), tallest};
  const auto count = std::min(heights.size(), static_cast<std::size_t>(room / least));
  if (count == 0) return {0, 0};
  const int share = even(room / static_cast<int>(count));
  return {count, std::min(share, std::max(lowest, least))};
}

void place_column(Arrangement& arrangement, const Sources& sources, const Indices& order,
                  Rect column) {
  const int tallest = scaled(320, column.height, kReference.height);
  const int least = scaled(90, column.height, kReference.height);
  const auto tile = [&](std::size_t source, int y, int height) {
    return fit_top(sources[source].size, {column.x, y, column.width, height});
  };
  const auto speaker = tile(order[0], 0, tallest);
  if (speaker.width == 0) return;
  arrangement.tiles.push_back({order[0], speaker, 0});
  std::vector<int> heights;
  for (auto i = std::next(order.begin()); i != order.end(); ++i)
    heights.push_back(tile(*i, 0, tallest).height);
  const auto boxes = boxes_below(heights, column.height - speaker.height, tallest, least);
  int y = speaker.height;
  for (std::size_t i = 1; i <= boxes.count; ++i) {
    const auto rect = tile(order[i], y, boxes.height);
    arrangement.tiles.push_back({order[i], rect, 0});
    y += rect.height;
  }
}

std::int64_t shown_area(const Sources& sources, const Indices& order,
                        const std::vector<Rect>& cells) {
  std::int64_t area = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto rect = fit(sources[order[i]].size, cells[i]);
    area += std::int64_t{rect.width} * rect.height;
  }
  return area;
}

void place_inset(Arrangement& arrangement, const Sources& sources, std::size_t source,
                 Size canvas) {
  const int width = scaled(320, canvas.width, kReference.width);
  const int height = scaled(180, canvas.height, kReference.height);
  const int margin_x = scaled(16, canvas.width, kReference.width);
  const int margin_y = scaled(16, canvas.height, kReference.height);
  auto rect = fit(sources[source].size, {0, 0, width, height});
  if (rect.width == 0) return;
  rect.x = canvas.width - margin_x - rect.width;
  rect.y = margin_y;
  if (rect.x >= 0 && rect.y + rect.height <= canvas.height)
    arrangement.tiles.push_back({source, rect, 1});
}

Arrangement people_alone(Size canvas, const Sources& sources, const Cast& cast) {
  Arrangement arrangement;
  const Rect whole{0, 0, canvas.width, canvas.height};
  if (cast.presenter || cast.cameras.size() == 1) {
    const auto main = cast.presenter.value_or(cast.cameras[0]);
    place(arrangement, sources, main, whole);
    if (cast.speaker != main) place_inset(arrangement, sources, *cast.speaker, canvas);
    return arrangement;
  }
  const auto cells =
      grid_cells(whole, grid_columns(cast.cameras.size()), cast.cameras.size(), LastRow::centred);
  for (std::size_t i = 0; i < cells.size(); ++i)
    place(arrangement, sources, cast.cameras[i], cells[i]);
  return arrangement;
}

}  // namespace

Indices column_order(const Sources& sources, const Cast& cast) {
  auto order = cast.cameras;
  if (cast.in_order) return order;
  const auto rank = [&](std::size_t i) {
    return i == cast.speaker ? 0 : i == cast.presenter ? 1 : 2;
  };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (rank(a) != rank(b)) return rank(a) < rank(b);
    return sources[a].joined < sources[b].joined;
  });
  return order;
}

void place_rows(Arrangement& arrangement, const Sources& sources, Indices order, Rect area) {
  const int least = scaled(90, area.width, kReference.height);
  const int most_columns = std::max(1, area.width / (least * 16 / 9));
  const int most_rows = std::max(1, area.height / least);
  order.resize(std::min(order.size(), static_cast<std::size_t>(most_columns * most_rows)));
  const int count = static_cast<int>(order.size());
  std::vector<Rect> best;
  std::int64_t best_area = -1;
  for (int columns = 1; columns <= most_columns; ++columns) {
    if ((count + columns - 1) / columns > most_rows) continue;
    auto cells = grid_cells(area, columns, order.size(), LastRow::centred);
    const auto shown = shown_area(sources, order, cells);
    if (shown <= best_area) continue;
    best_area = shown;
    best = std::move(cells);
  }
  for (std::size_t i = 0; i < best.size(); ++i) place(arrangement, sources, order[i], best[i]);
}

Arrangement stage_and_cameras(Size canvas, const Sources& sources, std::size_t stage,
                              const Indices& order) {
  Arrangement arrangement;
  if (order.empty()) {
    place(arrangement, sources, stage, {0, 0, canvas.width, canvas.height});
  } else if (canvas.height > canvas.width) {
    const int height = scaled(3, canvas.width, 4);
    place(arrangement, sources, stage, {0, 0, canvas.width, height});
    place_rows(arrangement, sources, order, {0, height, canvas.width, canvas.height - height});
  } else {
    const int width = scaled(960, canvas.width, kReference.width);
    place(arrangement, sources, stage, {0, 0, width, canvas.height});
    place_column(arrangement, sources, order, {width, 0, canvas.width - width, canvas.height});
  }
  return arrangement;
}

Arrangement arrange_webinar(const LayoutContext& context, const Sources& sources) {
  const auto cast = cast_of(context, sources);
  if (cast.stage)
    return stage_and_cameras(context.canvas, sources, *cast.stage, column_order(sources, cast));
  if (cast.cameras.empty()) return {};
  return people_alone(context.canvas, sources, cast);
}

}  // namespace rostrum
