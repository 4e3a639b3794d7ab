// SPDX-License-Identifier: LGPL-2.1-or-later
// The text track follows the QuickTime File Format Specification, "Chapter Lists" and "Text Media";
// 'chpl' is not in any standard, its layout is that of Nero's files.
#include "core/mp4_chapters.h"

#include <algorithm>
#include <limits>

namespace rostrum::mp4 {

namespace {

constexpr std::size_t kListTitle = 255;
constexpr std::size_t kTextTitle = 65535;
constexpr std::int64_t kListUnit = 100;  // ns
// Text encoding atom at the end of a sample: 'encd', UTF-8.
constexpr std::uint8_t kEncoding[] = {0, 0, 0, 12, 'e', 'n', 'c', 'd', 0, 0, 1, 0};

std::uint64_t ticks(Nanoseconds t, std::uint32_t timescale) {
  return static_cast<std::uint64_t>(scale_round(t.count(), timescale, 1'000'000'000));
}

void write_matrix(Writer& out) {
  for (const std::uint32_t v : {0x10000U, 0U, 0U, 0U, 0x10000U, 0U, 0U, 0U, 0x40000000U})
    out.u32(v);
}

void write_track_header(Writer& out, const TextTrack& track) {
  const int version = track.movie_duration > std::numeric_limits<std::uint32_t>::max() ? 1 : 0;
  // in the movie, but not enabled: it is not to be shown as subtitles
  out.full_box(fourcc("tkhd"), version, 2, [&] {
    out.word(version, 0);
    out.word(version, 0);
    out.u32(track.id);
    out.u32(0);
    out.word(version, track.movie_duration);
    out.zeros(16);  // reserved, layer, group, volume
    write_matrix(out);
    out.zeros(8);  // size
  });
}

void write_media_header(Writer& out, const TextTrack& track) {
  const int version = track.duration > std::numeric_limits<std::uint32_t>::max() ? 1 : 0;
  out.full_box(fourcc("mdhd"), version, 0, [&] {
    out.word(version, 0);
    out.word(version, 0);
    out.u32(track.timescale);
    out.word(version, track.duration);
    out.u16(0x55c4);  // "und"
    out.u16(0);
  });
  out.full_box(fourcc("hdlr"), 0, 0, [&] {
    out.text("mhlrtext");
    out.zeros(13);
  });
}

void write_base_media_header(Writer& out) {
  out.box(fourcc("gmhd"), [&] {
    out.full_box(fourcc("gmin"), 0, 0, [&] {
      for (const int v : {0x40, 0x8000, 0x8000, 0x8000, 0, 0})
        out.u16(static_cast<std::uint64_t>(v));
    });
    out.box(fourcc("text"), [&] { write_matrix(out); });
  });
  out.box(fourcc("dinf"), [&] {
    out.full_box(fourcc("dref"), 0, 0, [&] {
      out.u32(1);
      out.full_box(fourcc("url "), 0, 1, [] {});
    });
  });
}

void write_description(Writer& out) {
  out.full_box(fourcc("stsd"), 0, 0, [&] {
    out.u32(1);
    out.box(fourcc("text"), [&] {
      out.zeros(6);
      out.u16(1);  // data reference
      out.u32(1);  // display flags
      out.u32(1);  // centred
      out.zeros(35);
    });
  });
}

void write_sample_table(Writer& out, const std::vector<Chapter>& chapters, const TextTrack& track) {
  const std::size_t count = chapters.size();
  out.full_box(fourcc("stts"), 0, 0, [&] {
    out.u32(count);
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t end =
          i + 1 < count ? ticks(chapters[i + 1].start, track.timescale) : track.duration;
      out.u32(1);
      out.u32(end - ticks(chapters[i].start, track.timescale));
    }
  });
  out.full_box(fourcc("stsc"), 0, 0, [&] {
    for (const std::size_t v : {std::size_t{1}, std::size_t{1}, count, std::size_t{1}}) out.u32(v);
  });
  out.full_box(fourcc("stsz"), 0, 0, [&] {
    out.u32(0);
    out.u32(count);
    for (const Bytes& sample : text_samples(chapters)) out.u32(sample.size());
  });
  out.full_box(track.wide ? fourcc("co64") : fourcc("stco"), 0, 0, [&] {
    out.u32(1);
    out.word(track.wide ? 1 : 0, track.offset);
  });
}

}  // namespace

std::string_view utf8_prefix(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<std::uint8_t>(text[bytes]) & 0xc0) == 0x80) --bytes;
  return text.substr(0, bytes);
}

