// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/film_check.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace rostrum {

namespace {

using Json = nlohmann::ordered_json;

std::string text(Fraction f) { return std::to_string(f.num) + "/" + std::to_string(f.den); }

Json describe(const FilmVideo& v) {
  Json json = {
      {"codec", v.codec},        {"width", v.size.width},
      {"height", v.size.height}, {"rate", v.rate.num ? Json(text(v.rate)) : Json()},
      {"format", v.format},      {"colorimetry", v.colorimetry},
      {"packets", v.packets},    {v.sampled ? "sampled-frames-decoded" : "frames", v.frames}};
  if (v.sampled) json["sampled-frames"] = v.sampled;
  json["first"] = to_seconds(v.first);
  json["last"] = to_seconds(v.last);
  json["end"] = to_seconds(v.end);
  json["increasing"] = v.increasing;
  json["off-grid"] = to_seconds(v.off_grid);
  json["missing-frames"] = v.holes;
  if (v.uneven) json["uneven"] = true;
  return json;
}

Json describe(const FilmAudio& a) {
  return {{"codec", a.codec},
          {"rate", a.rate},
          {"channels", a.channels},
          {"packets", a.packets},
          {"samples", a.samples},
          {"decoded", a.decoded},
          {"first", to_seconds(a.first)},
          {"end", to_seconds(a.end)},
          {"longest-hole", to_seconds(a.longest_hole)}};
}

Json describe(const Finding& finding) {
  Json json{{"ok", finding.ok}, {"text", finding.text}};
  if (!finding.check.empty()) json["check"] = finding.check;
  json["weight"] = weight_name(finding.weight);
  if (finding.when) {
    json["from"] = to_seconds(finding.when->from);
    json["to"] = to_seconds(finding.when->to);
  }
  return json;
}

double rounded_to(double value, double step) { return std::round(value / step) * step; }

Json describe(const FilmSound& sound) {
  const auto maybe = [](const std::optional<double>& value) {
    return value ? Json(rounded_to(*value, 0.01)) : Json();
  };
  return {{"integrated", maybe(sound.loudness.integrated)},
          {"range", rounded_to(sound.loudness.range, 0.01)},
          {"true-peak", maybe(sound.loudness.true_peak)},
          {"clipped-samples", sound.clipping.samples}};
}

Json intervals(const std::vector<Interval>& list) {
  auto json = Json::array();
  for (const auto& i : list) json.push_back({to_seconds(i.from), to_seconds(i.to)});
  return json;
}

// What was found at the places at which the film was held against its sources.
Json describe(const Comparison& comparison) {
  std::size_t unlike = 0;
  double distance = 0;
  auto pictures = Json::array();
  for (const auto& seen : comparison.seen) {
    unlike += seen.match.unlike || !seen.instead.empty() ? 1 : 0;
    distance = std::max(distance, seen.match.likeness.distance);
    if (seen.match.certain)
      pictures.push_back({{"frame", seen.frames.first}, {"late-frames", seen.match.lag}});
  }
  auto sound = Json::array();
  for (const auto& heard : comparison.heard)
    if (heard.lag)
      sound.push_back({{"at", to_seconds(heard.when.from)},
                       {"late", rounded_to(to_seconds(heard.lag->lag), 0.001)},
                       {"correlation", rounded_to(heard.lag->correlation, 0.001)}});
  Json json{{"pictures-judged", comparison.seen.size()},
            {"pictures-unlike", unlike},
            {"greatest-distance", rounded_to(distance, 0.01)},
            {"picture-in-step", std::move(pictures)},
            {"sound-in-step", std::move(sound)}};
  if (!comparison.sound) return json;
  json["voices"] = Json::array();
  for (const auto& voice : comparison.sound->voices) {
    Json one{{"name", voice.name}, {"judged", to_seconds(voice.judged)}};
    if (voice.off) one["louder-than-planned"] = rounded_to(*voice.off, 0.1);
    json["voices"].push_back(std::move(one));
  }
  return json;
}

}  // namespace

const char* weight_name(Weight weight) {
  switch (weight) {
  case Weight::right:
    return "right";
  case Weight::warning:
    return "warning";
  case Weight::substituted:
    return "substituted";
  case Weight::wrong:
    return "wrong";
  }
  return "";
}

std::string film_json(const Film& film, const std::vector<Finding>& findings,
                      const FilmLooks& looks) {
  Json json;
  json["ok"] = std::all_of(findings.begin(), findings.end(), [](const Finding& f) { return f.ok; });
  json["verdict"] = verdict_of(findings);
  json["duration"] = to_seconds(film.duration);
  json["declared-duration"] = to_seconds(film.declared);
  json["index-first"] = film.index_first;
  json["video"] = film.video ? describe(*film.video) : Json();
  json["audio"] = film.audio ? describe(*film.audio) : Json();
  json["chapters"] = Json::array();
  for (const Chapter& chapter : film.chapters)
    json["chapters"].push_back({{"start", to_seconds(chapter.start)}, {"title", chapter.title}});
  json["errors"] = film.errors;
  if (looks.pictures) json["black"] = intervals(looks.pictures->black);
  if (looks.sound) json["loudness"] = describe(*looks.sound);
  if (looks.comparison) json["compared"] = describe(*looks.comparison);
  json["findings"] = Json::array();
  for (const Finding& finding : findings) json["findings"].push_back(describe(finding));
  // titles and messages come from a file: whatever is no UTF-8 is replaced
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace rostrum
