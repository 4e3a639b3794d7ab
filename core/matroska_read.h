// SPDX-License-Identifier: LGPL-2.1-or-later
// What a Matroska file says of itself before its first cluster.
#pragma once

#include "core/mp4_box.h"
#include "core/plan.h"

#include <optional>
#include <vector>

namespace rostrum::matroska {

using mp4::View;

struct Facts {
  Nanoseconds duration{0};
  std::vector<Chapter> chapters;
  std::vector<Nanoseconds> entrances;  // pictures that decoding can begin with, by its cues
  Nanoseconds frame{0};                // how long each picture lasts; 0 = it does not say
};

// Whether a file that begins so is one.
bool is_matroska(View head);

// `head`: the file's beginning, to its first cluster or beyond.  Nothing when it is broken before
// that.
std::optional<Facts> read_facts(View head);

}  // namespace rostrum::matroska
