// SPDX-License-Identifier: LGPL-2.1-or-later
// Boxes of an ISO base media file (ISO/IEC 14496-12, 4.2): bounds-checked reading, and writing.
// Bytes in, bytes out; nothing here touches a file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace rostrum::mp4 {

using Bytes = std::vector<std::uint8_t>;
using View = std::span<const std::uint8_t>;
using FourCc = std::uint32_t;

consteval FourCc fourcc(const char (&name)[5]) {
  FourCc code = 0;
  for (int i = 0; i < 4; ++i) code = code << 8 | static_cast<std::uint8_t>(name[i]);
  return code;
}

// The largest header: size, type, largesize.
inline constexpr std::size_t kHeaderBytes = 16;

struct BoxHeader {
  FourCc type = 0;
  std::uint64_t size = 0;  // of the whole box; 0 = to the end of the file
  std::size_t header = 8;  // bytes before the body
};

// Nothing when there are too few bytes for a header or the size is smaller than the header.
std::optional<BoxHeader> read_header(View bytes);

struct Box {
  FourCc type = 0;
  View whole;
  View body;
};

// The boxes that fill `body`; nothing when they do not fit it exactly.  A few zero bytes at the end
// are allowed: QuickTime ends user data with a zero.
std::optional<std::vector<Box>> children(View body);

// The first box at a path of types below `body`; nothing when it is absent or a box on the way is
// broken.
std::optional<Box> find(View body, std::initializer_list<FourCc> path);

// Reads big-endian fields.  Past the end every field is 0 and ok() is false from then on.
class Reader {
 public:
  explicit Reader(View bytes) : bytes_{bytes} {}

  std::uint8_t u8() { return static_cast<std::uint8_t>(field(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(field(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(field(4)); }
  std::uint64_t u64() { return field(8); }
  // A field that is 32 bits wide in version 0 of its box and 64 in version 1.
  std::uint64_t word(int version) { return field(version == 1 ? 8 : 4); }
  void skip(std::size_t bytes) { take(bytes); }
  View take(std::size_t bytes);
  View rest() { return take(left()); }
  std::size_t left() const { return bytes_.size() - at_; }
  bool ok() const { return ok_; }

 private:
  std::uint64_t field(std::size_t bytes);

  View bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

// Writes big-endian fields; a box's size is filled in when it is closed.
class Writer {
 public:
  void u8(std::uint64_t v) { field(v, 1); }
  void u16(std::uint64_t v) { field(v, 2); }
  void u32(std::uint64_t v) { field(v, 4); }
  void u64(std::uint64_t v) { field(v, 8); }
  void word(int version, std::uint64_t v) { field(v, version == 1 ? 8 : 4); }
  void zeros(std::size_t bytes) { bytes_.insert(bytes_.end(), bytes, 0); }
  void raw(View bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
  void text(std::string_view text) { bytes_.insert(bytes_.end(), text.begin(), text.end()); }

  template <typename Body>
  void box(FourCc type, Body&& body) {
    const std::size_t start = bytes_.size();
    u32(0);
    u32(type);
    body();
    close(start);
  }
  // A FullBox (14496-12, 4.2.2).
  template <typename Body>
  void full_box(FourCc type, int version, std::uint32_t flags, Body&& body) {
    box(type, [&] {
      u32(static_cast<std::uint32_t>(version) << 24 | flags);
      body();
    });
  }

  const Bytes& bytes() const { return bytes_; }
  Bytes release() { return std::move(bytes_); }

 private:
  void field(std::uint64_t value, int bytes);
  void close(std::size_t start);

  Bytes bytes_;
};

}  // namespace rostrum::mp4
