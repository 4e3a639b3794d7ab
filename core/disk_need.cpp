// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/disk_need.h"

#include <algorithm>

namespace rostrum {

std::vector<DiskNeed> disk_needs(const DiskPlaces& places, double film, double finished) {
  const double chunks = std::max(0.0, film - finished);
  if (places.one_disk) return {{places.out, chunks + film}};
  return {{places.work, chunks}, {places.out, film}};
}

}  // namespace rostrum
