// SPDX-License-Identifier: LGPL-2.1-or-later
// The schema is that of OpenTimelineIO's "Serialized Data" (docs/tutorials/otio-serialized-schema).
#include "core/export/otio.h"

#include "core/json_text.h"
#include "core/plan_tracks.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace rostrum {

namespace {

Json object(const char* schema, const std::string& name, Json metadata = Json::object()) {
  return {{"OTIO_SCHEMA", schema}, {"metadata", std::move(metadata)}, {"name", name}};
}

Json ours(Json values) { return {{"rostrum", std::move(values)}}; }

// What all items of a track, tracks and stacks have.
void add_item(Json& item, Json source_range) {
  item["source_range"] = std::move(source_range);
  item["effects"] = Json::array();
  item["markers"] = Json::array();
  item["enabled"] = true;
}

bool shows_pictures(TrackKind kind) {
  return kind != TrackKind::microphone && kind != TrackKind::audio;
}

class TimelineWriter {
 public:
  explicit TimelineWriter(const ExportSource& source)
      : source_{source},
        job_(Json::parse(write_manifest(source.manifest), nullptr, false)),
        grid_{source.manifest.canvas.rate},
        times_{clip_times(source.manifest, source.media,
                          programme_of(source.manifest, source.media))} {}

  Json timeline() {
    auto stack = object("Stack.1", "tracks");
    add_item(stack, nullptr);
    auto& children = stack["children"] = Json::array();
    const auto& tracks = source_.manifest.tracks;
    for (std::size_t t = 0; t < tracks.size(); ++t) children.push_back(track(t));
    for (std::size_t t = 0; t < tracks.size(); ++t)
      if (shows_pictures(tracks[t].kind) && has_sound(tracks[t])) children.push_back(sound_of(t));
    auto result = object("Timeline.1", source_.manifest.title, ours({{"job", job()}}));
    result["global_start_time"] = nullptr;
    result["tracks"] = std::move(stack);
    return result;
  }

 private:
  Json time(std::int64_t frames) const {
    const auto rate = grid_.rate();
    return {{"OTIO_SCHEMA", "RationalTime.1"},
            {"rate", static_cast<double>(rate.num) / static_cast<double>(rate.den)},
            {"value", static_cast<double>(frames)}};
  }

  Json range(std::int64_t first, std::int64_t frames) const {
    return {
        {"OTIO_SCHEMA", "TimeRange.1"}, {"duration", time(frames)}, {"start_time", time(first)}};
  }

  // Everything but the tracks.
  Json job() const {
    auto job = job_;
    job.erase("tracks");
    for (auto& [id, asset] : job["assets"].get_ref<Json::object_t&>()) {
      const auto& places = source_.places.at(id);
      asset["uri"] = places.front();
      asset.erase("alternatives");
      if (places.size() > 1)
        asset["alternatives"] = std::vector<std::string>(places.begin() + 1, places.end());
    }
    return job;
  }

  bool has_sound(const std::string& asset) const {
    const auto& info = media_of(source_.media, asset);
    return info.usable() && info.audio;
  }
  bool has_sound(const Track& track) const {
    return std::any_of(track.clips.begin(), track.clips.end(),
                       [&](const Clip& clip) { return has_sound(clip.asset); });
  }

  Json track(std::size_t t) const {
    const auto& declared = source_.manifest.tracks[t];
    auto metadata = job_["tracks"][t];
    metadata.erase("clips");
    auto result = object("Track.1", declared.id, ours({{"track", std::move(metadata)}}));
    add_item(result, nullptr);
    const bool pictures = shows_pictures(declared.kind);
    result["kind"] = pictures ? "Video" : "Audio";
    result["children"] = children(t, !pictures, true);
    return result;
  }

  // Editors keep sound on tracks of its own.
  Json sound_of(std::size_t t) const {
    const auto& id = source_.manifest.tracks[t].id;
    auto result = object("Track.1", id + " (sound)", ours({{"sound-of", id}}));
    add_item(result, nullptr);
    result["kind"] = "Audio";
    result["children"] = children(t, true, false);
    return result;
  }

  // One after another, with gaps between them.  `own`: with what the job says of the clips;
  // without: only those that have sound.
  Json children(std::size_t t, bool sound, bool own) const {
    auto list = Json::array();
    const auto& clips = source_.manifest.tracks[t].clips;
    std::int64_t at = 0;
    bool joined = false;  // to the clip before
    for (std::size_t c = 0; c < clips.size(); ++c) {
      if (!own && !has_sound(clips[c].asset)) continue;
      const auto frames = grid_.range(times_[t][c]);
      if (frames.first > at) {
        list.push_back(gap(frames.first - at));
        joined = false;
      }
      const auto in = sound && !joined ? fade_frames(clips[c].sound.fade_in, frames) : 0;
      if (in > 0) list.push_back(fade("fade in", 0, in));
      list.push_back(clip(t, c, frames, own));
      at = frames.end;
      const bool follows = c + 1 < clips.size() && grid_.first_at(clips[c + 1].start) == at;
      const auto out = sound && !follows ? fade_frames(clips[c].sound.fade_out, frames) : 0;
      if (out > 0) list.push_back(fade("fade out", out, 0));
      joined = true;
    }
    return list;
  }

