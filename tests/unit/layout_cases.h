// SPDX-License-Identifier: LGPL-2.1-or-later
// The cases of the golden geometry (tests/data/layouts.txt) and of the pictures in docs/layouts.md.
#pragma once

#include "core/layout.h"

#include <span>
#include <string>
#include <vector>

namespace rostrum::test {

enum class Crowd {
  presenter,  // cameras of 16:9; the first is the presenter, the third (else the last) speaks
  peers,      // the same without a presenter
  shapes      // cameras of many shapes that joined in reverse order, some without sound
};
enum class Stage { none, slides, screen };

struct LayoutCase {
  Policy policy = Policy::webinar;
  Size canvas;
  Crowd crowd = Crowd::presenter;
  Stage stage = Stage::none;
  std::size_t people = 1;
};

inline constexpr std::size_t kMostPeople = 12;

std::span<const Policy> pictured_policies();
std::span<const Size> pictured_canvases();

// The people's cameras in the order of their tracks, then what is on stage.
std::vector<LayoutSource> sources_of(const LayoutCase& c);
LayoutContext context_of(const LayoutCase& c);
Arrangement arrangement_of(const LayoutCase& c);

// All cases as text, a line each; numbers of people that give the same picture share one.
std::string golden_text();

}  // namespace rostrum::test
