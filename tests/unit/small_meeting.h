// SPDX-License-Identifier: LGPL-2.1-or-later
// A meeting of two people, one of them without a camera.
#pragma once

#include "core/plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

namespace rostrum::test {

inline MediaInfo medium(Nanoseconds duration, bool picture, bool sound) {
  MediaInfo info;
  info.path = "x";
  if (picture) info.video = VideoInfo{640, 360, {25, 1}};
  if (sound) info.audio = AudioInfo{48000, 1};
  info.duration = duration;
  return info;
}

inline MediaInfo drawing(int width, int height) {
  MediaInfo info;
  info.path = "x";
  info.video = VideoInfo{width, height, {0, 1}};
  info.pages = 1;
  return info;
}

// Anna's camera with sound from 2 s to 8 s; Boris is heard from 1 s to 9 s, muted from 4 s to 5 s;
// ten seconds at 25 fps.
struct Meeting {
  Manifest manifest;
  MediaMap media;

  Meeting() {
    manifest.duration = 10s;
    manifest.people = {{"anna", "Anna\nA.", Role::presenter}, {"boris", "борис б.", {}}};
    manifest.assets = {{"a", "a.mp4", {}, {}}, {"b", "b.m4a", {}, {}}, {"l", "l.png", {}, {}}};
    Clip camera;
    camera.asset = "a";
    camera.start = 2s;
    camera.duration = 6s;
    Clip voice;
    voice.asset = "b";
    voice.start = 1s;
    voice.duration = 8s;
    voice.muted = {{4s, 5s}};
    manifest.tracks = {{"cam", TrackKind::camera, "anna", {camera}},
                       {"mic", TrackKind::microphone, "boris", {voice}}};
    media = {
        {"a", medium(6s, true, true)}, {"b", medium(8s, false, true)}, {"l", drawing(400, 100)}};
  }

  Plan plan(const PlanOptions& options = {}) const {
    auto made = make_plan(manifest, media, options);
    EXPECT_TRUE(made) << (made ? "" : made.error().message);
    return made.value_or(Plan{});
  }
};

inline std::vector<Overlay> of_kind(const Plan& plan, OverlayKind kind) {
  std::vector<Overlay> found;
  for (const auto& o : plan.overlays)
    if (o.kind == kind) found.push_back(o);
  return found;
}

struct Drawn {
  std::string text;
  FrameRange frames;

  friend bool operator==(const Drawn&, const Drawn&) = default;
  friend void PrintTo(const Drawn& r, std::ostream* out) {
    *out << r.text << " [" << r.frames.first << ", " << r.frames.end << ")";
  }
};

inline std::vector<Drawn> runs(const std::vector<Overlay>& overlays) {
  std::vector<Drawn> found;
  for (const auto& o : overlays) found.push_back({o.text, o.frames});
  return found;
}

inline const Scene& scene_at(const Plan& plan, std::int64_t frame) {
  return *std::find_if(plan.scenes.begin(), plan.scenes.end(),
                       [&](const Scene& s) { return s.frames.contains(frame); });
}

}  // namespace rostrum::test
