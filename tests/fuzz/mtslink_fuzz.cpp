// SPDX-License-Identifier: LGPL-2.1-or-later
// Whatever an import gives is a manifest.
#include "core/import/mtslink.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rostrum;
  const auto json = fuzz::text(data, size);
  is_mtslink(json);
  const auto imported = import_mtslink(json);
  fuzz::expect(imported || !imported.error().empty(), "a refusal says why");
  if (imported)
    fuzz::expect(parse_manifest(write_manifest(imported->manifest)).has_value(),
                 "what is imported can be read");
  return 0;
}
