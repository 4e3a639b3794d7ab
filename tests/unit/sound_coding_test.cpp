// SPDX-License-Identifier: LGPL-2.1-or-later
// Frames of FLAC, pages of Ogg, and names of files of sound.
#include "core/flac.h"
#include "core/ogg_pages.h"
#include "core/sound_file.h"
#include "core/stems.h"
#include "core/utf8.h"
#include "tests/unit/small_meeting.h"

#include <gtest/gtest.h>

namespace rostrum {
namespace {

using mp4::Bytes;

std::uint32_t crc(const Bytes& bytes, int bits, std::uint32_t polynomial) {
  std::uint64_t sum = 0;
  for (const auto byte : bytes)
    for (int bit = 7; bit >= 0; --bit) {
      const auto top = (sum >> (bits - 1) & 1) ^ (byte >> bit & 1);
      sum = (sum << 1 & ((std::uint64_t{1} << bits) - 1)) ^ (top ? polynomial : 0);
    }
  return static_cast<std::uint32_t>(sum);
}

// A frame of 4096 samples of one value: RFC 9639, 9.2.3.
Bytes frame(const Bytes& coded_number, std::uint8_t value) {
  Bytes bytes{0xff, 0xf8, 0xca, 0x0c};
  bytes.insert(bytes.end(), coded_number.begin(), coded_number.end());
  bytes.push_back(static_cast<std::uint8_t>(crc(bytes, 8, 0x07)));
  bytes.insert(bytes.end(), {0, 0, 0, value});
  const auto sum = crc(bytes, 16, 0x8005);
  bytes.push_back(static_cast<std::uint8_t>(sum >> 8));
  bytes.push_back(static_cast<std::uint8_t>(sum & 0xff));
  return bytes;
}

Bytes stream(const std::vector<Bytes>& frames) {
  Bytes bytes{'f', 'L', 'a', 'C', 0x80, 0, 0, 34};
  const auto info = flac::stream_info({});
  bytes.insert(bytes.end(), info.begin(), info.end());
  for (const auto& f : frames) bytes.insert(bytes.end(), f.begin(), f.end());
  return bytes;
}

TEST(Flac, AFrameGetsAnotherNumberAndItsChecksums) {
  const auto first = frame({0}, 9);
  EXPECT_EQ(flac::numbered(first, 0), first);
  EXPECT_EQ(flac::numbered(first, 0x7f), frame({0x7f}, 9));
  EXPECT_EQ(flac::numbered(first, 0x80), frame({0xc2, 0x80}, 9));
  EXPECT_EQ(flac::numbered(first, 0x7ff), frame({0xdf, 0xbf}, 9));
  EXPECT_EQ(flac::numbered(first, 0x800), frame({0xe0, 0xa0, 0x80}, 9));
  EXPECT_EQ(flac::numbered(first, 0x10000), frame({0xf0, 0x90, 0x80, 0x80}, 9));
  EXPECT_EQ(flac::numbered(frame({0xf0, 0x90, 0x80, 0x80}, 9), 1), frame({1}, 9));
}

TEST(Flac, AStreamIsSplitIntoItsFrames) {
  std::vector<Bytes> frames;
  for (std::uint8_t n = 0; n < 100; ++n) frames.push_back(frame({n}, n));
  const auto bytes = stream(frames);
  const auto found = flac::frames_of(bytes);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i)
    EXPECT_EQ(Bytes((*found)[i].begin(), (*found)[i].end()), frames[i]);
}

TEST(Flac, WhatIsNoWholeStreamIsRefused) {
  auto whole = stream({frame({0}, 1), frame({1}, 2)});
  ASSERT_TRUE(flac::frames_of(whole));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto found = flac::frames_of(mp4::View{whole}.first(size));
    EXPECT_TRUE(!found || found->size() < 2) << size;
  }
  whole[whole.size() - 4] ^= 1;
  EXPECT_FALSE(flac::frames_of(whole));
  EXPECT_FALSE(flac::frames_of(stream({frame({0}, 1), frame({2}, 2)})));
}

TEST(Ogg, APageHasItsChecksumAndItsLacing) {
  ogg::PageWriter pages{7};
  pages.add(Bytes(255, 1));
  pages.add(Bytes(3, 2));
  auto page = pages.take(960, {.first = false, .last = true});
  ASSERT_EQ(page.size(), 27 + 3 + 258U);
  EXPECT_EQ(page[5], 4) << "the last page";
  EXPECT_EQ(page[6] | page[7] << 8, 960);
  EXPECT_EQ(page[26], 3);
  EXPECT_EQ(Bytes(page.begin() + 27, page.begin() + 30), (Bytes{255, 0, 3}));
  const std::uint32_t sum =
      page[22] | page[23] << 8 | page[24] << 16 | static_cast<std::uint32_t>(page[25]) << 24;
  std::fill_n(page.begin() + 22, 4, 0);
  EXPECT_EQ(sum, crc(page, 32, 0x04c11db7));
  EXPECT_TRUE(pages.empty());
  pages.add(Bytes(1, 0));
  EXPECT_EQ(pages.take(0)[18], 1) << "the second page";
}

TEST(Ogg, APageTakesNoMoreThanFits) {
  ogg::PageWriter pages{7};
  while (pages.fits(600)) pages.add(Bytes(600, 0));
  EXPECT_EQ(pages.take(0)[26], 255);
}

