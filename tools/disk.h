// SPDX-License-Identifier: LGPL-2.1-or-later
// Whether there is room for a film and its chunks.
#pragma once

#include "core/disk_need.h"
#include "core/result.h"

namespace rostrum {

// Of the folders' own file systems.
DiskPlaces disk_places(const std::string& work, const std::string& out);

// Before anything is rendered, with the size that is expected: Kind::usage, naming the folder, what
// is free there and what is needed.
Result<void> check_room(const DiskPlaces& places, double expected, double finished);

// While it is rendered, when only what is finished is certain to be needed again: Kind::internal.
Result<void> check_room_left(const DiskPlaces& places, double finished);

}  // namespace rostrum
