// SPDX-License-Identifier: LGPL-2.1-or-later
// The meaning of ranges and transitions is that of OpenTimelineIO's "Time Ranges" and "Timeline
// Structure".
#include "core/import/otio_timeline.h"

#include "core/asset_uri.h"
#include "core/import/otio_time.h"
#include "core/manifest_tracks.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

namespace rostrum::otio {

namespace {

constexpr std::size_t kMostTracks = 1000;
constexpr Frames kAlike = 1e-3;
constexpr Frames kForever = std::numeric_limits<Frames>::infinity();

const Json* ours_of(const Json& value) {
  const auto* metadata = member(value, "metadata");
  return metadata ? member(*metadata, "rostrum") : nullptr;
}

bool alike(Frames a, Frames b) { return std::abs(a - b) < kAlike; }

const Json* list_of(const Json& value, std::string_view key) {
  const auto* list = member(value, key);
  return list && list->is_array() ? list : nullptr;
}

bool is_off(const Json& value) {
  const auto* enabled = member(value, "enabled");
  return enabled && *enabled == false;
}

// What of a track lies within the ranges to which it and its stack are trimmed.
struct Window {
  Frames from = 0;
  Frames to = kForever;
};

class TrackReader {
 public:
  TrackReader(Fraction rate, Window window, Track& track, Warnings& warnings)
      : rate_{rate}, window_{window}, track_{track}, warnings_{warnings} {}

  void read(const Json& children) {
    for (std::size_t i = 0; i < children.size(); ++i) {
      place_ = pointer_to(track_.pointer + "/children", i);
      if (open_ended_) return skip("what follows a clip of unknown length is left out");
      item(children[i]);
    }
    pending_ = {};
    trim();
  }

 private:
  // Between two items.
  struct Transition {
    bool there = false;
    Frames before = 0;  // the cut
    Frames after = 0;
    bool written = false;  // by an export, and not touched since: the job says it better
  };

  void skip(const std::string& what) { warnings_.add(what, place_ + ": " + what); }

  void item(const Json& value) {
    const auto schema = schema_of(value);
    if (schema == "Transition") return transition(value);
    const auto length = length_of(value);
    const auto before = std::exchange(clip_before_, false);
    const bool clip = schema == "Clip" && !is_off(value) && add_clip(value, length);
    if (schema == "Clip" && is_off(value)) skip("a clip that is switched off is left out");
    if (schema != "Clip" && schema != "Gap" && schema != "Filler")
      skip("only clips, gaps and transitions are imported; a gap stands for what is here");
    apply(std::exchange(pending_, {}), before, clip);
    clip_before_ = clip;
    if (clip && !length)
      open_ended_ = true;
    else if (!length)
      skip("its length is not known; it is left out");
    at_ += length.value_or(0);
  }

  // As declared; of a clip else all of its medium, of a composition all that is in it.
  std::optional<Frames> length_of(const Json& value) const {
    if (const auto range = read_range(member(value, "source_range"), rate_)) return range->duration;
    const auto schema = schema_of(value);
    if (schema == "Clip") {
      const auto* medium = active_reference(value);
      const auto range =
          medium ? read_range(member(*medium, "available_range"), rate_) : std::nullopt;
      return range ? std::optional{range->duration} : std::nullopt;
    }
    const auto* children = list_of(value, "children");
    if (!children) return {};
    Frames sum = 0;
    Frames longest = 0;
    for (const auto& child : *children) {
      const auto length =
          schema_of(child) == "Transition" ? Frames{0} : length_of(child).value_or(0);
      sum += length;
      longest = std::max(longest, length);
    }
    return schema == "Stack" ? longest : sum;
  }

  // Clip.2 has several references, of which one counts; Clip.1 has one.
  static const Json* active_reference(const Json& clip) {
    const auto* list = member(clip, "media_references");
    if (!list) return member(clip, "media_reference");
    const auto key = text_of(clip, "active_media_reference_key", kIdBytes);
    return member(*list, key.empty() ? "DEFAULT_MEDIA" : key);
  }

  bool add_clip(const Json& value, std::optional<Frames> length) {
    const auto* medium = active_reference(value);
    if (!medium || schema_of(*medium) != "ExternalReference") {
      skip("a clip without a file is left out");
      return false;
    }
    Clip clip;
    clip.pointer = place_;
    clip.url = text_of(*medium, "target_url", kUriBytes + 1);
    if (clip.url.empty() || clip.url.size() > kUriBytes || !is_asset_uri(clip.url)) {
      skip("its target_url is no path, nor a file:, http: or https: URL; the clip is left out");
      return false;
    }
    clip.name = text_of(value, "name", kTitleBytes);
    clip.others = other_urls(value, medium);
    if (const auto* ours = ours_of(*medium)) clip.asset = text_of(*ours, "asset", kIdBytes);
    clip.ours = ours_of(value);
    clip.start = at_;
    clip.duration = length;
    clip.in = in_point(value, *medium);
    say_unused(value);
    track_.clips.push_back(std::move(clip));
    return true;
  }

