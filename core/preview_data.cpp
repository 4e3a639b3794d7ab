// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/preview_data.h"

#include "core/chunks.h"
#include "core/contact_page.h"
#include "core/copied_pictures.h"
#include "core/intervals.h"
#include "core/still_frames.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

namespace rostrum {

namespace {

using Json = nlohmann::ordered_json;

const char* kind_of(const PlannedTrack& track) {
  if (track.kind == TrackKind::screen) return "screen";
  if (track.kind == TrackKind::slides) return "slides";
  return track.person.empty() && track.kind == TrackKind::audio ? "audio" : "person";
}

std::string name_of(const Plan& plan, const PlannedTrack& track) {
  for (const auto& person : plan.people)
    if (person.id == track.person && !person.name.empty()) return person.name;
  return track.person.empty() ? track.id : track.person;
}

struct Row {
  std::string name;
  std::string kind;
  std::vector<Interval> there;
  std::vector<Interval> seen;
  std::vector<Interval> heard;
  std::vector<Interval> speaking;
};

// A row for each person, with all their cameras and microphones, and for each other track.
class Rows {
 public:
  Rows(const Plan& plan, const Manifest& manifest)
      : plan_{plan}, shown_{plan.grid.start(plan.frames.first), plan.grid.start(plan.frames.end)} {
    for (const auto& track : plan.tracks) of_track_.push_back(row_of(track));
    for (std::size_t t = 0; t < plan.tracks.size(); ++t) add_clips(t);
    for (const auto& scene : plan.scenes) add_scene(scene);
    add_speakers(manifest);
  }

  Json json() {
    Json list = Json::array();
    for (auto& row : rows_)
      list.push_back({{"name", row.name},
                      {"kind", row.kind},
                      {"there", json_of(row.there)},
                      {"seen", json_of(row.seen)},
                      {"heard", json_of(row.heard)},
                      {"speaking", json_of(row.speaking)}});
    return list;
  }

 private:
  std::size_t row_of(const PlannedTrack& track) {
    const std::string kind = kind_of(track);
    const bool person = kind == "person" && !track.person.empty();
    const auto key = person ? std::pair{kind, track.person} : std::pair{"track", track.id};
    const auto [known, added] = index_.emplace(key, rows_.size());
    if (added) rows_.push_back({name_of(plan_, track), kind, {}, {}, {}, {}});
    return known->second;
  }

  void add_clips(std::size_t t) {
    auto& row = rows_[of_track_[t]];
    for (const auto& clip : plan_.tracks[t].clips) {
      row.there.push_back({clip.start, clip.end()});
      if (!clip.has_audio) continue;
      const auto heard = difference({{clip.start, clip.start + clip.playable}}, clip.muted);
      row.heard.insert(row.heard.end(), heard.begin(), heard.end());
    }
  }

  void add_scene(const Scene& scene) {
    const Interval when{plan_.grid.start(scene.frames.first), plan_.grid.start(scene.frames.end)};
    for (const auto& tile : scene.tiles) rows_[of_track_[tile.track]].seen.push_back(when);
  }

  // What the log says of a person counts; of others, what the layout found.
  void add_speakers(const Manifest& manifest) {
    for (const auto& person : manifest.people)
      if (const auto row = index_.find({"person", person.id}); row != index_.end())
        rows_[row->second].speaking = person.talking;
    for (std::size_t s = 0; s < plan_.speakers.size(); ++s) {
      const auto& speaker = plan_.speakers[s];
      const auto end = s + 1 < plan_.speakers.size() ? plan_.speakers[s + 1].from : shown_.to;
      const auto row = speaker.person.empty() ? index_.find({"track", speaker.track})
                                              : index_.find({"person", speaker.person});
      if (row == index_.end()) continue;
      const auto* person = manifest.person(speaker.person);
      if (!person || person->talking.empty())
        rows_[row->second].speaking.push_back({speaker.from, end});
    }
  }

