// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/chunk_keys.h"

#include "core/source_trials.h"
#include "engine/fingerprint.h"
#include "engine/sound_encoders.h"
#include "engine/text_layout.h"
#include "engine/voice_filters.h"

#include <gst/gst.h>

namespace rostrum {

ChunkKeys::ChunkKeys(const std::string& builds, MediaFiles files) : files_{std::move(files)} {
  const GCharPtr gstreamer{gst_version_string()};
  versions_ = std::string{ROSTRUM_VERSION "\n"} + gstreamer.get() + "\n" + builds;
}

const std::string& ChunkKeys::fingerprint_of(const std::string& path, const MediaFiles& files) {
  const auto [at, added] = fingerprints_.try_emplace(path);
  if (added) at->second = fingerprint(files.open_or_none(path).link());
  return at->second;
}

// A line for each font file that draws a text of the slice: its family and fingerprint.
std::string ChunkKeys::fonts(const Slice& slice) {
  std::string all;
  for (const auto& overlay : slice.overlays) {
    if (overlay.kind == OverlayKind::logo || overlay.kind == OverlayKind::edge) continue;
    const auto [at, added] = fonts_.try_emplace(overlay.text + "\n" + overlay.detail);
    if (added)
      for (const auto& font : fonts_of(drawable(at->first) + "…")) {
        const auto tab = font.find('\t');
        at->second += font.substr(0, tab) + " " + fingerprint_of(font.substr(tab + 1), {}) + "\n";
      }
    all += at->second;
  }
  return all;
}

// Of what filters the slice's voices, each once.
std::string ChunkKeys::filters(const Slice& slice) {
  VoiceFilter all;
  for (const auto& voice : slice.voices) {
    if (voice.filter.high_pass != 0) all.high_pass = 1;
    if (voice.filter.suppression != Suppression::off) all.suppression = Suppression::low;
  }
  const int index = (all.high_pass != 0 ? 1 : 0) + (all.suppression != Suppression::off ? 2 : 0);
  const auto [at, added] = filters_.try_emplace(index);
  if (added) at->second = filter_builds(all);
  return at->second;
}

std::string ChunkKeys::of(const ChunkJob& job) {
  auto text = chunk_recipe(job) + "\n" + versions_;
  if (!job.slice.frames.empty()) {
    text += job.coding.description + "\n" + job.coding.builds;
    for (const auto& r : job.coding.renditions) text += r.description + "\n";
  }
  if (!job.slice.sound.empty()) text += describe_sound_encoder(job.slice.format) + "\n";
  text += fonts(job.slice) + filters(job.slice);
  for (const auto& asset : sources_of(job.slice)) {
    const auto path = job.paths.find(asset);
    text +=
        asset + " " + (path == job.paths.end() ? "" : fingerprint_of(path->second, files_)) + "\n";
  }
  return sha256(text);
}

}  // namespace rostrum
