// SPDX-License-Identifier: LGPL-2.1-or-later
// Measures what is really in a finished film.
#pragma once

#include "core/film.h"
#include "core/result.h"
#include "engine/film_compare.h"

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace rostrum {

struct VerifyOptions {
  bool full = true;  // decode everything; otherwise read all packets and decode a few frames
  std::optional<Expected> expected{};
  Nanoseconds stall{20s};  // give up after this long without a packet
  Nanoseconds limit{0};  // give up after this long in all; 0 = ten minutes and four times the film
  std::stop_token stop{};
  // Its sound is that of a medium as it is: it is decoded, but nobody listens.  Not of `full`.
  bool sound_known = false;
  const PlannedFilm* planned = nullptr;  // held against its sources, too; borrowed
  std::size_t thumbnails = 0;            // to keep of a film that is decoded, at most
};

struct VerifyReport {
  Film film;
  std::vector<Finding> findings;
  std::optional<FilmPictures> pictures{};  // of a film that was decoded
  std::optional<FilmSound> sound{};        // likewise
  std::optional<Comparison> comparison{};  // of one that was held against its sources

  bool ok() const;
  // The figures and the findings, one object.
  std::string to_json() const;
};

// Films, and files of sound alone: MP4, Ogg, FLAC.  A film that is cut off, damaged, or no MP4 at
// all gives a report that is not ok().  Kind::media: there is no such file;
// Kind::missing_component: GStreamer's MP4 demuxer is missing; Kind::interrupted: `stop`.
Result<VerifyReport> verify(const std::string& path, const VerifyOptions& options);

}  // namespace rostrum
