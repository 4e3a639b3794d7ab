// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/otio_job.h"

#include "core/import/otio_assets.h"
#include "core/import/otio_picture.h"
#include "core/initials.h"
#include "core/manifest_tracks.h"
#include "core/shortened.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <unordered_set>
#include <utility>

namespace rostrum::otio {

namespace {

Json seconds(Nanoseconds t) { return to_seconds(t); }

// The object that an export kept under that key, or nullptr.
const Json* kept(const Json* ours, const char* key) {
  const auto* value = ours ? member(*ours, key) : nullptr;
  return value && value->is_object() ? value : nullptr;
}

Nanoseconds time_in(const Json& clip, const char* key) {
  const auto* value = member(clip, key);
  return value ? read_time(*value).value_or(0ns) : 0ns;
}

// A clip of the job with its place.
struct MadeClip {
  Json json;
  std::string pointer;
  Nanoseconds start{0};
  std::optional<Nanoseconds> end;
};

class JobMaker {
 public:
  JobMaker(const Timeline& timeline, Warnings& warnings, const UriRewriter& uri_for)
      : timeline_{timeline},
        warnings_{warnings},
        kept_{kept(timeline.ours, "job")},
        assets_{kept_ ? member(*kept_, "assets") : nullptr, uri_for},
        pictures_{timeline} {}

  MadeJob make() {
    auto tracks = Json::array();
    for (std::size_t t = 0; t < timeline_.tracks.size(); ++t) add_track(t, tracks);
    auto& job = made_.job;
    job = kept_ ? *kept_ : usual_job();
    if (text_of(job, "title", kTitleBytes) != timeline_.name)
      job["title"] = shortened(single_line(timeline_.name), kTitleBytes);
    job["assets"] = assets_.take();
    job["tracks"] = std::move(tracks);
    if (kept_ && edited_) forget_length();
    return std::move(made_);
  }

 private:
  Json usual_job() const {
    const auto rate = std::to_string(timeline_.rate.num) + "/" + std::to_string(timeline_.rate.den);
    return {{"rostrum", 1},
            {"canvas", {{"size", "auto"}, {"rate", rate}}},
            {"layout", {{"policy", "single"}}}};
  }

  void forget_length() {
    warnings_.add("edited",
                  timeline_.pointer +
                      "/metadata/rostrum/job: clips were edited; scenes, cards and who talks keep "
                      "their times, the film ends with its last clip");
    made_.job.erase("duration");
  }

  std::string unique_id(std::string id, const char* usual) {
    if (id.empty()) id = usual;
    auto unique = id;
    for (int number = 2; !track_ids_.insert(unique).second; ++number)
      unique = id + "-" + std::to_string(number);
    return unique;
  }

  void add_track(std::size_t t, Json& tracks) {
    const auto& track = timeline_.tracks[t];
    const auto* base = kept(track.ours, "track");
    auto json = base ? *base : new_track(track);
    std::vector<MadeClip> clips;
    for (const auto& clip : track.clips)
      if (!pictures_.is_taken(clip)) add_clip(clip, text_of(json, "kind", kIdBytes), clips);
    if (clips.empty() && !base) return;  // all of it is the sound of a track of pictures
    edited_ = edited_ || !base;
    lay(std::move(clips), json, track, tracks);
  }

  // Sound that was taken from its pictures stays its person's.
  Json new_track(const Track& track) const {
    const auto id = shortened(single_line(track.name), kIdBytes - 8);
    const auto* parent = pictures_.track_of(track);
    if (!parent) return {{"id", id}, {"kind", track.video ? "screen" : "audio"}};
    auto json = *parent;
    const bool camera = text_of(json, "kind", kIdBytes) == "camera";
    json["id"] = id;
    json["kind"] = camera ? "microphone" : "audio";
    return json;
  }

  void add_clip(const Clip& clip, const std::string& kind, std::vector<MadeClip>& clips) {
    const auto start = timeline_.time(clip.start);
    constexpr Nanoseconds kLatest = std::chrono::hours{kLongestHours};
    const auto end = clip.duration ? std::optional{timeline_.time(clip.end())} : std::nullopt;
    // where the export put it, the job says it to the nanosecond
    const bool same = written(clip).all();
    if (!same && (start > kLatest || end.value_or(start) > kLatest))
      return warnings_.add("late", clip.pointer + ": it ends after 1000 hours and is left out");
    if (!same && end && *end <= start)
      return warnings_.add("empty", clip.pointer + ": it has no length and is left out");
    edited_ = edited_ || !same;
    const auto* base = kept(clip.ours, "clip");
    MadeClip made{base ? *base : Json::object(), clip.pointer, start, end};
    auto& json = made.json;
    json["asset"] = assets_.of(clip);
    if (same) {
      made.start = time_in(json, "start");
      made.end = json.contains("duration") ? std::optional{made.start + time_in(json, "duration")}
                                           : std::nullopt;
    } else {
      place(clip, kind, made);
    }
    if (clip.fade_in) json["fade-in"] = seconds(timeline_.time(*clip.fade_in));
    if (clip.fade_out) json["fade-out"] = seconds(timeline_.time(*clip.fade_out));
    pictures_.limit(clip, {made.start, made.end.value_or(kLatest)}, json);
    clips.push_back(std::move(made));
  }

