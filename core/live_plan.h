// SPDX-License-Identifier: LGPL-2.1-or-later
// A live job resolved: which sources there are, whose they are, and who is seen and heard by which.
#pragma once

#include "core/live_source.h"
#include "core/manifest.h"

#include <optional>
#include <string>
#include <vector>

namespace rostrum {

struct LiveTrack {
  std::size_t index = 0;  // in the manifest
  std::string id;
  std::string name;  // its person's, else its id
  TrackKind kind = TrackKind::camera;
  LiveSource source;
  // Of its pads of speakerswitch: a person's first camera and microphone have the same.
  unsigned number = 0;
  bool measured = false;  // its sound tells whether its person speaks
  bool presenter = false;
  double volume = 1;  // factor

  bool switched() const { return kind == TrackKind::camera; }  // its picture is the speaker's
};

struct LivePlan {
  std::vector<LiveTrack> tracks;
  std::string title;
  Canvas canvas;
  Policy policy = Policy::speaker;
  SpeakerOptions speaker;
  std::string default_pad;  // of speakerswitch: the default person's; "" = none
  SoundFormat format;
  double ceiling = kUsualTruePeak;  // dBTP, of the sound before it is encoded
  std::optional<Nanoseconds> duration;
  bool ends_on_loss = false;  // a source that is lost ends it
};

// Of a live job that parse_manifest() has read.
LivePlan plan_live(const Manifest& manifest);

}  // namespace rostrum
