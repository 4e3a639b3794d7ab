// SPDX-License-Identifier: LGPL-2.1-or-later
// The plan: a job resolved to frame-exact scenes.  A pure function of manifest, probe results and
// options.
#pragma once

#include "core/layout.h"
#include "core/manifest.h"
#include "core/media.h"

#include <string>
#include <vector>

namespace rostrum {

// A tile of a scene: one clip of one track in its place.
struct SceneTile {
  std::size_t track = 0;  // index into Plan::tracks
  std::size_t clip = 0;   // index into that track's clips
  Rect rect;
  int z = 0;

  friend bool operator==(const SceneTile&, const SceneTile&) = default;
};

// What is visible where during a run of output frames.
struct Scene {
  FrameRange frames;
  std::vector<SceneTile> tiles;
  std::vector<Backdrop> backdrops;
};

// A clip with every default resolved.
struct PlannedClip {
  std::string asset;
  int page = 1;
  Nanoseconds start{0};
  Nanoseconds in{0};
  Nanoseconds duration{0};
  bool has_video = false;
  bool has_audio = false;
  std::vector<Interval> muted;
  std::vector<Interval> hidden;

  Nanoseconds end() const { return start + duration; }
};

struct PlannedTrack {
  std::string id;
  TrackKind kind = TrackKind::camera;
  std::string person;
  std::vector<PlannedClip> clips;
};

struct Chapter {
  Nanoseconds start{0};
  std::string title;

  friend bool operator==(const Chapter&, const Chapter&) = default;
};

// Something declared that cannot be shown or heard as declared, and what stands in for it.
struct Substitution {
  std::string asset;
  std::string pointer;  // of the clip in the manifest
  std::string what;     // "missing", "damaged", "short", "stalled", "unreadable"
  Interval when;        // job time
  std::string why;
};

struct Plan {
  std::string title;
  Size canvas;
  FrameGrid grid;
  std::uint32_t background = 0;
  FrameRange frames;  // of the job, or of --from/--to
  std::vector<Person> people;
  std::vector<PlannedTrack> tracks;
  std::vector<Scene> scenes;  // contiguous, covering `frames`
  std::vector<Chapter> chapters;
  std::vector<Substitution> substitutions;
};

struct PlanOptions {
  std::optional<Nanoseconds> from;
  std::optional<Nanoseconds> to;
  bool draft = false;  // canvas of 360 lines
};

// Fails with Kind::media when nothing of the job can be played, with Kind::usage for an empty
// --from/--to.
Result<Plan> make_plan(const Manifest& manifest, const MediaMap& media, const PlanOptions& options);

// A stretch of one source as an element plays it; sizes in pixels, 0 = the medium's own.
struct Piece {
  std::string asset;
  int page = 1;
  Nanoseconds start{0};  // job time
  Nanoseconds in{0};
  Nanoseconds duration{0};
  Size size;
  std::optional<std::uint32_t> color;  // 0xRRGGBB: a plain picture, no asset

  friend bool operator==(const Piece&, const Piece&) = default;
};

// Where a slot's picture stands from a frame on; invisible when `rect` has no area.
struct Placement {
  std::int64_t frame = 0;
  Rect rect;

  friend bool operator==(const Placement&, const Placement&) = default;
};

// One input of the compositor through a run of frames: what plays in it, and where it stands.
struct Slot {
  bool slides = false;  // pictures (slidesrc) or video (timelinesrc)
  bool screen = false;  // a frame is held until the next, however long
  int z = 0;
  std::vector<Piece> pieces;
  std::vector<Placement> placements;

  friend bool operator==(const Slot&, const Slot&) = default;
};

// The compositor inputs that show the plan's scenes during `frames`; a source keeps its slot while
// it is visible.
std::vector<Slot> slots(const Plan& plan, FrameRange frames);

// What is heard of one track, muted stretches cut out, in job time.
struct Voice {
  std::string track;
  std::vector<Piece> pieces;

  friend bool operator==(const Voice&, const Voice&) = default;
};

std::vector<Voice> voices(const Plan& plan, FrameRange frames);

// Canonical JSON: the same plan gives the same bytes.
std::string plan_json(const Plan& plan);
// For people: what is seen and heard at t, and why.
std::string explain(const Plan& plan, const Manifest& manifest, Nanoseconds t);

}  // namespace rostrum
