// SPDX-License-Identifier: LGPL-2.1-or-later
// The example job with all keys, as exporters get it.
#pragma once

#include "core/export/exported.h"
#include "small_meeting.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace rostrum::test {

inline std::string example_text() {
  std::ifstream file{ROSTRUM_SOURCE_ROOT "/data/examples/job.json"};
  return {std::istreambuf_iterator<char>{file}, {}};
}

// Every asset is where the manifest says.
inline AssetPlaces places_of(const Manifest& manifest) {
  AssetPlaces places;
  for (const auto& asset : manifest.assets) {
    auto& list = places[asset.id] = {asset.uri};
    list.insert(list.end(), asset.alternatives.begin(), asset.alternatives.end());
  }
  return places;
}

struct ExampleJob {
  Manifest manifest = *parse_manifest(example_text());
  MediaMap media;
  AssetPlaces places = places_of(manifest);

  ExampleJob() {
    media = {{"anna-1", medium(700s, true, true)},    {"anna-2", medium(6000s, true, true)},
             {"desktop", medium(1000s, true, false)}, {"deck", drawing(1600, 900)},
             {"boris-1", medium(7000s, false, true)}, {"bed", medium(200s, false, true)},
             {"slate", drawing(1280, 720)},           {"mark", drawing(400, 100)}};
    media["deck"].pages = 2;
  }
  ExportSource source() const { return {manifest, media, places}; }
};

}  // namespace rostrum::test
