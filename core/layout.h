// SPDX-License-Identifier: LGPL-2.1-or-later
// Who is shown where at one moment.  Pure geometry: sources in, rectangles out.  docs/layouts.md
// has the rules.
#pragma once

#include "core/manifest.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace rostrum {

struct Size {
  int width = 0;
  int height = 0;

  friend bool operator==(const Size&, const Size&) = default;
};

// In canvas pixels; positions and sizes are even.
struct Rect {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;

  friend bool operator==(const Rect&, const Rect&) = default;
};

// One picture that could be shown at a moment.
struct LayoutSource {
  TrackKind kind = TrackKind::camera;  // camera, screen or slides
  std::string person = {};             // id; "" = nobody's
  Size size;                           // of the picture as it is to be seen (square pixels)
  bool presenter = false;              // camera or screen of a person with that role
  bool has_sound = false;
  Nanoseconds since{0};    // when this source's current clip started: the newest screen is on stage
  Nanoseconds joined{0};   // when its person (or track) was first there
  Nanoseconds present{0};  // its person's (or track's) total presence up to now
};

// A source in its place.  With Fit::contain `rect` has the source's own aspect to within the even
// grid; only a custom layout asks for another.
struct Tile {
  std::size_t source = 0;  // index into the sources handed in
  Rect rect;
  int z = 0;  // 0: on the canvas; 1: inset over it
  Fit fit = Fit::contain;
  TileEdge edge = {};

  friend bool operator==(const Tile&, const Tile&) = default;
};

// A plain rectangle under the tiles (the white slide box of policy mtslinker).
struct Backdrop {
  Rect rect;
  std::uint32_t color = 0xffffff;  // 0xRRGGBB

  friend bool operator==(const Backdrop&, const Backdrop&) = default;
};

struct Arrangement {
  std::vector<Tile> tiles;
  std::vector<Backdrop> backdrops;

  friend bool operator==(const Arrangement&, const Arrangement&) = default;
};

struct LayoutContext {
  Policy policy = Policy::webinar;
  Size canvas;
  bool deck_in_record = false;  // any slide anywhere in the job (policy mtslinker)
  // Index of the camera whose person is speaking; absent: the presenter, else the longest present.
  std::optional<std::size_t> speaker = std::nullopt;
  bool in_order = false;     // the user has put the cameras in order: it goes before who speaks
  CustomLayout custom = {};  // of Policy::custom; its pixels are those of `declared`
  Size declared = {};        // the canvas before it was made smaller for a draft; 0x0 = the same
};

// The arrangement for the sources that are there at one moment, in the order of the job's tracks.
Arrangement arrange(const LayoutContext& context, const std::vector<LayoutSource>& sources);

// The place's rectangle in pixels of a canvas; not yet even.
Rect place_rect(const CustomPlace& place, Size canvas);

// What of a custom layout is not possible on a canvas: the place's index and key, and a sentence.
struct MisplacedPlace {
  std::size_t index = 0;
  std::string key;
  std::string why;
};
std::vector<MisplacedPlace> misplaced(const CustomLayout& layout, Size canvas);

// The largest rectangle of the given aspect inside a box, centred, even.
Rect fit(Size picture, Rect box);

// The canvas for "size": "auto": the largest picture by area, at least 640x360, at most 1280x720
// (larger is scaled into it keeping aspect), even; 1280x720 with slides.
Size automatic_canvas(const std::vector<Size>& pictures, bool slides);

}  // namespace rostrum
