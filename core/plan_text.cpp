// SPDX-License-Identifier: LGPL-2.1-or-later
// The plan as text: canonical JSON for programs, sentences for people.
#include "core/plan.h"

#include "core/chunks.h"
#include "core/copied_pictures.h"
#include "core/gain_json.h"
#include "core/overlay_json.h"
#include "core/plan_rules.h"
#include "core/plan_scenes.h"
#include "core/plan_speaker.h"
#include "core/still_frames.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace rostrum {

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Rect& r) { return Json::array({r.x, r.y, r.width, r.height}); }
Json json_of(const FrameRange& f) { return Json::array({f.first, f.end}); }
Json json_of(const Interval& i) { return Json::array({i.from.count(), i.to.count()}); }

std::string rate_text(const FrameGrid& grid) {
  return std::to_string(grid.rate().num) + "/" + std::to_string(grid.rate().den);
}

Json json_of(const PlannedClip& clip) {
  Json j{{"asset", clip.asset},
         {"start", clip.start.count()},
         {"in", clip.in.count()},
         {"duration", clip.duration.count()},
         {"playable", clip.playable.count()}};
  if (clip.page != 1) j["page"] = clip.page;
  j["video"] = clip.has_video;
  j["audio"] = clip.has_audio;
  if (clip.still) j["still"] = true;
  if (clip.picture) j["picture"] = json_of(*clip.picture);
  for (const auto& m : clip.muted) j["muted"].push_back(json_of(m));
  for (const auto& h : clip.hidden) j["hidden"].push_back(json_of(h));
  if (clip.volume != 1) j["volume"] = clip.volume;
  if (clip.pan != 0) j["pan"] = clip.pan;
  if (!clip.clock.own()) j["clock"] = clip.clock.factor();
  if (clip.colors != Colors::own) j["colors"] = name_of(clip.colors);
  return j;
}

Json json_of(const PlannedTrack& track) {
  Json j{{"id", track.id}, {"kind", name_of(track.kind)}};
  if (!track.person.empty()) j["person"] = track.person;
  j["clips"] = Json::array();
  for (const auto& clip : track.clips) j["clips"].push_back(json_of(clip));
  for (const auto& curve : track.gains) j["gains"].push_back(gain_json(curve));
  if (track.filter.high_pass != 0) j["high-pass"] = track.filter.high_pass;
  if (track.filter.suppression != Suppression::off)
    j["noise-suppression"] = name_of(track.filter.suppression);
  return j;
}

Json json_of(const Plan& plan, const Scene& scene) {
  Json j{{"frames", json_of(scene.frames)}, {"tiles", Json::array()}};
  for (const auto& t : scene.tiles) {
    const auto& track = plan.tracks[t.track];
    Json tile{{"track", track.id}, {"asset", track.clips[t.clip].asset}};
    if (track.clips[t.clip].page != 1) tile["page"] = track.clips[t.clip].page;
    tile["rect"] = json_of(t.rect);
    if (t.z != 0) tile["z"] = t.z;
    if (t.fit != Fit::contain) tile["fit"] = name_of(t.fit);
    if (t.fade_in != 0) tile["fade-in"] = t.fade_in;
    if (t.fade_out != 0) tile["fade-out"] = t.fade_out;
    if (t.card) tile["card"] = true;
    j["tiles"].push_back(std::move(tile));
  }
  for (const auto& b : scene.backdrops)
    j["backdrops"].push_back({{"rect", json_of(b.rect)}, {"color", b.color}});
  return j;
}

Json sound_json(const Plan& plan) {
  Json j{{"codec", name_of(plan.sound.codec)}, {"channels", plan.sound.channels}};
  if (plan.encoded_because.empty()) {
    j["copied"] = true;
    return j;
  }
  if (plan.sound.bitrate > 0) j["bitrate"] = plan.sound.bitrate;
  j["encoded-because"] = plan.encoded_because;
  return j;
}

// How each chunk is made.
Json chunks_json(const Plan& plan) {
  Json list = Json::array();
  for (const auto& frames : cut_chunks(plan)) {
    Json chunk{{"frames", json_of(frames)}};
    if (const auto* run = run_at(plan.pictures, frames.first))
      chunk["copied"] = run->asset;
    else if (is_in(plan.stills, frames.first))
      chunk["still"] = coded_frames(plan, frames).size();
    else
      chunk["composed-because"] = composed_because(plan.pictures, frames);
    list.push_back(std::move(chunk));
  }
  return list;
}

Json json_of(const Substitution& s) {
  Json j{{"asset", s.asset},
         {"clip", s.pointer},
         {"what", s.what},
         {"when", json_of(s.when)},
         {"why", s.why}};
  if (!s.fallback.empty()) j["fallback"] = s.fallback;
  return j;
}

