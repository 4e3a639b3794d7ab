// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/manifest.h"

#include "core/manifest_names.h"

#include <algorithm>

namespace rostrum {

namespace {

template <typename T>
const T* with_id(const std::vector<T>& list, std::string_view id) {
  const auto found =
      std::find_if(list.begin(), list.end(), [id](const T& item) { return item.id == id; });
  return found == list.end() ? nullptr : &*found;
}

}  // namespace

const Asset* Manifest::asset(std::string_view id) const { return with_id(assets, id); }
const Person* Manifest::person(std::string_view id) const { return with_id(people, id); }

NoiseOptions Manifest::noise_of(const Track& track) const {
  NoiseOptions found{0, 0, Suppression::off};
  if (track.kind != TrackKind::camera && track.kind != TrackKind::microphone) return found;
  for (const auto* declared : {&audio.noise, &track.noise}) {
    if (declared->high_pass) found.high_pass = declared->high_pass;
    if (declared->gate) found.gate = declared->gate;
    if (declared->suppression) found.suppression = declared->suppression;
  }
  return found;
}

const char* name_of(TrackKind kind) { return name_in(kKinds, kind); }
const char* name_of(Policy policy) { return name_in(kPolicies, policy); }
const char* name_of(Role role) { return name_in(kRoles, role); }
const char* name_of(Fit fit) { return name_in(kFits, fit); }

const char* name_of(Colors colors) { return name_in(kColors, colors); }
const char* name_of(Suppression suppression) { return name_in(kSuppressions, suppression); }

std::optional<Suppression> suppression_named(std::string_view name) {
  for (const auto& known : kSuppressions)
    if (known.name == name) return known.value;
  return {};
}

std::optional<Fit> fit_named(std::string_view name) {
  for (const auto& known : kFits)
    if (known.name == name) return known.value;
  return {};
}

std::optional<Colors> colors_named(std::string_view name) {
  for (const auto& known : kColors)
    if (known.name == name) return known.value;
  return {};
}

}  // namespace rostrum
