// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/live_rules.h"

#include <algorithm>

namespace rostrum {

namespace {

// Whether a key asks for something.
struct Asked {
  const char* key;
  bool asked;
};

void refuse(Findings& findings, const std::string& place, std::initializer_list<Asked> keys) {
  for (const auto& [key, asked] : keys)
    if (asked) findings.add(pointer_to(place, key), "not yet supported in a live job");
}

bool on(const std::optional<double>& value) { return value.value_or(0) != 0; }

void refuse_noise(Findings& findings, const std::string& place, const NoiseOptions& noise) {
  const bool suppressed = noise.suppression.value_or(Suppression::off) != Suppression::off;
  refuse(findings, place,
         {{"high-pass", on(noise.high_pass)},
          {"gate", on(noise.gate)},
          {"noise-suppression", suppressed}});
}

void check_track(const Track& track, const std::string& place, Findings& findings) {
  if (track.uri.empty())
    findings.add(
        place,
        "other tracks of this job are live: give this one a \"uri\", too; what is recorded "
        "belongs to a job of its own");
  refuse(findings, place,
         {{"fallback", !track.fallback.empty()},
          {"duck", track.duck},
          {"pan", track.sound.pan != 0},
          {"fade-in", track.sound.fade_in != 0ns},
          {"fade-out", track.sound.fade_out != 0ns}});
  refuse_noise(findings, place, track.noise);
}

void check_layout(const LayoutOptions& layout, Findings& findings) {
  const SpeakerOptions usual;
  const auto& speaker = layout.speaker;
  if (layout.policy != Policy::speaker && layout.policy != Policy::single)
    findings.add("/layout/policy",
                 "a live job shows a screen and who speaks: set \"policy\" to \"speaker\" or "
                 "\"single\"; others are not yet supported in a live job");
  refuse(findings, "/layout",
         {{"transitions", layout.fade != 0ns},
          {"labels", layout.labels},
          {"cards", layout.cards},
          {"custom", !layout.custom.empty()}});
  refuse(findings, "/layout/speaker",
         {{"source", speaker.source == SpeakerSource::log},
          {"silence", speaker.options.silence != usual.silence},
          {"hysteresis", speaker.options.hysteresis != usual.hysteresis}});
}

void check_sound(const AudioOptions& audio, Findings& findings) {
  refuse(findings, "/audio",
         {{"loudness", audio.loudness.has_value()},
          {"range", audio.range.has_value()},
          {"level", audio.level},
          {"codec", audio.codec.value_or(AudioCodec::aac) != AudioCodec::aac}});
  refuse_noise(findings, "/audio", audio.noise);
}

}  // namespace

bool is_live(const Manifest& manifest) {
  return std::any_of(manifest.tracks.begin(), manifest.tracks.end(),
                     [](const Track& track) { return !track.uri.empty(); });
}

void check_live(const Manifest& manifest, Findings& findings) {
  if (manifest.canvas.automatic)
    findings.add("/canvas/size",
                 "nobody knows yet how large live pictures are: write WIDTHxHEIGHT");
  for (std::size_t i = 0; i < manifest.tracks.size(); ++i)
    check_track(manifest.tracks[i], pointer_to("/tracks", i), findings);
  check_layout(manifest.layout, findings);
  check_sound(manifest.audio, findings);
  refuse(findings, "",
         {{"scenes", !manifest.scenes.empty()},
          {"cards", !manifest.cards.empty()},
          {"logo", manifest.logo.has_value()},
          {"outputs", !manifest.output.further.empty()}});
  refuse(findings, "/output",
         {{"rate", manifest.output.variable_rate},
          {"stems", manifest.output.stems},
          {"fragmented", manifest.output.fragmented}});
}

}  // namespace rostrum
