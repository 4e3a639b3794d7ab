// SPDX-License-Identifier: LGPL-2.1-or-later
// What the media of a folder are, whose, and when they begin.  Internal to the importer of folders.
#pragma once

#include "core/import/media_folder.h"
#include "core/import/name_guess.h"

#include <string>
#include <vector>

namespace rostrum {

struct FolderSource {
  const FolderFile* file = nullptr;
  NameGuess guess;
  TrackKind kind = TrackKind::camera;
  std::string why_kind;  // a clause
  std::string person;    // as it is in the names; "" = nobody's
  Nanoseconds start{0};
  std::string why_start;  // a clause

  Nanoseconds end() const { return start + file->media.duration; }
};

// Films, sounds, pictures and decks that can be played; the rest becomes warnings.
std::vector<FolderSource> sources_in(const MediaFolder& folder, std::vector<std::string>& warnings);

// Says when each begins: by the times in their names, else by what the media say, else all begin
// together but for the parts of one recording, which follow each other.
void set_starts(std::vector<FolderSource>& sources, std::vector<std::string>& warnings);

}  // namespace rostrum
