// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/thumbnail_sheet.h"

#include <gtest/gtest.h>

namespace rostrum {
namespace {

TEST(ThumbnailSheet, CoversTheFilmWithoutAGap) {
  const auto sheets = thumbnail_sheets({1280, 720}, 25s, 10s, 0);
  EXPECT_EQ(sheets.tile, (Size{160, 90}));
  EXPECT_EQ(sheets.times, (std::vector<Nanoseconds>{0s, 10s, 20s}));
  EXPECT_EQ(sheets.sheets(), 1u);
  EXPECT_EQ(sheets.size_of(0), (Size{480, 90}));
  EXPECT_EQ(thumbnail_text(sheets, {"talk-001.jpg"}),
            "WEBVTT\n"
            "\n00:00:00.000 --> 00:00:10.000\ntalk-001.jpg#xywh=0,0,160,90\n"
            "\n00:00:10.000 --> 00:00:20.000\ntalk-001.jpg#xywh=160,0,160,90\n"
            "\n00:00:20.000 --> 00:00:25.000\ntalk-001.jpg#xywh=320,0,160,90\n");
}

TEST(ThumbnailSheet, AHundredPicturesFillASheet) {
  const auto sheets = thumbnail_sheets({640, 480}, 3h + 20s, 100s, 64);
  ASSERT_EQ(sheets.times.size(), 109u);
  EXPECT_EQ(sheets.sheets(), 2u);
  EXPECT_EQ(sheets.size_of(0), (Size{640, 480}));
  EXPECT_EQ(sheets.size_of(1), (Size{640, 48}));
  EXPECT_EQ(sheets.pictures_of(1), 9u);
  EXPECT_EQ(sheets.place_of(99), (Rect{576, 432, 64, 48}));
  EXPECT_EQ(sheets.place_of(101), (Rect{64, 0, 64, 48}));
  const auto text = thumbnail_text(sheets, {"a.jpg", "b.jpg"});
  EXPECT_NE(text.find("\n03:00:00.000 --> 03:00:20.000\nb.jpg#xywh=512,0,64,48\n"),
            std::string::npos)
      << text;
}

TEST(ThumbnailSheet, SheetsAreNumberedBesideTheText) {
  EXPECT_EQ(sheet_path("web/a.b.vtt", 0), "web/a.b-001.jpg");
  EXPECT_EQ(sheet_path("a.vtt", 1233), "a-1234.jpg");
}

TEST(ThumbnailSheet, AFrameIsShownUntilTheNext) {
  const FrameGrid grid{{25, 1}};
  EXPECT_EQ(frame_shown_at(grid, 0ns), 0);
  EXPECT_EQ(frame_shown_at(grid, 39ms), 0);
  EXPECT_EQ(frame_shown_at(grid, 40ms), 1);
  EXPECT_EQ(frame_shown_at(grid, 79'999'999ns), 1);
}

}  // namespace
}  // namespace rostrum
