// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/manifest_tracks.h"

#include "core/asset_uri.h"
#include "core/live_source.h"
#include "core/manifest_graphics.h"
#include "core/manifest_names.h"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <utility>

namespace rostrum {

namespace {

constexpr std::size_t kHashDigits = 64;
constexpr std::size_t kMostGuesses = 200;  // ids to compare an unknown one with
// Authors round starts and durations to milliseconds one by one: an overlap of that size is none.
constexpr Nanoseconds kRounding = 1ms;

std::string lower(std::string text) {
  for (auto& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

constexpr double kLeastGain = -100;  // dB
constexpr double kMostGain = 40;

SoundOptions sound_options(ObjectReader& reader) {
  SoundOptions sound;
  sound.gain = reader.number("gain", kLeastGain, kMostGain).value_or(0);
  sound.pan = reader.number("pan", -1, 1).value_or(0);
  sound.fade_in = reader.time("fade-in").value_or(0ns);
  sound.fade_out = reader.time("fade-out").value_or(0ns);
  return sound;
}

constexpr double kLeastHighPass = 20;  // Hz
constexpr double kMostHighPass = 300;
constexpr double kDeepestGate = -60;  // dB

// Absent, or "off" for 0, or a number.
std::optional<double> number_or_off(ObjectReader& reader, std::string_view key, double least,
                                    double most) {
  const auto* value = reader.find(key);
  if (value && *value == "off") return 0;
  return reader.number(key, least, most);
}

constexpr double kLeastClock = 0.9;
constexpr double kMostClock = 1.1;

// Nothing: to be found out.
std::optional<double> clock(ObjectReader& reader) {
  const auto* value = reader.find("clock");
  if (!value || *value == "auto") return {};
  if (*value == "own") return 1;
  if (value->is_number()) return reader.number("clock", kLeastClock, kMostClock);
  reader.problem("clock", "expected \"auto\", \"own\" or a number, found " +
                              (value->is_string() ? value->dump() : type_of(*value)));
  return {};
}

// Keys that come with later versions.
void later_clip_keys(ObjectReader& reader) {
  reader.later("fade", 0);
  reader.later("motion");
  reader.later("language");
  reader.later("burn", false);
}

}  // namespace

std::optional<std::string> read_sha256(std::string_view text) {
  if (text.size() != kHashDigits || text.find_first_not_of("0123456789abcdefABCDEF") != text.npos)
    return {};
  return lower(std::string{text});
}

NoiseOptions read_noise(ObjectReader& reader) {
  NoiseOptions noise;
  noise.high_pass = number_or_off(reader, "high-pass", kLeastHighPass, kMostHighPass);
  noise.gate = number_or_off(reader, "gate", kDeepestGate, 0);
  noise.suppression = reader.choice("noise-suppression", kSuppressions);
  return noise;
}

void TracksReader::people(const Json& list, const std::string& pointer) {
  for (std::size_t i = 0; i < list.size(); ++i) person(list[i], pointer_to(pointer, i));
}

void TracksReader::person(const Json& value, std::string pointer) {
  ObjectReader reader{value, std::move(pointer), findings_};
  Person person;
  person.id = reader.text("id", kIdBytes, Need::required).value_or("");
  person.name = reader.text("name", kTitleBytes, Need::optional, true).value_or(person.id);
  person.role = reader.choice("role", kRoles).value_or(Role::participant);
  person.talking = intervals(reader, "talking");
  reader.finish();
  if (person.id.empty()) return;
  if (!people_ids_.insert(person.id).second)
    reader.problem("id", "another person has the id " + in_quotes(person.id));
  manifest_.people.push_back(std::move(person));
}

void TracksReader::assets(const Json& object, const std::string& pointer) {
  for (const auto& [id, value] : object.get_ref<const Json::object_t&>())
    asset(id, value, pointer_to(pointer, id));
}

void TracksReader::asset(const std::string& id, const Json& value, std::string pointer) {
  if (id.empty()) findings_.add(pointer, "the id of an asset must not be empty");
  if (id.find('\0') != std::string::npos) findings_.add(pointer, "the id holds a NUL character");
  ObjectReader reader{value, std::move(pointer), findings_};
  Asset asset{id, reader.text("uri", kUriBytes, Need::required).value_or(""), {}, {}};
  uri(asset.uri, reader.at("uri"));
  if (const auto* list = reader.array("alternatives")) {
    for (std::size_t i = 0; i < list->size(); ++i) {
      const auto place = pointer_to(reader.at("alternatives"), i);
      const auto text = read_text((*list)[i], kUriBytes);
      if (!text) {
        findings_.add(place, text.error());
        continue;
      }
      uri(*text, place);
      asset.alternatives.push_back(*text);
    }
  }
  if (const auto hash = reader.text("sha256", kIdBytes)) {
    const auto digits = read_sha256(*hash);
    if (!digits) reader.problem("sha256", "expected 64 hexadecimal digits");
    asset.sha256 = digits.value_or("");
  }
  asset.clock = clock(reader);
  asset.colors = reader.choice("colors", kColors).value_or(Colors::own);
  reader.finish();
  asset_ids_.insert(id);
  manifest_.assets.push_back(std::move(asset));
}

void TracksReader::uri(const std::string& text, const std::string& pointer) {
  if (is_asset_uri(text)) return;
  findings_.add(pointer, in_quotes(scheme_of(text) + ":") +
                             " is no place for an asset: expected a path, or a \"file:\", "
                             "\"http:\" or \"https:\" URI");
}

void TracksReader::tracks(const Json& list, const std::string& pointer) {
  std::size_t clips = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    manifest_.tracks.push_back(track(list[i], pointer_to(pointer, i)));
    clips += manifest_.tracks.back().clips.size();
  }
  if (clips > kMostClips)
    findings_.add(pointer, "a job has at most " + std::to_string(kMostClips) + " clips, found " +
                               std::to_string(clips));
}

Track TracksReader::track(const Json& value, std::string pointer) {
  ObjectReader reader{value, std::move(pointer), findings_};
  Track track;
  track.id = reader.text("id", kIdBytes, Need::required).value_or("");
  if (!track.id.empty() && !track_ids_.insert(track.id).second)
    reader.problem("id", "another track has the id " + in_quotes(track.id));
  track.kind =
      reader.choice("kind", kKinds, kLaterKinds, Need::required).value_or(TrackKind::camera);
  if (const auto person = reader.text("person", kIdBytes)) {
    track.person = *person;
    reference(reader.at("person"), "person", *person, people_ids_);
  }
  track.sound = sound_options(reader);
  track.fallback = fallback(reader);
  read_switch(reader, "duck", track.duck);
  if (track.duck && (track.kind == TrackKind::camera || track.kind == TrackKind::microphone))
    reader.problem("duck", "a voice would turn itself down: only other tracks are ducked");
  noise(reader, track);
  const bool is_live = reader.find("uri");
  if (is_live) live(reader, track);
  std::vector<PlacedClip> placed;
  if (const auto* list = is_live ? nullptr : reader.array("clips", Need::required)) {
    const auto clips = reader.at("clips");
    for (std::size_t i = 0; i < list->size(); ++i)
      placed.push_back(clip((*list)[i], i, pointer_to(clips, i), track.kind));
  }
  reader.finish();
  track.clips = in_order(std::move(placed), reader.at("clips"));
  return track;
}

void TracksReader::noise(ObjectReader& reader, Track& track) {
  track.noise = read_noise(reader);
  if (track.kind == TrackKind::camera || track.kind == TrackKind::microphone) return;
  for (const char* key : {"high-pass", "gate", "noise-suppression"})
    if (const auto* value = reader.find(key); value && *value != "off")
      reader.problem(key, "only the noise of cameras and microphones is dealt with");
}

void TracksReader::live(ObjectReader& reader, Track& track) {
  using Scheme = LiveSource::Scheme;
  if (reader.find("clips"))
    reader.problem("clips", "a live track has no clips: leave out either \"uri\" or \"clips\"");
  const auto uri = reader.text("uri", kUriBytes);
  if (!uri) return;
  track.uri = *uri;
  const auto source = parse_live_source(*uri);
  if (track.kind == TrackKind::slides || track.kind == TrackKind::audio)
    reader.problem("uri", "only a camera, a screen or a microphone can be live");
  else if (!source)
    reader.problem("uri", source.error());
  else if (track.kind == TrackKind::microphone && source->scheme == Scheme::v4l2)
    reader.problem("uri", "a device of v4l2 has no sound: a microphone is rtsp:, srt: or test:");
  else if (track.kind == TrackKind::microphone && source->scheme == Scheme::test &&
           !source->test.tone)
    reader.problem("uri", "a microphone without a tone is not heard: leave out \"tone=off\"");
}

TracksReader::PlacedClip TracksReader::clip(const Json& value, std::size_t index,
                                            std::string pointer, TrackKind kind) {
  ObjectReader reader{value, std::move(pointer), findings_};
  Clip clip;
  if (const auto asset = reader.text("asset", kIdBytes, Need::required)) {
    clip.asset = *asset;
    reference(reader.at("asset"), "asset", *asset, asset_ids_);
  }
  const auto start = reader.time("start", Need::required);
  clip.start = start.value_or(0ns);
  clip.in = reader.time("in").value_or(0ns);
  const bool open = !reader.find("duration");
  clip.duration = reader.duration("duration");
  if (clip.start + clip.duration.value_or(0ns) > std::chrono::hours{kLongestHours})
    reader.problem("duration", "the clip ends after 1000 hours");
  slide(reader, clip, kind);
  clip.muted = intervals(reader, "muted");
  clip.hidden = intervals(reader, "hidden");
  clip.sound = sound_options(reader);
  loop(reader, clip, kind);
  clip.fallback = fallback(reader);
  later_clip_keys(reader);
  reader.finish();
  return {std::move(clip), index, start && (open || clip.duration)};
}

void TracksReader::slide(ObjectReader& reader, Clip& clip, TrackKind kind) {
  const auto page = reader.integer("page", 1, kMostPages);
  if (page && kind != TrackKind::slides)
    reader.problem("page", "only clips of a track of the kind \"slides\" have a page");
  if (clip.in != 0ns && kind == TrackKind::slides)
    reader.problem("in", "a slide has no time of its own to begin at; \"page\" chooses a page");
  clip.page = static_cast<int>(page.value_or(1));
}

void TracksReader::loop(ObjectReader& reader, Clip& clip, TrackKind kind) {
  read_switch(reader, "loop", clip.loop);
  if (clip.loop && kind == TrackKind::slides)
    reader.problem("loop", "a slide has no end at which it could begin again");
}

std::vector<std::string> TracksReader::fallback(ObjectReader& reader) {
  std::vector<std::string> result;
  const auto* list = reader.array("fallback");
  if (!list) return result;
  if (list->size() > kMostFallbacks)
    reader.problem("fallback", "at most " + std::to_string(kMostFallbacks) + " assets, found " +
                                   std::to_string(list->size()));
  for (std::size_t i = 0; i < std::min(list->size(), kMostFallbacks); ++i) {
    const auto place = pointer_to(reader.at("fallback"), i);
    const auto id = read_text((*list)[i], kIdBytes);
    if (!id) {
      findings_.add(place, id.error());
      continue;
    }
    reference(place, "asset", *id, asset_ids_);
    result.push_back(*id);
  }
  return result;
}

std::vector<Interval> TracksReader::intervals(ObjectReader& reader, std::string_view key) {
  std::vector<Interval> result;
  const auto* list = reader.array(key);
  if (!list) return result;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto& pair = (*list)[i];
    const auto place = pointer_to(reader.at(key), i);
    if (!pair.is_array() || pair.size() != 2) {
      findings_.add(place, "expected [from, to], found " +
                               (pair.is_array() ? "an array of " + std::to_string(pair.size())
                                                : type_of(pair)));
      continue;
    }
    const auto from = read_time(pair[0]);
    const auto to = read_time(pair[1]);
    if (!from) findings_.add(pointer_to(place, 0), from.error());
    if (!to) findings_.add(pointer_to(place, 1), to.error());
    if (!from || !to) continue;
    if (*from >= *to) findings_.add(place, "must end after it begins");
    result.push_back({*from, *to});
  }
  return result;
}

// Sorts by start, reports overlaps, and closes those that are mere rounding.
std::vector<Clip> TracksReader::in_order(std::vector<PlacedClip> placed,
                                         const std::string& pointer) {
  std::stable_sort(placed.begin(), placed.end(), [](const PlacedClip& a, const PlacedClip& b) {
    return a.clip.start < b.clip.start;
  });
  PlacedClip* previous = nullptr;
  for (auto& current : placed) {
    if (!current.timed) continue;
    if (previous) {
      auto& before = previous->clip;
      const auto start = current.clip.start;
      const auto end = before.start + before.duration.value_or(0ns);
      if (start == before.start || end - start > kRounding)
        findings_.add(pointer_to(pointer, current.index),
                      "overlaps clip " + std::to_string(previous->index) + " of its track, from " +
                          format_time(before.start) +
                          (before.duration ? " to " + format_time(end) : std::string{}));
      else if (end > start)
        before.duration = start - before.start;
    }
    previous = &current;
  }
  std::vector<Clip> result;
  for (auto& item : placed) result.push_back(std::move(item.clip));
  return result;
}

void TracksReader::reference(const std::string& pointer, std::string_view what,
                             const std::string& id, const std::unordered_set<std::string>& ids) {
  if (ids.contains(id)) return;
  std::vector<std::string_view> candidates;
  if (!findings_.full() && ids.size() <= kMostGuesses) candidates.assign(ids.begin(), ids.end());
  findings_.add(pointer, "there is no " + std::string{what} + " " + in_quotes(id) +
                             suggestion(id, candidates));
}

}  // namespace rostrum
