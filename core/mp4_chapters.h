// SPDX-License-Identifier: LGPL-2.1-or-later
// Chapters in an MP4: Nero's list ('chpl') and QuickTime's text track.  Players read one or the
// other, so both are written.
#pragma once

#include "core/mp4_box.h"
#include "core/plan.h"

#include <string>
#include <string_view>
#include <vector>

namespace rostrum::mp4 {

// The chapters as they can be written: in order, each with a length, all before `duration`, the
// first at 0 (a text track cannot begin later; what comes before the first chapter gets the movie's
// title, or "0:00").  Of several at one time the last is kept.
std::vector<Chapter> playable_chapters(std::vector<Chapter> chapters, Nanoseconds duration,
                                       const std::string& title);

// The 'chpl' box.  It can hold 255 chapters, and 255 bytes of each title.
inline constexpr std::size_t kMostListed = 255;
void write_chapter_list(Writer& out, const std::vector<Chapter>& chapters);
// Reads the body of a 'chpl' box; nothing when it is damaged.
std::optional<std::vector<Chapter>> read_chapter_list(View chpl);

// The samples of the text track, one per chapter.
std::vector<Bytes> text_samples(const std::vector<Chapter>& chapters);
// The title in a text sample.
std::string read_text_sample(View sample);

struct TextTrack {
  std::uint32_t id = 0;
  std::uint64_t movie_duration = 0;  // in the movie's time scale
  std::uint32_t timescale = 0;       // of the track's media
  std::uint64_t duration = 0;        // in the media's time scale
  std::uint64_t offset = 0;          // of the first sample in the file; the others follow it
  bool wide = false;                 // 64-bit chunk offset
};

void write_text_track(Writer& out, const std::vector<Chapter>& chapters, const TextTrack& track);

// The longest prefix of at most `bytes` bytes that does not cut a character.
std::string_view utf8_prefix(std::string_view text, std::size_t bytes);

}  // namespace rostrum::mp4
