// SPDX-License-Identifier: LGPL-2.1-or-later
// Whatever an import gives is a manifest, and any manifest comes back from an export as it was.
#include "core/export/otio.h"
#include "core/import/otio.h"
#include "fuzz.h"

namespace {

using namespace rostrum;

void goes_round(const Manifest& manifest) {
  AssetPlaces places;
  for (const auto& asset : manifest.assets) {
    places[asset.id] = {asset.uri};
    places[asset.id].insert(places[asset.id].end(), asset.alternatives.begin(),
                            asset.alternatives.end());
  }
  const MediaMap media;
  const auto again = import_otio(export_otio({manifest, media, places}).text);
  fuzz::expect(again.has_value(), "what is exported can be imported");
  fuzz::expect(write_manifest(again->manifest) == write_manifest(manifest),
               "it is the same as before");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto json = fuzz::text(data, size);
  if (const auto manifest = parse_manifest(json)) goes_round(*manifest);
  is_otio(json);
  const auto imported = import_otio(json);
  fuzz::expect(imported || !imported.error().empty(), "a refusal says why");
  if (imported)
    fuzz::expect(parse_manifest(write_manifest(imported->manifest)).has_value(),
                 "what is imported can be read");
  return 0;
}
