// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/film_page.h"

#include "core/contact_page.h"
#include "core/intervals.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <utility>

namespace rostrum {

namespace {

constexpr char kStyle[] = R"(
:root { color-scheme: light dark; --ground: #fff; --text: #1b1e24; --faint: #69707d; --edge: #d5d9e0;
  --seen: #5e81ac; --heard: #3f9a6b; --slide: #b88a2e; --bad: #c2303c; --warn: #a86a00; --good: #2f8a57; }
@media (prefers-color-scheme: dark) { :root { --ground: #1b1e24; --text: #eceff4; --faint: #9aa3b2;
  --edge: #3c424d; --seen: #81a1c1; --heard: #8fd0a8; --slide: #ebcb8b; --bad: #f07078; --warn: #ebb464;
  --good: #8fd0a8; } }
body { background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, sans-serif;
  margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin-bottom: 0; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.faint, figcaption { color: var(--faint); } .wrong { color: var(--bad); } .warning { color: var(--warn); }
.substituted { color: var(--warn); } .right { color: var(--good); }
ul { list-style: none; padding: 0; } li b { display: inline-block; min-width: 7rem; }
svg { width: 100%; height: auto; } svg text { fill: var(--faint); font-size: 11px; }
.pictures { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(170px, 1fr)); }
figure { margin: 0; } img { width: 100%; border: 1px solid var(--edge); } figcaption { font-size: 13px; }
)";

constexpr double kLeft = 150;    // of a drawing: names
constexpr double kWidth = 1000;  // of a drawing
constexpr double kRow = 22;
constexpr std::size_t kMostBars = 4000;  // of all rows: a browser has to draw them
constexpr double kFloor = -60;           // LUFS, at the lower edge of the curve

std::string decimal(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

class Drawing {
 public:
  explicit Drawing(Nanoseconds length) : length_{std::max(to_seconds(length), 0.001)} {}

  double x(Nanoseconds t) const {
    return kLeft + (kWidth - kLeft) * std::clamp(to_seconds(t) / length_, 0.0, 1.0);
  }
  void name(double y, const std::string& text) {
    body_ += "<text x=\"0\" y=\"" + decimal(y) + "\">" + html_text(text) + "</text>";
  }
  void bar(Interval when, double y, double height, const char* color, const std::string& title) {
    if (++bars_ > kMostBars) return;
    body_ += "<rect x=\"" + decimal(x(when.from)) + "\" y=\"" + decimal(y) + "\" width=\"" +
             decimal(std::max(1.0, x(when.to) - x(when.from))) + "\" height=\"" + decimal(height) +
             "\" fill=\"var(--" + color + ")\"><title>" + html_text(title) + "</title></rect>";
  }
  void line(double y) {
    body_ += "<line x1=\"" + decimal(kLeft) + "\" x2=\"" + decimal(kWidth) + "\" y1=\"" +
             decimal(y) + "\" y2=\"" + decimal(y) + "\" stroke=\"var(--edge)\"/>";
  }
  void raw(const std::string& svg) { body_ += svg; }
  void axis(double y) {
    constexpr int kMarks = 8;
    for (int i = 0; i <= kMarks; ++i) {
      const Nanoseconds t{std::llround(length_ * 1e9 * i / kMarks)};
      body_ += "<text text-anchor=\"" + std::string{i == kMarks ? "end" : "start"} + "\" x=\"" +
               decimal(x(t)) + "\" y=\"" + decimal(y) + "\">" + clock_text(t) + "</text>";
    }
  }
  std::string svg(double height) const {
    return "<svg viewBox=\"0 0 1000 " + decimal(height) + "\" role=\"img\">" + body_ + "</svg>\n";
  }

 private:
  double length_;
  std::string body_;
  std::size_t bars_ = 0;
};

// The rows of the timeline: what of each track is seen and heard when.
class Timeline {
 public:
  explicit Timeline(const FilmPage& page)
      : page_{page},
        plan_{*page.plan},
        length_{plan_.grid.start(plan_.frames.count())},
        drawing_{length_} {}

  std::string svg() {
    find_seen();
    for (std::size_t t = 0; t < plan_.tracks.size(); ++t) add_track(t);
    add_substitutions();
    drawing_.axis(y_ + 14);
    return drawing_.svg(y_ + 20);
  }

 private:
  Interval film_time(Interval job) const {
    const auto origin = plan_.grid.start(plan_.frames.first);
    return {std::clamp(job.from - origin, Nanoseconds{0}, length_),
            std::clamp(job.to - origin, Nanoseconds{0}, length_)};
  }

  void find_seen() {
    for (const auto& scene : plan_.scenes)
      for (const auto& tile : scene.tiles)
        if (!tile.card)
          seen_[{tile.track, tile.clip}].push_back(
              {plan_.grid.start(scene.frames.first), plan_.grid.start(scene.frames.end)});
  }

  std::string name_of(const PlannedTrack& track) const {
    for (const auto& person : plan_.people)
      if (person.id == track.person && !person.name.empty())
        return track.kind == TrackKind::screen ? person.name + ", screen" : person.name;
    return track.person.empty() ? track.id : track.person;
  }

  void add_track(std::size_t t) {
    const auto& track = plan_.tracks[t];
    const bool slides = track.kind == TrackKind::slides;
    drawing_.name(y_ + 14, name_of(track));
    drawing_.line(y_ + kRow - 2);
    for (std::size_t c = 0; c < track.clips.size(); ++c) {
      const auto& clip = track.clips[c];
      const auto what = slides ? "page " + std::to_string(clip.page) + " of " + clip.asset
                               : clip.asset + " is seen";
      for (const auto& when : merged(seen_[{t, c}]))
        drawing_.bar(film_time(when), y_ + 1, slides ? kRow - 6 : 9, slides ? "slide" : "seen",
                     clock_text(film_time(when).from) + " " + what);
      if (!clip.has_audio) continue;
      for (const auto& when : difference({{clip.start, clip.start + clip.playable}}, clip.muted))
        if (const auto shown = film_time(when); !shown.empty())
          drawing_.bar(shown, y_ + 12, 5, "heard",
                       clock_text(shown.from) + " " + clip.asset + " may be heard");
    }
    y_ += kRow;
  }

  void add_substitutions() {
    if (page_.substitutions.empty()) return;
    drawing_.name(y_ + 14, "substituted");
    for (const auto& s : page_.substitutions)
      drawing_.bar(film_time(s.when), y_ + 1, kRow - 6, "bad", s.asset + ": " + s.why);
    y_ += kRow;
  }

  const FilmPage& page_;
  const Plan& plan_;
  Nanoseconds length_;
  Drawing drawing_;
  double y_ = 0;
  std::map<std::pair<std::size_t, std::size_t>, std::vector<Interval>> seen_;
};

// Short-term loudness (3 s), a point for each of at most so many columns.
std::string loudness_curve(const FilmSound& sound, Nanoseconds length) {
  constexpr double kHeight = 120;
  constexpr std::size_t kColumns = 850;
  constexpr std::size_t kShortTerm = 30;  // windows
  Drawing drawing{length};
  const auto y = [](double lufs) { return kHeight * std::clamp(lufs / kFloor, 0.0, 1.0); };
  for (const double mark : {0.0, -20.0, -40.0}) {
    drawing.line(y(mark));
    drawing.name(y(mark) + 11, decimal(mark) + " LUFS");
  }
  std::string points;
  const auto step = std::max<std::size_t>(1, sound.power.size() / kColumns);
  for (std::size_t w = 0; w < sound.power.size(); w += step) {
    const auto from = w > kShortTerm / 2 ? w - kShortTerm / 2 : 0;
    const auto to = std::min(sound.power.size(), w + kShortTerm / 2 + 1);
    double sum = 0;
    for (auto i = from; i < to; ++i) sum += sound.power[i];
    const auto power = sum / static_cast<double>(to - from);
    points += decimal(drawing.x(kLoudnessWindow * static_cast<std::int64_t>(w))) + "," +
              decimal(y(power > 0 ? lufs_of(power) : kFloor)) + " ";
  }
  drawing.raw("<polyline fill=\"none\" stroke=\"var(--heard)\" stroke-width=\"1.5\" points=\"" +
              points + "\"/>");
  drawing.axis(kHeight + 14);
  return drawing.svg(kHeight + 20);
}

std::string facts_of(const FilmPage& page) {
  auto text = clock_text(page.film.duration);
  if (const auto& v = page.film.video)
    text += " · " + std::to_string(v->size.width) + "x" + std::to_string(v->size.height) + " · " +
            v->codec;
  if (const auto& a = page.film.audio) text += " · " + a->codec;
  if (page.sound && page.sound->loudness.integrated)
    text += " · " + decimal(*page.sound->loudness.integrated) + " LUFS";
  return text;
}

std::string findings_of(const FilmPage& page) {
  std::string html = "<ul>\n";
  for (const auto weight : {Weight::wrong, Weight::substituted, Weight::warning, Weight::right})
    for (const auto& f : page.findings)
      if (f.weight == weight)
        html += std::string{"<li><b class=\""} + weight_name(weight) + "\">" + weight_name(weight) +
                "</b> " + html_text(f.text) + "</li>\n";
  return html + "</ul>\n";
}

std::string pictures_of(const FilmPage& page) {
  std::string html = "<div class=\"pictures\">\n";
  for (const auto& picture : page.pictures) {
    const auto grid = page.plan ? page.plan->grid : FrameGrid{};
    std::string names;
    if (page.plan)
      for (const auto& scene : page.plan->scenes)
        if (scene.frames.contains(page.plan->frames.first + picture.frame))
          names = names_seen(*page.plan, scene);
    html += "<figure><img alt=\"\" src=\"" + picture.uri + "\"><figcaption>" +
            clock_text(grid.start(picture.frame)) + " " + html_text(names) +
            "</figcaption></figure>\n";
  }
  return html + "</div>\n";
}

}  // namespace

std::string html_text(std::string_view text) {
  std::string html;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '&')
      html += "&amp;";
    else if (c == '<')
      html += "&lt;";
    else if (c == '>')
      html += "&gt;";
    else if (c == '"')
      html += "&quot;";
    else if (c == '\'')
      html += "&#39;";
    else
      html += byte < 0x20 || byte == 0x7f ? ' ' : c;
  }
  return html;
}

std::string film_page(const FilmPage& page) {
  const std::string verdict = verdict_of(page.findings);
  const char* shade = verdict == "failed"     ? "wrong"
                      : verdict == "complete" ? "right"
                                              : "substituted";
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
      "style-src 'unsafe-inline'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n<title>" +
      html_text(page.title) + "</title>\n<style>" + kStyle + "</style></head><body>\n<h1>" +
      html_text(page.title) + ": <span class=\"" + shade + "\">" + verdict +
      "</span></h1>\n<p class=\"faint\">" + html_text(facts_of(page)) +
      "</p>\n<h2>Findings</h2>\n" + findings_of(page);
  if (page.plan) html += "<h2>Who is seen and heard</h2>\n" + Timeline{page}.svg();
  if (page.sound && !page.sound->power.empty())
    html += "<h2>Loudness</h2>\n" + loudness_curve(*page.sound, page.film.duration);
  if (!page.pictures.empty()) html += "<h2>Pictures</h2>\n" + pictures_of(page);
  return html + "</body></html>\n";
}

}  // namespace rostrum
