// SPDX-License-Identifier: LGPL-2.1-or-later
// The texts of a job that are drawn, and where they stand in its manifest.
#pragma once

#include "core/manifest.h"
#include "core/plan.h"

#include <string>
#include <vector>

namespace rostrum {

struct JobText {
  std::string pointer;  // JSON pointer into the manifest
  std::string text;     // as it is drawn: a name, initials, a card's title or text

  friend bool operator==(const JobText&, const JobText&) = default;
};

// Names of the people who have a track, if the layout draws them, else the initials of those who
// have a card in the plan; and title and end cards.
std::vector<JobText> drawn_texts(const Manifest& manifest, const Plan& plan);

}  // namespace rostrum
