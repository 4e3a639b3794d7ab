// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/verify.h"

#include "core/mp4_box.h"
#include "engine/finish.h"
#include "mp4_media.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <random>

namespace rostrum {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

const Expected kExpected{
    .frames = 75, .rate = Fraction{25, 1}, .size = Size{160, 90}, .samples = 144000, .chapters = 0};

class Verify : public testing::TestWithParam<bool> {
 protected:
  void make(const MovieSpec& spec, const std::vector<Chapter>& chapters = {}) {
    ASSERT_TRUE(make_movie(raw_, spec));
    const auto done = finish_mp4(
        raw_, film_,
        {.chapters = chapters, .audio_samples = spec.samples, .duration = Nanoseconds{3s}});
    ASSERT_TRUE(done) << done.error().message;
  }
  VerifyOptions options(const Expected& expected = kExpected) const {
    return {.full = GetParam(), .expected = expected, .stall = 5s};
  }
  // The failed findings, one a line.
  std::string faults(const std::string& path, const Expected& expected = kExpected) {
    const auto report = verify(path, options(expected));
    if (!report) return "error: " + report.error().message;
    std::string text;
    for (const auto& finding : report->findings)
      if (!finding.ok) text += finding.text + "\n";
    EXPECT_EQ(report->ok(), text.empty());
    return text;
  }
  bool finds(const std::string& what, const Expected& expected = kExpected) {
    const std::string found = faults(film_, expected);
    EXPECT_NE(found.find(what), std::string::npos) << found;
    return found.find(what) != std::string::npos;
  }

