// SPDX-License-Identifier: LGPL-2.1-or-later
// The plan: a job resolved to frame-exact scenes.  A pure function of manifest, probe results and
// options.
#pragma once

#include "core/gain.h"
#include "core/layout.h"
#include "core/manifest.h"
#include "core/media.h"
#include "core/overlay.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rostrum {

// A tile of a scene: one clip of one track in its place.
struct SceneTile {
  std::size_t track = 0;  // index into Plan::tracks
  std::size_t clip = 0;   // index into that track's clips
  Rect rect;
  int z = 0;
  Fit fit = Fit::contain;
  TileEdge edge = {};
  bool card = false;  // of that clip's person, who is heard but not seen: a plain tile
  // Frames over which it appears from the scene's beginning on, and vanishes up to its end.
  std::int64_t fade_in = 0;
  std::int64_t fade_out = 0;

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
  std::size_t declared = 0;  // index of the manifest's clip that it is of
  int page = 1;
  Nanoseconds start{0};
  Nanoseconds in{0};
  Nanoseconds duration{0};
  Nanoseconds playable{0};  // of `duration`, what its medium has
  bool has_video = false;
  bool has_audio = false;
  bool still = false;  // on a camera or screen, a picture that does not move
  std::vector<Interval> muted;
  std::vector<Interval> hidden;
  double volume = 1;  // factor of the amplitude
  double pan = 0;     // -1: left only, 1: right only
  SoundClock clock = {};
  Colors colors = Colors::own;
  // Where its medium has a picture, in the medium's time; absent: as long as it is playable.
  std::optional<Interval> picture = {};

  Nanoseconds end() const { return start + duration; }
};

// How a voice is filtered before its gains.
struct VoiceFilter {
  double high_pass = 0;  // Hz; 0 = none
  Suppression suppression = Suppression::off;

  bool none() const { return high_pass == 0 && suppression == Suppression::off; }
  friend bool operator==(const VoiceFilter&, const VoiceFilter&) = default;
};

struct PlannedTrack {
  std::string id;
  TrackKind kind = TrackKind::camera;
  std::string person;
  std::vector<PlannedClip> clips;
  std::vector<GainCurve> gains = {};  // of its sound, multiplied with each other
  VoiceFilter filter = {};
};

struct Chapter {
  Nanoseconds start{0};
  std::string title;

  friend bool operator==(const Chapter&, const Chapter&) = default;
};

// From a moment on this person is the speaker: of a camera or microphone without a person its
// track; nobody when both are empty.
struct PlannedSpeaker {
  Nanoseconds from{0};
  std::string person;  // id
  std::string track;   // id

  friend bool operator==(const PlannedSpeaker&, const PlannedSpeaker&) = default;
};

// What can befall a sound medium, too: its disk, network or machine is at fault.
inline constexpr char kStalled[] = "stalled";
inline constexpr char kReadError[] = "read-error";

// Something declared that cannot be shown or heard as declared, and what stands in for it.
struct Substitution {
  std::string asset;
  std::string pointer;  // of the clip in the manifest
  // "missing", "damaged", "short", kStalled, kReadError, "unreadable", "unsuitable" or "outside";
  // or "broken": what a decoder makes of it is shown
  std::string what;
  Interval when;  // job time
  std::string why;
  std::string fallback =
      {};  // the asset that stands in; "" = nothing, black, silence, a plain slide
};

// Digital silence where the job says that there is a voice.
struct SilentClip {
  std::string asset;
  std::string pointer;             // of the clip in the manifest
  std::vector<Interval> expected;  // job time

  friend bool operator==(const SilentClip&, const SilentClip&) = default;
};

// A run of frames that are pictures of one medium as they are coded.
struct CopiedRun {
  FrameRange frames;
  std::string asset;
  std::int64_t picture = 0;  // its first one, in the order of decoding; one follows for each frame
  std::vector<std::int64_t> entries;  // frames that decoding can begin with, the first among them

  friend bool operator==(const CopiedRun&, const CopiedRun&) = default;
};

struct ComposedRun {
  FrameRange frames;
  std::string why;  // a clause

  friend bool operator==(const ComposedRun&, const ComposedRun&) = default;
};

// Together all frames of the plan; each list in order.
struct PicturePlan {
  std::vector<CopiedRun> copied;
  std::vector<ComposedRun> composed;

  friend bool operator==(const PicturePlan&, const PicturePlan&) = default;
};

// All frames of the film once more, in a smaller picture.
struct PlannedRendition {
  Size size;
  std::string profile;  // "" = the film's
  std::string pointer;  // to who asks for it in the manifest, first

  friend bool operator==(const PlannedRendition&, const PlannedRendition&) = default;
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
  double ceiling = -1;        // of the sound's true peak, dBTP
  double made_up = 1;         // what of all clips' volume is for the job's loudness
  SoundFormat sound;
  std::string encoded_because;  // "" = the packets of its only medium are copied
  PicturePlan pictures;
  std::vector<FrameRange> stills;            // runs in which frames are left out, in order
  std::vector<PlannedRendition> renditions;  // the largest first
  std::vector<Overlay> overlays;             // in the order in which they are drawn
  std::vector<PlannedSpeaker> speakers;      // empty: the layout does not ask
  std::vector<Chapter> chapters;
  std::vector<Substitution> substitutions;
  std::vector<SilentClip> silent;
  std::vector<std::string> warnings;  // what is shown otherwise than the user may expect
};

struct PlanOptions {
  std::optional<Nanoseconds> from = std::nullopt;
  std::optional<Nanoseconds> to = std::nullopt;
  bool draft = false;                       // canvas of 360 lines, without renditions
  std::optional<int> lines = std::nullopt;  // canvas of at most so many instead, likewise
  bool copy = true;  // packets of pictures and sound, where nothing would change them
  bool h264 = true;  // the film's picture is; no other is copied
};

// Fails with Kind::media when nothing of the job can be played, with Kind::usage for an empty
// --from/--to.
Result<Plan> make_plan(const Manifest& manifest, const MediaMap& media, const PlanOptions& options);

// Of each asset whose levels, and with `audio.loudness` loudness, make_plan() asks for, what is
// heard of it, in the medium's time: nothing where neither the layout nor the sound depends on it.
// `all`: of each asset that is heard.
std::map<std::string, std::vector<Interval>, std::less<>> sound_to_hear(const Manifest& manifest,
                                                                        const MediaMap& media,
                                                                        bool all = false);

// Canonical JSON: the same plan gives the same bytes.
std::string plan_json(const Plan& plan);
// For people: what is seen and heard at t, and why.
std::string explain(const Plan& plan, const Manifest& manifest, const MediaMap& media,
                    Nanoseconds t);

}  // namespace rostrum
