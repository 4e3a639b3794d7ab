// SPDX-License-Identifier: LGPL-2.1-or-later
// Ogg pages (RFC 3533) of one Opus stream (RFC 7845).
#pragma once

#include "core/mp4_box.h"
#include "core/plan.h"

#include <cstdint>
#include <string>
#include <vector>

namespace rostrum::ogg {

using mp4::Bytes;
using mp4::View;

struct PageFlags {
  bool first = false;
  bool last = false;
};

// Packs packets into pages, all of one logical stream.
class PageWriter {
 public:
  explicit PageWriter(std::uint32_t serial) : serial_{serial} {}

  // Whether a packet of so many bytes has room on the page in hand.
  bool fits(std::size_t packet) const { return lacing_.size() + packet / 255 + 1 <= 255; }
  bool empty() const { return lacing_.empty(); }
  // Adds a packet, which must fit.
  void add(View packet);
  // Ends the page; `granule`: where its last packet ends.
  Bytes take(std::int64_t granule, PageFlags flags = {});

 private:
  std::uint32_t serial_;
  std::uint32_t sequence_ = 0;
  Bytes lacing_;
  Bytes body_;
};

// RFC 7845, 5.1 and 5.2.
Bytes opus_head(int channels, int pre_skip);
Bytes opus_tags(const std::vector<std::string>& comments);

// "TITLE=...", and CHAPTERnnn with CHAPTERnnnNAME of each chapter.
std::vector<std::string> comments(const std::string& title, const std::vector<Chapter>& chapters);

// A vorbis comment header (RFC 9639, 8.6, and RFC 7845, 5.2, after its magic).
Bytes comment_block(const std::vector<std::string>& comments);

}  // namespace rostrum::ogg
