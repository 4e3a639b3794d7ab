// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/text_picture.h"

#include "core/plan_overlays.h"
#include "core/slice.h"
#include "engine/chunk_keys.h"
#include "engine/text_layout.h"

#include <fontconfig/fontconfig.h>
#include <gtest/gtest.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>

#include <cstring>
#include <string>

using namespace rostrum;

namespace {

// A character that no font has, in a plane for private use.
constexpr char kNobodys[] = "\U0010fffd";

Overlay label(const std::string& text, Rect tile = {0, 0, 320, 180}) {
  auto overlay = label_on(tile, {1280, 720});
  overlay.frames = {0, 1};
  overlay.text = text;
  return overlay;
}

std::uint32_t pixel(const PlacedPicture& picture, int x, int y) {
  std::uint32_t value = 0;
  std::memcpy(&value,
              cairo_image_surface_get_data(picture.surface.get()) +
                  std::ptrdiff_t{y} * cairo_image_surface_get_stride(picture.surface.get()) + x * 4,
              sizeof value);
  return value;
}

std::string pixels(const PlacedPicture& picture) {
  std::string all;
  for (int y = 0; picture.surface && y < picture.rect.height; ++y)
    for (int x = 0; x < picture.rect.width; ++x) all += std::to_string(pixel(picture, x, y)) + " ";
  return all;
}

// The columns in which there is light text on the plate: [first, end).
std::pair<int, int> ink(const PlacedPicture& picture) {
  std::pair<int, int> found{picture.rect.width, 0};
  for (int y = 0; y < picture.rect.height; ++y)
    for (int x = 0; x < picture.rect.width; ++x)
      if ((pixel(picture, x, y) & 0xff) > 96)
        found = {std::min(found.first, x), std::max(found.second, x + 1)};
  return found;
}

// The default fonts replaced by one file, for the life of the object.
class OnlyFont {
 public:
  explicit OnlyFont(const std::string& path) : config_{FcConfigCreate()} {
    FcConfigAppFontAddFile(config_, reinterpret_cast<const FcChar8*>(path.c_str()));
    pango_fc_font_map_set_config(map(), config_);
  }
  ~OnlyFont() {
    pango_fc_font_map_set_config(map(), nullptr);
    FcConfigDestroy(config_);
  }
  OnlyFont(const OnlyFont&) = delete;
  OnlyFont& operator=(const OnlyFont&) = delete;

 private:
  static PangoFcFontMap* map() { return PANGO_FC_FONT_MAP(pango_cairo_font_map_get_default()); }

  FcConfig* config_;
};

std::string file_of(const std::string& pattern) {
  auto* wanted = FcNameParse(reinterpret_cast<const FcChar8*>(pattern.c_str()));
  FcConfigSubstitute(nullptr, wanted, FcMatchPattern);
  FcDefaultSubstitute(wanted);
  FcResult result{};
  auto* found = FcFontMatch(nullptr, wanted, &result);
  FcChar8* file = nullptr;
  FcPatternGetString(found, FC_FILE, 0, &file);
  const std::string path = reinterpret_cast<const char*>(file);
  FcPatternDestroy(found);
  FcPatternDestroy(wanted);
  return path;
}

}  // namespace

TEST(TextPicture, ALabelIsAsLongAsItsText) {
  const auto shorter = draw_text(label("Anna"));
  const auto longer = draw_text(label("Anna Petrova"));
  ASSERT_TRUE(shorter.surface && longer.surface);
  EXPECT_LT(shorter.rect.width, longer.rect.width);
  for (const auto* picture : {&shorter, &longer}) {
    EXPECT_EQ(picture->rect.x, label("").rect.x);
    EXPECT_EQ(picture->rect.height, label("").rect.height);
    const auto [first, end] = ink(*picture);
    EXPECT_GE(first, 6);
    EXPECT_LE(first, 10);
    EXPECT_LE(end, picture->rect.width - 6);
  }
}

TEST(TextPicture, ALongNameEndsInAnEllipsisWithinThePlate) {
  const auto o = label("Anna " + std::string(200, 'e'));
  const auto picture = draw_text(o);
  ASSERT_TRUE(picture.surface);
  EXPECT_LE(picture.rect.width, o.rect.width);
  EXPECT_GT(picture.rect.width, o.rect.width - 24);
  EXPECT_LE(ink(picture).second, picture.rect.width - 6);
  EXPECT_EQ(pixels(picture), pixels(draw_text(label("Anna " + std::string(900, 'e')))));
}

