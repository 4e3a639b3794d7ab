// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/picture_header.h"

#include <algorithm>
#include <cstdint>

namespace rostrum {

namespace {

// Unsigned integers at any offset; beyond the end they read as 0, and good() turns false.
class Bytes {
 public:
  explicit Bytes(std::string_view data) : data_{data} {}

  std::uint32_t little(std::size_t at, std::size_t count) { return read(at, count, false); }
  std::uint32_t big(std::size_t at, std::size_t count) { return read(at, count, true); }
  bool good() const { return good_; }

 private:
  std::uint32_t read(std::size_t at, std::size_t count, bool big_endian) {
    if (at > data_.size() || count > data_.size() - at) {
      good_ = false;
      return 0;
    }
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const auto byte = static_cast<unsigned char>(data_[at + (big_endian ? i : count - 1 - i)]);
      value = value << 8 | byte;
    }
    return value;
  }

  std::string_view data_;
  bool good_ = true;
};

Size size_of(std::uint32_t width, std::uint32_t height) {
  constexpr std::uint32_t kMost = 1U << 30;
  if (width > kMost || height > kMost) return {};
  return {static_cast<int>(width), static_cast<int>(height)};
}

// Tag 0x0112 of the first directory of a TIFF file.
int exif_orientation(std::string_view tiff) {
  constexpr std::uint32_t kOrientation = 0x0112;
  constexpr std::uint32_t kShort = 3;
  const bool big = tiff.starts_with("MM");
  if (!big && !tiff.starts_with("II")) return 1;
  Bytes bytes{tiff};
  const auto number = [&](std::size_t at, std::size_t count) {
    return big ? bytes.big(at, count) : bytes.little(at, count);
  };
  const std::size_t directory = number(4, 4);
  const auto entries = number(directory, 2);
  for (std::uint32_t i = 0; i < entries && bytes.good(); ++i) {
    const auto entry = directory + 2 + std::size_t{12} * i;
    if (number(entry, 2) != kOrientation || number(entry + 2, 2) != kShort) continue;
    const auto value = number(entry + 8, 2);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

bool starts_frame(std::uint32_t marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

PictureHeader parse_jpeg(std::string_view data) {
  PictureHeader header{.kind = PictureKind::jpeg, .stored = {}};
  constexpr std::uint32_t kScan = 0xda;
  constexpr std::uint32_t kApp1 = 0xe1;
  constexpr std::string_view kExif{"Exif\0\0", 6};
  Bytes bytes{data};
  for (std::size_t at = 2; bytes.good();) {
    if (bytes.big(at, 1) != 0xff) break;
    const auto marker = bytes.big(at + 1, 1);
    if (marker == 0xff) {  // padding
      ++at;
      continue;
    }
    if (marker == kScan) break;
    const std::size_t length = bytes.big(at + 2, 2);
    if (!bytes.good() || length < 2) break;
    const auto body = data.substr(at + 4, length - 2);
    if (marker == kApp1 && body.starts_with(kExif))
      header.orientation = exif_orientation(body.substr(kExif.size()));
    if (starts_frame(marker)) {
      header.stored = size_of(bytes.big(at + 7, 2), bytes.big(at + 5, 2));
      break;
    }
    at += 2 + length;
  }
  return header;
}

Size webp_size(std::string_view data) {
  Bytes bytes{data};
  const auto chunk = data.substr(12, 4);
  if (chunk == "VP8X") return size_of(bytes.little(24, 3) + 1, bytes.little(27, 3) + 1);
  if (chunk == "VP8 ") return size_of(bytes.little(26, 2) & 0x3fff, bytes.little(28, 2) & 0x3fff);
  if (chunk != "VP8L") return {};
  const auto bits = bytes.little(21, 4);
  return size_of((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1);
}

// Past a declaration, comment or document type; npos where it does not end.
std::size_t skip_prolog(std::string_view text) {
  if (text.starts_with("<?")) return text.find("?>") + 2;
  if (text.starts_with("<!--")) return text.find("-->") + 3;
  const auto end = text.find('>');
  const auto subset = text.find('[');
  if (subset > end) return end + 1;
  const auto closed = text.find(']', subset);
  return closed == std::string_view::npos ? closed : text.find('>', closed) + 1;
}

bool is_svg(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  for (;;) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    if (!text.starts_with("<?") && !text.starts_with("<!")) break;
    const auto skipped = skip_prolog(text);
    if (skipped < 4 || skipped > text.size()) return false;
    text.remove_prefix(skipped);
  }
  const auto name = text.substr(0, text.find_first_of(" \t\r\n/>"));
  return name == "<svg" || (name.starts_with('<') && name.ends_with(":svg"));
}

}  // namespace

PictureHeader parse_picture_header(std::string_view data) {
  constexpr std::size_t kPdfWithin = 1024;  // readers allow rubbish before the signature
  Bytes bytes{data};
  if (data.starts_with("\xff\xd8\xff")) return parse_jpeg(data);
  if (data.starts_with("\x89PNG\r\n\x1a\n"))
    return {.kind = PictureKind::png, .stored = size_of(bytes.big(16, 4), bytes.big(20, 4))};
  if (data.starts_with("RIFF") && data.size() > 12 && data.substr(8, 4) == "WEBP")
    return {.kind = PictureKind::webp, .stored = data.size() < 30 ? Size{} : webp_size(data)};
  if (data.substr(0, kPdfWithin).find("%PDF-") != std::string_view::npos)
    return {.kind = PictureKind::pdf, .stored = {}};
  if (is_svg(data)) return {.kind = PictureKind::svg, .stored = {}};
  return {};
}

}  // namespace rostrum
