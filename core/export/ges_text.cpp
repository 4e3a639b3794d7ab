// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/export/ges_text.h"

#include <charconv>
#include <cstdio>

namespace rostrum {

namespace {

bool is_plain(char c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return letter || std::string_view{"-_+/:."}.find(c) != std::string_view::npos;
}

}  // namespace

std::string ges_quoted(std::string_view text) {
  std::string quoted{'"'};
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7f) {
      char octal[5];
      std::snprintf(octal, sizeof octal, "\\%03o", static_cast<unsigned>(byte));
      quoted += octal;
    } else {
      if (!is_plain(c)) quoted += '\\';
      quoted += c;
    }
  }
  return quoted + '"';
}

GesFields& GesFields::raw(std::string_view field, std::string_view type, std::string_view value) {
  text_.append(", ").append(field).append("=(").append(type).append(")").append(value);
  return *this;
}

GesFields& GesFields::add(std::string_view field, std::string_view type, std::int64_t value) {
  return raw(field, type, std::to_string(value));
}

GesFields& GesFields::number(std::string_view field, double value) {
  char text[32];  // not printf(), which writes a comma in some languages
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  return raw(field, "double", {text, static_cast<std::size_t>(end - text)});
}

GesFields& GesFields::boolean(std::string_view field, bool value) {
  return raw(field, "boolean", value ? "true" : "false");
}

GesFields& GesFields::text(std::string_view field, std::string_view value) {
  return raw(field, "string", ges_quoted(value));
}

}  // namespace rostrum
