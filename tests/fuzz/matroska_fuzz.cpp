// SPDX-License-Identifier: LGPL-2.1-or-later
// What a Matroska file says of itself.
#include "core/matroska_read.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rostrum;
  const auto facts = matroska::read_facts({data, size});
  if (!facts) return 0;
  fuzz::expect(facts->duration >= 0ns, "no length is negative");
  for (const auto& chapter : facts->chapters)
    fuzz::expect(chapter.start >= 0ns, "no chapter begins before the film");
  for (const auto entrance : facts->entrances)
    fuzz::expect(entrance >= 0ns, "no entrance is before the film");
  return 0;
}
