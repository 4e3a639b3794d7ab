// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/mtslink.h"

#include "core/findings.h"
#include "core/import/ids.h"
#include "core/import/mtslink_axis.h"
#include "core/import/mtslink_clips.h"
#include "core/import/mtslink_log.h"
#include "core/json_text.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <unordered_map>
#include <utility>

namespace rostrum {

namespace {

using mtslink::Log;
using mtslink::Stream;

constexpr std::size_t kMostEvents = 1'000'000;
constexpr std::size_t kMostClips = 100'000;  // what a manifest may hold
constexpr std::size_t kMostCuts = 1'000;
constexpr std::size_t kTitleBytes = 4096;
constexpr JsonLimits kLimits{
    .bytes = std::size_t{128} << 20, .depth = 64, .values = 20'000'000, .key_bytes = 4096};

class ManifestMaker {
 public:
  ManifestMaker(const Log& log, const mtslink::Axis& axis, Warnings& warnings,
                const UriRewriter& uri_for)
      : log_{log},
        axis_{axis},
        record_{axis.film().duration()},
        warnings_{warnings},
        uri_for_{uri_for} {}

  Manifest make(std::string title) {
    manifest_.title = std::move(title);
    manifest_.duration = record_;
    for (const auto& stream : log_.streams) add_stream(stream);
    add_slides();
    return std::move(manifest_);
  }

 private:
  void add_stream(const Stream& stream) {
    if (clips_ > kMostClips) return;  // the whole is refused
    const auto placed = mtslink::place_sessions(stream, axis_, warnings_);
    if (placed.empty()) return;
    clips_ += placed.size();
    Track track;
    track.kind = kind_of(stream);
    const std::string prefix{track.kind == TrackKind::screen       ? "screen-"
                             : track.kind == TrackKind::microphone ? "microphone-"
                                                                   : "camera-"};
    track.id = track_ids_.make(prefix, stream.id.empty() ? "other" : stream.id);
    track.person = person_of(stream);
    std::size_t number = 0;  // of the session on the track
    for (const auto& place : placed) {
      const auto& session = stream.sessions[place.session];
      if (&place == &placed.front() || (&place)[-1].session != place.session) ++number;
      Clip clip;
      clip.asset = asset(session.url, track.id + "-", std::to_string(number));
      clip.start = place.start;
      clip.in = place.in;
      clip.duration = place.duration;
      const Interval whole{place.start,
                           place.duration ? place.start + *place.duration : place.latest_end};
      if (const auto* conference = conference_of(session)) {
        clip.muted = mtslink::off_intervals(*conference, true, whole);
        if (track.kind == TrackKind::camera)
          clip.hidden = mtslink::off_intervals(*conference, false, whole);
      }
      track.clips.push_back(std::move(clip));
    }
    manifest_.tracks.push_back(std::move(track));
  }

  const mtslink::Conference* conference_of(const mtslink::Session& session) const {
    const auto found = log_.conferences.find(session.conference);
    return found == log_.conferences.end() ? nullptr : &found->second;
  }

  TrackKind kind_of(const Stream& stream) const {
    if (stream.screen) return TrackKind::screen;
    const bool heard_only =
        std::all_of(stream.sessions.begin(), stream.sessions.end(), [&](const auto& session) {
          const auto* conference = conference_of(session);
          return conference && mtslink::never_video(*conference);
        });
    return heard_only ? TrackKind::microphone : TrackKind::camera;
  }

  // The id of the stream's person, who is added to the people on first sight; "" when unknown.
  std::string person_of(const Stream& stream) {
    auto user = stream.user;
    for (const auto& session : stream.sessions)
      if (const auto* conference = conference_of(session); conference && user.empty())
        user = conference->user;
    if (user.empty()) return {};
    const auto [known, added] = people_.try_emplace(user);
    if (!added) return known->second;
    known->second = person_ids_.make("user-", user);
    Person person{known->second, known->second, Role::participant};
    if (const auto found = log_.users.find(user); found != log_.users.end()) {
      const auto& name = found->second.renamed.empty() ? found->second.name : found->second.renamed;
      if (!name.empty()) person.name = name;
      if (found->second.presenter) person.role = Role::presenter;
    }
    manifest_.people.push_back(std::move(person));
    return known->second;
  }

  void add_slides() {
    const auto shown = mtslink::shown_slides(log_.slides, record_);
    manifest_.chapters = shown.empty() ? ChapterSource::none : ChapterSource::slides;
    if (shown.empty()) return;
    Track track;
    track.id = track_ids_.make("slides", "");
    track.kind = TrackKind::slides;
    for (const auto& slide : shown) {
      Clip clip;
      const auto number =
          slide.number.empty() ? std::to_string(track.clips.size() + 1) : slide.number;
      clip.asset = asset(slide.url, "slide-", number);
      clip.start = slide.when.from;
      clip.duration = slide.when.to - slide.when.from;
      track.clips.push_back(std::move(clip));
    }
    manifest_.tracks.push_back(std::move(track));
  }

