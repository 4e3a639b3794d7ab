// SPDX-License-Identifier: LGPL-2.1-or-later
// Which tracks of a media package of Opencast the film is made of: a package may hold the same
// picture as it was recorded, as it was edited, and in several qualities.  Internal to the
// importer.
#pragma once

#include "core/import/opencast_package.h"
#include "core/import/opencast_smil.h"
#include "core/import/warnings.h"

#include <vector>

namespace rostrum::opencast {

// Catalogs that are used.
inline constexpr const char* kDublinCore = "dublincore/episode";
inline constexpr const char* kCuttingSmil = "smil/cutting";
inline constexpr const char* kSmil = "smil/smil";
inline constexpr const char* kPartialSmil = "smil/source+partial";
bool is_read(const Flavor& flavor);

enum class Role { camera, screen };

// Tracks that are files of one source.
struct Group {
  Role role = Role::camera;
  bool has_video = false;
  bool muted = false;  // another source has the sound
  std::vector<const Track*> tracks;
};

struct Sources {
  std::vector<Group> groups;  // in the order of the package
  bool cut = false;           // what the editor cut out is not in their files any more
};

Sources choose_sources(const Package& package, Warnings& warnings);

// Whether the part of the recording is in this track's file.
bool is_of(const Part& part, const Track& track);

}  // namespace rostrum::opencast
