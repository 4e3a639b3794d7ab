// SPDX-License-Identifier: LGPL-2.1-or-later
// A film held against its plan and sources: what was compared, and what that means.
// docs/verify.md has the rules.
#pragma once

#include "core/film.h"
#include "core/film_content.h"
#include "core/picture_match.h"
#include "core/plan.h"

#include <optional>
#include <string>
#include <vector>

namespace rostrum {

// A tile that was held against its source.
struct SeenTile {
  std::size_t scene = 0;
  std::size_t tile = 0;
  FrameRange frames;  // of the job
  PictureMatch match;
  bool black = false;   // all of it, in the film
  std::string instead;  // what is seen instead, if that is known
};

// A tile that stands still or is black though its source is not.
struct LifelessTile {
  std::size_t scene = 0;
  std::size_t tile = 0;
  Interval when;  // time of the film
};

// A stretch in which one voice alone was to be heard; without a lag it was not found.
struct HeardVoice {
  std::vector<std::size_t> tracks;  // the voice's, indices into Plan::tracks
  Interval when;                    // job time
  std::optional<SoundLag> lag;
};

// How many stretches there were, and how many of them were looked into.
struct Stretches {
  std::size_t found = 0;
  std::size_t looked_into = 0;
};

struct Comparison {
  bool every_frame = false;  // was looked at for black and standstill
  std::vector<SeenTile> seen;
  std::vector<LifelessTile> frozen;
  Stretches still;                  // of tiles, that were frozen or not
  std::vector<LifelessTile> black;  // the whole film is; each tile that was to be seen then
  Stretches dark;                   // of the film, that were black by right or not
  std::optional<SoundJudgement> sound;
  std::vector<HeardVoice> heard;
  std::vector<Substitution> substitutions;
};

// EBU R 37: sound may be early by 40 ms.  It may be late by more, but the same figure for both is
// easier to trust.
inline constexpr Nanoseconds kSoundInStep = 40ms;

// What was found of a film for which there is a plan.
std::vector<Finding> judge_comparison(const Plan& plan, const Comparison& comparison);

// What can be told without one: clipping, loudness, and long stretches of black and standstill,
// which are worth a word but may be meant.
std::vector<Finding> judge_content(const FilmPictures* pictures, const FilmSound* sound,
                                   bool planned);

// How far from `wanted` the programme has come out.
Finding judge_loudness(const ProgrammeLoudness& found, double wanted);

// "complete", "complete with substitutions" or "failed".
const char* verdict_of(const std::vector<Finding>& findings);

}  // namespace rostrum
