// SPDX-License-Identifier: LGPL-2.1-or-later
// The files of a Zoom recording, sorted into what was recorded in one go.  Internal to its
// importer.
#pragma once

#include "core/import/media_folder.h"
#include "core/import/zoom_names.h"

#include <string>
#include <vector>

namespace rostrum::zoom {

struct File {
  Name name;
  const FolderFile* file = nullptr;
};

struct Session {
  std::string key;
  std::vector<File> pictures;  // of the same moments; the best first
  std::vector<File> sounds;    // of all people
  std::vector<File> voices;
  std::vector<File> texts;  // timelines before transcripts

  // Of the first picture, else of the sound.
  Nanoseconds length() const;
};

// In order of time.  What cannot be used becomes warnings.
std::vector<Session> sessions_in(const MediaFolder& folder, std::vector<std::string>& warnings);

}  // namespace rostrum::zoom
