// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/manifest_layout.h"

#include "core/manifest_graphics.h"
#include "core/manifest_names.h"
#include "core/manifest_tracks.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace rostrum {

namespace {

constexpr Nanoseconds kLeastWindow = 200ms;  // two levels: less is no window
constexpr Nanoseconds kMostWindow = 30s;
constexpr Nanoseconds kMostHold = 1h;
constexpr Nanoseconds kUsualFade = 500ms;
constexpr Nanoseconds kLeastFade = 40ms;
constexpr Nanoseconds kMostFade = 5s;
constexpr Name<Nanoseconds> kTransitions[] = {{"cut", 0ns}, {"fade", kUsualFade}};

void read_within(ObjectReader& reader, std::string_view key, Nanoseconds least, Nanoseconds most,
                 Nanoseconds& value) {
  const auto time = reader.time(key);
  if (!time) return;
  if (*time < least || *time > most)
    reader.problem(key, "must be from " + format_time(least) + " to " + format_time(most));
  value = *time;
}

void read_decibels(ObjectReader& reader, std::string_view key, double least, double most,
                   double& value) {
  value = reader.number(key, least, most).value_or(value);
}

void read_source(ObjectReader& reader, const Manifest& manifest, SpeakerLayout& speaker) {
  speaker.source = reader.choice("source", kSpeakerSources).value_or(SpeakerSource::levels);
  const bool logged = std::any_of(manifest.people.begin(), manifest.people.end(),
                                  [](const Person& p) { return !p.talking.empty(); });
  if (speaker.source == SpeakerSource::log && !logged)
    reader.problem("source", "no person has \"talking\" times: \"log\" needs them");
}

void read_speaker(const Json& value, std::string pointer, Findings& findings, Manifest& manifest) {
  ObjectReader reader{value, std::move(pointer), findings};
  auto& speaker = manifest.layout.speaker;
  auto& options = speaker.options;
  read_source(reader, manifest, speaker);
  read_within(reader, "window", kLeastWindow, kMostWindow, options.window);
  read_within(reader, "hold", kLevelWindow, kMostHold, options.hold);
  read_within(reader, "silence", kLevelWindow, kMostHold, options.silence);
  read_decibels(reader, "threshold", -120, 0, options.threshold);
  read_decibels(reader, "margin", 0, 60, options.margin);
  read_decibels(reader, "hysteresis", 0, 60, options.hysteresis);
  if (const auto person = reader.text("default", kIdBytes)) {
    speaker.default_person = *person;
    if (!manifest.person(*person))
      reader.problem("default", "there is no person " + in_quotes(*person));
  }
  reader.finish();
}

// "cut", "fade", or {"fade": length}.
void read_transitions(ObjectReader& parent, const Json& value, Manifest& manifest) {
  auto& fade = manifest.layout.fade;
  if (!value.is_object()) {
    fade = parent.choice("transitions", kTransitions).value_or(0ns);
    return;
  }
  ObjectReader reader{value, parent.at("transitions"), parent.findings()};
  fade = kUsualFade;
  read_within(reader, "fade", kLeastFade, kMostFade, fade);
  reader.finish();
}

}  // namespace

void read_layout(ObjectReader& reader, Manifest& manifest) {
  manifest.layout.policy = reader.choice("policy", kPolicies).value_or(Policy::webinar);
  if (const auto* places = reader.array("custom"))
    manifest.layout.custom = read_custom(*places, reader.at("custom"), reader.findings(), manifest);
  if (manifest.layout.policy == Policy::custom && manifest.layout.custom.empty())
    reader.problem("policy", "\"custom\" needs the places of \"custom\"");
  if (const auto* speaker = reader.find("speaker"))
    read_speaker(*speaker, reader.at("speaker"), reader.findings(), manifest);
  read_switch(reader, "labels", manifest.layout.labels);
  if (const auto* value = reader.find("transitions")) read_transitions(reader, *value, manifest);
  read_switch(reader, "cards", manifest.layout.cards);
}

}  // namespace rostrum
