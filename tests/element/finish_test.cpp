// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/finish.h"

#include "engine/file.h"
#include "mp4_media.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sys/resource.h>
#include <csignal>
#include <fstream>

namespace rostrum {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

std::vector<Chapter> many_chapters(int count, Nanoseconds duration) {
  std::vector<Chapter> chapters;
  for (int i = 0; i < count; ++i)
    chapters.push_back({duration / count * i, "Глава " + std::to_string(i + 1)});
  return chapters;
}

std::vector<std::int16_t> ffmpeg_sound(const std::string& path) {
  const auto bytes = output_of("ffmpeg -v error -i " + path + " -map 0:a -f s16le -ac 1 -");
  std::vector<std::int16_t> sound(bytes.size() / 2);
  std::memcpy(sound.data(), bytes.data(), sound.size() * 2);
  return sound;
}

nlohmann::json ffprobe(const std::string& path) {
  return nlohmann::json::parse(
      output_of("ffprobe -v error -show_streams -show_format -show_chapters -of json " + path));
}

class Finish : public testing::Test {
 protected:
  // eight seconds: a whole number of AAC packets, which is all that ffmpeg can end on
  void make(const FinishOptions& options, MovieSpec spec = {.frames = 200, .samples = 384000}) {
    ASSERT_TRUE(make_movie(in_, spec));
    const auto done = finish_mp4(in_, out_, options);
    ASSERT_TRUE(done) << done.error().message;
  }

