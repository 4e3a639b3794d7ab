// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/json_member.h"

#include "core/shortened.h"

#include <nlohmann/json.hpp>

namespace rostrum {

const Json* member(const Json& value, std::string_view key) {
  if (!value.is_object()) return nullptr;
  const auto found = value.find(key);
  return found == value.end() || found->is_null() ? nullptr : &*found;
}

std::string text_of(const Json& value, std::string_view key, std::size_t bytes) {
  const auto* found = member(value, key);
  const auto* text = found ? found->get_ptr<const Json::string_t*>() : nullptr;
  if (!text || text->find('\0') != std::string::npos) return {};
  return shortened(*text, bytes);
}

}  // namespace rostrum