  // A range is in the medium's own timecode, which begins where what is available does.
  Frames in_point(const Json& clip, const Json& medium) {
    const auto range = read_range(member(clip, "source_range"), rate_);
    if (!range) return 0;
    const auto available = read_range(member(medium, "available_range"), rate_);
    const auto in = range->start - (available ? available->start : 0);
    if (in < 0) skip("it begins before its medium; it is taken from its medium's beginning on");
    return std::max(in, Frames{0});
  }

  static std::vector<std::string> other_urls(const Json& clip, const Json* active) {
    std::vector<std::string> urls;
    const auto* list = member(clip, "media_references");
    if (!list || !list->is_object()) return urls;
    for (const auto& [key, medium] : list->get_ref<const Json::object_t&>()) {
      if (&medium == active || schema_of(medium) != "ExternalReference") continue;
      auto url = text_of(medium, "target_url", kUriBytes + 1);
      if (!url.empty() && url.size() <= kUriBytes && is_asset_uri(url))
        urls.push_back(std::move(url));
    }
    return urls;
  }

  void say_unused(const Json& value) {
    const auto* effects = list_of(value, "effects");
    if (effects && !effects->empty()) skip("effects are not used, changes of speed neither");
    const auto* markers = list_of(value, "markers");
    if (markers && !markers->empty()) skip("markers are not used");
  }

  void transition(const Json& value) {
    const auto before = read_time(member(value, "in_offset"), rate_);
    const auto after = read_time(member(value, "out_offset"), rate_);
    if (!before || !after || *before < 0 || *after < 0 || *before + *after == 0)
      return skip("a transition without a length is left out");
    const auto* ours = ours_of(value);
    const auto* fade = ours ? member(*ours, "fade") : nullptr;
    const bool same = fade && fade->is_number() && alike(fade->get<double>(), *before + *after);
    pending_ = {true, *before, *after, same};
    if (track_.video) skip("pictures are cut where there is a transition between them");
    // one at the end has no item after it
    if (clip_before_ && !track_.video && !same) track_.clips.back().fade_out = *before;
  }

  // What the transition before it makes of the item that was just read.
  void apply(const Transition& transition, bool before, bool now) {
    if (!transition.there || transition.written || track_.video || !now) return;
    auto& clip = track_.clips.back();
    if (!before) {
      clip.fade_in = transition.after;
      return;
    }
    // Both are heard during it: one goes on beyond the cut, the other begins before it.
    auto& last = track_.clips[track_.clips.size() - 2];
    const auto early = std::min({transition.before, clip.in, clip.start});
    if (last.duration) *last.duration += transition.after;
    clip.start -= early;
    clip.in -= early;
    if (clip.duration) *clip.duration += early;
    last.fade_out = clip.fade_in = early + transition.after;
  }

  void trim() {
    if (window_.from == 0 && window_.to == kForever) return;
    std::vector<Clip> inside;
    for (auto& clip : track_.clips) {
      const auto end = clip.duration ? clip.end() : window_.to;
      const auto from = std::max(clip.start, window_.from);
      const auto to = std::min(end, window_.to);
      if (to <= from) continue;
      clip.in += from - clip.start;
      clip.start = from - window_.from;
      if (to != kForever) clip.duration = to - from;
      inside.push_back(std::move(clip));
    }
    track_.clips = std::move(inside);
  }

  Fraction rate_;
  Window window_;
  Track& track_;
  Warnings& warnings_;
  std::string place_;
  Frames at_ = 0;
  Transition pending_;
  bool clip_before_ = false;  // the item before is a clip that is used
  bool open_ended_ = false;
};

// The rate of the first range that a canvas can have, of the pictures if there are any.
std::optional<Fraction> rate_of(const Json& value, int depth = 0) {
  constexpr int kDeep = 4;
  if (const auto* range = member(value, "source_range"))
    if (const auto* duration = member(*range, "duration"))
      if (const auto* rate = member(*duration, "rate"); rate && rate->is_number())
        if (const auto found = frame_rate(rate->get<double>())) return found;
  const auto* children = list_of(value, "children");
  if (!children || depth == kDeep) return {};
  for (const bool video : {true, false})
    for (const auto& child : *children) {
      if ((text_of(child, "kind", kIdBytes) != "Audio") != video) continue;
      if (const auto found = rate_of(child, depth + 1)) return found;
    }
  return {};
}

class TimelineReader {
 public:
  TimelineReader(const Json& value, std::string pointer, Warnings& warnings)
      : value_{value}, warnings_{warnings} {
    timeline_.pointer = std::move(pointer);
    timeline_.name = text_of(value, "name", kTitleBytes);
    timeline_.ours = ours_of(value);
  }

