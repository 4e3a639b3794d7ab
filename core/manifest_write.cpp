// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/manifest_graphics.h"
#include "core/manifest_names.h"

#include <nlohmann/json.hpp>

namespace rostrum {

namespace {

// A double holds every nanosecond of 1000 h: it is written with the digits that bring it back.
Json seconds(Nanoseconds t) {
  if (t % 1s == 0ns) return t / 1s;
  return to_seconds(t);
}

Json intervals(const std::vector<Interval>& list) {
  auto result = Json::array();
  for (const auto& interval : list)
    result.push_back(Json::array({seconds(interval.from), seconds(interval.to)}));
  return result;
}

Json canvas_json(const Canvas& canvas) {
  const auto size = std::to_string(canvas.width) + "x" + std::to_string(canvas.height);
  return {{"size", canvas.automatic ? "auto" : size},
          {"rate", std::to_string(canvas.rate.num) + "/" + std::to_string(canvas.rate.den)},
          {"background", color_json(canvas.background)}};
}

Json person_json(const Person& person) {
  Json result{{"id", person.id}};
  if (person.name != person.id) result["name"] = person.name;
  if (person.role != Role::participant) result["role"] = name_of(person.role);
  if (!person.talking.empty()) result["talking"] = intervals(person.talking);
  return result;
}

// What differs from the defaults.
Json speaker_json(const SpeakerLayout& speaker) {
  const SpeakerOptions usual;
  const auto& options = speaker.options;
  auto result = Json::object();
  if (speaker.source != SpeakerSource::levels)
    result["source"] = name_in(kSpeakerSources, speaker.source);
  if (options.window != usual.window) result["window"] = seconds(options.window);
  if (options.hold != usual.hold) result["hold"] = seconds(options.hold);
  if (options.silence != usual.silence) result["silence"] = seconds(options.silence);
  if (options.threshold != usual.threshold) result["threshold"] = options.threshold;
  if (options.margin != usual.margin) result["margin"] = options.margin;
  if (options.hysteresis != usual.hysteresis) result["hysteresis"] = options.hysteresis;
  if (!speaker.default_person.empty()) result["default"] = speaker.default_person;
  return result;
}

// A whole number without ".0".
Json number(double value) {
  const auto whole = static_cast<std::int64_t>(value);
  return static_cast<double>(whole) == value ? Json(whole) : Json(value);
}

Json length_json(const CanvasLength& length) {
  const auto value = number(length.value);
  return length.percent ? Json(value.dump() + "%") : value;
}

Json custom_json(const CustomLayout& layout) {
  auto result = Json::array();
  for (const auto& place : layout) {
    Json p = Json::object();
    if (place.role == PlaceRole::person)
      p["person"] = place.person;
    else
      p["role"] = name_in(kPlaceRoles, place.role);
    p["rect"] = Json::array({length_json(place.x), length_json(place.y), length_json(place.width),
                             length_json(place.height)});
    if (place.z != 0) p["z"] = place.z;
    if (place.fit != Fit::contain) p["fit"] = name_in(kFits, place.fit);
    if (place.edge.radius != 0) p["radius"] = place.edge.radius;
    if (place.edge.border != 0)
      p["border"] = {{"width", place.edge.border}, {"color", color_json(place.edge.color)}};
    result.push_back(std::move(p));
  }
  return result;
}

Json scene_json(const LayoutScene& scene, const CustomLayout& usual) {
  Json result{{"start", seconds(scene.start)}};
  if (scene.policy == Policy::custom && scene.custom != usual)
    result["layout"] = custom_json(scene.custom);
  else if (scene.policy)
    result["layout"] = name_of(*scene.policy);
  if (!scene.speaker.empty()) result["speaker"] = scene.speaker;
  if (scene.people) result["people"] = *scene.people;
  if (scene.stage) result["stage"] = scene.stage->empty() ? Json(nullptr) : Json(*scene.stage);
  return result;
}

Json layout_json(const LayoutOptions& layout) {
  Json result{{"policy", name_of(layout.policy)}};
  if (layout.fade != 0ns) result["transitions"] = Json{{"fade", seconds(layout.fade)}};
  if (layout.labels) result["labels"] = true;
  if (layout.cards) result["cards"] = true;
  if (!layout.custom.empty()) result["custom"] = custom_json(layout.custom);
  if (auto speaker = speaker_json(layout.speaker); !speaker.empty())
    result["speaker"] = std::move(speaker);
  return result;
}

Json asset_json(const Asset& asset) {
  Json result{{"uri", asset.uri}};
  if (!asset.alternatives.empty()) result["alternatives"] = asset.alternatives;
  if (!asset.sha256.empty()) result["sha256"] = asset.sha256;
  if (asset.clock) result["clock"] = *asset.clock == 1 ? Json("own") : number(*asset.clock);
  if (asset.colors != Colors::own) result["colors"] = name_of(asset.colors);
  return result;
}

void add_sound(Json& result, const SoundOptions& sound) {
  if (sound.gain != 0) result["gain"] = number(sound.gain);
  if (sound.pan != 0) result["pan"] = number(sound.pan);
  if (sound.fade_in != 0ns) result["fade-in"] = seconds(sound.fade_in);
  if (sound.fade_out != 0ns) result["fade-out"] = seconds(sound.fade_out);
}

// 0: the user has switched it off.
Json number_or_off(double value) { return value == 0 ? Json("off") : number(value); }

void add_noise(Json& result, const NoiseOptions& noise) {
  if (noise.high_pass) result["high-pass"] = number_or_off(*noise.high_pass);
  if (noise.gate) result["gate"] = number_or_off(*noise.gate);
  if (noise.suppression) result["noise-suppression"] = name_in(kSuppressions, *noise.suppression);
}

Json clip_json(const Clip& clip) {
  Json result{{"asset", clip.asset}};
  if (clip.page != 1) result["page"] = clip.page;
  result["start"] = seconds(clip.start);
  if (clip.in != 0ns) result["in"] = seconds(clip.in);
  if (clip.duration) result["duration"] = seconds(*clip.duration);
  if (!clip.muted.empty()) result["muted"] = intervals(clip.muted);
  if (!clip.hidden.empty()) result["hidden"] = intervals(clip.hidden);
  add_sound(result, clip.sound);
  if (clip.loop) result["loop"] = true;
  if (!clip.fallback.empty()) result["fallback"] = clip.fallback;
  return result;
}

Json track_json(const Track& track) {
  Json result{{"id", track.id}, {"kind", name_of(track.kind)}};
  if (!track.person.empty()) result["person"] = track.person;
  add_sound(result, track.sound);
  if (track.duck) result["duck"] = true;
  add_noise(result, track.noise);
  if (!track.fallback.empty()) result["fallback"] = track.fallback;
  if (!track.uri.empty()) {
    result["uri"] = track.uri;
    return result;
  }
  auto& clips = result["clips"] = Json::array();
  for (const auto& clip : track.clips) clips.push_back(clip_json(clip));
  return result;
}

Json audio_json(const AudioOptions& audio) {
  auto result = Json::object();
  if (audio.loudness) result["loudness"] = number(*audio.loudness);
  if (audio.true_peak) result["true-peak"] = number(*audio.true_peak);
  if (audio.range) result["range"] = number(*audio.range);
  if (audio.level) result["level"] = name_in(kLevelling, audio.level);
  if (audio.duck != AudioOptions{}.duck) result["duck"] = number(audio.duck);
  add_noise(result, audio.noise);
  if (audio.codec) result["codec"] = name_of(*audio.codec);
  if (audio.channels) result["channels"] = *audio.channels;
  if (audio.bitrate) result["bitrate"] = *audio.bitrate;
  return result;
}

Json output_json(const Output& output) {
  auto result = Json::object();
  if (!output.path.empty()) result["path"] = output.path;
  result["profile"] = output.profile;
  if (output.encoder != "auto") result["encoder"] = output.encoder;
  if (output.variable_rate) result["rate"] = name_in(kFrameRates, true);
  if (output.stems) result["stems"] = true;
  if (output.fragmented) result["fragmented"] = true;
  return result;
}

Json further_json(const FurtherOutput& other) {
  Json result{{"path", other.path}};
  if (other.fragmented) result["fragmented"] = true;
  if (other.kind == OutputKind::sheet) result["every"] = seconds(other.every);
  if (other.kind == OutputKind::picture) result["at"] = seconds(other.at);
  if (other.width > 0) result["width"] = other.width;
  for (const auto& [height, profile] : other.renditions) {
    auto& rendition = result["renditions"].emplace_back(Json{{"height", height}});
    if (!profile.empty()) rendition["profile"] = profile;
  }
  return result;
}

Json outputs_json(const Output& output) {
  auto result = Json::array({output_json(output)});
  for (const auto& other : output.further) result.push_back(further_json(other));
  return result;
}

Json assets_json(const std::vector<Asset>& assets) {
  auto result = Json::object();
  // not operator[], which searches all members
  auto& members = result.get_ref<Json::object_t&>();
  for (const auto& asset : assets) members.emplace_back(asset.id, asset_json(asset));
  return result;
}

}  // namespace

std::string write_manifest(const Manifest& manifest) {
  Json job{{"rostrum", 1}};
  if (!manifest.title.empty()) job["title"] = manifest.title;
  if (manifest.duration) job["duration"] = seconds(*manifest.duration);
  job["canvas"] = canvas_json(manifest.canvas);
  for (const auto& person : manifest.people) job["people"].push_back(person_json(person));
  job["assets"] = assets_json(manifest.assets);
  auto& tracks = job["tracks"] = Json::array();
  for (const auto& track : manifest.tracks) tracks.push_back(track_json(track));
  job["layout"] = layout_json(manifest.layout);
  for (const auto& scene : manifest.scenes)
    job["scenes"].push_back(scene_json(scene, manifest.layout.custom));
  if (!manifest.cards.empty()) job["cards"] = cards_json(manifest.cards);
  if (manifest.logo) job["logo"] = logo_json(*manifest.logo);
  if (manifest.chapters) job["chapters"] = name_in(kChapterSources, *manifest.chapters);
  if (auto audio = audio_json(manifest.audio); !audio.empty()) job["audio"] = std::move(audio);
  if (manifest.output.further.empty())
    job["output"] = output_json(manifest.output);
  else
    job["outputs"] = outputs_json(manifest.output);
  if (manifest.on_damage != OnDamage::substitute)
    job["on-damage"] = name_in(kOnDamage, manifest.on_damage);
  return job.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace rostrum
