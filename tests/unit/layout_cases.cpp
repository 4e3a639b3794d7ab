// SPDX-License-Identifier: LGPL-2.1-or-later
#include "layout_cases.h"

#include <algorithm>
#include <cstdio>

namespace rostrum::test {

namespace {

constexpr Policy kPictured[] = {Policy::webinar, Policy::grid,      Policy::single,
                                Policy::speaker, Policy::presenter, Policy::side_by_side,
                                Policy::stack,   Policy::custom,    Policy::mtslinker};
constexpr Size kCanvases[] = {{1280, 720}, {1024, 768}, {1080, 1920}};
constexpr Size kShapes[] = {{640, 360}, {640, 480}, {360, 640}, {320, 320}, {1280, 544}};

CustomPlace place(PlaceRole role, double x, double y, double width, double height, int z) {
  CustomPlace p;
  p.role = role;
  p.x = {x, true};
  p.y = {y, true};
  p.width = {width, true};
  p.height = {height, true};
  p.z = z;
  return p;
}

// The example of docs/layouts.md.
CustomLayout example() {
  return {place(PlaceRole::stage, 0, 0, 100, 86, 0), place(PlaceRole::speaker, 78, 64, 20, 20, 1),
          place(PlaceRole::others, 0, 86, 100, 14, 0)};
}

std::size_t presenter_of(const LayoutCase& c) {
  return c.crowd == Crowd::shapes ? std::min<std::size_t>(c.people, 2) - 1 : 0;
}

std::size_t speaker_of(const LayoutCase& c) {
  return c.crowd == Crowd::shapes ? c.people - 1 : std::min<std::size_t>(c.people, 3) - 1;
}

LayoutSource camera(const LayoutCase& c, std::size_t i) {
  const bool mixed = c.crowd == Crowd::shapes;
  return {.kind = TrackKind::camera,
          .size = kShapes[mixed ? i % std::size(kShapes) : 0],
          .presenter = c.crowd != Crowd::peers && i == presenter_of(c),
          .has_sound = !mixed || i % 3 != 1,
          .joined = std::chrono::seconds(mixed ? kMostPeople - i : i),
          .present = std::chrono::seconds(100 - i)};
}

std::string size_text(int width, int height) {
  return std::to_string(width) + "x" + std::to_string(height);
}

std::string rect_text(const Rect& r) {
  return std::to_string(r.x) + "," + std::to_string(r.y) + " " + size_text(r.width, r.height);
}

const char* name_of_stage(Stage stage) {
  return stage == Stage::none ? "none" : stage == Stage::slides ? "slides" : "screen";
}

const char* name_of_crowd(Crowd crowd) {
  return crowd == Crowd::presenter ? "presenter" : crowd == Crowd::peers ? "peers" : "shapes";
}

std::string tiles_text(const LayoutCase& c) {
  std::string text;
  const auto arrangement = arrangement_of(c);
  for (const auto& b : arrangement.backdrops) {
    char color[8];
    std::snprintf(color, sizeof color, "#%06x", static_cast<unsigned>(b.color & 0xffffff));
    text += std::string{" | "} + color + " " + rect_text(b.rect);
  }
  for (const auto& t : arrangement.tiles) {
    text += " | ";
    text += t.source < c.people ? std::to_string(t.source + 1) : name_of_stage(c.stage);
    text += (t.z > 0 ? "^ " : " ") + rect_text(t.rect);
  }
  return text;
}

void add_lines(std::string& lines, LayoutCase c) {
  const std::string head = std::string{name_of(c.policy)} + " " +
                           size_text(c.canvas.width, c.canvas.height) + " " +
                           name_of_crowd(c.crowd) + " " + name_of_stage(c.stage) + " ";
  std::size_t first = 1;
  for (std::size_t n = 1; n <= kMostPeople; ++n) {
    c.people = n;
    const auto text = tiles_text(c);
    c.people = n + 1;
    if (n < kMostPeople && tiles_text(c) == text) continue;
    const auto count = std::to_string(first) + (n > first ? "-" + std::to_string(n) : "");
    lines += head + count + text + "\n";
    first = n + 1;
  }
}

}  // namespace

std::span<const Policy> pictured_policies() { return kPictured; }
std::span<const Size> pictured_canvases() { return kCanvases; }

std::vector<LayoutSource> sources_of(const LayoutCase& c) {
  std::vector<LayoutSource> sources;
  for (std::size_t i = 0; i < c.people; ++i) sources.push_back(camera(c, i));
  if (c.stage == Stage::slides) sources.push_back({.kind = TrackKind::slides, .size = {1280, 720}});
  if (c.stage == Stage::screen)
    sources.push_back({.kind = TrackKind::screen, .size = {1920, 1080}});
  return sources;
}

LayoutContext context_of(const LayoutCase& c) {
  return {.policy = c.policy,
          .canvas = c.canvas,
          .deck_in_record = c.stage == Stage::slides,
          .speaker = speaker_of(c),
          .custom = example()};
}

Arrangement arrangement_of(const LayoutCase& c) { return arrange(context_of(c), sources_of(c)); }

std::string golden_text() {
  std::string lines =
      "# What arrange() gives, written by `./dev layout-pictures`.\n"
      "# policy canvas crowd stage people | source x,y WxH | ...\n"
      "# A source is a person's number or what is on stage; ^: an inset; #rrggbb: a backdrop.\n";
  for (const auto policy : kPictured)
    for (const auto canvas : kCanvases)
      for (const auto crowd : {Crowd::presenter, Crowd::peers, Crowd::shapes})
        for (const auto stage : {Stage::none, Stage::slides, Stage::screen})
          add_lines(lines, {policy, canvas, crowd, stage, 1});
  return lines;
}

}  // namespace rostrum::test
