// SPDX-License-Identifier: LGPL-2.1-or-later
// JSON text -> values, within limits, with duplicate keys found.
#pragma once

#include "core/findings.h"

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>

namespace rostrum {

using Json = nlohmann::ordered_json;  // members stay in the order of the document

// What a document may hold at most.
struct JsonLimits {
  std::size_t bytes = std::size_t{64} << 20;
  std::size_t depth = 32;  // of nested arrays and objects
  std::size_t values = 4'000'000;
  std::size_t key_bytes = 256;
};

// Strict JSON (RFC 8259, UTF-8, no comments).  Nothing when the text is not JSON or passes a limit;
// `findings` says where.  A duplicate key is a finding, too, but reading goes on.
std::optional<Json> read_json(std::string_view text, Findings& findings,
                              const JsonLimits& limits = {});

}  // namespace rostrum