TEST(TextPicture, RightToLeftNamesStandAtTheLeftToo) {
  const std::string word = "אנה ";
  std::string many;
  for (int i = 0; i < 60; ++i) many += word;
  for (const auto& text : {word + "כהן", many}) {
    const auto o = label(text);
    const auto picture = draw_text(o);
    ASSERT_TRUE(picture.surface);
    EXPECT_EQ(picture.rect.x, o.rect.x);
    EXPECT_LE(picture.rect.width, o.rect.width);
    const auto [first, end] = ink(picture);
    EXPECT_GE(first, 5);
    EXPECT_LE(end, picture.rect.width - 5);
    EXPECT_GT(end, picture.rect.width - 24);
  }
  EXPECT_LT(draw_text(label(word)).rect.width, label("").rect.width / 2);
}

TEST(TextPicture, PlatesAreRoundAndLetThePictureThrough) {
  const auto picture = draw_text(label("Anna"));
  EXPECT_EQ(pixel(picture, 0, 0) >> 24, 0U);
  const auto plate = pixel(picture, picture.rect.width / 2, 1);
  EXPECT_NEAR(static_cast<int>(plate >> 24), 153, 2);
  EXPECT_EQ(plate & 0xffffff, 0U);
}

TEST(TextPicture, LeavesOutWhatNoFontHas) {
  EXPECT_EQ(undrawable(std::string{"A"} + kNobodys + "B" + kNobodys),
            (std::vector<char32_t>{0x10fffd}));
  EXPECT_TRUE(undrawable("Anna Петрова").empty());
  EXPECT_EQ(drawable(std::string{"A"} + kNobodys + "B"), "AB");
  EXPECT_EQ(pixels(draw_text(label(std::string{"A"} + kNobodys))), pixels(draw_text(label("A"))));
  EXPECT_FALSE(draw_text(label(kNobodys)).surface);
}

TEST(TextPicture, NamesInitialsAndCardsStandInTheMiddleOfTheirPlace) {
  for (const auto kind : {OverlayKind::names, OverlayKind::initials, OverlayKind::card}) {
    Overlay o;
    o.kind = kind;
    o.rect = {100, 50, 400, 300};
    o.size = 40;
    o.text = kind == OverlayKind::initials ? "OO" : "OO\nOO";
    const auto [x, y, width, height] = draw_text(o).rect;
    EXPECT_NEAR(x + width / 2, 300, 3);
    EXPECT_NEAR(y + height / 2, 200, 4);
    EXPECT_LT(width, 200);
    for (const int side : {x, y, width, height}) EXPECT_EQ(side % 2, 0);
  }
}

TEST(TextPicture, ACardWrapsAndShrinksItsTitleToFit) {
  Overlay o;
  o.kind = OverlayKind::card;
  o.rect = {0, 0, 600, 200};
  o.size = 72;
  o.text = "Title";
  const auto one_line = draw_text(o).rect;
  o.text =
      "A title of so many words that they need more than one line of the card, however it is cut";
  o.detail = "and what stands below it";
  const auto whole = draw_text(o).rect;
  EXPECT_GT(whole.height, one_line.height);
  EXPECT_LT(whole.height, 200);
  o.text = std::string(60, 'm');  // one word, not broken but shrunk
  o.detail.clear();
  EXPECT_LT(draw_text(o).rect.height, one_line.height);
  o.text = std::string(4000, 'm');
  const auto most = draw_text(o).rect;
  EXPECT_LE(most.width, 600);
  EXPECT_LE(most.height, 200);
}

TEST(Fonts, OfATextAreNamedWithTheirFiles) {
  const auto fonts = fonts_of("Anna");
  ASSERT_FALSE(fonts.empty());
  for (const auto& font : fonts) EXPECT_NE(font.find("\t/"), std::string::npos) << font;
}

TEST(ChunkKeys, ChangeWithTheBuildsOfWhatRenders) {
  EXPECT_EQ(ChunkKeys{"libvpx.so.7 a\n"}.of({}), ChunkKeys{"libvpx.so.7 a\n"}.of({}));
  EXPECT_NE(ChunkKeys{"libvpx.so.7 a\n"}.of({}), ChunkKeys{"libvpx.so.7 b\n"}.of({}));
}

TEST(Fonts, AreInTheKeyOfAChunkThatShowsText) {
  ChunkJob job;
  job.slice.canvas = {1280, 720};
  job.slice.frames = {0, 1};
  const auto key = [&] { return ChunkKeys{{}}.of(job); };
  const auto without = key();
  job.slice.overlays = {label("Anna")};
  const auto with = key();
  EXPECT_EQ(key(), with);
  const auto serif = file_of("serif");
  ASSERT_NE(serif, file_of("sans"));
  {
    const OnlyFont font{serif};
    EXPECT_NE(key(), with);
    job.slice.overlays.clear();
    EXPECT_EQ(key(), without);
    job.slice.overlays = {label("Anna")};
  }
  EXPECT_EQ(key(), with);
}
