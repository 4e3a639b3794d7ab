// SPDX-License-Identifier: LGPL-2.1-or-later
// The finishing pass over a movie box: exact lengths, chapters, a title, and chunk offsets for a
// file that begins with it.
#pragma once

#include "core/mp4_box.h"
#include "core/plan.h"
#include "core/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace rostrum::mp4 {

struct MovieEdit {
  std::vector<Chapter> chapters{};  // see playable_chapters()
  std::int64_t audio_samples = 0;   // exact length of the sound; 0 = leave a sound track as it is
  int audio_rate = 48000;
  int priming = 1024;       // samples that the encoder put before the sound
  std::string title{};      // "" = leave as it is
  Nanoseconds duration{0};  // exact length of the picture; 0 = all of it
};

// Where the samples' box ('mdat', header and all) was, and where it will be: after `prefix` bytes
// and the new movie box.
struct Payload {
  std::uint64_t position = 0;
  std::uint64_t size = 0;
  std::uint64_t prefix = 0;
};

struct RewrittenMovie {
  Bytes moov;  // the whole box
  Bytes text;  // to be written after the payload: a second 'mdat' with the chapter titles, or
               // nothing
};

// `moov` is the body of the box.  Creation times are set to zero, so that the same job gives the
// same bytes.  Kind::media when the movie is damaged, fragmented, refers outside the payload, or
// has no sound where some is to be.
Result<RewrittenMovie> rewrite_movie(View moov, const MovieEdit& edit, const Payload& payload);

}  // namespace rostrum::mp4
