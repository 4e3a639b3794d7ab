// SPDX-License-Identifier: LGPL-2.1-or-later
// GStreamer's text form of structures, as projects of its editing services hold them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rostrum {

// "properties, a=(int)1;": fields in the order in which they are added.
class GesFields {
 public:
  explicit GesFields(std::string name) : text_{std::move(name)} {}

  GesFields& integer(std::string_view field, std::int64_t value) {
    return add(field, "int", value);
  }
  GesFields& unsigned_integer(std::string_view field, std::uint32_t value) {
    return add(field, "uint", value);
  }
  GesFields& nanoseconds(std::string_view field, std::int64_t value) {
    return add(field, "guint64", value);
  }
  GesFields& number(std::string_view field, double value);
  GesFields& boolean(std::string_view field, bool value);
  GesFields& text(std::string_view field, std::string_view value);

  std::string str() const { return text_ + ";"; }

 private:
  GesFields& add(std::string_view field, std::string_view type, std::int64_t value);
  GesFields& raw(std::string_view field, std::string_view type, std::string_view value);

  std::string text_;
};

// In double quotes, everything but letters, digits and a few marks behind a backslash: what
// gst_string_wrap() writes and gst_value_deserialize() reads.
std::string ges_quoted(std::string_view text);

}  // namespace rostrum