  // The id of the URL's asset; a new URL gets one.
  const std::string& asset(const std::string& url, std::string_view prefix,
                           const std::string& text) {
    const auto [known, added] = assets_.try_emplace(url);
    if (added) {
      known->second = asset_ids_.make(prefix, text);
      Asset asset{known->second, uri(url), {}, {}};
      if (const auto twin = mtslink::twin_of(url); !twin.empty())
        asset.alternatives.push_back(uri(twin));
      manifest_.assets.push_back(std::move(asset));
    }
    return known->second;
  }

  std::string uri(const std::string& url) const { return uri_for_ ? uri_for_(url) : url; }

  const Log& log_;
  const mtslink::Axis& axis_;
  Nanoseconds record_;
  std::size_t clips_ = 0;  // of sessions
  Warnings& warnings_;
  const UriRewriter& uri_for_;
  Manifest manifest_;
  Ids track_ids_;
  Ids person_ids_;
  Ids asset_ids_;
  std::map<std::string, std::string> people_;            // user -> person's id
  std::unordered_map<std::string, std::string> assets_;  // URL -> asset's id
};

std::optional<Json> read_record(std::string_view text, Findings& findings) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return read_json(text, findings, kLimits);
}

std::string found(const Json* value) { return value ? value->type_name() : "nothing"; }

Nanoseconds read_duration(const Json& record, Findings& findings) {
  const auto* value = member(record, "duration");
  const auto seconds = value ? mtslink::seconds_of(*value) : std::nullopt;
  if (seconds && *seconds > 0ns) return *seconds;
  findings.add("/duration", "expected the record's length in seconds, above 0 and up to 1000 h" +
                                (value && !seconds ? ", found " + found(value) : ""));
  return 0ns;
}

const Json* read_events(const Json& record, Findings& findings) {
  const auto* events = member(record, "eventLogs");
  if (!events || !events->is_array()) {
    findings.add("/eventLogs", "expected an array of events, found " + found(events));
    return nullptr;
  }
  if (events->size() > kMostEvents)
    findings.add("/eventLogs", "more than " + std::to_string(kMostEvents) + " events");
  return events;
}

// What was cut out of the recording, by the clock.
std::vector<Interval> read_cuts(const Json& record, Findings& findings, Warnings& warnings) {
  std::vector<Interval> found;
  const auto* cuts = member(record, "cuts");
  if (!cuts || !cuts->is_array()) return found;
  if (cuts->size() > kMostCuts) {
    findings.add("/cuts", "more than " + std::to_string(kMostCuts) + " cuts");
    return found;
  }
  for (std::size_t i = 0; i < cuts->size(); ++i) {
    const auto* start = member((*cuts)[i], "start");
    const auto* end = member((*cuts)[i], "end");
    const auto from = start ? mtslink::clock_of(*start) : std::nullopt;
    const auto to = end ? mtslink::clock_of(*end) : std::nullopt;
    if (from && to && *from < *to)
      found.push_back({*from, *to});
    else
      warnings.add("cut", pointer_to("/cuts", i) + ": no start and end in seconds since 1970; " +
                              "the cut is ignored");
  }
  return found;
}

std::string read_title(const Json& record, Findings& findings) {
  const auto* name = member(record, "name");
  if (name && !name->is_string())
    findings.add("/name", "expected the record's name as text, found " + found(name));
  return text_of(record, "name", kTitleBytes);
}

}  // namespace

bool is_mtslink(std::string_view json) {
  Findings findings;
  const auto record = read_record(json, findings);
  return record && record->is_object() && record->contains("eventLogs");
}

tl::expected<Imported, Problems> import_mtslink(std::string_view json, const UriRewriter& uri_for) {
  Findings findings;
  const auto record = read_record(json, findings);
  if (!record) return tl::unexpected{findings.take()};
  Warnings warnings;
  for (const auto& problem : findings.take())  // of a whole document: duplicate keys only
    warnings.add("json", problem.pointer + ": " + problem.message + "; the first is used");
  if (!record->is_object())
    return tl::unexpected{Problems{{"", "expected a record, found " + found(&*record)}}};
  auto title = read_title(*record, findings);
  const auto duration = read_duration(*record, findings);
  const auto* events = read_events(*record, findings);
  const auto cuts = read_cuts(*record, findings, warnings);
  if (!findings.empty()) return tl::unexpected{findings.take()};

  const auto log = mtslink::read_log(*events, warnings);
  const mtslink::Axis axis{duration, cuts, log.moments};
  if (!cuts.empty() && !axis.knows_clock())
    warnings.add("clock", "/cuts: no event says its time of day; media that go on through a cut " +
                              std::string{"show what was cut out"});
  auto manifest = ManifestMaker{log, axis, warnings, uri_for}.make(std::move(title));
  std::size_t clips = 0;
  for (const auto& track : manifest.tracks) clips += track.clips.size();
  if (clips > kMostClips)
    return tl::unexpected{Problems{
        {"/eventLogs", "more than " + std::to_string(kMostClips) + " sessions and slides"}}};
  return Imported{std::move(manifest), warnings.take()};
}

}  // namespace rostrum