  TemporaryFolder folder_;
  std::string raw_ = folder_ / "raw.mp4";
  std::string film_ = folder_ / "film.mp4";
};

INSTANTIATE_TEST_SUITE_P(QuickAndFull, Verify, testing::Bool(),
                         [](const auto& param) { return param.param ? "Full" : "Quick"; });

TEST_P(Verify, AGoodFilmIsMeasuredExactly) {
  make({});
  EXPECT_EQ(faults(film_), "");
  const auto report = verify(film_, options());
  const Film& film = report->film;
  EXPECT_EQ(film.duration, 3s);
  EXPECT_TRUE(film.index_first);
  ASSERT_TRUE(film.video && film.audio);
  EXPECT_EQ(film.video->packets, 75);
  EXPECT_EQ(film.video->sampled, GetParam() ? 0 : 12);
  EXPECT_EQ(film.video->frames, GetParam() ? 75 : 12);
  EXPECT_EQ(film.video->size, (Size{160, 90}));
  EXPECT_EQ(film.video->format, "I420");
  EXPECT_EQ(film.video->colorimetry, "bt709");
  EXPECT_NE(film.video->codec.find("H.264"), std::string::npos);
  EXPECT_EQ(film.video->last, 2960ms);
  EXPECT_EQ(film.video->end, 3s);
  EXPECT_EQ(film.audio->samples, 144000);
  EXPECT_EQ(film.audio->end, 3s);
  EXPECT_EQ(film.audio->rate, 48000);
  EXPECT_EQ(nlohmann::json::parse(report->to_json())["ok"], true);
}

TEST_P(Verify, ALengthThatEndsInsideAPacketIsExactToo) {
  make({.frames = 73, .samples = 140160});
  Expected expected = kExpected;
  expected.frames = 73;
  expected.samples = 140160;
  EXPECT_EQ(faults(film_, expected), "");
  expected.samples = 140161;
  EXPECT_TRUE(finds("140160 samples of sound instead of 140161", expected));
}

// Tables of twelve bytes for a hundred million frames: what they take is never set aside.
TEST_P(Verify, SamplesThatCannotBeThereAreRefused) {
  make({});
  std::ifstream in{film_, std::ios::binary};
  std::string bytes{std::istreambuf_iterator<char>{in}, {}};
  for (const auto& [table, fields] :
       std::initializer_list<std::pair<std::string_view, std::vector<std::uint32_t>>>{
           {"stsz", {4, 100'000'000}},
           {"stts", {1, 100'000'000, 1}},
           {"stsc", {1, 1, 100'000'000}}}) {
    auto at = bytes.find(table);
    ASSERT_NE(at, bytes.npos);
    at += 8;  // to its fields
    for (const auto field : fields)
      for (int shift = 24; shift >= 0; shift -= 8) bytes[at++] = static_cast<char>(field >> shift);
  }
  std::ofstream{film_, std::ios::binary} << bytes;
  EXPECT_TRUE(
      finds("its index is damaged: track 1 lists 100000000 samples of 4 bytes, more than the file "
            "holds"));
}

TEST_P(Verify, AMissingFrameIsFound) {
  make({.left_out = 40});
  EXPECT_TRUE(finds("1 frames are missing, the first at 1.6 s"));
  EXPECT_TRUE(finds("74 frames instead of 75"));
}

TEST_P(Verify, LateSoundIsFound) {
  make({.audio_start = 80ms});
  EXPECT_TRUE(finds("the sound starts at 0.08 s"));
  EXPECT_TRUE(finds("the sound ends 80 ms after the picture"));
}

TEST_P(Verify, PrimingThatWasNotCutOffIsFound) {
  ASSERT_TRUE(make_movie(film_, {}));
  EXPECT_TRUE(finds(" samples of sound instead of 144000"));
}

TEST_P(Verify, UnexpectedSoundAndSilence) {
  make({});
  Expected silent = kExpected;
  silent.samples = 0;
  EXPECT_TRUE(finds("there is sound where none was to be", silent));
  make({.samples = 0});
  EXPECT_TRUE(finds("there is no sound"));
  EXPECT_EQ(faults(film_, silent), "");
}

TEST_P(Verify, ChaptersAreReadBack) {
  std::vector<Chapter> chapters;
  for (int i = 0; i < 300; ++i) chapters.push_back({i * 10ms, "Глава " + std::to_string(i)});
  make({}, chapters);
  Expected expected = kExpected;
  expected.chapters = 300;
  EXPECT_EQ(faults(film_, expected), "");
  const auto report = verify(film_, options(expected));
  EXPECT_EQ(report->film.chapters, chapters);
  expected.chapters = 299;
  EXPECT_TRUE(finds("300 chapters instead of 299", expected));
}

TEST_P(Verify, OtherTracksDoNotHoldItUp) {
  if (!have_ffmpeg()) GTEST_SKIP() << "no ffmpeg";
  make({});
  const std::string more = folder_ / "more.mp4";
  output_of("ffmpeg -v error -i " + film_ +
            " -map 0:v -map 0:a -map 0:a -map 0:v -c copy -map_chapters -1 " + more);
  Expected expected = kExpected;
  expected.samples.reset();  // ffmpeg writes another edit list
  EXPECT_EQ(faults(more, expected), "");
}

TEST_P(Verify, ATruncatedFilmIsFound) {
  make({});
  const auto size = std::filesystem::file_size(film_);
  std::filesystem::resize_file(film_, size - 1);
  EXPECT_TRUE(finds("is cut off"));
  std::filesystem::resize_file(film_, size / 2);
  EXPECT_TRUE(finds("is cut off"));
}

TEST_P(Verify, WhatIsNoFilmIsSaidToBeNone) {
  std::ofstream{film_} << std::string(5000, 'x');
  EXPECT_TRUE(finds("is not an MP4 file"));
  std::filesystem::resize_file(film_, 0);
  EXPECT_TRUE(finds("is empty"));
  EXPECT_EQ(verify(folder_ / "none.mp4", options()).error().kind, Kind::media);
  EXPECT_EQ(verify(folder_ / "", options()).error().kind, Kind::media);
}

// Damage somewhere in the index must neither crash nor hang.
TEST_P(Verify, DamageNeverHangs) {
  make({}, {{0s, "a"}, {1s, "b"}});
  std::ifstream in{film_, std::ios::binary};
  const std::string good{std::istreambuf_iterator<char>{in}, {}};
  std::mt19937 random{7};  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same damage each time
  for (int i = 0; i < 40; ++i) {
    std::string bad = good;
    for (int k = 0; k < 3; ++k) bad[40 + random() % 3900] = static_cast<char>(random());
    std::ofstream{film_, std::ios::binary} << bad;
    const auto report = verify(film_, options());
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_TRUE(nlohmann::json::accept(report->to_json()));
  }
}

TEST_P(Verify, StopsWhenAsked) {
  make({});
  std::stop_source stop;
  stop.request_stop();
  auto asked = options();
  asked.stop = stop.get_token();
  const auto report = verify(film_, asked);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().kind, Kind::interrupted);
}

TEST(VerifyFull, DamagedPicturesAreFound) {
  TemporaryFolder folder;
  const std::string raw = folder / "raw.mp4";
  const std::string film = folder / "film.mp4";
  ASSERT_TRUE(make_movie(raw, {.samples = 0}));
  ASSERT_TRUE(finish_mp4(raw, film, {}));
  const auto size = static_cast<std::streamoff>(std::filesystem::file_size(film));
  std::fstream file{film, std::ios::in | std::ios::out | std::ios::binary};
  file.seekp(size * 2 / 3) << std::string(200, '\xff');
  file.close();
  const auto report = verify(film, {});
  ASSERT_TRUE(report);
  EXPECT_FALSE(report->ok());
}

}  // namespace
}  // namespace rostrum
