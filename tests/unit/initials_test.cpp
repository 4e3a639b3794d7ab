// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/initials.h"

#include "core/scripts.h"
#include "core/utf8.h"

#include <gtest/gtest.h>

#include <set>

namespace rostrum {
namespace {

TEST(Initials, AreTheFirstLettersOfTheFirstTwoWords) {
  EXPECT_EQ(initials("Anna Petrova"), "AP");
  EXPECT_EQ(initials("anna maria petrova"), "AM");
  EXPECT_EQ(initials("anna"), "A");
  EXPECT_EQ(initials("  anna \t petrova "), "AP");
  EXPECT_EQ(initials(""), "");
  EXPECT_EQ(initials(" \n"), "");
}

TEST(Initials, AreCodePointsOfAnyScript) {
  EXPECT_EQ(initials("анна ёлкина"), "АЁ");
  EXPECT_EQ(initials("ćilić šime"), "ĆŠ");
  EXPECT_EQ(initials("ōmega ņina ŵyn žižek"), "ŌŅ");
  EXPECT_EQ(initials("ŵyn žižek"), "ŴŽ");
  EXPECT_EQ(initials("αννα σοφία"), "ΑΣ");
  EXPECT_EQ(initials("אנה כהן"), "אכ");
  EXPECT_EQ(initials("王 小明"), "王小");
  EXPECT_EQ(initials("😀 smile"), "😀S");
}

TEST(Initials, LeaveAloneWhatHasNoSimpleUpperCase) {
  EXPECT_EQ(initials("ßa ıb"), "ßı");
  EXPECT_EQ(initials("÷ ×"), "÷×");
}

TEST(Initials, KeepTheMarksOfALetter) {
  EXPECT_EQ(initials("e\u0301va o\u0308tvo\u0308s"), "E\u0301O\u0308");
  EXPECT_EQ(initials("ab\u0301 c"), "AC");
}

TEST(Initials, PassOverPunctuation) {
  EXPECT_EQ(initials("(anna) \"petrova\""), "AP");
  EXPECT_EQ(initials("anna — petrova"), "AP");
  EXPECT_EQ(initials("o'neill"), "O");
  EXPECT_EQ(initials("-- !!"), "");
  EXPECT_EQ(initials("7 of nine"), "7O");
}

TEST(SingleLine, HasNeitherControlCharactersNorSpacesAtItsEnds) {
  EXPECT_EQ(single_line(" a\n\tb\x01 c\u00a0\u3000d "), "a b c d");
  EXPECT_EQ(single_line("Анна Петрова"), "Анна Петрова");
  EXPECT_EQ(clean_lines("a \n\n b\tc"), "a\n\nb c");
}

TEST(CardColor, IsQuietAndComesAgain) {
  std::set<std::uint32_t> colors;
  for (std::size_t i = 0; i < 8; ++i) {
    colors.insert(card_color(i));
    EXPECT_EQ(card_color(i), card_color(i + 8));
    for (const int shift : {16, 8, 0}) {
      EXPECT_GE(card_color(i) >> shift & 0xff, 0x30U);
      EXPECT_LE(card_color(i) >> shift & 0xff, 0x90U);
    }
  }
  EXPECT_EQ(colors.size(), 8U);
}

TEST(Utf8, ReplacesWhatIsNone) {
  EXPECT_EQ(code_points("aé中😀"), U"aé中😀");
  EXPECT_EQ(code_points("\xff"
                        "a\xc3"),
            U"\ufffda\ufffd");
  EXPECT_EQ(code_points("\xc0\x80"), U"\ufffd\ufffd");            // too long for what it says
  EXPECT_EQ(code_points("\xed\xa0\x80"), U"\ufffd\ufffd\ufffd");  // a surrogate
  for (const char32_t c : {U'a', U'é', U'中', U'😀'}) {
    std::string text;
    append_utf8(text, c);
    EXPECT_EQ(code_points(text), std::u32string(1, c));
  }
}

TEST(Scripts, NameThePackageThatDrawsTheirSample) {
  for (const auto& script : common_scripts())
    for (const char32_t c : code_points(script.sample))
      EXPECT_EQ(font_package(c), script.package) << script.name << " " << code_point_name(c);
  EXPECT_EQ(font_package(0x0bb5), "fonts-noto-core");  // Tamil
  EXPECT_EQ(code_point_name(0x4e2d), "U+4E2D");
  EXPECT_EQ(code_point_name(0x1f600), "U+1F600");
}

}  // namespace
}  // namespace rostrum
