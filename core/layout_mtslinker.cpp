// SPDX-License-Identifier: LGPL-2.1-or-later
// Policy mtslinker: the picture of the ffmpeg tool of that name, for comparison.
#include "core/layout_policies.h"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace rostrum {

namespace {

constexpr int kInsetMargin = 16;  // that tool's, on any canvas

std::optional<std::size_t> first_presenter(const Sources& sources, const Indices& among) {
  const auto found =
      std::find_if(among.begin(), among.end(), [&](std::size_t i) { return sources[i].presenter; });
  if (found == among.end()) return {};
  return *found;
}

// One fills the canvas, one stands over its upper right corner.
Arrangement main_and_inset(Size canvas, const Sources& sources, std::size_t main, Indices others) {
  Arrangement arrangement;
  place(arrangement, sources, main, {0, 0, canvas.width, canvas.height});
  others.erase(std::remove(others.begin(), others.end(), main), others.end());
  const auto inset = first_presenter(sources, others).value_or(others.front());
  const int width = even(canvas.width / 4);
  const int height = even(canvas.height / 4);
  const Rect box{canvas.width - width - kInsetMargin, kInsetMargin, width, height};
  if (box.x >= 0 && box.y + height <= canvas.height) place(arrangement, sources, inset, box, 1);
  return arrangement;
}

// Those with sound first, none larger than its own picture.
Arrangement cells_of_all(Size canvas, const Sources& sources, Indices shown) {
  std::stable_partition(shown.begin(), shown.end(),
                        [&](std::size_t i) { return sources[i].has_sound; });
  const auto cells = grid_cells({0, 0, canvas.width, canvas.height}, grid_columns(shown.size()),
                                shown.size(), LastRow::left);
  Arrangement arrangement;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    auto box = cells[i];
    const auto picture = sources[shown[i]].size;
    const int width = std::min(box.width, std::max(2, even(picture.width)));
    const int height = std::min(box.height, std::max(2, even(picture.height)));
    box.x += even((box.width - width) / 2);
    box.y += even((box.height - height) / 2);
    place(arrangement, sources, shown[i], {box.x, box.y, width, height});
  }
  return arrangement;
}

Arrangement compose(Size canvas, const Sources& sources, const Indices& shown) {
  Arrangement arrangement;
  if (shown.empty()) return arrangement;
  if (shown.size() == 1) {
    place(arrangement, sources, shown[0], {0, 0, canvas.width, canvas.height});
    return arrangement;
  }
  if (const auto screen = newest(sources, of_kind(sources, TrackKind::screen)))
    return main_and_inset(canvas, sources, *screen, shown);
  if (const auto presenter = first_presenter(sources, shown))
    return main_and_inset(canvas, sources, *presenter, shown);
  return cells_of_all(canvas, sources, shown);
}

// A rectangle of the canvas in the picture of the canvas that is shrunk into `box`.
Rect shrunk(Rect rect, Size canvas, Rect box) {
  const auto along = [](int value, int from, int to) {
    return even(static_cast<int>(std::int64_t{value} * to / from));
  };
  const int left = along(rect.x, canvas.width, box.width);
  const int top = along(rect.y, canvas.height, box.height);
  return {box.x + left, box.y + top, along(rect.x + rect.width, canvas.width, box.width) - left,
          along(rect.y + rect.height, canvas.height, box.height) - top};
}

}  // namespace

Arrangement arrange_mtslinker(const LayoutContext& context, const Sources& sources) {
  const auto canvas = context.canvas;
  const auto slide = newest(sources, of_kind(sources, TrackKind::slides));
  auto people = of_kind(sources, TrackKind::camera);
  const auto screens = of_kind(sources, TrackKind::screen);
  people.insert(people.end(), screens.begin(), screens.end());
  std::sort(people.begin(), people.end());
  auto composed = compose(canvas, sources, people);
  if (!context.deck_in_record && !slide) return composed;

  const int split = scaled(960, canvas.width, kReference.width);
  const int width = std::min(canvas.width - split, scaled(320, canvas.width, kReference.width));
  const int height = even(static_cast<int>(std::int64_t{canvas.height} * width / canvas.width));
  Arrangement arrangement;
  arrangement.backdrops.push_back({{0, 0, split, canvas.height}});
  if (slide) place(arrangement, sources, *slide, arrangement.backdrops[0].rect);
  for (const auto& tile : composed.tiles)
    place(arrangement, sources, tile.source, shrunk(tile.rect, canvas, {split, 0, width, height}),
          tile.z);
  return arrangement;
}

}  // namespace rostrum
