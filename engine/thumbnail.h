// SPDX-License-Identifier: LGPL-2.1-or-later
// A small picture of a film for a page.
#pragma once

#include "core/signature.h"

#include <string>

namespace rostrum {

// A PNG as a data: URI; "" if it cannot be made.
std::string picture_uri(const Signature& picture);

}  // namespace rostrum
