// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/job_texts.h"

#include "core/initials.h"

#include <algorithm>

namespace rostrum {

std::vector<JobText> drawn_texts(const Manifest& manifest) {
  std::vector<JobText> texts;
  const auto add = [&](std::string pointer, std::string text) {
    if (!text.empty()) texts.push_back({std::move(pointer), std::move(text)});
  };
  for (std::size_t i = 0; i < manifest.people.size(); ++i) {
    const auto& person = manifest.people[i];
    const bool there = std::any_of(manifest.tracks.begin(), manifest.tracks.end(),
                                   [&](const Track& track) { return track.person == person.id; });
    if (!there) continue;
    const auto pointer = "/people/" + std::to_string(i) + "/name";
    if (manifest.layout.labels)
      add(pointer, single_line(person.name));
    else if (manifest.layout.cards)
      add(pointer, initials(person.name));
  }
  for (std::size_t i = 0; i < manifest.cards.size(); ++i) {
    const auto pointer = "/cards/" + std::to_string(i);
    add(pointer + "/title", clean_lines(manifest.cards[i].title));
    add(pointer + "/text", clean_lines(manifest.cards[i].text));
  }
  return texts;
}

}  // namespace rostrum
