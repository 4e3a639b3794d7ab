// SPDX-License-Identifier: LGPL-2.1-or-later
// An OpenTimelineIO timeline as plain values: clips in their places.  Internal to the importer.
#pragma once

#include "core/import/warnings.h"
#include "core/json_member.h"
#include "core/result.h"
#include "core/timeline.h"

#include <optional>
#include <string>
#include <vector>

namespace rostrum::otio {

// A length on the timeline in frames of its rate; may be broken.
using Frames = double;

struct Clip {
  std::string pointer;  // in the document
  std::string name;
  std::string url;
  std::vector<std::string> others;  // URLs of its other media references
  std::string asset;                // the id that an export gave to its medium; "" = none
  Frames start = 0;
  std::optional<Frames> duration;  // absent: as long as its medium, and nothing follows
  Frames in = 0;                   // since the medium's beginning
  // Of its sound, where a transition says so.
  std::optional<Frames> fade_in;
  std::optional<Frames> fade_out;
  const Json* ours = nullptr;  // metadata.rostrum; lives in the document

  Frames end() const { return start + duration.value_or(0); }
  // The same piece of the same medium at the same time.
  bool same_piece(const Clip& other) const;
};

struct Track {
  std::string pointer;
  std::string name;
  bool video = true;
  std::vector<Clip> clips;     // by start, but for those that a transition lets overlap
  const Json* ours = nullptr;  // metadata.rostrum
};

struct Timeline {
  std::string pointer;
  std::string name;
  Fraction rate;
  std::vector<Track> tracks;   // video from the bottom to the top
  const Json* ours = nullptr;  // metadata.rostrum

  Nanoseconds time(Frames frames) const;
};

// Fails when there is no timeline in the document; what cannot be used of one is a warning.
tl::expected<Timeline, Problems> read_timeline(const Json& document, Warnings& warnings);

}  // namespace rostrum::otio
