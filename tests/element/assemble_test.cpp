// SPDX-License-Identifier: LGPL-2.1-or-later
// Real chunks become one film; ffmpeg says what is in it.
#include "engine/assemble.h"

#include "core/chunks.h"
#include "core/mp4_movie.h"
#include "engine/file.h"
#include "media_maker.h"
#include "test_media.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <numbers>
#include <sstream>

namespace rostrum {
namespace {

using test::Folder;

constexpr Size kSize{160, 96};
constexpr std::int64_t kRate = 48000;
constexpr std::int64_t kAacFrame = 1024;

std::string output_of(const std::string& command) {
  std::string text;
  std::FILE* pipe = popen(command.c_str(), "r");
  char block[65536];
  for (std::size_t n = 0; (n = std::fread(block, 1, sizeof block, pipe)) > 0;)
    text.append(block, n);
  EXPECT_EQ(pclose(pipe), 0) << command;
  return text;
}

bool have_ffmpeg() {
  return std::system("ffmpeg -version >/dev/null 2>&1 && ffprobe -version >/dev/null 2>&1") == 0;
}

template <typename Push>
void encode(const std::string& launch, Push push) {
  const auto pipeline = retain(gst_parse_launch(launch.c_str(), nullptr));
  ASSERT_TRUE(pipeline) << launch;
  const auto source = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "s"));
  push(GST_APP_SRC(source.get()));
  gst_app_src_end_of_stream(GST_APP_SRC(source.get()));
  ASSERT_TRUE(test::run_to_eos(pipeline.get())) << launch;
}

// The frames [first, end) of a film, each with its number, as a worker writes them.
void make_chunk(const std::string& path, Fraction rate, int first, int end) {
  test::VideoSpec spec{.frames = end, .rate = rate, .size = kSize};
  const FrameGrid grid{rate};
  spec.pts = [=](int n) { return grid.start(n - first); };
  encode("appsrc name=s format=time caps=video/x-raw,format=I420,width=160,height=96,framerate=" +
             std::to_string(rate.num) + "/" + std::to_string(rate.den) +
             " ! x264enc threads=1 pass=qual quantizer=20 bframes=3 b-adapt=false"
             " speed-preset=veryfast ! video/x-h264,profile=high ! h264parse ! mp4mux !"
             " filesink location=" +
             path,
         [&](GstAppSrc* source) {
           for (int n = first; n < end; ++n)
             gst_app_src_push_buffer(source, test::numbered_frame(spec, n).release());
         });
}

// A chord whose loudness sways.
std::int16_t tone(std::int64_t sample) {
  const double t = static_cast<double>(sample) / kRate * 2 * std::numbers::pi;
  const double chord = std::sin(440 * t) + std::sin(997 * t) + std::sin(3001 * t);
  return static_cast<std::int16_t>(6000 * (0.6 + 0.4 * std::sin(3 * t)) * chord);
}

void make_sound(const std::string& path, std::int64_t first, std::int64_t end) {
  encode(
      "appsrc name=s format=time caps=audio/x-raw,format=S16LE,layout=interleaved,rate=48000,"
      "channels=1 ! audioconvert ! avenc_aac bitrate=128000 ! aacparse ! mp4mux !"
      " filesink location=" +
          path,
      [&](GstAppSrc* source) {
        const auto bytes = static_cast<gsize>(end - first) * 2;
        auto buffer = adopt(gst_buffer_new_allocate(nullptr, bytes, nullptr));
        std::vector<std::int16_t> samples;
        for (auto n = first; n < end; ++n) samples.push_back(tone(n));
        gst_buffer_fill(buffer.get(), 0, samples.data(), bytes);
        GST_BUFFER_PTS(buffer.get()) = 0;
        gst_app_src_push_buffer(source, buffer.release());
      });
}

