// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/mp4_chapters.h"
#include "core/mp4_movie.h"
#include "core/mp4_rewrite.h"

#include <gtest/gtest.h>
#include <limits>
#include <numeric>

namespace rostrum::mp4 {
namespace {

struct TrackSpec {
  FourCc handler;
  std::uint32_t timescale;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> durations;  // count, ticks
  std::int32_t media_time;
  std::vector<std::uint32_t> offsets;
};

void write_sample_table(Writer& w, const TrackSpec& t) {
  std::uint32_t samples = 0;
  w.full_box(fourcc("stts"), 0, 0, [&] {
    w.u32(t.durations.size());
    for (const auto& [count, ticks] : t.durations) w.u32(count), w.u32(ticks), samples += count;
  });
  w.full_box(fourcc("stsz"), 0, 0, [&] { w.u32(10), w.u32(samples); });
  w.full_box(fourcc("stco"), 0, 0, [&] {
    w.u32(t.offsets.size());
    for (const auto offset : t.offsets) w.u32(offset);
  });
}

void write_track(Writer& w, std::uint32_t id, const TrackSpec& t) {
  w.box(fourcc("trak"), [&] {
    w.full_box(fourcc("tkhd"), 0, 7, [&] { w.u32(9), w.u32(9), w.u32(id), w.zeros(68); });
    w.box(fourcc("edts"), [&] {
      w.full_box(fourcc("elst"), 0, 0, [&] {
        w.u32(1), w.u32(1000), w.u32(static_cast<std::uint32_t>(t.media_time)), w.u32(0x10000);
      });
    });
    w.box(fourcc("mdia"), [&] {
      w.full_box(fourcc("mdhd"), 0, 0,
                 [&] { w.u32(9), w.u32(9), w.u32(t.timescale), w.u32(0), w.u32(0x55c40000); });
      w.full_box(fourcc("hdlr"), 0, 0, [&] { w.u32(0), w.u32(t.handler), w.zeros(13); });
      w.box(fourcc("minf"), [&] { w.box(fourcc("stbl"), [&] { write_sample_table(w, t); }); });
    });
  });
}

// The body of a movie box as mp4mux would write it.
Bytes movie(const std::vector<TrackSpec>& tracks) {
  Writer w;
  w.full_box(fourcc("mvhd"), 0, 0, [&] {
    w.u32(9), w.u32(9), w.u32(2500), w.u32(7553), w.zeros(76), w.u32(tracks.size() + 1);
  });
  for (std::size_t i = 0; i < tracks.size(); ++i)
    write_track(w, static_cast<std::uint32_t>(i + 1), tracks[i]);
  return w.release();
}

// 3 s at 25/1; 144000 samples after 1024 of priming.
const TrackSpec kPicture{fourcc("vide"), 2500, {{75, 100}}, 200, {48, 1000}};
const TrackSpec kSound{fourcc("soun"), 48000, {{141, 1024}, {1, 640}}, 0, {500, 2000}};
const Payload kPayload{40, 5000, 32};

View body(const Bytes& box) { return View{box}.subspan(8); }

TEST(Mp4Box, ReadsHeaders) {
  struct Case {
    Bytes bytes;
    bool good;
    std::uint64_t size;
  };
  const std::vector<Case> cases = {
      {{}, false, 0},
      {{0, 0, 0, 8, 'f', 'r', 'e'}, false, 0},
      {{0, 0, 0, 8, 'f', 'r', 'e', 'e'}, true, 8},
      {{0, 0, 0, 7, 'f', 'r', 'e', 'e'}, false, 0},
      {{0, 0, 0, 0, 'm', 'd', 'a', 't'}, true, 0},
      {{0, 0, 0, 1, 'm', 'd', 'a', 't', 0, 0, 0, 2, 0, 0, 0, 0}, true, std::uint64_t{2} << 32},
      {{0, 0, 0, 1, 'm', 'd', 'a', 't', 0, 0, 0, 0, 0, 0, 0, 15}, false, 0},
      {{0, 0, 0, 1, 'm', 'd', 'a', 't', 0, 0, 0, 2}, false, 0},
  };
  for (const auto& c : cases) {
    const auto h = read_header(c.bytes);
    ASSERT_EQ(h.has_value(), c.good) << testing::PrintToString(c.bytes);
    if (h) {
      EXPECT_EQ(h->size, c.size);
    }
  }
}

TEST(Mp4Box, ChildrenMustFillTheBodyExactly) {
  const Bytes two = {0, 0, 0, 8, 'a', 'a', 'a', 'a', 0, 0, 0, 9, 'b', 'b', 'b', 'b', 7};
  ASSERT_TRUE(children(two));
  EXPECT_EQ(children(two)->size(), 2U);
  EXPECT_EQ(find(two, {fourcc("bbbb")})->body[0], 7);
  EXPECT_FALSE(children(View{two}.first(16)));
  Bytes ended = two;
  ended.insert(ended.end(), 4, 0);
  EXPECT_TRUE(children(ended));
  ended.back() = 1;
  EXPECT_FALSE(children(ended));
}

TEST(Mp4Movie, ReadsTracks) {
  const auto m = read_movie(movie({kPicture, kSound}));
  ASSERT_TRUE(m) << m.error().message;
  ASSERT_EQ(m->tracks.size(), 2U);
  EXPECT_EQ(m->timescale, 2500U);
  EXPECT_EQ(m->next_track_id, 3U);
  EXPECT_EQ(m->tracks[0].duration, 7500U);
  EXPECT_EQ(m->tracks[0].tick, 100U);
  EXPECT_EQ(m->tracks[0].edits, (std::vector<Edit>{{1000, 200}}));
  EXPECT_EQ(m->tracks[1].duration, 145024U);
  EXPECT_EQ(m->tracks[1].last_start, 144384U);
  EXPECT_EQ(m->tracks[1].samples, 142U);
  EXPECT_EQ(m->tracks[1].first_offset, 500U);
  EXPECT_EQ(m->tracks[1].last_offset, 2000U);
}

TEST(Mp4Rewrite, PictureAndSoundEndExactly) {
  const Bytes in = movie({kPicture, kSound});
  const auto out = rewrite_movie(in, {.audio_samples = 144000, .duration = 3s}, kPayload);
  ASSERT_TRUE(out) << out.error().message;
  const auto m = read_movie(body(out->moov));
  ASSERT_TRUE(m) << m.error().message;
  EXPECT_EQ(m->timescale, 48000U);
  EXPECT_EQ(m->tracks[0].edits, (std::vector<Edit>{{144000, 200}}));
  EXPECT_EQ(m->tracks[1].edits, (std::vector<Edit>{{144000, 1024}}));
  EXPECT_EQ(m->duration, 144385U);  // one unit past the start of the last packet
  EXPECT_EQ(m->next_track_id, 3U);
  EXPECT_TRUE(out->text.empty());
}

TEST(Mp4Rewrite, NtscTimesAreExactToo) {
  TrackSpec picture{fourcc("vide"), 30000, {{75, 1001}}, 2002, {48}};
  const Bytes in = movie({picture, kSound});
  const auto out =
      rewrite_movie(in, {.audio_samples = 120120, .duration = 2'502'500'000ns}, kPayload);
  const auto m = read_movie(body(out->moov));
  EXPECT_EQ(m->timescale, 240000U);
  EXPECT_EQ(m->tracks[0].edits[0].duration, 600600U);
  EXPECT_EQ(m->tracks[1].edits[0].duration, 600600U);
}

TEST(Mp4Rewrite, LengthsBeyondTheMediaAreCut) {
  const Bytes in = movie({kPicture, kSound});
  const auto out = rewrite_movie(in, {.audio_samples = 999999, .duration = 9s}, kPayload);
  const auto m = read_movie(body(out->moov));
  EXPECT_EQ(m->tracks[0].edits[0].duration, 144000U);
  EXPECT_EQ(m->tracks[1].edits[0].duration, 144000U);
}

TEST(Mp4Rewrite, LateStartsAreKept) {
  Writer w;
  Bytes in = movie({kPicture, kSound});
  // turn the one edit of the sound into an empty one: nothing of the media was presented before
  const auto at = std::search(in.rbegin(), in.rend(), "tsle", "tsle" + 4);
  in[static_cast<std::size_t>(at.base() - in.begin()) + 12] = 0xff;
  for (int i = 12; i < 16; ++i) in[static_cast<std::size_t>(at.base() - in.begin() + i)] = 0xff;
  const auto out = rewrite_movie(in, {.audio_samples = 144000}, kPayload);
  const auto m = read_movie(body(out->moov));
  EXPECT_EQ(m->tracks[1].edits, (std::vector<Edit>{{19200, -1}, {144000, 1024}}));
}

TEST(Mp4Rewrite, ChunkOffsetsMoveWithTheSamples) {
  const Bytes in = movie({kPicture, kSound});
  const auto out = rewrite_movie(in, {.audio_samples = 144000}, kPayload);
  const auto m = read_movie(body(out->moov));
  const std::uint64_t shift = kPayload.prefix + out->moov.size() - kPayload.position;
  EXPECT_EQ(m->tracks[0].first_offset, 48 + shift);
  EXPECT_EQ(m->tracks[0].last_offset, 1000 + shift);
  EXPECT_EQ(m->tracks[1].first_offset, 500 + shift);
}

TEST(Mp4Rewrite, OffsetsGrowTo64BitsWhereTheyMust) {
  constexpr std::uint32_t kHigh = 0xffffff00;  // stco can still hold it, but not after the shift
  TrackSpec picture = kPicture;
  picture.offsets = {48, kHigh};
  const Bytes in = movie({picture, kSound});
  const Payload payload{40, 0xffffffffULL, 32};
  const MovieEdit edit{.chapters = {{0s, "one"}}, .audio_samples = 144000};
  const auto out = rewrite_movie(in, edit, payload);
  ASSERT_TRUE(out) << out.error().message;
  const auto m = read_movie(body(out->moov));
  const std::uint64_t shift = payload.prefix + out->moov.size() - payload.position;
  EXPECT_EQ(m->tracks[0].last_offset, kHigh + shift);
  EXPECT_GT(m->tracks[0].last_offset, std::numeric_limits<std::uint32_t>::max());
  const auto text = samples_of(body(out->moov), 3, 10);
  ASSERT_TRUE(text);
  EXPECT_EQ(text->at(0).offset, payload.prefix + out->moov.size() + payload.size + 8);
}

TEST(Mp4Rewrite, SoundIsDemandedAndForeignOffsetsRefused) {
  const Bytes silent = movie({kPicture});
  const Bytes both = movie({kPicture, kSound});
  EXPECT_TRUE(rewrite_movie(silent, {}, kPayload));
  EXPECT_EQ(rewrite_movie(silent, {.audio_samples = 1}, kPayload).error().kind, Kind::media);
  EXPECT_EQ(rewrite_movie(both, {}, {40, 1900, 32}).error().kind, Kind::media);
  EXPECT_EQ(rewrite_movie(both, {}, {60, 5000, 32}).error().kind, Kind::media);
}

TEST(Mp4Rewrite, LongerThan32BitsOfTimeUsesVersionOne) {
  TrackSpec picture{fourcc("vide"), 30000, {{1'078'921, 1001}}, 2002, {48}};  // ten hours
  TrackSpec sound{fourcc("soun"), 48000, {{1'687'502, 1024}}, 0, {500}};
  const Bytes in = movie({picture, sound});
  const auto out = rewrite_movie(
      in, {.chapters = {{0s, "a"}, {1h, "b"}}, .audio_samples = 1'728'000'000}, kPayload);
  const auto m = read_movie(body(out->moov));
  ASSERT_TRUE(m);
  EXPECT_EQ(m->tracks[0].edits[0].duration, std::uint64_t{1'078'921} * 8008);
  EXPECT_EQ(m->tracks[1].edits[0].duration, std::uint64_t{1'728'000'000} * 5);
  const auto text = samples_of(body(out->moov), 3, 10);
  ASSERT_TRUE(text);
  EXPECT_EQ(text->at(1).start, 3'600'000U);
}

TEST(Mp4Rewrite, ChaptersComeBack) {
  const std::vector<Chapter> chapters = {{0s, "Вступление"}, {1s, "Ein Überblick"}, {2s, ""}};
  const Bytes in = movie({kPicture, kSound});
  const auto out =
      rewrite_movie(in, {.chapters = chapters, .audio_samples = 144000, .title = "T"}, kPayload);
  const auto list = find(body(out->moov), {fourcc("udta"), fourcc("chpl")});
  ASSERT_TRUE(list);
  EXPECT_EQ(read_chapter_list(list->body), chapters);
  const auto m = read_movie(body(out->moov));
  EXPECT_EQ(m->tracks[0].chapters, std::vector<std::uint32_t>{3});
  const auto samples = samples_of(body(out->moov), 3, 10);
  ASSERT_TRUE(samples);
  std::uint64_t at = 8;
  for (std::size_t i = 0; i < chapters.size(); ++i) {
    EXPECT_EQ(samples->at(i).start, 48000 * i);
    EXPECT_EQ(read_text_sample(View{out->text}.subspan(at, samples->at(i).size)),
              chapters[i].title);
    at += samples->at(i).size;
  }
  EXPECT_EQ(at, out->text.size());
}

TEST(Mp4Rewrite, TheSameJobGivesTheSameBytes) {
  const MovieEdit edit{.chapters = {{0s, "a"}}, .audio_samples = 144000};
  Bytes later = movie({kPicture, kSound});
  const Bytes in = later;
  later[11] = 77;  // creation time
  EXPECT_EQ(rewrite_movie(in, edit, kPayload)->moov, rewrite_movie(later, edit, kPayload)->moov);
}

// Every byte damaged in turn: an error or a movie, but never an access out of bounds.
TEST(Mp4Rewrite, DamageIsHarmless) {
  const Bytes good = movie({kPicture, kSound});
  const MovieEdit edit{.chapters = {{0s, "a"}, {1s, "b"}}, .audio_samples = 144000, .title = "T"};
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const int value : {0, 1, 0x7f, 0xff}) {
      Bytes bad = good;
      bad[i] = static_cast<std::uint8_t>(value);
      const auto out = rewrite_movie(bad, edit, kPayload);
      if (out) samples_of(body(out->moov), 3, 100);
    }
    rewrite_movie(View{good}.first(i), edit, kPayload);
  }
}

TEST(Mp4Chapters, AreMadePlayable) {
  const std::vector<Chapter> chapters = {
      {7s, "late"}, {2s, "b"}, {2s, "c"}, {1s, "a"}, {5s, "end"}};
  EXPECT_EQ(playable_chapters(chapters, 5s, "Movie"),
            (std::vector<Chapter>{{0s, "Movie"}, {1s, "a"}, {2s, "c"}}));
  EXPECT_EQ(playable_chapters({{1s, "a"}}, 5s, ""),
            (std::vector<Chapter>{{0s, "0:00"}, {1s, "a"}}));
  EXPECT_EQ(playable_chapters({{500us, "a"}}, 5s, "Movie"), (std::vector<Chapter>{{0s, "a"}}));
  EXPECT_TRUE(playable_chapters({}, 5s, "Movie").empty());
}

TEST(Mp4Chapters, TheListHolds255OfThemWithWholeCharacters) {
  std::vector<Chapter> chapters(300);
  for (int i = 0; i < 300; ++i) chapters[static_cast<std::size_t>(i)].start = i * 1s;
  for (int i = 0; i < 200; ++i) chapters[0].title += "я";
  Writer w;
  write_chapter_list(w, chapters);
  const auto read = read_chapter_list(View{w.bytes()}.subspan(8));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->size(), 255U);
  EXPECT_EQ(read->at(0).title.size(), 254U);
  EXPECT_EQ(read->at(254).start, 254s);
  EXPECT_FALSE(read_chapter_list(View{w.bytes()}.subspan(8, 100)));
}

}  // namespace
}  // namespace rostrum::mp4
