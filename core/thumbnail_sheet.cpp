// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/thumbnail_sheet.h"

#include "core/cue_time.h"

#include <algorithm>
#include <cstdio>

namespace rostrum {

namespace {

constexpr std::size_t kMost = kThumbnailColumns * kThumbnailRows;

}  // namespace

Size scaled_to_width(Size film, int width) {
  const auto height = (std::int64_t{width} * film.height / film.width + 1) / 2 * 2;
  return {width, static_cast<int>(std::max<std::int64_t>(height, 2))};
}

std::size_t ThumbnailSheets::sheets() const { return (times.size() + kMost - 1) / kMost; }

std::size_t ThumbnailSheets::pictures_of(std::size_t n) const {
  return std::min(kMost, times.size() - n * kMost);
}

Size ThumbnailSheets::size_of(std::size_t n) const {
  const auto count = pictures_of(n);
  const auto columns = std::min(times.size(), kThumbnailColumns);
  const auto rows = (count + kThumbnailColumns - 1) / kThumbnailColumns;
  return {tile.width * static_cast<int>(columns), tile.height * static_cast<int>(rows)};
}

Rect ThumbnailSheets::place_of(std::size_t i) const {
  const auto at = i % kMost;
  return {tile.width * static_cast<int>(at % kThumbnailColumns),
          tile.height * static_cast<int>(at / kThumbnailColumns), tile.width, tile.height};
}

ThumbnailSheets thumbnail_sheets(Size film, Nanoseconds length, Nanoseconds every, int width) {
  ThumbnailSheets sheets{
      scaled_to_width(film, width > 0 ? width : kUsualThumbnailWidth), {}, length};
  for (Nanoseconds t{0}; t < length; t += every) sheets.times.push_back(t);
  return sheets;
}

std::string sheet_path(const std::string& vtt, std::size_t n) {
  char ending[32];
  std::snprintf(ending, sizeof ending, "-%03zu.jpg", n + 1);
  return vtt.substr(0, vtt.rfind('.')) + ending;
}

std::string thumbnail_text(const ThumbnailSheets& sheets, const std::vector<std::string>& uris) {
  std::string text = "WEBVTT\n";
  for (std::size_t i = 0; i < sheets.times.size(); ++i) {
    const auto end = i + 1 < sheets.times.size() ? sheets.times[i + 1] : sheets.length;
    const auto place = sheets.place_of(i);
    text += "\n" + cue_time(sheets.times[i]) + " --> " + cue_time(end) + "\n" + uris[i / kMost] +
            "#xywh=" + std::to_string(place.x) + "," + std::to_string(place.y) + "," +
            std::to_string(place.width) + "," + std::to_string(place.height) + "\n";
  }
  return text;
}

std::int64_t frame_shown_at(const FrameGrid& grid, Nanoseconds t) {
  const auto nearest = grid.frames(t);
  return grid.start(nearest) <= t ? nearest : nearest - 1;
}

}  // namespace rostrum
