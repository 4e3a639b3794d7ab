// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/picture_header.h"

#include <gtest/gtest.h>

#include <string>

namespace rostrum {
namespace {

using namespace std::string_literals;

const auto kFrame = "\xff\xc0\0\x0b\x08\x01\x02\x03\x04\x01\x01\x11\0"s;  // 772x258

std::string exif(const std::string& tiff) {
  const auto body = "Exif\0\0"s + tiff;
  return "\xff\xe1\0"s + static_cast<char>(body.size() + 2) + body;
}

TEST(PictureHeader, FindsKindAndSizeOfRasterPictures) {
  const auto jpeg = parse_picture_header("\xff\xd8"s + "\xff\xff\xe0\0\x04xx"s + kFrame);
  EXPECT_EQ(jpeg.kind, PictureKind::jpeg);
  EXPECT_EQ(jpeg.size(), (Size{772, 258}));

  const auto png = parse_picture_header("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x05\0\0\0\x02\xd0"s);
  EXPECT_EQ(png.kind, PictureKind::png);
  EXPECT_EQ(png.size(), (Size{1280, 720}));

  const auto lossy = "RIFF....WEBPVP8 ....\1\2\3\x9d\x01\x2a\x40\x01\xf0\0"s;
  EXPECT_EQ(parse_picture_header(lossy).size(), (Size{320, 240}));
  const auto lossless = "RIFF....WEBPVP8L....\x2f\x3f\xc1\x3b\0aaaaaaa"s;
  EXPECT_EQ(parse_picture_header(lossless).size(), (Size{320, 240}));
  const auto extended = "RIFF....WEBPVP8X....\x10\0\0\0\x3f\x01\0\xef\0\0"s;
  EXPECT_EQ(parse_picture_header(extended).size(), (Size{320, 240}));
  EXPECT_EQ(parse_picture_header(extended).kind, PictureKind::webp);
}

TEST(PictureHeader, TurnsTheSizeByTheOrientation) {
  const auto little = "II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0"s;
  const auto turned = parse_picture_header("\xff\xd8"s + exif(little) + kFrame);
  EXPECT_EQ(turned.orientation, 6);
  EXPECT_EQ(turned.size(), (Size{258, 772}));
  const auto big = "MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x03\0\0"s;
  EXPECT_EQ(parse_picture_header("\xff\xd8"s + exif(big) + kFrame).orientation, 3);
  const auto absurd = "II*\0\xff\xff\xff\xff"s;
  EXPECT_EQ(parse_picture_header("\xff\xd8"s + exif(absurd) + kFrame).orientation, 1);
}

TEST(PictureHeader, TellsDocumentsByTheirContent) {
  const struct {
    std::string bytes;
    PictureKind kind;
  } cases[] = {
      {"%PDF-1.7\n", PictureKind::pdf},
      {std::string(500, '\0') + "%PDF-1.4", PictureKind::pdf},
      {"<svg xmlns='http://www.w3.org/2000/svg'/>", PictureKind::svg},
      {"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- <html> -->\n<!DOCTYPE svg [<!ENTITY a '>'>]> <svg>",
       PictureKind::svg},
      {"<s:svg xmlns:s='http://www.w3.org/2000/svg'/>", PictureKind::svg},
      {"<!DOCTYPE html><html><svg/></html>", PictureKind::none},
      {"<!-- <svg", PictureKind::none},
      {"<?xml", PictureKind::none},
      {"<!DOCTYPE svg [", PictureKind::none},
      {"", PictureKind::none},
      {"   ", PictureKind::none},
      {"hello", PictureKind::none},
  };
  for (const auto& c : cases) EXPECT_EQ(parse_picture_header(c.bytes).kind, c.kind) << c.bytes;
}

TEST(PictureHeader, SurvivesEveryTruncation) {
  const auto tiff = "II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0"s;
  for (const auto& whole :
       {"\xff\xd8"s + exif(tiff) + kFrame, "RIFF....WEBPVP8X....\x10\0\0\0\x3f\x01\0\xef\0\0"s,
        "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x05\0\0\0\x02\xd0"s})
    for (std::size_t length = 0; length + 8 < whole.size(); ++length) {
      const auto header = parse_picture_header(std::string_view{whole}.substr(0, length));
      EXPECT_EQ(header.size().width * header.size().height, 0) << length;
    }
}

}  // namespace
}  // namespace rostrum
