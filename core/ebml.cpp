// SPDX-License-Identifier: LGPL-2.1-or-later
// Section numbers are those of RFC 8794.
#include "core/ebml.h"

#include <bit>

namespace rostrum::ebml {

namespace {

int bytes_of(std::uint64_t value) {
  return value == 0 ? 1 : (static_cast<int>(std::bit_width(value)) + 7) / 8;
}

}  // namespace

void Writer::big_endian(std::uint64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) bytes_.push_back(static_cast<std::uint8_t>(value >> 8 * i));
}

void Writer::id(std::uint32_t id) { big_endian(id, bytes_of(id)); }

// A marker after as many zeros as there are further bytes; all ones mean "unknown".
void Writer::size(std::uint64_t bytes) {
  int length = 1;
  while (length < 8 && bytes >= (std::uint64_t{1} << 7 * length) - 1) ++length;
  big_endian(bytes | std::uint64_t{1} << 7 * length, length);
}

void Writer::wide_size(std::uint64_t bytes) { big_endian(bytes | std::uint64_t{1} << 56, 8); }

void Writer::number(std::uint32_t name, std::uint64_t value) {
  id(name);
  size(static_cast<std::uint64_t>(bytes_of(value)));
  big_endian(value, bytes_of(value));
}

void Writer::wide_number(std::uint32_t name, std::uint64_t value) {
  id(name);
  size(8);
  big_endian(value, 8);
}

void Writer::signed_number(std::uint32_t name, std::int64_t value) {
  wide_number(name, static_cast<std::uint64_t>(value));
}

void Writer::real(std::uint32_t name, double value) {
  wide_number(name, std::bit_cast<std::uint64_t>(value));
}

void Writer::text(std::uint32_t name, std::string_view value) {
  id(name);
  size(value.size());
  bytes_.insert(bytes_.end(), value.begin(), value.end());
}

void Writer::binary(std::uint32_t name, View value) {
  id(name);
  size(value.size());
  raw(value);
}

}  // namespace rostrum::ebml
