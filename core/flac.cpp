// SPDX-License-Identifier: LGPL-2.1-or-later
// Section numbers are those of RFC 9639.
#include "core/flac.h"

#include <algorithm>
#include <cstring>

namespace rostrum::flac {

namespace {

constexpr std::size_t kFixedHeader = 4;  // of a frame, before its number
constexpr std::size_t kFooter = 2;

// 9.1.8 and 9.3: polynomials x^8+x^2+x+1 and x^16+x^15+x^2+1, from 0.
constexpr std::array<std::uint8_t, 256> crc8_table() {
  std::array<std::uint8_t, 256> table{};
  for (unsigned i = 0; i < 256; ++i) {
    unsigned crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc << 1) ^ (crc & 0x80 ? 0x07U : 0U);
    table[i] = static_cast<std::uint8_t>(crc);
  }
  return table;
}

constexpr std::array<std::uint16_t, 256> crc16_table() {
  std::array<std::uint16_t, 256> table{};
  for (unsigned i = 0; i < 256; ++i) {
    unsigned crc = i << 8;
    for (int bit = 0; bit < 8; ++bit) crc = (crc << 1) ^ (crc & 0x8000 ? 0x8005U : 0U);
    table[i] = static_cast<std::uint16_t>(crc);
  }
  return table;
}

std::uint8_t crc8(View bytes) {
  static constexpr auto kTable = crc8_table();
  std::uint8_t crc = 0;
  for (const auto byte : bytes) crc = kTable[crc ^ byte];
  return crc;
}

std::uint16_t crc16_next(std::uint16_t crc, std::uint8_t byte) {
  static constexpr auto kTable = crc16_table();
  return static_cast<std::uint16_t>(crc << 8 ^ kTable[(crc >> 8 ^ byte) & 0xff]);
}

std::uint16_t crc16(View bytes) {
  std::uint16_t crc = 0;
  for (const auto byte : bytes) crc = crc16_next(crc, byte);
  return crc;
}

// 9.1.5: a number of up to 36 bits, as UTF-8 writes code points, and further.
struct CodedNumber {
  std::uint64_t value = 0;
  std::size_t bytes = 0;
};

std::optional<CodedNumber> read_number(View bytes) {
  if (bytes.empty()) return {};
  std::size_t ones = 0;
  while (ones < 8 && bytes[0] & (0x80U >> ones)) ++ones;
  if (ones == 1 || ones > 7 || bytes.size() < std::max<std::size_t>(ones, 1)) return {};
  CodedNumber number{bytes[0] & (0x7fU >> ones), std::max<std::size_t>(ones, 1)};
  for (std::size_t i = 1; i < number.bytes; ++i) {
    if ((bytes[i] & 0xc0) != 0x80) return {};
    number.value = number.value << 6 | (bytes[i] & 0x3fU);
  }
  return number;
}

void write_number(Bytes& out, std::uint64_t number) {
  if (number < 0x80) return out.push_back(static_cast<std::uint8_t>(number));
  int more = 1;  // bytes after the first
  while (more < 6 && number >> (5 * more + 6)) ++more;
  const auto mark = static_cast<std::uint8_t>(0xff00 >> (more + 1));
  out.push_back(static_cast<std::uint8_t>(mark | number >> (6 * more)));
  for (int i = more - 1; i >= 0; --i)
    out.push_back(static_cast<std::uint8_t>(0x80 | (number >> (6 * i) & 0x3f)));
}

struct FrameHeader {
  std::uint64_t number = 0;
  std::size_t number_bytes = 0;
  std::size_t bytes = 0;  // with its checksum
};

// 9.1, of a stream with a fixed block size.
std::optional<FrameHeader> read_header(View bytes) {
  if (bytes.size() < kFixedHeader || bytes[0] != 0xff || bytes[1] != 0xf8) return {};
  const auto number = read_number(bytes.subspan(kFixedHeader));
  if (!number) return {};
  const unsigned block = bytes[2] >> 4;
  const unsigned rate = bytes[2] & 0x0f;
  std::size_t size = kFixedHeader + number->bytes;
  size += block == 6 ? 1 : block == 7 ? 2 : 0;
  size += rate == 12 ? 1 : rate == 13 || rate == 14 ? 2 : 0;
  if (size >= bytes.size() || crc8(bytes.first(size)) != bytes[size]) return {};
  return FrameHeader{number->value, number->bytes, size + 1};
}

bool begins_with_number(View bytes, std::uint64_t number) {
  const auto header = read_header(bytes);
  return header && header->number == number;
}

// Where the frame at the beginning ends: before the next one, where its checksum fits.
std::optional<std::size_t> frame_end(View bytes, std::uint64_t next) {
  std::uint16_t crc = 0;  // of all before the two bytes at i
  for (std::size_t i = 0; i + kFooter <= bytes.size(); ++i) {
    const auto end = i + kFooter;
    const bool fits = crc == (bytes[i] << 8 | bytes[i + 1]);
    const auto after = fits ? read_header(bytes.subspan(end)) : std::nullopt;
    if (fits && end == bytes.size()) return end;
    if (after) return after->number == next ? std::optional{end} : std::nullopt;
    crc = crc16_next(crc, bytes[i]);
  }
  return {};
}

// 8: the metadata blocks, of which the last is marked.
std::optional<std::size_t> metadata_bytes(View stream) {
  if (stream.size() < 4 || std::memcmp(stream.data(), "fLaC", 4) != 0) return {};
  for (std::size_t at = 4; at + 4 <= stream.size();) {
    const bool last = stream[at] & 0x80;
    at += 4 + (std::size_t{stream[at + 1]} << 16 | stream[at + 2] << 8 | stream[at + 3]);
    if (last) return at <= stream.size() ? std::optional{at} : std::nullopt;
  }
  return {};
}

}  // namespace

Bytes stream_info(const StreamInfo& info) {
  mp4::Writer out;
  out.u16(info.block);
  out.u16(info.block);
  out.zeros(6);  // sizes of the frames in bytes: unknown
  out.u64(static_cast<std::uint64_t>(info.rate) << 44 |
          static_cast<std::uint64_t>(info.channels - 1) << 41 |
          static_cast<std::uint64_t>(info.bits - 1) << 36 | info.samples);
  out.raw(info.md5);
  return out.release();
}

std::optional<std::vector<View>> frames_of(View stream) {
  const auto begin = metadata_bytes(stream);
  if (!begin) return {};
  std::vector<View> frames;
  for (auto rest = stream.subspan(*begin); !rest.empty();) {
    if (!begins_with_number(rest, frames.size())) return {};
    const auto end = frame_end(rest, frames.size() + 1);
    if (!end) return {};
    frames.push_back(rest.first(*end));
    rest = rest.subspan(*end);
  }
  return frames;
}

Bytes numbered(View frame, std::uint64_t number) {
  const auto header = read_header(frame);
  if (!header) return {};
  Bytes out{frame.begin(), frame.begin() + kFixedHeader};
  write_number(out, number);
  const auto after =
      frame.begin() + static_cast<std::ptrdiff_t>(kFixedHeader + header->number_bytes);
  const auto body = frame.begin() + static_cast<std::ptrdiff_t>(header->bytes);
  out.insert(out.end(), after, body - 1);
  out.push_back(crc8(out));
  out.insert(out.end(), body, frame.end() - kFooter);
  const auto crc = crc16(out);
  out.push_back(static_cast<std::uint8_t>(crc >> 8));
  out.push_back(static_cast<std::uint8_t>(crc & 0xff));
  return out;
}

}  // namespace rostrum::flac