std::string who(const Manifest& manifest, const PlannedTrack& track) {
  const auto* person = manifest.person(track.person);
  const auto name = person && !person->name.empty() ? person->name : track.person;
  std::string text = track.id + " (" + name_of(track.kind);
  if (!name.empty()) text += " of " + name;
  if (person && person->role == Role::presenter) text += ", presenter";
  return text + ")";
}

std::string rect_text(const Rect& r) {
  return std::to_string(r.width) + "x" + std::to_string(r.height) + " at " + std::to_string(r.x) +
         "," + std::to_string(r.y);
}

std::string explain_tiles(const Plan& plan, const Manifest& manifest, const Scene& scene,
                          Nanoseconds t) {
  std::string text;
  for (const auto& tile : scene.tiles) {
    const auto& track = plan.tracks[tile.track];
    const auto& clip = track.clips[tile.clip];
    text += "  " + rect_text(tile.rect) + (tile.z > 0 ? " on top: " : ": ");
    if (tile.card) {
      text += "a card with initials: " + who(manifest, track) + "\n";
      continue;
    }
    text += who(manifest, track) + ", \"" + clip.asset + "\"";
    text += track.kind == TrackKind::slides ? " page " + std::to_string(clip.page)
                                            : " at " + format_time(clip.in + t - clip.start);
    text += "\n";
  }
  return text.empty() ? "  nobody: the background\n" : text;
}

std::string explain_picture(const Plan& plan, std::int64_t frame) {
  if (run_at(plan.pictures, frame)) return "The film's picture is copied.\n";
  if (is_in(plan.stills, frame))
    return "The film's picture stands still: of each second only one frame is encoded, and each "
           "that differs.\n";
  return "The film's picture is composed: " + composed_because(plan.pictures, {frame, frame + 1}) +
         ".\n";
}

std::string explain_sound(const Plan& plan, const Manifest& manifest, Nanoseconds t) {
  std::string text;
  for (const auto& track : plan.tracks)
    for (const auto& clip : track.clips) {
      if (!clip.has_audio || t < clip.start || t >= clip.start + clip.playable) continue;
      const bool muted = std::any_of(clip.muted.begin(), clip.muted.end(),
                                     [t](const Interval& m) { return m.contains(t); });
      text += "  " + who(manifest, track) + (muted ? ", muted" : "") + "\n";
    }
  return (text.empty() ? "  nobody\n" : text) + "The film's sound is " +
         (plan.encoded_because.empty() ? "copied" : "encoded: " + plan.encoded_because) + ".\n";
}

// Quoted, on one line.
std::string drawn_text(const Overlay& o) {
  if (o.kind == OverlayKind::logo) return "\"" + o.asset + "\"";
  auto text = "\"" + o.text + (o.detail.empty() ? "" : " / " + o.detail) + "\"";
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

std::string explain_overlays(const Plan& plan, std::int64_t frame) {
  std::string text;
  for (const auto& o : plan.overlays)
    if (o.frames.contains(frame))
      text += "  " + rect_text(o.rect) + ": " + overlay_json(o).at("kind").get<std::string>() +
              " " + drawn_text(o) + "\n";
  return text.empty() ? text : "Drawn over it:\n" + text;
}

// What the picture of a frame is laid out by.
std::string ruling(const Plan& plan, const Manifest& manifest, std::int64_t frame) {
  const bool covered =
      std::any_of(plan.overlays.begin(), plan.overlays.end(), [frame](const Overlay& o) {
        return o.kind == OverlayKind::card && o.frames.contains(frame);
      });
  if (covered) return "covered by a card";
  const auto* rule = rule_at(manifest.scenes, plan.grid.start(frame));
  if (!rule || !rule->policy) return std::string{"policy "} + name_of(manifest.layout.policy);
  return std::string{"policy "} + name_of(*rule->policy) + " by /scenes/" +
         std::to_string(rule - manifest.scenes.data());
}

std::string decibels(double level) {
  if (!(level > kSilence)) return "silent";
  char text[32];
  std::snprintf(text, sizeof text, "%.1f dBFS", level);
  return text;
}

// The participant's name: the person's, else the track's.
std::string name_of(const Plan& plan, const Manifest& manifest, const Participant& who) {
  const auto* person = manifest.person(who.person);
  return person ? person->name : plan.tracks[who.tracks.front()].id;
}

bool is_there(const Plan& plan, const Participant& who, Nanoseconds t) {
  return std::any_of(who.tracks.begin(), who.tracks.end(), [&](std::size_t track) {
    const auto& clips = plan.tracks[track].clips;
    return std::any_of(clips.begin(), clips.end(),
                       [t](const PlannedClip& clip) { return clip.start <= t && t < clip.end(); });
  });
}

// Who talks as the log says it.
std::string logged_talk(const Manifest& manifest, const Participant& who, Nanoseconds t) {
  const auto* person = manifest.person(who.person);
  const bool talks = person && std::any_of(person->talking.begin(), person->talking.end(),
                                           [t](const Interval& i) { return i.contains(t); });
  return talks ? "talks by the log" : "silent by the log";
}

// The speaker, since when, and by which levels.
std::string explain_speaker(const Plan& plan, const Manifest& manifest, const MediaMap& media,
                            Nanoseconds t) {
  const auto after = std::upper_bound(plan.speakers.begin(), plan.speakers.end(), t,
                                      [](Nanoseconds at, const auto& s) { return at < s.from; });
  if (after == plan.speakers.begin()) return {};
  const auto& speaker = *std::prev(after);
  const auto people = participants(plan.tracks);
  const auto& options = manifest.layout.speaker;
  std::string levels;
  std::string name = "nobody";
  for (const auto& who : people) {
    const bool chosen =
        who.person == speaker.person &&
        (!who.person.empty() || plan.tracks[who.tracks.front()].id == speaker.track);
    if (chosen) name = name_of(plan, manifest, who);
    if (!is_there(plan, who, t)) continue;
    levels += "  " + name_of(plan, manifest, who) + ": " +
              (options.source == SpeakerSource::log
                   ? logged_talk(manifest, who, t)
                   : decibels(level_around(plan, media, who, t, options.options.window))) +
              "\n";
  }
  return "Speaker: " + name + ", since " + format_time(speaker.from) + ". " +
         (options.source == SpeakerSource::log
              ? "Of those who are there:\n"
              : "Levels over " + format_time(options.options.window) + " around it:\n") +
         levels;
}

Json json_of(const PlannedSpeaker& speaker) {
  Json j{{"from", speaker.from.count()}};
  if (!speaker.person.empty()) j["person"] = speaker.person;
  if (!speaker.track.empty()) j["track"] = speaker.track;
  return j;
}

Json json_of(const PlannedRendition& rendition) {
  Json j{
      {"size", std::to_string(rendition.size.width) + "x" + std::to_string(rendition.size.height)}};
  if (!rendition.profile.empty()) j["profile"] = rendition.profile;
  return j;
}

}  // namespace

