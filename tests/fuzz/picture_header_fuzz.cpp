// SPDX-License-Identifier: LGPL-2.1-or-later
// Headers of pictures.
#include "core/picture_header.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rostrum;
  const auto header = parse_picture_header(fuzz::text(data, size));
  fuzz::expect(header.orientation >= 1 && header.orientation <= 8, "an orientation is 1 to 8");
  fuzz::expect(header.stored.width >= 0 && header.stored.height >= 0, "no size is negative");
  return 0;
}
