// SPDX-License-Identifier: LGPL-2.1-or-later
// What the preview page draws its timeline from.
#pragma once

#include "core/manifest.h"
#include "core/plan.h"

#include <string>

namespace rostrum {

// A JSON object, all times in seconds of the job:
//   title, width, height, rate (frames a second), from, to
//   rows:   name, kind ("person", "screen", "slides" or "audio"), and the stretches in which its
//           clips are `there`, `seen`, `heard` (not muted) and `speaking` (as the log says, or the
//           layout has found), each an array of [from, to]
//   slides: from, to, title; each stretch of one page on stage
//   scenes: at, seen
//   chapters: at, title
//   substitutions: from, to, text
//   chunks: from, to, how ("composed", "copied" or "still"), why
//   warnings
std::string preview_data(const Plan& plan, const Manifest& manifest);

}  // namespace rostrum
