// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/layout.h"

#include "core/layout_policies.h"

#include <algorithm>
#include <cstdint>

namespace rostrum {

namespace {

constexpr Size kSmallestCanvas{640, 360};

// num / den to the nearest even number, halves up, at least 2 and at most 2^30.
int nearest_even(std::int64_t num, std::int64_t den) {
  return static_cast<int>(
      2 * std::clamp((num + den) / (2 * den), std::int64_t{1}, std::int64_t{1} << 29));
}

bool has_picture(const LayoutSource& source) {
  return source.size.width > 0 && source.size.height > 0;
}

std::optional<std::size_t> longest_present(const Sources& sources, const Indices& cameras) {
  std::optional<std::size_t> found;
  for (const auto i : cameras)
    if (!found || sources[i].present > sources[*found].present) found = i;
  return found;
}

Arrangement arrange_grid(const LayoutContext& context, const Sources& sources) {
  Indices shown;
  for (const auto kind : {TrackKind::camera, TrackKind::screen, TrackKind::slides}) {
    const auto some = of_kind(sources, kind);
    shown.insert(shown.end(), some.begin(), some.end());
  }
  std::sort(shown.begin(), shown.end());
  const auto cells = grid_cells({0, 0, context.canvas.width, context.canvas.height},
                                grid_columns(shown.size()), shown.size(), LastRow::centred);
  Arrangement arrangement;
  for (std::size_t i = 0; i < shown.size(); ++i) place(arrangement, sources, shown[i], cells[i]);
  return arrangement;
}

Arrangement arrange_single(const LayoutContext& context, const Sources& sources) {
  Arrangement arrangement;
  const auto cast = cast_of(context, sources);
  if (const auto main = cast.stage ? cast.stage : cast.speaker)
    place(arrangement, sources, *main, {0, 0, context.canvas.width, context.canvas.height});
  return arrangement;
}

}  // namespace

Indices of_kind(const Sources& sources, TrackKind kind) {
  Indices found;
  for (std::size_t i = 0; i < sources.size(); ++i)
    if (sources[i].kind == kind && has_picture(sources[i])) found.push_back(i);
  return found;
}

std::optional<std::size_t> newest(const Sources& sources, const Indices& among) {
  std::optional<std::size_t> found;
  for (const auto i : among)
    if (!found || sources[i].since > sources[*found].since) found = i;
  return found;
}

Cast cast_of(const LayoutContext& context, const Sources& sources) {
  Cast cast;
  cast.cameras = of_kind(sources, TrackKind::camera);
  cast.stage = newest(sources, of_kind(sources, TrackKind::screen));
  if (!cast.stage) cast.stage = newest(sources, of_kind(sources, TrackKind::slides));
  for (const auto i : cast.cameras)
    if (sources[i].presenter && !cast.presenter) cast.presenter = i;
  for (const auto i : cast.cameras)
    if (context.speaker == i) cast.speaker = i;
  if (!cast.speaker) cast.speaker = cast.presenter;
  if (!cast.speaker) cast.speaker = longest_present(sources, cast.cameras);
  cast.in_order = context.in_order;
  return cast;
}

int grid_columns(std::size_t count) {
  std::size_t columns = 1;
  while (columns * columns < count) ++columns;
  return static_cast<int>(columns);
}

std::vector<Rect> grid_cells(Rect area, int columns, std::size_t count, LastRow last_row) {
  std::vector<Rect> cells;
  if (count == 0) return cells;
  const int total = static_cast<int>(count);
  const int rows = (total + columns - 1) / columns;
  const int width = even(area.width / columns);
  const int height = even(area.height / rows);
  const int left = area.x + even((area.width - width * columns) / 2);
  const int top = area.y + even((area.height - height * rows) / 2);
  for (int i = 0; i < total; ++i) {
    const int row = i / columns;
    const int missing = row == rows - 1 ? columns * rows - total : 0;
    const int shift = last_row == LastRow::centred ? even(missing * width / 2) : 0;
    cells.push_back({left + shift + i % columns * width, top + row * height, width, height});
  }
  return cells;
}

void place(Arrangement& arrangement, const Sources& sources, std::size_t source, Rect box, int z,
           Fit how) {
  const auto picture = how == Fit::contain ? sources[source].size : Size{box.width, box.height};
  const auto rect = fit(picture, box);
  if (rect.width > 0) arrangement.tiles.push_back({source, rect, z, how});
}

Rect fit(Size picture, Rect box) {
  const int left = even(box.x + 1);
  const int top = even(box.y + 1);
  const int width = even(box.x + box.width) - left;
  const int height = even(box.y + box.height) - top;
  if (picture.width <= 0 || picture.height <= 0 || width < 2 || height < 2)
    return {left, top, 0, 0};
  // Either side may fill the box; of two that fit for rounding the larger, so that fitting into the
  // result gives the result again.
  const int high = nearest_even(std::int64_t{width} * picture.height, picture.width);
  const int wide = nearest_even(std::int64_t{height} * picture.width, picture.height);
  Size inner{width, high};
  if (high > height || (wide <= width && std::int64_t{wide} * height > std::int64_t{width} * high))
    inner = {wide, height};
  return {left + even((width - inner.width) / 2), top + even((height - inner.height) / 2),
          inner.width, inner.height};
}

Size automatic_canvas(const std::vector<Size>& pictures, bool slides) {
  if (slides) return kReference;
  const auto area = [](Size s) { return std::int64_t{s.width} * s.height; };
  Size largest;
  for (const auto& picture : pictures)
    if (area(picture) > area(largest)) largest = picture;
  if (largest.width > kReference.width || largest.height > kReference.height) {
    const auto inner = fit(largest, {0, 0, kReference.width, kReference.height});
    largest = {inner.width, inner.height};
  }
  return {std::max(kSmallestCanvas.width, even(largest.width)),
          std::max(kSmallestCanvas.height, even(largest.height))};
}

Arrangement arrange(const LayoutContext& context, const Sources& sources) {
  auto whole = context;
  whole.canvas = {even(context.canvas.width), even(context.canvas.height)};
  if (whole.canvas.width <= 0 || whole.canvas.height <= 0) return {};
  switch (context.policy) {
  case Policy::webinar:
    return arrange_webinar(whole, sources);
  case Policy::mtslinker:
    return arrange_mtslinker(whole, sources);
  case Policy::grid:
    return arrange_grid(whole, sources);
  case Policy::single:
    return arrange_single(whole, sources);
  case Policy::speaker:
    return arrange_speaker(whole, sources);
  case Policy::presenter:
    return arrange_presenter(whole, sources);
  case Policy::side_by_side:
    return arrange_side_by_side(whole, sources);
  case Policy::stack:
    return arrange_stack(whole, sources);
  case Policy::custom:
    return arrange_custom(whole, sources);
  }
  return {};
}

}  // namespace rostrum
