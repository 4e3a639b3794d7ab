// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/job_texts.h"

#include "core/initials.h"

#include <string_view>
#include <unordered_set>
#include <utility>

namespace rostrum {

namespace {

using Ids = std::unordered_set<std::string_view>;

Ids people_with_tracks(const Manifest& manifest) {
  Ids found;
  for (const auto& track : manifest.tracks) found.insert(track.person);
  return found;
}

// With a tile that has their initials.
Ids people_with_cards(const Plan& plan) {
  Ids found;
  for (const auto& scene : plan.scenes)
    for (const auto& tile : scene.tiles)
      if (tile.card) found.insert(plan.tracks[tile.track].person);
  return found;
}

}  // namespace

std::vector<JobText> drawn_texts(const Manifest& manifest, const Plan& plan) {
  std::vector<JobText> texts;
  const auto add = [&](std::string pointer, std::string text) {
    if (!text.empty()) texts.push_back({std::move(pointer), std::move(text)});
  };
  const bool names = manifest.layout.labels;
  const auto people = names ? people_with_tracks(manifest) : people_with_cards(plan);
  for (std::size_t i = 0; i < manifest.people.size(); ++i) {
    const auto& person = manifest.people[i];
    if (people.contains(person.id))
      add("/people/" + std::to_string(i) + "/name",
          names ? single_line(person.name) : initials(person.name));
  }
  for (std::size_t i = 0; i < manifest.cards.size(); ++i) {
    const auto pointer = "/cards/" + std::to_string(i);
    add(pointer + "/title", clean_lines(manifest.cards[i].title));
    add(pointer + "/text", clean_lines(manifest.cards[i].text));
  }
  return texts;
}

}  // namespace rostrum
