// SPDX-License-Identifier: LGPL-2.1-or-later
// report.json: what was asked, what was substituted, what verify measured, how long it took.
#pragma once

#include "core/loudness.h"
#include "core/people_sound.h"
#include "core/plan.h"
#include "core/stems.h"
#include "engine/verify.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rostrum {

// A file that stands for its asset because the one before it has no sound.
struct Alternative {
  std::string asset;
  std::string used;
  std::string instead_of;
  std::string why;
};
std::vector<Alternative> alternatives_used(const MediaMap& media);
struct StemReport {
  std::string path;
  Stem stem;
  double bytes = 0;
};

// A file of the film's frames in a smaller picture.
struct RenditionReport {
  std::string path;
  Size size;
  double bytes = 0;
};

// With what was seen or heard in its place: "fallback", "nothing" (the layout did without it),
// "black", "silence" or "a plain slide".
struct ReportedSubstitution : Substitution {
  std::string instead;
};

// A chunk whose encoder failed; seconds of job time.
struct EncoderFailureReport {
  std::string encoder;
  double from = 0;
  double to = 0;
  std::string why;
  std::string instead;
};

struct Report {
  std::string job;
  std::string output;
  std::string plan_digest;  // SHA-256 of the plan's canonical JSON, hex
  std::string encoder;  // of the picture, the last that was used; "" = there is none, or all of it
                        // is copied
  std::map<std::string, int> encoders;  // chunks of each
  std::vector<EncoderFailureReport> encoder_failures;
  std::map<std::string, int> sessions;  // how many at once an encoder turned out to serve
  SoundFormat sound;
  bool sound_copied = false;
  std::vector<StemReport> stems;
  std::vector<std::string> streams;         // files of the film in fragments
  std::vector<RenditionReport> renditions;  // among the streams' files
  std::vector<std::string> films;           // the film in further containers
  std::vector<std::string> thumbnails;
  double seconds = 0;  // of the film
  double bytes = 0;
  int chunks_rendered = 0;
  int chunks_reused = 0;      // finished by an earlier render
  double seconds_copied = 0;  // of the picture, whose packets are a medium's
  // With the variable rate: of the picture, that are left out, and that are there.
  std::int64_t frames_held = 0;
  std::int64_t frames_coded = 0;
  std::vector<ReportedSubstitution> substitutions;
  std::vector<Alternative> alternatives;
  std::vector<SilentClip> silent;
  std::vector<PersonSound> people;
  std::vector<std::string> warnings;  // of the plan
  std::optional<VerifyReport> verified;
  std::optional<ProgrammeLoudness> loudness;            // of a job that sets it
  std::vector<std::pair<std::string, double>> timings;  // seconds of wall time per step

  std::string to_json() const;
};

// Planned substitutions and those that elements reported, each once, the planned ones first.  A
// reported one without a pointer gets that of the clip that plays its asset then; on one track,
// touching stretches of one cause become one.
std::vector<Substitution> merge_substitutions(const Plan& plan,
                                              const std::vector<Substitution>& reported);

}  // namespace rostrum
