// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/contact_page.h"

#include <algorithm>
#include <cstdio>
#include <numeric>

namespace rostrum {

namespace {

constexpr int kLongestSide = 320;  // of a picture
constexpr int kNarrowestCell = 180;

// How long n things of one length are in a row.
int row_of(int n, int length) { return n * (length + kContactGap) - kContactGap; }

int rows_for(std::size_t cells, int columns) {
  return (static_cast<int>(cells) + columns - 1) / columns;
}

Size page_size(Size cell, int columns, int rows) {
  return {2 * kContactMargin + row_of(columns, cell.width),
          2 * kContactMargin + kContactHeader + row_of(rows, cell.height)};
}

int most_columns(Size cell) {
  return std::max(
      1, (kWidestContactPage - 2 * kContactMargin + kContactGap) / (cell.width + kContactGap));
}

int most_rows(Size cell) {
  return std::max(1, (kHighestContactPage - 2 * kContactMargin - kContactHeader + kContactGap) /
                         (cell.height + kContactGap));
}

int choose_columns(Size cell, std::size_t cells) {
  const int most = most_columns(cell);
  for (int columns = 1; columns < most; ++columns) {
    const auto page = page_size(cell, columns, rows_for(cells, columns));
    if (page.width * 3 >= page.height * 4) return columns;
  }
  return most;
}

// The indices of the `most` longest scenes, by time.
std::vector<std::size_t> longest_scenes(const Plan& plan, std::size_t most) {
  std::vector<std::size_t> chosen(plan.scenes.size());
  std::iota(chosen.begin(), chosen.end(), std::size_t{0});
  std::stable_sort(chosen.begin(), chosen.end(), [&](std::size_t a, std::size_t b) {
    return plan.scenes[a].frames.count() > plan.scenes[b].frames.count();
  });
  chosen.resize(std::min(chosen.size(), most));
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

std::string person_of(const Plan& plan, const PlannedTrack& track) {
  const auto person = std::find_if(plan.people.begin(), plan.people.end(),
                                   [&](const Person& p) { return p.id == track.person; });
  return person != plan.people.end() && !person->name.empty() ? person->name : track.person;
}

std::string on_stage(const Plan& plan, const PlannedTrack& track) {
  if (track.kind == TrackKind::slides) return "slide";
  const auto person = person_of(plan, track);
  return person.empty() ? "screen" : "screen of " + person;
}

void append(std::string& list, const std::string& item) {
  list += (list.empty() ? "" : ", ") + item;
}

}  // namespace

int contact_lines(Size canvas) {
  const int longest = std::max(canvas.width, canvas.height);
  const int lines =
      longest <= kLongestSide ? canvas.height : canvas.height * kLongestSide / longest;
  return std::max(2, lines / 2 * 2);
}

ContactPage contact_page(const Plan& plan, Size picture) {
  ContactPage page;
  page.cell = {std::max(picture.width, kNarrowestCell), picture.height + kContactCaption};
  const auto room = static_cast<std::size_t>(most_columns(page.cell)) *
                    static_cast<std::size_t>(most_rows(page.cell));
  const auto scenes = longest_scenes(plan, room);
  page.left_out = plan.scenes.size() - scenes.size();
  const int columns = choose_columns(page.cell, scenes.size());
  page.size = page_size(page.cell, columns, rows_for(scenes.size(), columns));
  for (std::size_t i = 0; i < scenes.size(); ++i) {
    const int column = static_cast<int>(i) % columns;
    const int row = static_cast<int>(i) / columns;
    page.cells.push_back(
        {scenes[i], contact_frame(plan, plan.scenes[scenes[i]]),
         kContactMargin + column * (page.cell.width + kContactGap),
         kContactMargin + kContactHeader + row * (page.cell.height + kContactGap)});
  }
  return page;
}

std::int64_t contact_frame(const Plan& plan, const Scene& scene) {
  return scene.frames.first + std::min(plan.grid.frames(1s), scene.frames.count() / 2);
}

bool shows_something(const Plan& plan) {
  const auto holds = [](const Scene& s) { return !s.tiles.empty() || !s.backdrops.empty(); };
  return !plan.overlays.empty() || std::any_of(plan.scenes.begin(), plan.scenes.end(), holds);
}

std::string names_seen(const Plan& plan, const Scene& scene) {
  std::string stage;
  std::string people;
  for (const auto& tile : scene.tiles) {
    const auto& track = plan.tracks[tile.track];
    if (track.kind != TrackKind::camera && !tile.card) {
      append(stage, on_stage(plan, track));
      continue;
    }
    const auto person = person_of(plan, track);
    append(people, person.empty() ? track.id : person);
  }
  const bool title_card =
      std::any_of(plan.overlays.begin(), plan.overlays.end(), [&](const Overlay& o) {
        return o.kind == OverlayKind::card && o.frames.contains(scene.frames.first);
      });
  if (title_card) return "title card";
  if (stage.empty() && people.empty()) return "nobody";
  return stage + (stage.empty() || people.empty() ? "" : " · ") + people;
}

std::string clock_text(Nanoseconds t) {
  const auto text = format_time(t);
  return text.substr(0, text.find('.'));
}

std::string length_text(Nanoseconds length) {
  const auto seconds = static_cast<int>(length / 1s);
  char text[48];
  if (length < 1s)
    std::snprintf(text, sizeof text, "%.2f s", to_seconds(length));
  else if (length < 10s)
    std::snprintf(text, sizeof text, "%.1f s", to_seconds(length));
  else if (seconds < 60)
    std::snprintf(text, sizeof text, "%d s", seconds);
  else if (seconds < 3600)
    std::snprintf(text, sizeof text, "%d min %02d s", seconds / 60, seconds % 60);
  else
    std::snprintf(text, sizeof text, "%d h %02d min", seconds / 3600, seconds / 60 % 60);
  return text;
}

}  // namespace rostrum