  Json json_of(const std::vector<Interval>& all) const {
    Json list = Json::array();
    for (const auto& i : merged(all)) {
      const Interval part{std::max(i.from, shown_.from), std::min(i.to, shown_.to)};
      if (!part.empty()) list.push_back(Json::array({to_seconds(part.from), to_seconds(part.to)}));
    }
    return list;
  }

  const Plan& plan_;
  Interval shown_;
  std::vector<Row> rows_;
  std::map<std::pair<std::string, std::string>, std::size_t> index_;
  std::vector<std::size_t> of_track_;
};

// The page on stage, as its clip says; nothing where there is none.
const PlannedClip* page_of(const Plan& plan, const Scene& scene) {
  for (const auto& tile : scene.tiles)
    if (plan.tracks[tile.track].kind == TrackKind::slides)
      return &plan.tracks[tile.track].clips[tile.clip];
  return nullptr;
}

Json slides_json(const Plan& plan) {
  Json list = Json::array();
  const PlannedClip* last = nullptr;
  for (const auto& scene : plan.scenes) {
    const auto* page = page_of(plan, scene);
    const bool same = page && last && last->asset == page->asset && last->page == page->page;
    if (page && !same)
      list.push_back({{"from", to_seconds(plan.grid.start(scene.frames.first))},
                      {"to", 0},
                      {"title", page->asset + ", page " + std::to_string(page->page)}});
    if (page) list.back()["to"] = to_seconds(plan.grid.start(scene.frames.end));
    last = page;
  }
  return list;
}

Json scenes_json(const Plan& plan) {
  Json list = Json::array();
  for (const auto& scene : plan.scenes)
    list.push_back({{"at", to_seconds(plan.grid.start(scene.frames.first))},
                    {"seen", names_seen(plan, scene)}});
  return list;
}

Json chunks_json(const Plan& plan) {
  Json list = Json::array();
  for (const auto& frames : cut_chunks(plan)) {
    const auto* run = run_at(plan.pictures, frames.first);
    const bool still = is_in(plan.stills, frames.first);
    list.push_back({{"from", to_seconds(plan.grid.start(frames.first))},
                    {"to", to_seconds(plan.grid.start(frames.end))},
                    {"how", run     ? "copied"
                            : still ? "still"
                                    : "composed"},
                    {"why", run     ? "from " + run->asset
                            : still ? "nothing moves"
                                    : composed_because(plan.pictures, frames)}});
  }
  return list;
}

Json substitutions_json(const Plan& plan) {
  Json list = Json::array();
  for (const auto& s : plan.substitutions)
    list.push_back({{"from", to_seconds(s.when.from)},
                    {"to", to_seconds(s.when.to)},
                    {"text", s.asset + ": " + s.what + (s.why.empty() ? "" : ", " + s.why)}});
  return list;
}

Json chapters_json(const Plan& plan) {
  Json list = Json::array();
  for (const auto& chapter : plan.chapters)
    list.push_back({{"at", to_seconds(chapter.start)}, {"title", chapter.title}});
  return list;
}

}  // namespace

std::string preview_data(const Plan& plan, const Manifest& manifest) {
  const auto rate = plan.grid.rate();
  const Json data{{"title", plan.title},
                  {"width", plan.canvas.width},
                  {"height", plan.canvas.height},
                  {"rate", static_cast<double>(rate.num) / static_cast<double>(rate.den)},
                  {"from", to_seconds(plan.grid.start(plan.frames.first))},
                  {"to", to_seconds(plan.grid.start(plan.frames.end))},
                  {"rows", Rows{plan, manifest}.json()},
                  {"slides", slides_json(plan)},
                  {"scenes", scenes_json(plan)},
                  {"chapters", chapters_json(plan)},
                  {"substitutions", substitutions_json(plan)},
                  {"chunks", chunks_json(plan)},
                  {"warnings", plan.warnings}};
  return data.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace rostrum
