// SPDX-License-Identifier: LGPL-2.1-or-later
#include "layout_picture.h"

#include "layout_cases.h"

#include <algorithm>
#include <cstdio>
#include <vector>

namespace rostrum::test {

namespace {

// All in pixels of the picture.
constexpr int kWidth = 880;
constexpr int kMargin = 16;
constexpr int kGap = 10;
constexpr int kCaption = 18;        // the number of people under a drawing
constexpr int kHeading = 24;        // a line of text above drawings
constexpr int kHeadingWidth = 290;  // at most, of the text over a row
constexpr int kLegend = 22;

constexpr char kStyle[] =
    "<style>text{font-family:sans-serif;fill:#24292f}.h{font-size:15px;font-weight:bold}"
    ".r{font-size:13px}.n{font-size:11px;fill:#57606a;text-anchor:middle}"
    ".page{fill:#fff;stroke:#d0d7de}.c{fill:#1f2430}.t{fill:#6e7781}.s{fill:#3f8f6b}"
    ".p{fill:#2f6fde}.a{fill:#d9822b}.b{fill:#8250df}.t,.s,.p,.a,.b{stroke:#fff}"
    "svg g text{fill:#fff;text-anchor:middle}</style>\n";

struct Role {
  char css;  // class
  std::string label;
};

// One drawing: the same for `from` to `to` people.
struct Drawing {
  LayoutCase example;
  std::size_t from = 1;
  std::size_t to = 1;
};

struct Row {
  std::string heading;
  std::vector<Drawing> drawings;
};

// `format` with numbers; all that is put into the text is this file's own.
template <typename... Values>
std::string format(const char* format, Values... values) {
  char text[256];
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

Role role_of(const LayoutCase& c, std::size_t source) {
  if (source >= c.people) return {'s', "stage"};
  const bool presents = sources_of(c)[source].presenter;
  const bool speaks = context_of(c).speaker == source;
  if (presents && speaks) return {'b', "P S"};
  if (presents) return {'p', "P"};
  if (speaks) return {'a', "S"};
  return {'t', std::to_string(source + 1)};
}

bool look_alike(const LayoutCase& a, const LayoutCase& b) {
  const auto one = arrangement_of(a);
  const auto other = arrangement_of(b);
  return one.backdrops == other.backdrops &&
         std::equal(one.tiles.begin(), one.tiles.end(), other.tiles.begin(), other.tiles.end(),
                    [&](const Tile& x, const Tile& y) {
                      return x.rect == y.rect && x.z == y.z &&
                             role_of(a, x.source).label == role_of(b, y.source).label;
                    });
}

std::vector<Drawing> drawings_of(LayoutCase c) {
  std::vector<Drawing> drawings;
  for (c.people = 1; c.people <= kMostPeople; ++c.people)
    if (!drawings.empty() && look_alike(drawings.back().example, c))
      drawings.back().to = c.people;
    else
      drawings.push_back({c, c.people, c.people});
  return drawings;
}

// Whether two kinds of stage, or crowds, give the same rectangles whoever is in them.
bool same_geometry(LayoutCase a, LayoutCase b) {
  for (std::size_t n = 1; n <= kMostPeople; ++n) {
    a.people = b.people = n;
    if (arrangement_of(a) != arrangement_of(b)) return false;
  }
  return true;
}

std::vector<Row> rows_of(Policy policy, Size canvas) {
  const LayoutCase alone{policy, canvas, Crowd::presenter, Stage::none, 1};
  auto peers = alone;
  peers.crowd = Crowd::peers;
  auto slides = alone;
  slides.stage = Stage::slides;
  auto screen = alone;
  screen.stage = Stage::screen;
  std::vector<Row> rows;
  const bool all_same = same_geometry(alone, peers);
  rows.push_back({all_same ? "nobody on stage" : "nobody on stage, a presenter among them",
                  drawings_of(alone)});
  if (!all_same) rows.push_back({"nobody on stage, no presenter", drawings_of(peers)});
  const bool stages_same = same_geometry(slides, screen);
  rows.push_back(
      {stages_same ? "slides or a screen share on stage" : "slides", drawings_of(slides)});
  if (!stages_same) rows.push_back({"a screen share, no slides", drawings_of(screen)});
  return rows;
}

std::string rect(const char* css, const Rect& r) {
  return format("<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>", css, r.x, r.y,
                r.width, r.height);
}

std::string tile(const LayoutCase& c, const Tile& t) {
  const auto role = role_of(c, t.source);
  const char css[] = {role.css, '\0'};
  const int length = static_cast<int>(role.label.size());
  const int size = std::min(
      {t.rect.height * 6 / 10, t.rect.width * 13 / 10 / std::max(2, length), c.canvas.height / 6});
  return rect(css, t.rect) +
         format("<text x=\"%d\" y=\"%d\" font-size=\"%d\">%s</text>", t.rect.x + t.rect.width / 2,
                t.rect.y + t.rect.height / 2 + size * 36 / 100, size, role.label.c_str());
}

Size drawn_size(Size canvas) {
  const int longest = canvas.width > canvas.height ? 132 : 108;
  const int most = std::max(canvas.width, canvas.height);
  return {canvas.width * longest / most, canvas.height * longest / most};
}

std::string drawing(const Drawing& d, int x, int y) {
  const auto& c = d.example;
  const auto size = drawn_size(c.canvas);
  auto text = format("<g transform=\"translate(%d %d) scale(%.4f)\" stroke-width=\"%d\">", x, y,
                     1.0 * size.width / c.canvas.width, c.canvas.width / size.width);
  text += rect("c", {0, 0, c.canvas.width, c.canvas.height});
  const auto arrangement = arrangement_of(c);
  for (const auto& b : arrangement.backdrops) text += rect("page", b.rect);
  for (const auto& t : arrangement.tiles) text += tile(c, t);
  const auto count = std::to_string(d.from) + (d.to > d.from ? "–" + std::to_string(d.to) : "");
  return text + format("</g><text class=\"n\" x=\"%d\" y=\"%d\">%s</text>\n", x + size.width / 2,
                       y + size.height + 13, count.c_str());
}

int row_width(const Row& row) {
  const int step = drawn_size(row.drawings[0].example.canvas).width + kGap;
  return std::max(kHeadingWidth, step * static_cast<int>(row.drawings.size()));
}

// Appends the row with its upper left corner at x, y and gives where the next one begins.
int add_row(std::string& svg, const Row& row, int x, int y) {
  svg += format("<text class=\"r\" x=\"%d\" y=\"%d\">", x, y + 16) + row.heading + "</text>\n";
  y += kHeading;
  const auto size = drawn_size(row.drawings[0].example.canvas);
  for (const auto& d : row.drawings) {
    if (x + size.width > kWidth - kMargin) {
      x = kMargin;
      y += size.height + kCaption;
    }
    svg += drawing(d, x, y);
    x += size.width + kGap;
  }
  return y + size.height + kCaption;
}

// Rows that are short stand side by side.
int add_rows(std::string& svg, const std::vector<Row>& rows, int y) {
  int x = kMargin;
  int below = y;
  for (const auto& row : rows) {
    if (x > kMargin && x + row_width(row) > kWidth) {
      x = kMargin;
      y = below;
    }
    below = std::max(below, add_row(svg, row, x, y));
    x += row_width(row) + kGap;
  }
  return below;
}

std::string legend() {
  const struct {
    const char* css;
    int x;
    const char* text;
  } entries[] = {{"s", 0, "stage"},
                 {"p", 74, "P: the presenter"},
                 {"a", 216, "S: the speaker"},
                 {"b", 346, "P S: both in one"},
                 {"t", 484, "the others, in the order of joining"}};
  std::string text;
  for (const auto& e : entries)
    text += rect(e.css, {kMargin + e.x, 16, 14, 14}) +
            format("<text class=\"r\" x=\"%d\" y=\"28\">%s</text>\n", kMargin + e.x + 19, e.text);
  return text;
}

}  // namespace

std::string policy_svg(Policy policy) {
  std::string body = legend();
  int y = kMargin + kLegend;
  for (const auto canvas : pictured_canvases()) {
    body += format("<text class=\"h\" x=\"%d\" y=\"%d\">%dx%d</text>\n", kMargin, y + 20,
                   canvas.width, canvas.height);
    y += kHeading + 4;
    y = add_rows(body, rows_of(policy, canvas), y) + kGap;
  }
  return "<!-- SPDX-License-Identifier: LGPL-2.1-or-later -->\n" +
         format(
             "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
             "height=\"%d\">\n",
             kWidth, y + 6, kWidth, y + 6) +
         "<title>Policy " + name_of(policy) + ": who is shown where, for 1 to 12 people</title>\n" +
         kStyle +
         format("<rect class=\"page\" x=\"0.5\" y=\"0.5\" width=\"%d\" height=\"%d\" rx=\"6\"/>\n",
                kWidth - 1, y + 5) +
         body + "</svg>\n";
}

}  // namespace rostrum::test
