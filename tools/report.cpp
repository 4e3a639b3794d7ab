// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/report.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>

namespace rostrum {

namespace {

using Json = nlohmann::ordered_json;

double rounded(double value) { return std::round(100 * value) / 100; }

std::int64_t whole(double bytes) { return static_cast<std::int64_t>(bytes); }

// Silence has no loudness and no peak.
Json json_of(const ProgrammeLoudness& loudness) {
  Json j{{"integrated", nullptr}, {"range", rounded(loudness.range)}, {"true-peak", nullptr}};
  if (loudness.integrated) j["integrated"] = rounded(*loudness.integrated);
  if (loudness.true_peak) j["true-peak"] = rounded(*loudness.true_peak);
  return j;
}

Json json_of(const SilentClip& clip) {
  Json j{{"asset", clip.asset}, {"clip", clip.pointer}, {"expected", Json::array()}};
  for (const auto& i : clip.expected)
    j["expected"].push_back({to_seconds(i.from), to_seconds(i.to)});
  return j;
}

Json json_of(const PersonSound& person) {
  Json j{{"id", person.id}, {"name", person.name}};
  if (person.talk) j["talk"] = to_seconds(*person.talk);
  if (person.integrated) j["integrated"] = rounded(*person.integrated);
  if (person.peak) j["peak"] = rounded(*person.peak);
  return j;
}

// The bitrate of what was copied is the medium's own.
Json json_of(const SoundFormat& sound, bool copied) {
  Json j{{"codec", name_of(sound.codec)}, {"channels", sound.channels}};
  if (copied)
    j["copied"] = true;
  else if (sound.bitrate > 0)
    j["bitrate"] = sound.bitrate;
  return j;
}

Json json_of(const StemReport& stem) {
  Json j{{"path", stem.path}};
  if (!stem.stem.person.empty()) j["person"] = stem.stem.person;
  j["tracks"] = stem.stem.tracks;
  j["channels"] = stem.stem.format.channels;
  j["bytes"] = whole(stem.bytes);
  return j;
}

Json json_of(const RenditionReport& r) {
  return {{"path", r.path},
          {"size", std::to_string(r.size.width) + "x" + std::to_string(r.size.height)},
          {"bytes", whole(r.bytes)}};
}

Json json_of(const EncoderFailureReport& f) {
  return {{"encoder", f.encoder},
          {"from", f.from},
          {"to", f.to},
          {"why", f.why},
          {"instead", f.instead}};
}

bool touch(const Substitution& a, const Substitution& b) {
  return a.when.from < b.when.to + 100ms && b.when.from < a.when.to + 100ms;
}

bool same_cause(const Substitution& a, const Substitution& b) {
  return a.asset == b.asset && touch(a, b);
}

// "/tracks/2" of "/tracks/2/clips/0"
std::string track_of(const std::string& pointer) { return pointer.substr(0, pointer.find("/c")); }

bool continues(const Substitution& a, const Substitution& b) {
  return same_cause(a, b) && a.what == b.what && a.why == b.why && a.fallback == b.fallback &&
         track_of(a.pointer) == track_of(b.pointer);
}

Json json_of(const ReportedSubstitution& s) {
  Json j{{"asset", s.asset},
         {"clip", s.pointer},
         {"what", s.what},
         {"from", to_seconds(s.when.from)},
         {"to", to_seconds(s.when.to)},
         {"why", s.why},
         {"instead", s.instead}};
  if (!s.fallback.empty()) j["fallback"] = s.fallback;
  return j;
}

void append(std::vector<Substitution>& list, std::size_t first, const Substitution& s) {
  const auto before = std::find_if(list.begin() + static_cast<std::ptrdiff_t>(first), list.end(),
                                   [&](const auto& known) { return continues(known, s); });
  if (before == list.end()) return list.push_back(s);
  before->when.from = std::min(before->when.from, s.when.from);
  before->when.to = std::max(before->when.to, s.when.to);
}

// Of the manifest's clip that plays the asset at that time; "" if none does.
std::string pointer_of(const Plan& plan, const Substitution& s) {
  for (std::size_t t = 0; t < plan.tracks.size(); ++t)
    for (const auto& planned : plan.tracks[t].clips) {
      if (planned.asset != s.asset || s.when.to <= planned.start || planned.end() <= s.when.from)
        continue;
      return "/tracks/" + std::to_string(t) + "/clips/" + std::to_string(planned.declared);
    }
  return {};
}

}  // namespace

std::vector<Substitution> merge_substitutions(const Plan& plan,
                                              const std::vector<Substitution>& reported) {
  std::vector<Substitution> merged;
  for (const auto& s : plan.substitutions) append(merged, 0, s);
  const auto planned = merged.size();
  for (auto s : reported) {
    const auto end = merged.begin() + static_cast<std::ptrdiff_t>(planned);
    if (std::any_of(merged.begin(), end, [&](const auto& p) { return same_cause(p, s); })) continue;
    if (s.pointer.empty()) s.pointer = pointer_of(plan, s);
    append(merged, planned, s);
  }
  return merged;
}

std::vector<Alternative> alternatives_used(const MediaMap& media) {
  std::vector<Alternative> found;
  for (const auto& [id, info] : media)
    if (!info.instead_of.empty())
      found.push_back({id, info.path, info.instead_of, info.why_instead});
  return found;
}

std::string Report::to_json() const {
  Json j{{"rostrum", ROSTRUM_VERSION}, {"job", job}, {"output", output}, {"plan", plan_digest}};
  if (!encoder.empty()) j["encoder"] = encoder;
  if (encoders.size() > 1) j["encoders"] = encoders;
  for (const auto& failure : encoder_failures) j["encoder-failures"].push_back(json_of(failure));
  if (!sessions.empty()) j["encoder-sessions"] = sessions;
  j["duration"] = seconds;
  j["bytes"] = whole(bytes);
  j["sound"] = json_of(sound, sound_copied);
  for (const auto& stem : stems) j["stems"].push_back(json_of(stem));
  if (!streams.empty()) j["streams"] = streams;
  for (const auto& rendition : renditions) j["renditions"].push_back(json_of(rendition));
  if (!films.empty()) j["films"] = films;
  if (!thumbnails.empty()) j["thumbnails"] = thumbnails;
  j["chunks"] = {{"rendered", chunks_rendered}, {"reused", chunks_reused}};
  if (seconds_copied > 0) j["picture"]["copied"] = seconds_copied;
  if (frames_held > 0) {
    j["picture"]["coded-frames"] = frames_coded;
    j["picture"]["held-frames"] = frames_held;
  }
  j["substitutions"] = Json::array();
  for (const auto& s : substitutions) j["substitutions"].push_back(json_of(s));
  j["alternatives"] = Json::array();
  for (const auto& a : alternatives)
    j["alternatives"].push_back(
        {{"asset", a.asset}, {"used", a.used}, {"instead-of", a.instead_of}, {"why", a.why}});
  j["silent"] = Json::array();
  for (const auto& clip : silent) j["silent"].push_back(json_of(clip));
  j["people"] = Json::array();
  for (const auto& person : people) j["people"].push_back(json_of(person));
  if (!warnings.empty()) j["warnings"] = warnings;
  if (loudness) j["loudness"] = json_of(*loudness);
  if (verified) j["verify"] = Json::parse(verified->to_json());
  for (const auto& [step, wall] : timings) j["timings"][step] = wall;
  return j.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace rostrum