  tl::expected<Timeline, Problems> read() {
    const auto* stack = member(value_, "tracks");
    const auto* children = stack ? list_of(*stack, "children") : nullptr;
    if (!children || schema_of(*stack) != "Stack")
      return tl::unexpected{
          Problems{{timeline_.pointer + "/tracks", "expected a Stack of tracks"}}};
    if (children->size() > kMostTracks)
      return tl::unexpected{Problems{{timeline_.pointer + "/tracks/children",
                                      "more than " + std::to_string(kMostTracks) + " tracks"}}};
    find_rate(*stack);
    const auto range = read_range(member(*stack, "source_range"), timeline_.rate);
    for (std::size_t i = 0; i < children->size(); ++i)
      track((*children)[i], pointer_to(timeline_.pointer + "/tracks/children", i), range);
    std::size_t clips = 0;
    for (const auto& track : timeline_.tracks) clips += track.clips.size();
    if (clips > kMostClips)
      return tl::unexpected{Problems{
          {timeline_.pointer + "/tracks", "more than " + std::to_string(kMostClips) + " clips"}}};
    return std::move(timeline_);
  }

 private:
  void find_rate(const Json& stack) {
    const auto* start = member(value_, "global_start_time");
    const auto* rate = start ? member(*start, "rate") : nullptr;
    auto found = rate && rate->is_number() ? frame_rate(rate->get<double>()) : std::nullopt;
    if (!found) found = rate_of(stack);
    if (found)
      timeline_.rate = *found;
    else
      warnings_.add("rate",
                    timeline_.pointer + ": no rate of 1 to 240 frames per second; it is 25");
  }

  void track(const Json& value, const std::string& pointer, const std::optional<Range>& stack) {
    const auto schema = schema_of(value);
    const auto* children = list_of(value, "children");
    if ((schema != "Track" && schema != "Sequence") || !children)
      return warnings_.add("track", pointer + ": is no track; it is left out");
    if (is_off(value))
      return warnings_.add("off", pointer + ": a track that is switched off is left out");
    auto& track = timeline_.tracks.emplace_back();
    track.pointer = pointer;
    track.name = text_of(value, "name", kIdBytes);
    track.video = text_of(value, "kind", kIdBytes) != "Audio";
    track.ours = ours_of(value);
    Window window;
    const auto cut = [&](const std::optional<Range>& range) {
      if (!range) return;
      window.from += std::max(range->start, Frames{0});
      window.to = std::min(window.to, window.from + range->duration);
    };
    cut(read_range(member(value, "source_range"), timeline_.rate));
    cut(stack);
    TrackReader{timeline_.rate, window, track, warnings_}.read(*children);
  }

  const Json& value_;
  Warnings& warnings_;
  Timeline timeline_;
};

}  // namespace

bool Clip::same_piece(const Clip& other) const {
  const bool same_length =
      duration ? other.duration && alike(*duration, *other.duration) : !other.duration;
  return url == other.url && same_length && alike(start, other.start) && alike(in, other.in);
}

Nanoseconds Timeline::time(Frames frames) const {
  constexpr double kSecond = 1e9;
  const auto ns = frames * kSecond * static_cast<double>(rate.den) / static_cast<double>(rate.num);
  constexpr double kMost = 9e18;  // what a count of nanoseconds can hold
  return Nanoseconds{std::llround(std::clamp(ns, -kMost, kMost))};
}

tl::expected<Timeline, Problems> read_timeline(const Json& document, Warnings& warnings) {
  if (schema_of(document) == "Timeline") return TimelineReader{document, "", warnings}.read();
  const auto* children =
      schema_of(document) == "SerializableCollection" ? list_of(document, "children") : nullptr;
  for (std::size_t i = 0; children && i < children->size(); ++i) {
    const auto pointer = pointer_to("/children", i);
    if (schema_of((*children)[i]) != "Timeline") continue;
    if (children->size() > 1)
      warnings.add("collection", pointer + ": only this timeline of the collection is imported");
    return TimelineReader{(*children)[i], pointer, warnings}.read();
  }
  return tl::unexpected{Problems{{"", "expected a Timeline of OpenTimelineIO"}}};
}

}  // namespace rostrum::otio