// The programme's sound cut before these packets, each unit with pre-roll and tail.
JoinedSound make_sounds(const Folder& folder, std::int64_t samples,
                        const std::vector<std::int64_t>& cuts) {
  const auto packets = (samples + kAacFrame - 1) / kAacFrame + 1;
  JoinedSound sound;
  for (std::size_t i = 0; i <= cuts.size(); ++i) {
    const auto first = i == 0 ? 0 : cuts[i - 1];
    const auto end = i == cuts.size() ? packets : cuts[i];
    const SoundUnit unit{first, end, std::max<std::int64_t>(0, first - 4) * kAacFrame,
                         std::min((end + 2) * kAacFrame, samples)};
    const auto path = folder / ("sound" + std::to_string(cuts.size()) + std::to_string(i) + ".mp4");
    make_sound(path, unit.first_sample, unit.end_sample);
    sound.parts.push_back({path, unit.skipped(), unit.kept()});
  }
  return sound;
}

FinishOptions finish(Fraction rate, int frames, std::int64_t samples) {
  FinishOptions options;
  options.duration = FrameGrid{rate}.start(frames);
  options.audio_samples = samples;
  return options;
}

// The numbers that ffmpeg reads out of the pictures.
std::vector<int> numbers_in(const std::string& film) {
  const auto raw =
      output_of("ffmpeg -v error -i " + film + " -vsync 0 -f rawvideo -pix_fmt yuv420p -");
  const std::size_t frame = static_cast<std::size_t>(kSize.width) * kSize.height * 3 / 2;
  std::vector<int> numbers;
  for (std::size_t at = 0; at + frame <= raw.size(); at += frame) {
    const auto buffer = adopt(gst_buffer_new_memdup(raw.data() + at, frame));
    numbers.push_back(test::read_number(buffer.get(), kSize));
  }
  return numbers;
}

std::vector<std::int64_t> column(const std::string& film, const std::string& entries) {
  std::istringstream text{output_of("ffprobe -v error -select_streams v -show_entries " + entries +
                                    " -of csv=p=0 " + film)};
  std::vector<std::int64_t> values;
  for (std::string line; std::getline(text, line);)
    if (!line.empty()) values.push_back(std::strtoll(line.c_str(), nullptr, 10));
  return values;
}

std::vector<std::int16_t> sound_in(const std::string& film) {
  const auto raw = output_of("ffmpeg -v error -i " + film + " -vn -f s16le -");
  std::vector<std::int16_t> samples(raw.size() / 2);
  std::memcpy(samples.data(), raw.data(), samples.size() * 2);
  return samples;
}

// dB of the chord against what was added to it, around a sample.
double quality(const std::vector<std::int16_t>& heard, std::int64_t around) {
  double signal = 0;
  double noise = 1;
  for (auto n = around - kAacFrame; n < around + kAacFrame; ++n) {
    const double difference = heard[static_cast<std::size_t>(n)] - tone(n);
    signal += std::pow(tone(n), 2);
    noise += difference * difference;
  }
  return 10 * std::log10(signal / noise);
}

class Assemble : public testing::Test {
 protected:
  void SetUp() override {
    if (!have_ffmpeg()) GTEST_SKIP() << "ffmpeg is not here";
  }

  // Chunks of so many frames.
  std::vector<PicturePart> make_chunks(Fraction rate, const std::vector<int>& lengths) {
    std::vector<PicturePart> parts;
    for (const int length : lengths) {
      parts.push_back({folder_ / ("chunk" + std::to_string(parts.size()) + ".mp4")});
      make_chunk(parts.back().path, rate, frames_, frames_ + length);
      frames_ += length;
    }
    return parts;
  }

  void expect_all_frames(Fraction rate) {
    const auto numbers = numbers_in(film_);
    ASSERT_EQ(numbers.size(), static_cast<std::size_t>(frames_));
    for (int n = 0; n < frames_; ++n) EXPECT_EQ(numbers[n], n);
    const auto frames = column(film_, "frame=pts");
    const auto dts = column(film_, "packet=dts");
    ASSERT_EQ(frames.size(), numbers.size());
    ASSERT_EQ(dts.size(), numbers.size());
    const auto step = frames[1];
    const auto base = column(film_, "packet=duration").front();
    EXPECT_EQ(step, base);
    for (std::size_t n = 0; n < frames.size(); ++n)
      EXPECT_EQ(frames[n], static_cast<std::int64_t>(n) * step) << rate.num;
    for (std::size_t n = 1; n < dts.size(); ++n) EXPECT_EQ(dts[n], dts[n - 1] + step) << n;
  }

