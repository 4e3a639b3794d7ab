// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/ogg_pages.h"

#include "core/cue_time.h"

#include <array>
#include <cstdio>

namespace rostrum::ogg {

namespace {

constexpr std::size_t kMostComments = 50'000;  // bytes: all stand on one page
constexpr std::size_t kChecksum = 22;          // its place in a page's header

// Polynomial 0x04c11db7, from 0, not reflected.
constexpr std::array<std::uint32_t, 256> crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i << 24;
    for (int bit = 0; bit < 8; ++bit) crc = (crc << 1) ^ (crc & 0x80000000U ? 0x04c11db7U : 0U);
    table[i] = crc;
  }
  return table;
}

std::uint32_t checksum(View page) {
  static constexpr auto kTable = crc_table();
  std::uint32_t crc = 0;
  for (const auto byte : page) crc = crc << 8 ^ kTable[(crc >> 24 ^ byte) & 0xff];
  return crc;
}

void little(Bytes& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

void text(Bytes& out, std::string_view words) { out.insert(out.end(), words.begin(), words.end()); }

}  // namespace

void PageWriter::add(View packet) {
  for (std::size_t left = packet.size();; left -= 255) {
    lacing_.push_back(static_cast<std::uint8_t>(left < 255 ? left : 255));
    if (left < 255) break;
  }
  body_.insert(body_.end(), packet.begin(), packet.end());
}

// RFC 3533, 6.
Bytes PageWriter::take(std::int64_t granule, PageFlags flags) {
  Bytes page;
  text(page, "OggS");
  page.push_back(0);
  page.push_back(static_cast<std::uint8_t>((flags.first ? 2 : 0) | (flags.last ? 4 : 0)));
  little(page, static_cast<std::uint64_t>(granule), 8);
  little(page, serial_, 4);
  little(page, sequence_++, 4);
  little(page, 0, 4);
  page.push_back(static_cast<std::uint8_t>(lacing_.size()));
  page.insert(page.end(), lacing_.begin(), lacing_.end());
  page.insert(page.end(), body_.begin(), body_.end());
  Bytes sum;
  little(sum, checksum(page), 4);
  std::copy(sum.begin(), sum.end(), page.begin() + kChecksum);
  lacing_.clear();
  body_.clear();
  return page;
}

Bytes opus_head(int channels, int pre_skip) {
  Bytes head;
  text(head, "OpusHead");
  head.push_back(1);
  head.push_back(static_cast<std::uint8_t>(channels));
  little(head, static_cast<std::uint64_t>(pre_skip), 2);
  little(head, 48000, 4);
  little(head, 0, 2);  // gain
  head.push_back(0);   // mapping family: mono or stereo
  return head;
}

Bytes opus_tags(const std::vector<std::string>& comments) {
  Bytes tags;
  text(tags, "OpusTags");
  const auto block = comment_block(comments);
  tags.insert(tags.end(), block.begin(), block.end());
  return tags;
}

std::vector<std::string> comments(const std::string& title, const std::vector<Chapter>& chapters) {
  std::vector<std::string> found;
  if (!title.empty()) found.push_back("TITLE=" + title);
  int number = 0;
  std::size_t bytes = 0;
  for (const auto& chapter : chapters) {
    bytes += chapter.title.size() + 64;
    if (bytes > kMostComments) break;
    char key[24];
    std::snprintf(key, sizeof key, "CHAPTER%03d", ++number);
    found.push_back(std::string{key} + "=" + cue_time(chapter.start));
    found.push_back(std::string{key} + "NAME=" + chapter.title);
  }
  return found;
}

Bytes comment_block(const std::vector<std::string>& comments) {
  constexpr std::string_view kVendor = "rostrum";
  Bytes block;
  little(block, kVendor.size(), 4);
  text(block, kVendor);
  little(block, comments.size(), 4);
  for (const auto& comment : comments) {
    little(block, comment.size(), 4);
    text(block, comment);
  }
  return block;
}

}  // namespace rostrum::ogg