std::string plan_json(const Plan& plan) {
  Json j{{"title", plan.title},
         {"canvas", std::to_string(plan.canvas.width) + "x" + std::to_string(plan.canvas.height)},
         {"rate", rate_text(plan.grid)},
         {"frames", json_of(plan.frames)},
         {"background", plan.background},
         {"sound", sound_json(plan)}};
  for (const auto& r : plan.renditions) j["renditions"].push_back(json_of(r));
  for (const char* list : {"people", "tracks", "speakers", "scenes", "chunks", "overlays",
                           "chapters", "substitutions"})
    j[list] = Json::array();
  for (const auto& p : plan.people)
    j["people"].push_back({{"id", p.id}, {"name", p.name}, {"role", name_of(p.role)}});
  for (const auto& track : plan.tracks) j["tracks"].push_back(json_of(track));
  for (const auto& s : plan.speakers) j["speakers"].push_back(json_of(s));
  for (const auto& scene : plan.scenes) j["scenes"].push_back(json_of(plan, scene));
  j["chunks"] = chunks_json(plan);
  for (const auto& o : plan.overlays) j["overlays"].push_back(overlay_json(o));
  for (const auto& c : plan.chapters)
    j["chapters"].push_back({{"start", c.start.count()}, {"title", c.title}});
  for (const auto& s : plan.substitutions) j["substitutions"].push_back(json_of(s));
  for (const auto& warning : plan.warnings) j["warnings"].push_back(warning);
  return j.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string explain(const Plan& plan, const Manifest& manifest, const MediaMap& media,
                    Nanoseconds t) {
  const auto frame = plan.grid.first_at(t);
  const auto scene = std::find_if(plan.scenes.begin(), plan.scenes.end(),
                                  [frame](const Scene& s) { return s.frames.contains(frame); });
  if (scene == plan.scenes.end())
    return format_time(t) + " is outside the programme, which ends at " +
           format_time(plan.grid.start(plan.frames.end)) + "\n";
  std::string text = format_time(t) + " is frame " + std::to_string(frame) + " of the scene from " +
                     format_time(plan.grid.start(scene->frames.first)) + " to " +
                     format_time(plan.grid.start(scene->frames.end)) + ", " +
                     ruling(plan, manifest, frame) + ".\nSeen:\n" +
                     explain_tiles(plan, manifest, *scene, t) + explain_overlays(plan, frame) +
                     explain_picture(plan, frame) + "Heard:\n" + explain_sound(plan, manifest, t) +
                     explain_speaker(plan, manifest, media, t);
  for (const auto& s : plan.substitutions)
    if (s.when.contains(t))
      text += "Substituted: \"" + s.asset + "\" (" + s.pointer + ", " + s.what + "): " + s.why +
              (s.fallback.empty() ? "" : "; \"" + s.fallback + "\" stands in") + "\n";
  return text;
}

}  // namespace rostrum