  void expect_one_edit_each() {
    const auto file = File::open_to_read(film_);
    ASSERT_TRUE(file);
    const auto boxes = outermost_boxes(*file, film_);
    ASSERT_TRUE(boxes);
    EXPECT_EQ((*boxes)[1].type, mp4::fourcc("moov"));  // in front
    const auto moov = read_body(*file, (*boxes)[1], film_);
    ASSERT_TRUE(moov);
    const auto movie = mp4::read_movie(*moov);
    ASSERT_TRUE(movie);
    for (const auto& track : movie->tracks) EXPECT_EQ(track.edits.size(), 1U);
  }

  Folder folder_;
  std::string film_ = folder_ / "film.mp4";
  int frames_ = 0;
};

TEST_F(Assemble, EveryFrameStandsAtItsTime) {
  for (const Fraction rate : {Fraction{25, 1}, Fraction{30000, 1001}}) {
    frames_ = 0;
    const auto chunks = make_chunks(rate, {40, 33, 51});
    ASSERT_TRUE(assemble_mp4(chunks, {}, film_, finish(rate, frames_, 0)));
    expect_all_frames(rate);
    expect_one_edit_each();
  }
}

// With fewer frames than an encoder may reorder, chunks differ in how late their first frame is.
TEST_F(Assemble, ChunksOfOneFrameAreShownInTheirPlace) {
  for (const auto& lengths : {std::vector{30, 1}, {1, 30}, {1, 1, 2}, {20, 2, 20, 1, 20}}) {
    frames_ = 0;
    const auto chunks = make_chunks({25, 1}, lengths);
    ASSERT_TRUE(assemble_mp4(chunks, {}, film_, finish({25, 1}, frames_, 0)));
    expect_all_frames({25, 1});
  }
}

TEST_F(Assemble, SoundIsWholeAndContinuousAtTheSeams) {
  const auto chunks = make_chunks({25, 1}, {50, 50, 28});
  const std::int64_t samples = frames_ * kRate / 25;  // whole packets: ffmpeg cuts none at the end
  const std::vector<std::int64_t> cuts{60, 131};
  ASSERT_TRUE(assemble_mp4(chunks, make_sounds(folder_, samples, cuts), film_,
                           finish({25, 1}, frames_, samples)));
  expect_all_frames({25, 1});
  expect_one_edit_each();
  const auto heard = sound_in(film_);
  ASSERT_EQ(heard.size(), static_cast<std::size_t>(samples));

  double inside = 100;
  double seams = 100;
  for (std::int64_t packet = 2; (packet + 2) * kAacFrame < samples; ++packet) {
    const bool near = std::any_of(cuts.begin(), cuts.end(),
                                  [&](auto cut) { return std::abs(cut - packet) <= 3; });
    auto& worst = near ? seams : inside;
    worst = std::min(worst, quality(heard, packet * kAacFrame));
  }
  EXPECT_GT(inside, 25);
  EXPECT_GT(seams, inside - 1);
}

TEST_F(Assemble, ThereIsNoFilmWhenAPartIsNotWhole) {
  auto chunks = make_chunks({25, 1}, {10, 10});
  const auto sounds = make_sounds(folder_, 20 * 1920, {});
  const auto options = finish({25, 1}, frames_, 20 * 1920);
  auto bytes = test::read_bytes(chunks[1].path);
  test::write_bytes(chunks[1].path, bytes.substr(0, bytes.size() / 2));
  EXPECT_FALSE(assemble_mp4(chunks, sounds, film_, options));
  chunks[1].path = folder_ / "absent.mp4";
  EXPECT_FALSE(assemble_mp4(chunks, sounds, film_, options));
  chunks.pop_back();
  auto more = sounds;
  more.parts.front().keep += 10;
  EXPECT_FALSE(assemble_mp4(chunks, more, film_, options));
  std::stop_source stop;
  stop.request_stop();
  const auto stopped = assemble_mp4(chunks, sounds, film_, options, stop.get_token());
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().kind, Kind::interrupted);
  EXPECT_FALSE(std::filesystem::exists(film_));
  EXPECT_TRUE(assemble_mp4(chunks, sounds, film_, options));
}

}  // namespace
}  // namespace rostrum
