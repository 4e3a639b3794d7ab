// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/fetch/hls_attributes.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace rostrum::hls {

namespace {

constexpr int kLargestSide = 32768;

template <typename T>
bool read_all(std::string_view text, T& value, int base = 10) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return error == std::errc{} && end == text.data() + text.size();
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

Attributes::Attributes(std::string_view list) {
  while (!list.empty()) {
    const auto equals = list.find('=');
    if (equals == list.npos) return;
    const auto name = trimmed(list.substr(0, equals));
    list.remove_prefix(equals + 1);
    const bool quoted = list.starts_with('"');
    if (quoted) list.remove_prefix(1);
    const auto end = std::min(list.find(quoted ? '"' : ','), list.size());
    values_.emplace(name, quoted ? list.substr(0, end) : trimmed(list.substr(0, end)));
    const auto comma = list.find(',', end);
    if (comma == list.npos) return;
    list.remove_prefix(comma + 1);
  }
}

std::string_view Attributes::text(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::string_view{} : found->second;
}

std::optional<std::uint64_t> read_integer(std::string_view text) {
  std::uint64_t value = 0;
  if (!read_all(text, value) || value > std::numeric_limits<std::int64_t>::max()) return {};
  return value;
}

std::optional<Size> read_resolution(std::string_view text) {
  const auto x = std::min(text.find('x'), text.size());
  Size size;
  if (x == text.size() || !read_all(text.substr(0, x), size.width) ||
      !read_all(text.substr(x + 1), size.height))
    return {};
  const auto fine = [](int side) { return side > 0 && side <= kLargestSide; };
  if (!fine(size.width) || !fine(size.height)) return {};
  return size;
}

std::optional<std::array<std::uint8_t, 16>> read_vector(std::string_view text) {
  if (!text.starts_with("0x") && !text.starts_with("0X")) return {};
  text.remove_prefix(2);
  std::array<std::uint8_t, 16> bytes{};
  if (text.empty() || text.size() > 2 * bytes.size()) return {};
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::uint8_t digit = 0;
    if (!read_all(text.substr(text.size() - 1 - i, 1), digit, 16)) return {};
    auto& byte = bytes[bytes.size() - 1 - i / 2];
    byte = static_cast<std::uint8_t>(byte | digit << (i % 2 * 4));
  }
  return bytes;
}

}  // namespace rostrum::hls
