// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/disk_need.h"

#include <algorithm>

namespace rostrum {

std::vector<DiskNeed> disk_needs(const DiskPlaces& places, double film, double finished) {
  const double chunks = std::max(0.0, film - finished);
  const double beside = chunks + places.joined * film;
  const double films = (1 + places.further) * film;
  if (places.one_disk) return {{places.out, beside + films}};
  return {{places.work, beside + places.rendition * film}, {places.out, films}};
}

}  // namespace rostrum
