// SPDX-License-Identifier: LGPL-2.1-or-later
// Elements of EBML (RFC 8794), of which Matroska files are made: writing them.
#pragma once

#include "core/mp4_box.h"

#include <cstdint>
#include <string_view>

namespace rostrum::ebml {

using mp4::Bytes;
using mp4::View;

class Writer {
 public:
  // With its marker, as the specification prints it.
  void id(std::uint32_t id);
  // Of an element's body, in as few bytes as it needs (4), or in 8.
  void size(std::uint64_t bytes);
  void wide_size(std::uint64_t bytes);

  void number(std::uint32_t id, std::uint64_t value);
  // In 8 bytes whatever its value is: what is not known yet takes no more when it is.
  void wide_number(std::uint32_t id, std::uint64_t value);
  void signed_number(std::uint32_t id, std::int64_t value);
  void real(std::uint32_t id, double value);
  void text(std::uint32_t id, std::string_view value);
  void binary(std::uint32_t id, View value);
  void raw(View bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
  void big_endian(std::uint64_t value, int bytes);

  template <typename Body>
  void master(std::uint32_t id, Body&& body) {
    Writer inside;
    body(inside);
    binary(id, inside.bytes());
  }

  const Bytes& bytes() const { return bytes_; }
  Bytes release() { return std::move(bytes_); }

 private:
  Bytes bytes_;
};

}  // namespace rostrum::ebml