  // What of a clip's place an export wrote, and is still so.
  struct Written {
    bool start = false;
    bool in = false;
    bool duration = false;

    bool all() const { return start && in && duration; }
  };
  static Written written(const Clip& clip) {
    const auto* frames = clip.ours ? member(*clip.ours, "written") : nullptr;
    if (!kept(clip.ours, "clip") || !frames || !frames->is_array() || frames->size() != 3)
      return {};
    const auto is = [&](std::size_t i, Frames now) {
      const auto& value = (*frames)[i];
      return value.is_number() && std::abs(value.get<double>() - now) < 1e-3;
    };
    return {is(0, clip.start), is(1, clip.in), clip.duration && is(2, *clip.duration)};
  }

  // Where the timeline has it now; what the job says of its times moves with it.
  void place(const Clip& clip, const std::string& kind, MadeClip& made) const {
    auto& json = made.json;
    const auto still = written(clip);
    const auto in = still.in ? time_in(json, "in") : timeline_.time(clip.in);
    const auto moved = made.start - in - (time_in(json, "start") - time_in(json, "in"));
    for (const char* key : {"muted", "hidden"})
      if (const auto list = json.find(key); list != json.end())
        *list = moved_times(*list, moved, {made.start, made.end.value_or(kNever)});
    json["start"] = seconds(made.start);
    if (kind != "slides") json["in"] = seconds(in);
    if (still.duration && json.contains("duration"))
      made.end = made.start + time_in(json, "duration");
    else if (made.end)
      json["duration"] = seconds(*made.end - made.start);
    else
      json.erase("duration");
  }

  static Json moved_times(const Json& list, Nanoseconds by, Interval within) {
    auto result = Json::array();
    if (!list.is_array()) return result;
    for (const auto& pair : list) {
      if (!pair.is_array() || pair.size() != 2) continue;
      const auto from = read_time(pair[0]);
      const auto to = read_time(pair[1]);
      if (!from || !to) continue;
      const Interval moved{std::max(*from + by, within.from), std::min(*to + by, within.to)};
      if (!moved.empty()) result.push_back({seconds(moved.from), seconds(moved.to)});
    }
    return result;
  }

  // On one track of the job, and more for what is heard while another clip still is.
  void lay(std::vector<MadeClip> clips, const Json& json, const Track& track, Json& tracks) {
    std::stable_sort(clips.begin(), clips.end(),
                     [](const MadeClip& a, const MadeClip& b) { return a.start < b.start; });
    std::vector<std::vector<MadeClip>> lanes{{}};
    for (auto& clip : clips) {
      auto lane = std::find_if(lanes.begin(), lanes.end(),
                               [&](auto& before) { return fits(before, clip.start); });
      if (lane == lanes.end()) lane = lanes.insert(lane, std::vector<MadeClip>{});
      lane->push_back(std::move(clip));
    }
    for (auto& lane : lanes) {
      auto made = json;
      made["id"] = unique_id(text_of(json, "id", kIdBytes), track.video ? "video" : "audio");
      auto& list = made["clips"] = Json::array();
      MadeJob::Place place{track.pointer, {}};
      for (auto& clip : lane) {
        list.push_back(std::move(clip.json));
        place.clips.push_back(clip.pointer);
      }
      tracks.push_back(std::move(made));
      made_.places.push_back(std::move(place));
    }
  }

  // An edited clip lies on whole frames, its neighbour perhaps not: up to a frame is cut off.
  bool fits(std::vector<MadeClip>& lane, Nanoseconds start) const {
    if (lane.empty()) return true;
    auto& last = lane.back();
    if (start <= last.start) return false;
    if (!last.end || *last.end <= start) return true;
    if (*last.end - start > timeline_.time(1)) return false;
    last.end = start;
    last.json["duration"] = seconds(start - last.start);
    return true;
  }

  static constexpr Nanoseconds kNever = std::chrono::hours{2 * kLongestHours};

  const Timeline& timeline_;
  Warnings& warnings_;
  const Json* kept_;  // the job that was exported, nullptr for a timeline of anybody else
  Assets assets_;
  PictureSound pictures_;
  MadeJob made_;
  std::unordered_set<std::string> track_ids_;
  bool edited_ = false;
};

}  // namespace

MadeJob make_job(const Timeline& timeline, Warnings& warnings, const UriRewriter& uri_for) {
  return JobMaker{timeline, warnings, uri_for}.make();
}

}  // namespace rostrum::otio