TEST(SoundFile, EndingsSayContainerAndCodec) {
  EXPECT_EQ(sound_container("a/b.M4A"), SoundContainer::mp4);
  EXPECT_EQ(codec_of_ending("x.ogg"), AudioCodec::opus);
  EXPECT_EQ(codec_of_ending("x.flac"), AudioCodec::flac);
  EXPECT_FALSE(sound_container("x.wav"));
  EXPECT_FALSE(sound_container("flac"));
  EXPECT_FALSE(can_hold(SoundContainer::ogg, AudioCodec::flac));
  EXPECT_TRUE(can_hold(SoundContainer::mp4, AudioCodec::opus));
  EXPECT_FALSE(is_sound_only("x.mp4"));
}

TEST(SoundFile, NamesNeverBecomePaths) {
  EXPECT_EQ(safe_file_word("Анна Петрова"), "Анна Петрова");
  EXPECT_EQ(safe_file_word("../../etc/passwd"), "_._.._etc_passwd");
  EXPECT_EQ(safe_file_word(".."), "_");
  EXPECT_EQ(safe_file_word(""), "_");
  EXPECT_EQ(safe_file_word(".hidden"), "_hidden");
  EXPECT_EQ(safe_file_word("-rf"), "_rf");
  EXPECT_EQ(safe_file_word("a\\b:c\n"), "a_b_c_");
  EXPECT_EQ(safe_file_word("dot. "), "dot");
  EXPECT_EQ(safe_file_word("a\u0085b\u009bc\u200ed\u2028e"), "a_b_c_d_e");
  EXPECT_EQ(safe_file_word("gnp.\u202egpj"), "gnp._gpj");
  EXPECT_EQ(safe_file_word("שלום – a\u00a0b"), "שלום – a\u00a0b");
  const auto longest = safe_file_word(std::string(79, 'x') + "я");
  EXPECT_EQ(longest, std::string(79, 'x')) << "no half characters";
}

TEST(Utf8, WhatSteersATerminalIsControl) {
  for (const char32_t c : {0x0, 0x1b, 0x7f, 0x80, 0x9f, 0x61c, 0x200e, 0x200f, 0x2028, 0x2029,
                           0x202a, 0x202e, 0x2066, 0x2069})
    EXPECT_TRUE(is_control(c)) << std::hex << static_cast<unsigned>(c);
  for (const char32_t c :
       {0x20, 0x7e, 0xa0, 0x200d, 0x2010, 0x2027, 0x202f, 0x2065, 0x206a, 0xfffd})
    EXPECT_FALSE(is_control(c)) << std::hex << static_cast<unsigned>(c);
}

TEST(Stems, OfTheSameNameHaveNamesOfTheirOwn) {
  Plan plan;
  plan.people = {{"p", "Anna", {}, {}}, {"q", "Anna", {}, {}}, {"r", "silent", {}, {}}};
  PlannedClip clip;
  clip.has_audio = true;
  clip.duration = clip.playable = 1s;
  plan.grid = FrameGrid{{25, 1}};
  plan.frames = {0, 25};
  plan.tracks = {
      {"1", TrackKind::camera, "p", {clip}},    {"2", TrackKind::microphone, "q", {clip}},
      {"3", TrackKind::screen, "p", {clip}},    {"a/b", TrackKind::audio, "p", {clip}},
      {"5", TrackKind::microphone, "", {clip}}, {"6", TrackKind::camera, "r", {}}};
  const auto stems = stems_of(plan, {});
  std::vector<std::string> names;
  for (const auto& stem : stems) names.push_back(stem.name);
  EXPECT_EQ(names, (std::vector<std::string>{"Anna", "Anna-2", "a_b", "5"}));
  EXPECT_EQ(stems[0].tracks, (std::vector<std::string>{"1", "3"}));
  EXPECT_EQ(stems[2].person, "");
}

std::vector<std::string> stems_within(const test::Meeting& meeting, Nanoseconds from,
                                      Nanoseconds to) {
  std::vector<std::string> names;
  for (const auto& stem : stems_of(meeting.plan({.from = from, .to = to}), meeting.media))
    names.push_back(stem.name);
  return names;
}

TEST(Stems, AreOfThoseWhoAreHeardInTheProgramme) {
  test::Meeting meeting;
  EXPECT_EQ(stems_within(meeting, 0s, 10s).size(), 2U);
  EXPECT_EQ(stems_within(meeting, 8s, 10s).size(), 1U) << "Anna has left";
  EXPECT_EQ(stems_within(meeting, 4s, 5s).size(), 1U) << "Boris is muted";
  meeting.manifest.audio.noise.high_pass = 80;
  EXPECT_EQ(stems_within(meeting, 8s, 10s).size(), 1U) << "only the filter settles on Anna";
  EXPECT_EQ(stems_within(meeting, 7s, 10s).size(), 2U);
}

TEST(Stems, OfOneChannelHaveAtMostTheBitrateThatIsAskedFor) {
  test::Meeting meeting;
  for (const auto& [asked, bitrate] : {std::pair{64, 64}, {128, 96}, {320, 96}}) {
    meeting.manifest.audio.bitrate = asked;
    const auto stems = stems_of(meeting.plan(), meeting.media);
    ASSERT_EQ(stems.size(), 2U);
    EXPECT_EQ(stems[0].format, (SoundFormat{AudioCodec::aac, 1, bitrate}));
  }
}

TEST(Stems, HaveVoicesOfTheirOwnTracksOnly) {
  const auto plan = test::Meeting{}.plan();
  const Interval all{0s, 10s};
  EXPECT_EQ(voices(plan, all).size(), 2U);
  const auto one = voices(plan, all, {"mic"});
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(one[0], voices(plan, all)[1]);
  const auto slice = make_stem_slice(
      plan, {.name = {}, .person = {}, .tracks = {"mic"}, .format = {}}, 0, 48000 * 10);
  ASSERT_EQ(slice.voices.size(), 1U);
  EXPECT_EQ(slice.voices[0].track, "mic");
}

}  // namespace
}  // namespace rostrum
