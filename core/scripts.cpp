// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/scripts.h"

#include <array>
#include <cstdio>

namespace rostrum {

namespace {

constexpr std::string_view kDejavu = "fonts-dejavu-core";
constexpr std::string_view kNoto = "fonts-noto-core";
constexpr std::string_view kCjk = "fonts-noto-cjk";
constexpr std::string_view kEmoji = "fonts-noto-color-emoji";

constexpr std::array<Script, 11> kScripts{{{"Latin", "AĆŐßñ", kDejavu},
                                           {"Cyrillic", "АЁЇў", kDejavu},
                                           {"Greek", "ΑΏσ", kDejavu},
                                           {"Arabic", "سلام", kDejavu},
                                           {"Hebrew", "שלום", kNoto},
                                           {"Devanagari", "नमस्ते", kNoto},
                                           {"Thai", "สวัสดี", kNoto},
                                           {"Han", "中文", kCjk},
                                           {"Kana", "かカ", kCjk},
                                           {"Hangul", "한국", kCjk},
                                           {"emoji", "😀", kEmoji}}};

struct Block {
  char32_t first;
  char32_t last;
  std::string_view package;
};

constexpr Block kBlocks[] = {
    {0x0000, 0x052f, kDejavu}, {0x0600, 0x06ff, kDejavu}, {0x1100, 0x11ff, kCjk},
    {0x1e00, 0x1fff, kDejavu}, {0x2600, 0x27bf, kDejavu}, {0x2e80, 0x9fff, kCjk},
    {0xa960, 0xa97f, kCjk},    {0xac00, 0xd7ff, kCjk},    {0xf900, 0xfaff, kCjk},
    {0xfe30, 0xfe4f, kCjk},    {0xff00, 0xffef, kCjk},    {0x1f000, 0x1faff, kEmoji},
    {0x20000, 0x3ffff, kCjk}};

}  // namespace

std::span<const Script> common_scripts() { return kScripts; }

std::string_view font_package(char32_t c) {
  for (const auto& block : kBlocks)
    if (c >= block.first && c <= block.last) return block.package;
  return kNoto;
}

std::string code_point_name(char32_t c) {
  char text[16];
  std::snprintf(text, sizeof text, "U+%04X", static_cast<unsigned>(c));
  return text;
}

}  // namespace rostrum
