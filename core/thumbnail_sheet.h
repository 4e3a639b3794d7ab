// SPDX-License-Identifier: LGPL-2.1-or-later
// Small pictures of a film in sheets of many, and the text that says which is where.
#pragma once

#include "core/layout.h"
#include "core/timeline.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace rostrum {

inline constexpr int kUsualThumbnailWidth = 160;
inline constexpr std::size_t kThumbnailColumns = 10;
inline constexpr std::size_t kThumbnailRows = 10;

// The height of a picture of the film that is so wide, even.
Size scaled_to_width(Size film, int width);

struct ThumbnailSheets {
  Size tile;
  std::vector<Nanoseconds> times;  // of the film; each picture stands for the time to the next
  Nanoseconds length{0};           // of the film

  std::size_t sheets() const;
  // How many pictures sheet `n` has, its size, and where in it the picture `i` of the film is.
  std::size_t pictures_of(std::size_t n) const;
  Size size_of(std::size_t n) const;
  Rect place_of(std::size_t i) const;
};

// From 0 on, one each `every`.
ThumbnailSheets thumbnail_sheets(Size film, Nanoseconds length, Nanoseconds every, int width);

// "talk.vtt" -> "talk-001.jpg"
std::string sheet_path(const std::string& vtt, std::size_t n);

// WebVTT (W3C) whose cues name a part of a picture each (Media Fragments URI, 4.2.2). `uris` of the
// sheets.
std::string thumbnail_text(const ThumbnailSheets& sheets, const std::vector<std::string>& uris);

// The frame that is shown at that time.
std::int64_t frame_shown_at(const FrameGrid& grid, Nanoseconds t);

}  // namespace rostrum
