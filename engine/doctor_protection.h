// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "engine/doctor.h"

#include <vector>

namespace rostrum {

// What keeps media from reading, writing and sending what is not theirs (docs/security.md).
void examine_protection(std::vector<DoctorItem>& items);

}  // namespace rostrum
