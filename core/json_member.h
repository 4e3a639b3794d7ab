// SPDX-License-Identifier: LGPL-2.1-or-later
// Lenient reading of JSON that somebody else has written.
#pragma once

#include "core/json_text.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace rostrum {

// The member, or nullptr when it is absent, null or `value` is no object.
const Json* member(const Json& value, std::string_view key);

// The member's text, at most `bytes` of it (whole characters); "" when there is none.
std::string text_of(const Json& value, std::string_view key, std::size_t bytes);

}  // namespace rostrum
