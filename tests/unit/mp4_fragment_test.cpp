// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/mp4_fragment.h"

#include "core/mp4_movie.h"

#include <gtest/gtest.h>

#include <vector>

namespace rostrum::mp4 {
namespace {

constexpr std::uint32_t kRate = 2500;

struct Fragment {
  std::uint32_t track = 1;
  std::uint32_t decoding = 0;
  std::vector<std::int32_t> offsets;  // composition
  bool with_offsets = true;
};

void write_movie(Writer& w) {
  w.full_box(fourcc("mvhd"), 0, 0, [&] {
    w.zeros(8);
    w.u32(1000);
    w.zeros(80);
    w.u32(2);
  });
  w.box(fourcc("trak"), [&] {
    w.full_box(fourcc("tkhd"), 0, 7, [&] {
      w.zeros(8);
      w.u32(1);
      w.zeros(68);
    });
    w.box(fourcc("mdia"), [&] {
      w.full_box(fourcc("mdhd"), 0, 0, [&] {
        w.zeros(8);
        w.u32(kRate);
        w.zeros(8);
      });
      w.full_box(fourcc("hdlr"), 0, 0, [&] {
        w.u32(0);
        w.u32(fourcc("vide"));
        w.zeros(13);
      });
      w.box(fourcc("minf"), [&] {
        w.box(fourcc("stbl"), [&] {
          for (const auto type : {fourcc("stts"), fourcc("stco")})
            w.full_box(type, 0, 0, [&] { w.u32(0); });
          w.full_box(fourcc("stsz"), 0, 0, [&] { w.u64(0); });
        });
      });
    });
  });
  w.box(fourcc("mvex"), [] {});
}

Bytes movie() {
  Writer w;
  w.box(fourcc("moov"), [&] { write_movie(w); });
  return w.release();
}

void write_traf(Writer& w, const Fragment& f) {
  w.box(fourcc("traf"), [&] {
    w.full_box(fourcc("tfhd"), 0, 0, [&] { w.u32(f.track); });
    w.full_box(fourcc("tfdt"), 0, 0, [&] { w.u32(f.decoding); });
    w.full_box(fourcc("trun"), 0, f.with_offsets ? 0xf01 : 0x701, [&] {
      w.u32(static_cast<std::uint32_t>(f.offsets.size()));
      w.u32(1000);  // where the samples are
      for (const auto offset : f.offsets) {
        w.u32(100);  // duration
        w.u32(7);    // size
        w.u32(0);    // flags
        if (f.with_offsets) w.u32(static_cast<std::uint32_t>(offset));
      }
    });
  });
}

Bytes moof(const Fragment& f, int tracks = 1) {
  Writer w;
  w.box(fourcc("moof"), [&] {
    w.full_box(fourcc("mfhd"), 0, 0, [&] { w.u32(1); });
    for (int i = 0; i < tracks; ++i) write_traf(w, f);
  });
  return w.release();
}

struct Read {
  std::uint64_t decoding = 0;
  std::uint32_t data_offset = 0;

