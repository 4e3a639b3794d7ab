// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/fetch/hls_clock.h"

#include <gtest/gtest.h>

namespace rostrum::hls {
namespace {

// A transport packet of this stream in which a packet of a medium begins, with that time.
mp4::Bytes packet(int stream, std::uint64_t ticks, int kind = 0xe0) {
  const auto byte = [](std::uint64_t value) { return static_cast<std::uint8_t>(value); };
  mp4::Bytes bytes{0x47,
                   byte(0x40 | stream >> 8),
                   byte(stream),
                   0x10,
                   0,
                   0,
                   1,
                   byte(kind),
                   0,
                   0,
                   0x80,
                   0x80,
                   5,
                   byte(0x21 | (ticks >> 29 & 0xe)),
                   byte(ticks >> 22),
                   byte(ticks >> 14 | 1),
                   byte(ticks >> 7),
                   byte(ticks << 1 | 1)};
  bytes.resize(188, 0xff);
  return bytes;
}

mp4::Bytes operator+(mp4::Bytes a, const mp4::Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

TEST(HlsClock, FindsTheFirstTimeOfATransportStream) {
  EXPECT_EQ(first_time_of_ts(packet(256, 90000) + packet(257, 45000, 0xc0) + packet(256, 1)),
            500ms);
  EXPECT_EQ(first_time_of_ts(packet(256, 8589934591)), Nanoseconds{95443717677777});
  EXPECT_FALSE(first_time_of_ts(packet(256, 1, 0xbe)));  // padding
  EXPECT_FALSE(first_time_of_ts({}));
}

TEST(HlsClock, AdaptationFieldsArePassedOver) {
  auto bytes = packet(256, 90000);
  bytes.insert(bytes.begin() + 4, {3, 0, 0xff, 0xff});
  bytes[3] = 0x30;
  bytes.resize(188);
  EXPECT_EQ(first_time_of_ts(bytes), 1s);
  bytes[4] = 0xff;  // beyond the packet
  EXPECT_FALSE(first_time_of_ts(bytes));
}

void write_sample_table(mp4::Writer& out) {
  out.box(mp4::fourcc("stbl"), [&] {
    for (const auto box : {mp4::fourcc("stts"), mp4::fourcc("stsc"), mp4::fourcc("stco")})
      out.full_box(box, 0, 0, [&] { out.u32(0); });
    out.full_box(mp4::fourcc("stsz"), 0, 0, [&] { out.zeros(8); });
  });
}

// A track of no samples that is entered at `entered` of 48 kHz, after 1.5 s if it is delayed.
void write_track(mp4::Writer& out, const char* handler, std::uint32_t entered, bool delayed) {
  out.box(mp4::fourcc("trak"), [&] {
    out.full_box(mp4::fourcc("tkhd"), 0, 7, [&] {
      out.zeros(8);
      out.u32(delayed ? 1 : 2);
      out.zeros(68);
    });
    out.box(mp4::fourcc("edts"), [&] {
      out.full_box(mp4::fourcc("elst"), 0, 0, [&] {
        out.u32(delayed ? 2 : 1);
        if (delayed)
          for (const std::uint32_t field : {1500u, 0xffffffffu, 0x10000u}) out.u32(field);
        for (const std::uint32_t field : {0u, entered, 0x10000u}) out.u32(field);
      });
    });
    out.box(mp4::fourcc("mdia"), [&] {
      out.full_box(mp4::fourcc("mdhd"), 0, 0, [&] {
        for (const std::uint32_t field : {0u, 0u, 48000u, 0u, 0u}) out.u32(field);
      });
      out.full_box(mp4::fourcc("hdlr"), 0, 0, [&] {
        out.u32(0);
        out.text(handler);
        out.zeros(13);
      });
      out.box(mp4::fourcc("minf"), [&] { write_sample_table(out); });
    });
  });
}

TEST(HlsClock, FindsWhatAnEditListTakesOffTheStart) {
  mp4::Writer out;
  out.box(mp4::fourcc("ftyp"), [&] { out.text("isom"); });
  out.box(mp4::fourcc("moov"), [&] {
    out.full_box(mp4::fourcc("mvhd"), 0, 0, [&] {
      out.zeros(8);
      out.u32(1000);
      out.zeros(80);
      out.u32(3);
    });
    write_track(out, "vide", 3840, true);
    write_track(out, "soun", 1024, false);
  });
  out.u32(1000);
  out.u32(mp4::fourcc("mdat"));  // cut off
  EXPECT_EQ(edit_of(out.bytes(), mp4::fourcc("vide")), 1420ms);
  EXPECT_EQ(edit_of(out.bytes(), mp4::fourcc("soun")), Nanoseconds{-21'333'333});
  EXPECT_EQ(edit_of(out.bytes(), mp4::fourcc("text")), 0ns);
  EXPECT_EQ(edit_of({}, mp4::fourcc("vide")), 0ns);
}

TEST(HlsClock, PartsStandWhereTheirSegmentsAreDeclared) {
  const RunTimes main[] = {{0, 0ns, 700ms, 100s}, {0, 0ns, 0ns, 104s}, {1, 10s, 700ms, 5s}};
  const auto shifts = shifts_of(main, {});
  EXPECT_EQ(shifts.main, (std::vector<Nanoseconds>{-700ms, 4s, 9300ms}));
}

TEST(HlsClock, ASoundOfItsOwnKeepsItsDistance) {
  const RunTimes main[] = {{0, 0ns, 0ns, 100s}, {1, 10s, 0ns, 5s}};
  const RunTimes sound[] = {{0, 0ns, 500ms, 99900ms}, {1, 10s, 500ms, 5100ms}, {2, 20s, 1s, 77s}};
  const auto shifts = shifts_of(main, sound);
  EXPECT_EQ(shifts.main, (std::vector<Nanoseconds>{100ms, 10s}));
  EXPECT_EQ(shifts.sound, (std::vector<Nanoseconds>{-500ms, 9600ms, 19s}));
}

TEST(HlsClock, WhatAnEncoderPutsBeforeItsSoundDelaysNothing) {
  EXPECT_EQ(beginning_of(1s, 979ms, 21ms), 1s);
  EXPECT_EQ(beginning_of(1s, 900ms, 21ms), 900ms);
  EXPECT_EQ(beginning_of(1s, 2s, 21ms), 1s);
  const RunTimes main[] = {{0, 0ns, 0ns, 100s}};
  const RunTimes sound[] = {{0, 0ns, 0ns, 99979ms, 21ms}};
  const auto shifts = shifts_of(main, sound);
  EXPECT_EQ(shifts.main[0], 0ns);
  EXPECT_EQ(shifts.sound[0], -21ms);
}

TEST(HlsClock, ADistanceOverTheWrapIsShort) {
  const RunTimes main[] = {{0, 0ns, 0ns, Nanoseconds{95443717677777}}};
  const RunTimes sound[] = {{0, 0ns, 0ns, 1s}};
  EXPECT_NEAR(to_seconds(shifts_of(main, sound).sound[0]), 1.0, 2e-5);
}

TEST(Retimer, SoundThatOverlapsTheRunBeforeIsLeftOut) {
  Retimer retimer{true};
  retimer.begin_run(0ns);
  EXPECT_EQ(retimer.place({1s, 1s, 20ms})->shown, 1s);
  retimer.begin_run(-1s);
  EXPECT_FALSE(retimer.place({2s, 2s, 20ms}));
  EXPECT_EQ(retimer.place({2020ms, 2020ms, 20ms})->shown, 1020ms);
}

TEST(Retimer, SoundBeforeTheBeginningIsLeftOut) {
  Retimer retimer{true};
  retimer.begin_run(-100ms);
  EXPECT_FALSE(retimer.place({79ms, 79ms, 21ms}));
  EXPECT_EQ(retimer.place({99ms, 99ms, 21ms})->shown, 0ns);
  EXPECT_EQ(retimer.place({120ms, 120ms, 21ms})->shown, 20ms);
}

TEST(Retimer, PicturesAreKeptAndDecodedInOrder) {
  Retimer retimer{false};
  retimer.begin_run(0ns);
  retimer.place({1s, 1s, 40ms});
  retimer.begin_run(-1s);
  const auto placed = retimer.place({1960ms, 2040ms, 40ms});
  ASSERT_TRUE(placed);
  EXPECT_GT(placed->decoded, 1s);
  EXPECT_EQ(placed->shown, 1040ms);
}

TEST(Retimer, APacketWithoutATimeFollowsTheOneBefore) {
  Retimer retimer{false};
  retimer.begin_run(1s);
  EXPECT_FALSE(retimer.place({}));
  EXPECT_EQ(retimer.place({kNoTime, 0ns, 40ms})->decoded, 1s);
  EXPECT_EQ(retimer.place({})->shown, 1040ms);
}

}  // namespace
}  // namespace rostrum::hls
