// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/fetch/hls.h"

#include <algorithm>
#include <tuple>

namespace rostrum::hls {

namespace {

// What is better is greater.
auto worth(const Variant& variant, Size canvas) {
  const auto& size = variant.size;
  const bool fits = size.width <= canvas.width && size.height <= canvas.height;
  const auto area = std::int64_t{size.width} * size.height;
  return std::tuple{fits, fits ? area : -area, variant.bandwidth};
}

}  // namespace

Choice choose(const MasterPlaylist& playlist, Size canvas) {
  const auto best = std::max_element(
      playlist.variants.begin(), playlist.variants.end(),
      [&](const auto& a, const auto& b) { return worth(a, canvas) < worth(b, canvas); });
  Choice choice{best->url, {}};
  if (best->audio.empty()) return choice;
  const Rendition* sound = nullptr;
  for (const auto& rendition : playlist.sounds)
    if (rendition.group == best->audio && (!sound || (rendition.preferred && !sound->preferred)))
      sound = &rendition;
  if (sound) choice.sound = sound->url;
  return choice;
}

}  // namespace rostrum::hls
