// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/film.h"

#include <nlohmann/json.hpp>

#include <algorithm>

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

}  // namespace

std::string film_json(const Film& film, const std::vector<Finding>& findings) {
  Json json;
  json["ok"] = std::all_of(findings.begin(), findings.end(), [](const Finding& f) { return f.ok; });
  json["duration"] = to_seconds(film.duration);
  json["declared-duration"] = to_seconds(film.declared);
  json["index-first"] = film.index_first;
  json["video"] = film.video ? describe(*film.video) : Json();
  json["audio"] = film.audio ? describe(*film.audio) : Json();
  json["chapters"] = Json::array();
  for (const Chapter& chapter : film.chapters)
    json["chapters"].push_back({{"start", to_seconds(chapter.start)}, {"title", chapter.title}});
  json["errors"] = film.errors;
  json["findings"] = Json::array();
  for (const Finding& finding : findings)
    json["findings"].push_back({{"ok", finding.ok}, {"text", finding.text}});
  // titles and messages come from a file: whatever is no UTF-8 is replaced
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace rostrum
