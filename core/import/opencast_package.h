// SPDX-License-Identifier: LGPL-2.1-or-later
// What a media package of Opencast lists, as plain values.  Internal to the importer.
#pragma once

#include "core/import/warnings.h"
#include "core/result.h"
#include "core/timeline.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rostrum::opencast {

// "presenter/source": whose it is, and in which state.
struct Flavor {
  std::string type;
  std::string subtype;

  static Flavor of(std::string_view text);
  std::string text() const { return type + "/" + subtype; }
};

struct Track {
  std::string pointer;
  std::string id;
  Flavor flavor;
  std::string url;
  std::string sha256;
  std::optional<Nanoseconds> duration;
  bool has_video = false;
  bool has_audio = false;
  std::int64_t pixels = 0;  // of a picture; 0 = not known
};

struct Catalog {
  std::string pointer;
  Flavor flavor;
  std::string url;
};

struct Package {
  std::string title;
  std::vector<std::string> creators;
  std::optional<Nanoseconds> duration;
  std::vector<Track> tracks;
  std::vector<Catalog> catalogs;
};

tl::expected<Package, Problems> read_package(std::string_view xml, Warnings& warnings);

// The title and the creators that a Dublin Core catalog says.
struct DublinCore {
  std::string title;
  std::vector<std::string> creators;
};
tl::expected<DublinCore, std::string> read_dublin_core(std::string_view xml);

}  // namespace rostrum::opencast
