// SPDX-License-Identifier: LGPL-2.1-or-later
// The contact sheet: which scenes of a plan stand on one page, where, and what is said under each.
#pragma once

#include "core/plan.h"

#include <string>
#include <vector>

namespace rostrum {

// All in pixels of the page.
inline constexpr int kContactMargin = 28;   // around everything
inline constexpr int kContactHeader = 78;   // title and facts
inline constexpr int kContactCaption = 62;  // under a picture: a line for the time, two for names
inline constexpr int kContactGap = 16;      // between cells
inline constexpr int kWidestContactPage = 2400;
inline constexpr int kHighestContactPage = 12000;

// One scene on the page.
struct ContactCell {
  std::size_t scene = 0;   // index into Plan::scenes
  std::int64_t frame = 0;  // the output frame that is shown
  int x = 0;               // of its upper left corner
  int y = 0;

  friend bool operator==(const ContactCell&, const ContactCell&) = default;
};

struct ContactPage {
  Size size;
  Size cell;                       // picture and caption
  std::vector<ContactCell> cells;  // by time, row by row
  std::size_t left_out = 0;        // the shortest scenes, for which there is no room
};

// How many lines the pictures of a canvas have: PlanOptions::lines for the plan that is drawn.
int contact_lines(Size canvas);

// As many columns as make the page about 4:3, within the widest and highest page. Where not all
// scenes have room, the longest stay.
ContactPage contact_page(const Plan& plan, Size picture);

// One second after the scene's start, or its middle if that is earlier.
std::int64_t contact_frame(const Plan& plan, const Scene& scene);

// Whether there is anything but the background in any frame.
bool shows_something(const Plan& plan);

// "slide · Anna, Boris": what is on stage, then who is seen, be it by a card with initials; "title
// card"; "nobody" for an empty picture.
std::string names_seen(const Plan& plan, const Scene& scene);

// "0:12:34", rounded down.
std::string clock_text(Nanoseconds t);
// "0.04 s", "2.5 s", "12 s", "3 min 05 s", "1 h 02 min"
std::string length_text(Nanoseconds length);

}  // namespace rostrum
