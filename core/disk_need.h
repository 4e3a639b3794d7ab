// SPDX-License-Identifier: LGPL-2.1-or-later
// How much room a render needs, and where: a pure decision.
#pragma once

#include <string>
#include <vector>

namespace rostrum {

struct DiskNeed {
  std::string folder;
  double bytes = 0;  // that must be free there
};

// Where a film and its chunks are written.
struct DiskPlaces {
  std::string work;  // the chunks
  std::string out;   // the folder of the film
  bool one_disk = true;
  int further = 0;  // copies of the film in its folder: other containers, fragments
  int joined = 0;   // those beside the chunks that they are made of
  // The largest rendition's share of the film: it is put together beside the chunks, when the film
  // is there already.
  double rendition = 0;
};

// For a film of so many bytes, of whose chunks so many bytes are there already.  The film is made
// from the finished chunks, so for a moment both are there.
std::vector<DiskNeed> disk_needs(const DiskPlaces& places, double film, double finished);

}  // namespace rostrum
