// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/opencast_choice.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

namespace rostrum::opencast {

namespace {

// States of a track, best first: as recorded, then what Opencast makes of that; the last ones are
// made after the editor's cuts.
struct State {
  const char* subtype;
  bool cut;
};
constexpr State kStates[] = {{"source", false},  {"source+partial", false}, {"prepared", false},
                             {"work", false},    {"themed", true},          {"trimmed", true},
                             {"delivery", true}, {"preview", true}};

std::size_t state_of(const Track& track) {
  const auto found = std::find_if(std::begin(kStates), std::end(kStates), [&](const State& state) {
    return track.flavor.subtype == state.subtype;
  });
  return static_cast<std::size_t>(found - std::begin(kStates));
}

bool is_screen(const std::string& type) { return type.starts_with("presentation"); }

bool is_text(const std::string& type) { return type == "captions" || type == "caption"; }

// Of one type, those in the best state that there is.
std::vector<const Track*> best_of(const std::vector<const Track*>& tracks) {
  auto best = std::size(kStates);
  for (const auto* track : tracks) best = std::min(best, state_of(*track));
  std::vector<const Track*> found;
  for (const auto* track : tracks)
    if (state_of(*track) == best) found.push_back(track);
  if (best == std::size(kStates) || !kStates[best].cut) return found;
  // One quality of several.
  const auto largest =
      std::max_element(found.begin(), found.end(),
                       [](const Track* a, const Track* b) { return a->pixels < b->pixels; });
  return {*largest};
}

// What was recorded in parts is one source for each of picture and sound; all else stands alone.
std::vector<Group> groups_of(const std::vector<const Track*>& tracks) {
  std::vector<Group> groups;
  for (const auto* track : tracks) {
    const bool part = track->flavor.subtype == "source+partial";
    auto same = std::find_if(groups.begin(), groups.end(), [&](const Group& group) {
      return part && group.has_video == track->has_video;
    });
    if (same == groups.end())
      groups.push_back({is_screen(track->flavor.type) ? Role::screen : Role::camera,
                        track->has_video,
                        false,
                        {track}});
    else
      same->tracks.push_back(track);
  }
  return groups;
}

bool has_sound(const Group& group) {
  return std::any_of(group.tracks.begin(), group.tracks.end(),
                     [](const Track* track) { return track->has_audio; });
}

// A room's sound is often recorded with both pictures; heard twice, it would echo.
void mute_screens(Sources& sources, Warnings& warnings) {
  auto& groups = sources.groups;
  const bool voiced = std::any_of(groups.begin(), groups.end(), [](const Group& group) {
    return group.role == Role::camera && has_sound(group);
  });
  for (auto& group : groups) {
    if (!voiced || group.role != Role::screen || !group.has_video || !has_sound(group)) continue;
    group.muted = true;
    warnings.add("muted", group.tracks.front()->pointer +
                              ": muted, for the presenter's track has the sound, too");
  }
}

void report_unused(const Package& package, const std::set<const Track*>& used, Warnings& warnings) {
  for (const auto& track : package.tracks)
    if (!used.contains(&track))
      warnings.add("unused", track.pointer + ": " + track.flavor.text() + " is not used");
  for (const auto& catalog : package.catalogs)
    if (!is_read(catalog.flavor))
      warnings.add("unused", catalog.pointer + ": " + catalog.flavor.text() + " is not used");
}

}  // namespace

bool is_read(const Flavor& flavor) {
  const auto text = flavor.text();
  return text == kDublinCore || text == kCuttingSmil || text == kSmil || text == kPartialSmil;
}

Sources choose_sources(const Package& package, Warnings& warnings) {
  std::vector<std::string> order;
  std::map<std::string, std::vector<const Track*>> by_type;
  for (const auto& track : package.tracks) {
    if (is_text(track.flavor.type)) continue;
    auto& tracks = by_type[track.flavor.type];
    if (tracks.empty()) order.push_back(track.flavor.type);
    tracks.push_back(&track);
  }
  Sources sources;
  std::set<const Track*> used;
  for (const auto& type : order) {
    const auto best = best_of(by_type[type]);
    used.insert(best.begin(), best.end());
    const auto state = state_of(*best.front());
    sources.cut = sources.cut || (state < std::size(kStates) && kStates[state].cut);
    for (auto& group : groups_of(best)) sources.groups.push_back(std::move(group));
  }
  mute_screens(sources, warnings);
  report_unused(package, used, warnings);
  return sources;
}

bool is_of(const Part& part, const Track& track) {
  if (part.src == track.url) return true;
  // The server's own URLs hold the track's id; a package on disk has others.
  const auto name = part.src.substr(part.src.rfind('/') + 1);
  const auto url_name = track.url.substr(track.url.rfind('/') + 1);
  return name == url_name && !track.id.empty() &&
         ("/" + part.src + "/").find("/" + track.id + "/") != part.src.npos;
}

}  // namespace rostrum::opencast
