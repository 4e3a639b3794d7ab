// SPDX-License-Identifier: LGPL-2.1-or-later
// Which slides there are in a folder, and which sound belongs to which.  Internal to the importers
// of folders.
#pragma once

#include "core/import/media_folder.h"

#include <cstddef>
#include <vector>

namespace rostrum {

// A picture, or a page of a deck.
struct Slide {
  const FolderFile* file = nullptr;
  int page = 1;
};

// The pages of the decks, else the pictures; in order.
std::vector<Slide> slides_in(const MediaFolder& folder);

struct SlideVoices {
  std::vector<const FolderFile*> of_slide;  // for each slide; null: none
  const FolderFile* whole = nullptr;        // one sound for all slides
  std::vector<const FolderFile*> others;    // of no slide
};

// By equal names, else by a number, else by their order if there are as many as slides.
SlideVoices match_voices(const MediaFolder& folder, const std::vector<Slide>& slides);

}  // namespace rostrum