  TemporaryFolder folder_;
  std::string in_ = folder_ / "in.mp4";
  std::string out_ = folder_ / "out.mp4";
};

TEST_F(Finish, GStreamerPlaysEveryFrameAndSampleInItsPlace) {
  make({.audio_samples = 144000, .duration = 3s}, {});
  const auto heard = decode_sound(out_);
  const auto meant = noise(144000);
  EXPECT_EQ(heard.size(), meant.size());
  EXPECT_EQ(lag_at(heard, meant, 0), 0);
  EXPECT_EQ(lag_at(heard, meant, 70000), 0);
  EXPECT_EQ(lag_at(heard, meant, 142000), 0);
  const auto frames = decode_frames(out_);
  ASSERT_EQ(frames.size(), 75U);
  for (int i = 0; i < 75; ++i) EXPECT_EQ(frames[static_cast<std::size_t>(i)], i * 40ms);
}

TEST_F(Finish, FfmpegPlaysEveryFrameAndSampleInItsPlace) {
  if (!have_ffmpeg()) GTEST_SKIP() << "no ffmpeg";
  make({.audio_samples = 384000, .duration = 8s});
  const auto heard = ffmpeg_sound(out_);
  const auto meant = noise(384000);
  EXPECT_EQ(heard.size(), meant.size());
  EXPECT_EQ(lag_at(heard, meant, 0), 0);
  EXPECT_EQ(lag_at(heard, meant, 200000), 0);
  EXPECT_EQ(lag_at(heard, meant, 382000), 0);
  const auto probed = ffprobe(out_);
  for (const auto& stream : probed["streams"]) {
    EXPECT_EQ(stream["start_time"], "0.000000");
    EXPECT_EQ(stream["duration"], "8.000000");
  }
  EXPECT_EQ(probed["streams"][0]["color_space"], "bt709");
  EXPECT_EQ(probed["streams"][0]["profile"], "High");
  const auto pixels = output_of("ffmpeg -v error -i " + out_ +
                                " -map 0:v -vsync passthrough -f rawvideo -pix_fmt gray -s 8x8 -");
  EXPECT_EQ(pixels.size(), 200U * 64);
}

TEST_F(Finish, NtscTimesAreExact) {
  if (!have_ffmpeg()) GTEST_SKIP() << "no ffmpeg";
  make({.audio_samples = 120120, .duration = 2'502'500'000ns},
       {.frames = 75, .rate = {30000, 1001}, .samples = 120120});
  const auto probed = ffprobe(out_);
  EXPECT_EQ(probed["streams"][0]["duration"], "2.502500");
  EXPECT_EQ(probed["streams"][1]["duration_ts"], 120120);
  EXPECT_EQ(decode_frames(out_).size(), 75U);
}

TEST_F(Finish, TheMovieBoxComesFirst) {
  make({.chapters = many_chapters(2, 8s), .audio_samples = 384000, .duration = 8s});
  const auto file = File::open_to_read(out_);
  ASSERT_TRUE(file);
  const auto boxes = outermost_boxes(*file, out_);
  ASSERT_TRUE(boxes);
  std::string order;
  for (const auto& box : *boxes)
    for (int shift = 24; shift >= 0; shift -= 8) order += static_cast<char>(box.type >> shift);
  EXPECT_EQ(order, "ftypmoovmdatmdat");
}

TEST_F(Finish, ChaptersAndTitleAreRead) {
  if (!have_ffmpeg()) GTEST_SKIP() << "no ffmpeg";
  ASSERT_TRUE(make_movie(in_, {.frames = 200, .samples = 384000}));
  for (const int count : {0, 1, 300}) {
    const auto chapters = many_chapters(count, 8s);
    ASSERT_TRUE(finish_mp4(
        in_, out_,
        {.chapters = chapters, .audio_samples = 384000, .title = "Вебинар", .duration = 8s}));
    const auto probed = ffprobe(out_);
    ASSERT_EQ(probed["chapters"].size(), chapters.size());
    for (std::size_t i = 0; i < chapters.size(); ++i) {
      EXPECT_EQ(probed["chapters"][i]["tags"]["title"], chapters[i].title);
      EXPECT_NEAR(std::stod(probed["chapters"][i]["start_time"].get<std::string>()),
                  to_seconds(chapters[i].start), 0.0001);
    }
    EXPECT_EQ(probed["format"]["tags"]["title"], "Вебинар");
    EXPECT_EQ(probed["format"]["duration"].get<std::string>().substr(0, 5), "8.000");
  }
}

TEST_F(Finish, AMovieWithoutSound) {
  make({.chapters = many_chapters(2, 3s), .duration = 3s}, {.samples = 0});
  EXPECT_EQ(decode_frames(out_).size(), 75U);
  const auto missing = finish_mp4(in_, out_, {.audio_samples = 10});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, Kind::media);
}

TEST_F(Finish, FinishingAFinishedFileIsRefusedOrHarmless) {
  make({.audio_samples = 144000, .duration = 3s}, {});
  const std::string again = folder_ / "again.mp4";
  ASSERT_TRUE(finish_mp4(out_, again, {.audio_samples = 144000, .duration = 3s}));
  EXPECT_EQ(decode_sound(again).size(), 144000U);
  const auto in_place = finish_mp4(in_, in_, {});
  ASSERT_FALSE(in_place);
  EXPECT_EQ(in_place.error().kind, Kind::usage);
  EXPECT_TRUE(std::filesystem::exists(in_));
}

TEST_F(Finish, DamagedInputIsAnErrorAndLeavesNothing) {
  ASSERT_TRUE(make_movie(in_, {}));
  const auto size = std::filesystem::file_size(in_);
  for (const auto bytes : {size - 1, size - 900, size / 2, std::uintmax_t{40}, std::uintmax_t{3}}) {
    std::filesystem::resize_file(in_, bytes);
    const auto done = finish_mp4(in_, out_, {});
    ASSERT_FALSE(done) << bytes;
    EXPECT_EQ(done.error().kind, Kind::media);
    EXPECT_FALSE(std::filesystem::exists(out_));
  }
  std::ofstream{in_} << std::string(100'000, 'x');
  EXPECT_EQ(finish_mp4(in_, out_, {}).error().kind, Kind::media);
  EXPECT_EQ(finish_mp4(folder_ / "none.mp4", out_, {}).error().kind, Kind::media);
  EXPECT_EQ(finish_mp4(folder_ / "", out_, {}).error().kind, Kind::media);
}

TEST_F(Finish, AFullDiskSaysSoAndLeavesNothing) {
  ASSERT_TRUE(make_movie(in_, {}));
  const auto full = finish_mp4(in_, "/dev/full", {});
  ASSERT_FALSE(full);
  EXPECT_NE(full.error().message.find("no space"), std::string::npos) << full.error().message;
  EXPECT_TRUE(std::filesystem::exists("/dev/full"));

  struct rlimit old {};
  getrlimit(RLIMIT_FSIZE, &old);
  const struct rlimit small { 20'000, old.rlim_max };
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &small);
  const auto limited = finish_mp4(in_, out_, {});
  setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(limited);
  EXPECT_NE(limited.error().message.find("no space"), std::string::npos) << limited.error().message;
  EXPECT_FALSE(std::filesystem::exists(out_));

  EXPECT_EQ(finish_mp4(in_, folder_ / "no/such/out.mp4", {}).error().kind, Kind::usage);
}

TEST_F(Finish, StopsWhenAsked) {
  ASSERT_TRUE(make_movie(in_, {}));
  std::stop_source stop;
  stop.request_stop();
  const auto done = finish_mp4(in_, out_, {}, stop.get_token());
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, Kind::interrupted);
  EXPECT_FALSE(std::filesystem::exists(out_));
}

}  // namespace
}  // namespace rostrum
