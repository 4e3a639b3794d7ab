// SPDX-License-Identifier: LGPL-2.1-or-later
// Holds what was seen and heard of a film against its plan's sources.
#pragma once

#include "core/film_check.h"
#include "core/result.h"
#include "engine/worker_pool.h"

#include <optional>
#include <stop_token>
#include <vector>

namespace rostrum {

// What a film is held against.
struct PlannedFilm {
  const Plan& plan;
  const MediaMap& media;  // with what hear() measured
  const ChunkJob& base;   // everything of a chunk job but slice and output
  PoolOptions pool;       // of the workers that decode the sources; spec_dir takes what they write
  Nanoseconds programme{0};                 // the whole job's length
  std::vector<Substitution> substitutions;  // planned, and met while rendering
  std::optional<double> loudness;           // LUFS that the job wants
  std::size_t voices = 40;                  // places at which the sound is looked for in time
};

// Blocks.  Fails as run_pool() does.
Result<Comparison> compare_film(const PlannedFilm& planned, const FilmPictures* pictures,
                                const FilmSound* sound, const std::stop_token& stop);

}  // namespace rostrum
