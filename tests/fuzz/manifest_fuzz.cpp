// SPDX-License-Identifier: LGPL-2.1-or-later
// What parses is written and read back to the same value.
#include "core/manifest.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rostrum;
  const auto manifest = parse_manifest(fuzz::text(data, size));
  if (!manifest) {
    fuzz::expect(!manifest.error().empty(), "a refusal says why");
    return 0;
  }
  const auto written = write_manifest(*manifest);
  const auto again = parse_manifest(written);
  fuzz::expect(again.has_value(), "what is written can be read");
  fuzz::expect(write_manifest(*again) == written, "what is read back is the same");
  return 0;
}