std::vector<Chapter> playable_chapters(std::vector<Chapter> chapters, Nanoseconds duration,
                                       const std::string& title) {
  std::stable_sort(chapters.begin(), chapters.end(),
                   [](const Chapter& a, const Chapter& b) { return a.start < b.start; });
  std::vector<Chapter> kept;
  for (Chapter& chapter : chapters) {
    chapter.start = std::max(chapter.start, Nanoseconds{0});
    if (chapter.start >= duration) continue;
    // players show milliseconds; anything closer has no length
    if (!kept.empty() && chapter.start - kept.back().start < 1ms)
      kept.back().title = std::move(chapter.title);
    else
      kept.push_back(std::move(chapter));
  }
  if (kept.empty()) return kept;
  if (kept.front().start >= 1ms)
    kept.insert(kept.begin(), Chapter{0ns, title.empty() ? "0:00" : title});
  kept.front().start = 0ns;
  return kept;
}

void write_chapter_list(Writer& out, const std::vector<Chapter>& chapters) {
  const std::size_t count = std::min(chapters.size(), kMostListed);
  out.full_box(fourcc("chpl"), 1, 0, [&] {
    out.u32(0);
    out.u8(count);
    for (std::size_t i = 0; i < count; ++i) {
      const auto title = utf8_prefix(chapters[i].title, kListTitle);
      out.u64(static_cast<std::uint64_t>(chapters[i].start.count() / kListUnit));
      out.u8(title.size());
      out.text(title);
    }
  });
}

std::optional<std::vector<Chapter>> read_chapter_list(View chpl) {
  Reader r{chpl};
  const int version = r.u8();
  r.skip(3);
  if (version == 1) r.skip(4);
  const std::size_t count = r.u8();
  std::vector<Chapter> chapters;
  for (std::size_t i = 0; i < count && r.ok(); ++i) {
    const std::uint64_t start = r.u64();
    const View title = r.take(r.u8());
    if (start > static_cast<std::uint64_t>(Nanoseconds::max().count() / kListUnit)) return {};
    chapters.push_back({Nanoseconds{static_cast<std::int64_t>(start) * kListUnit},
                        std::string(title.begin(), title.end())});
  }
  if (!r.ok()) return {};
  return chapters;
}

std::vector<Bytes> text_samples(const std::vector<Chapter>& chapters) {
  std::vector<Bytes> samples;
  for (const Chapter& chapter : chapters) {
    Writer out;
    const auto title = utf8_prefix(chapter.title, kTextTitle);
    out.u16(title.size());
    out.text(title);
    out.raw(kEncoding);
    samples.push_back(out.release());
  }
  return samples;
}

std::string read_text_sample(View sample) {
  Reader r{sample};
  const View title = r.take(r.u16());
  return {title.begin(), title.end()};
}

void write_text_track(Writer& out, const std::vector<Chapter>& chapters, const TextTrack& track) {
  out.box(fourcc("trak"), [&] {
    write_track_header(out, track);
    out.box(fourcc("mdia"), [&] {
      write_media_header(out, track);
      out.box(fourcc("minf"), [&] {
        write_base_media_header(out);
        out.box(fourcc("stbl"), [&] {
          write_description(out);
          write_sample_table(out, chapters, track);
        });
      });
    });
  });
}

}  // namespace rostrum::mp4
