// SPDX-License-Identifier: LGPL-2.1-or-later
// Section numbers are those of RFC 9559.
#include "core/matroska_read.h"

#include <bit>
#include <cmath>
#include <utility>

namespace rostrum::matroska {

namespace {

constexpr std::uint32_t kFile = 0x1A45DFA3, kSegment = 0x18538067, kInfo = 0x1549A966,
                        kChapters = 0x1043A770, kCues = 0x1C53BB6B, kCluster = 0x1F43B675,
                        kTracks = 0x1654AE6B;
constexpr double kLongest = 1000.0 * 3600 * 1e9;  // ns: more is absurd
constexpr double kUsualScale = 1e6;

// A variable-size integer (RFC 8794, 4), with its marker or without.
std::optional<std::uint64_t> vint(mp4::Reader& r, bool marker) {
  const std::uint64_t first = r.u8();
  if (!r.ok() || first == 0) return {};
  const int length = std::countl_zero(static_cast<std::uint8_t>(first)) + 1;
  auto value = marker ? first : first & ((1U << (8 - length)) - 1);
  for (int i = 1; i < length; ++i) value = value << 8 | r.u8();
  return r.ok() ? std::optional{value} : std::nullopt;
}

// Calls `see(id, body)` for each whole element; false when one is broken.
template <typename See>
bool walk(View body, See&& see) {
  for (mp4::Reader r{body}; r.left() > 0;) {
    const auto id = vint(r, true);
    const auto size = id ? vint(r, false) : std::nullopt;
    if (!size || *size > r.left()) return false;
    see(static_cast<std::uint32_t>(*id), r.take(static_cast<std::size_t>(*size)));
  }
  return true;
}

std::uint64_t number(View body) {
  std::uint64_t value = 0;
  for (const auto byte : body) value = value << 8 | byte;
  return value;
}

double real(View body) {
  if (body.size() == 4)
    return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(number(body))));
  return body.size() == 8 ? std::bit_cast<double>(number(body)) : 0;
}

// Whole nanoseconds, 0 where that makes no sense.
Nanoseconds sane(double ns) {
  return std::isfinite(ns) && ns >= 0 && ns <= kLongest ? Nanoseconds{std::llround(ns)} : 0ns;
}

void read_chapter(View atom, Facts& facts) {
  Chapter chapter{};
  walk(atom, [&](std::uint32_t id, View body) {
    if (id == 0x91) chapter.start = sane(static_cast<double>(number(body)));
    if (id == 0x80)
      walk(body, [&](std::uint32_t inside, View text) {
        if (inside == 0x85) chapter.title.assign(text.begin(), text.end());
      });
  });
  facts.chapters.push_back(std::move(chapter));
}

// 5.1.7: of the first edition.
void read_chapters(View chapters, Facts& facts) {
  bool first = true;
  walk(chapters, [&](std::uint32_t id, View edition) {
    if (id != 0x45B9 || !std::exchange(first, false)) return;
    walk(edition, [&](std::uint32_t inside, View atom) {
      if (inside == 0xB6) read_chapter(atom, facts);
    });
  });
}

// 5.1.4: of the first track of pictures.
void read_tracks(View tracks, Facts& facts) {
  walk(tracks, [&](std::uint32_t id, View entry) {
    if (id != 0xAE || facts.frame != 0ns) return;
    std::uint64_t type = 0;
    std::uint64_t length = 0;
    walk(entry, [&](std::uint32_t inside, View body) {
      if (inside == 0x83) type = number(body);
      if (inside == 0x23E383) length = number(body);
    });
    if (type == 1) facts.frame = sane(static_cast<double>(length));
  });
}

struct Scaled {
  double scale = kUsualScale;  // ns of a tick
  double duration = 0;         // ticks
  std::vector<std::uint64_t> cues;
};

void read_info(View info, Scaled& scaled) {
  walk(info, [&](std::uint32_t id, View body) {
    if (id == 0x2AD7B1) scaled.scale = static_cast<double>(number(body));
    if (id == 0x4489) scaled.duration = real(body);
  });
}

void read_cues(View cues, Scaled& scaled) {
  walk(cues, [&](std::uint32_t id, View point) {
    if (id != 0xBB) return;
    walk(point, [&](std::uint32_t inside, View body) {
      if (inside == 0xB3) scaled.cues.push_back(number(body));
    });
  });
}

// The segment's elements up to its first cluster.
bool read_segment(mp4::Reader& r, Facts& facts) {
  Scaled scaled;
  while (r.left() > 0) {
    const auto id = vint(r, true);
    const auto size = id ? vint(r, false) : std::nullopt;
    if (!size) return false;
    if (*id == kCluster) break;
    if (*size > r.left()) return false;
    const auto body = r.take(static_cast<std::size_t>(*size));
    if (*id == kInfo) read_info(body, scaled);
    if (*id == kTracks) read_tracks(body, facts);
    if (*id == kChapters) read_chapters(body, facts);
    if (*id == kCues) read_cues(body, scaled);
  }
  facts.duration = sane(scaled.duration * scaled.scale);
  for (const auto cue : scaled.cues)
    facts.entrances.push_back(sane(static_cast<double>(cue) * scaled.scale));
  return true;
}

}  // namespace

bool is_matroska(View head) {
  mp4::Reader r{head};
  return r.u32() == kFile && r.ok();
}

std::optional<Facts> read_facts(View head) {
  mp4::Reader r{head};
  const auto file = vint(r, true);
  const auto skipped = file ? vint(r, false) : std::nullopt;
  if (file != kFile || !skipped || *skipped > r.left()) return {};
  r.skip(static_cast<std::size_t>(*skipped));
  const auto segment = vint(r, true);
  if (segment != kSegment || !vint(r, false)) return {};
  Facts facts;
  if (!read_segment(r, facts)) return {};
  return facts;
}

}  // namespace rostrum::matroska
