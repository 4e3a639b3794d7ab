// SPDX-License-Identifier: LGPL-2.1-or-later
// A finished film in another container; nothing of it is encoded again.
#pragma once

#include "core/output_kind.h"
#include "core/plan.h"
#include "core/result.h"

#include <stop_token>
#include <string>
#include <vector>

namespace rostrum {

// Where fragments begin: at the next picture that decoding can begin with after so long.  Apple's
// authoring rules for HLS ask for about six seconds.
inline constexpr Nanoseconds kFragment = 6s;

// What a container says besides the film's index.
struct FilmTexts {
  std::string title = {};
  std::vector<Chapter> chapters = {};
};

// Writes `out` from the film at `joined`, an MP4 that assemble_mp4() has written, as it is where
// the form is plain; flushes it to the disk.  After a failure there is no `out`.  Errors as
// write_fragmented().
Result<void> write_film_form(const std::string& joined, FilmForm form, const FilmTexts& texts,
                             const std::string& out, const std::stop_token& stop = {});

}  // namespace rostrum