  Json gap(std::int64_t frames) const {
    auto result = object("Gap.1", "");
    add_item(result, range(0, frames));
    return result;
  }

  // A transition may not be longer than the clip that it belongs to.
  std::int64_t fade_frames(Nanoseconds length, FrameRange clip) const {
    return std::min(grid_.frames(length), clip.count() / 2);
  }

  Json fade(const char* name, std::int64_t before, std::int64_t after) const {
    auto result = object("Transition.1", name, ours({{"fade", before + after}}));
    result["in_offset"] = time(before);
    result["out_offset"] = time(after);
    result["transition_type"] = "SMPTE_Dissolve";
    return result;
  }

  Json clip(std::size_t t, std::size_t c, FrameRange frames, bool own) const {
    const auto& declared = source_.manifest.tracks[t].clips[c];
    // of the first frame, which may stand a little beside the clip's start
    const auto in = std::max(0ns, declared.in + grid_.start(frames.first) - declared.start);
    const auto first = is_picture(declared.asset) ? 0 : grid_.frames(in);
    auto metadata = Json::object();
    if (own)
      metadata = ours({{"clip", job_["tracks"][t]["clips"][c]},
                       {"sound", has_sound(declared.asset)},
                       {"written", {frames.first, first, frames.count()}}});
    auto result = object("Clip.2", clip_name(declared), std::move(metadata));
    add_item(result, range(first, frames.count()));
    auto& references = result["media_references"] = Json::object();
    const auto& places = source_.places.at(declared.asset);
    for (std::size_t i = 0; i < places.size(); ++i)
      references[i == 0 ? "DEFAULT_MEDIA" : "ALTERNATIVE_" + std::to_string(i)] =
          reference(declared.asset, places[i]);
    result["active_media_reference_key"] = "DEFAULT_MEDIA";
    return result;
  }

  static std::string clip_name(const Clip& clip) {
    return clip.page == 1 ? clip.asset : clip.asset + ", page " + std::to_string(clip.page);
  }

  bool is_picture(const std::string& asset) const {
    return media_of(source_.media, asset).pages > 0;
  }

  Json reference(const std::string& asset, const std::string& place) const {
    const auto& info = media_of(source_.media, asset);
    auto result = object("ExternalReference.1", file_title(place), ours({{"asset", asset}}));
    result["available_range"] = info.usable() && info.duration > 0ns
                                    ? range(0, grid_.frames(info.duration))
                                    : Json(nullptr);
    result["available_image_bounds"] = nullptr;
    result["target_url"] = place;
    return result;
  }

  const ExportSource& source_;
  Json job_;
  FrameGrid grid_;
  std::vector<std::vector<Interval>> times_;
};

template <typename Test>
bool any_clip(const Manifest& manifest, Test test) {
  return std::any_of(manifest.tracks.begin(), manifest.tracks.end(), [&](const Track& track) {
    return std::any_of(track.clips.begin(), track.clips.end(), test);
  });
}

// What an editor will not see of the job.
std::string unsaid(const Manifest& manifest) {
  std::string words = "the layout";
  const auto add = [&](bool said, const char* word) {
    if (said) words += std::string{", "} + word;
  };
  add(!manifest.people.empty(), "people");
  add(!manifest.scenes.empty(), "scenes");
  add(!manifest.cards.empty(), "title cards");
  add(manifest.logo.has_value(), "the logo");
  add(any_clip(manifest, [](const Clip& c) { return !c.muted.empty(); }), "mutes");
  add(any_clip(manifest, [](const Clip& c) { return !c.hidden.empty(); }), "hidden pictures");
  add(any_clip(manifest, [](const Clip& c) { return c.sound.gain != 0 || c.sound.pan != 0; }) ||
          std::any_of(manifest.tracks.begin(), manifest.tracks.end(),
                      [](const Track& t) { return t.sound != SoundOptions{} || t.duck; }),
      "gains");
  add(any_clip(manifest, [](const Clip& c) { return c.loop; }), "loops");
  add(any_clip(manifest, [](const Clip& c) { return c.page > 1; }), "pages of decks");
  add(any_clip(manifest, [](const Clip& c) { return !c.fallback.empty(); }), "fallbacks");
  return words;
}

}  // namespace

Exported export_otio(const ExportSource& source) {
  auto text = TimelineWriter{source}.timeline().dump(4, ' ', false, Json::error_handler_t::replace);
  return {text + "\n",
          {"OpenTimelineIO has no word for these, which `rostrum import otio` finds in "
           "metadata.rostrum: " +
           unsaid(source.manifest)}};
}

}  // namespace rostrum