  friend bool operator==(const Read&, const Read&) = default;
};

Read read(const Bytes& moof) {
  const View body = View{moof}.subspan(8);
  Reader t{find(body, {fourcc("traf"), fourcc("tfdt")})->body};
  EXPECT_EQ(t.u32(), 1U << 24);
  Reader h{find(body, {fourcc("traf"), fourcc("tfhd")})->body};
  EXPECT_EQ(h.u32(), 0x20000U);  // the base of offsets is the box
  Reader r{find(body, {fourcc("traf"), fourcc("trun")})->body};
  r.skip(8);
  return {t.u64(), r.u32()};
}

FragmentTimes::TimeOf at(Nanoseconds time) {
  return [time](std::uint32_t) { return time; };
}

TEST(Mp4Fragment, BeginsWithItsFirstPresentation) {
  const struct {
    Nanoseconds delay;  // taken off by the edit list
    Nanoseconds start;
    Fragment first;
    std::uint64_t decoding;
  } kCases[] = {
      {0s, 0s, {1, 0, {0, 0}, false}, 0},
      {0s, 40ms, {1, 1, {0, 0}, false}, 100},  // mp4mux rounds some to 1
      {80ms, 0s, {1, 0, {200, 500, 0}}, 0},
      {80ms, 1480ms, {1, 0, {200, 500, 0}}, 3700},
      {0s, 3600s, {1, 0, {200, 500, 0}}, 8'999'800},
      // Beyond 32 bits: 24 days at 2500 ticks a second.
      {0s, std::chrono::hours{24 * 24}, {1, 0, {200}}, 5'183'999'800},
      {80ms - 1ns, 0s, {1, 0, {200, 500, 0}}, 0},
  };
  for (const auto& c : kCases) {
    FragmentTimes t;
    ASSERT_TRUE(t.rewrite_movie(movie(), at(c.delay)));
    const auto written = t.rewrite(moof(c.first), at(c.start));
    ASSERT_TRUE(written);
    EXPECT_EQ(read(*written), (Read{c.decoding, 1004})) << c.start.count();
    const auto first = t.first_of(*written);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->track, 1U);
    EXPECT_NEAR(static_cast<double>((first->time - c.start - c.delay).count()), 0, 1);
  }
}

TEST(Mp4Fragment, GoesOnWhereTheFirstFragmentPutsIt) {
  FragmentTimes t;
  ASSERT_TRUE(t.rewrite_movie(movie(), at(0s)));
  ASSERT_TRUE(t.rewrite(moof({1, 0, {200, 500}}), at(2s)));
  EXPECT_EQ(read(*t.rewrite(moof({1, 200, {0, 100}}), at(9s))), (Read{5000, 1004}));
  EXPECT_EQ(read(*t.rewrite(moof({1, 400, {0, 0}, false}), at(9s))), (Read{5200, 1004}));
}

TEST(Mp4Fragment, TakesTheDelayOffByAnEditListOfAllThatFollows) {
  FragmentTimes t;
  EXPECT_EQ(t.rewrite_movie(movie(), at(0s)), movie());
  const auto written = t.rewrite_movie(movie(), at(80ms));
  ASSERT_TRUE(written);
  const auto read = read_movie(View{*written}.subspan(8));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->tracks[0].edits, (std::vector<Edit>{{0, 200, 0x10000}}));
  // mp4mux writes the box twice, to the same place.
  EXPECT_EQ(t.rewrite_movie(movie(), at(80ms)), written);
}

TEST(Mp4Fragment, RefusesWhatItCannotPlace) {
  const auto good = moof({1, 0, {200, 500}});
  FragmentTimes t;
  ASSERT_TRUE(t.read_movie(movie()));
  EXPECT_FALSE(t.rewrite(moof({2, 0, {0}}), at(0s)));     // an unknown track
  EXPECT_FALSE(t.rewrite(moof({1, 0, {0}}, 2), at(0s)));  // two of them
  EXPECT_FALSE(FragmentTimes{}.rewrite(good, at(0s)));
  EXPECT_FALSE(t.read_movie(good));
  EXPECT_FALSE(t.rewrite_movie(good, at(0s)));
  for (std::size_t length = 0; length < good.size(); ++length)
    EXPECT_FALSE(t.rewrite(View{good}.first(length), at(0s))) << length;
  // A damaged byte may be found or not; nothing is read beyond the box.
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto damaged = good;
    damaged[i] ^= 0xff;
    t.rewrite(damaged, at(0s));
    t.first_of(damaged);
  }
}

TEST(Mp4Fragment, NamesTheBrandThatAllowsIt) {
  Writer w;
  w.box(fourcc("ftyp"), [&] { w.text("mp42----isomiso2"); });
  const Bytes ftyp = w.release();
  const auto brands = FragmentTimes::rewrite_brands(ftyp);
  EXPECT_EQ(std::string(brands.end() - 8, brands.end()), "isomiso6");
}

}  // namespace
}  // namespace rostrum::mp4
