// SPDX-License-Identifier: LGPL-2.1-or-later
// Sound that is rendered in units and joined is the sound that is encoded at once.
#include "core/chunks.h"
#include "core/stems.h"
#include "engine/assemble_sound.h"
#include "engine/render_pipeline.h"
#include "engine/sound_encoders.h"
#include "engine/verify.h"
#include "media_maker.h"
#include "test_media.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstring>
#include <numeric>

namespace rostrum {
namespace {

using Sound = std::vector<float>;

std::string output_of(const std::string& command) {
  std::string text;
  std::FILE* pipe = popen(command.c_str(), "r");
  char block[65536];
  for (std::size_t n = 0; (n = std::fread(block, 1, sizeof block, pipe)) > 0;)
    text.append(block, n);
  EXPECT_EQ(pclose(pipe), 0) << command;
  return text;
}

struct Case {
  AudioCodec codec;
  int channels;
  const char* ending;
};

std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << name_of(c.codec) << c.channels << c.ending;
}

// 13 s of a voice-like sound that is never the same twice, 11.96 s of it in the film.
class SoundUnits : public testing::TestWithParam<Case> {
 protected:
  static constexpr std::int64_t kSamples = 48000 * 1196 / 100;

  void SetUp() override {
    const auto path = folder_ / "a.wav";
    test::run_pipeline(
        "audiomixer name=m ! audio/x-raw,rate=48000,channels=2 ! wavenc ! filesink"
        " location=" +
        path +
        " audiotestsrc num-buffers=610 samplesperbuffer=1024 wave=pink-noise"
        " volume=0.2 ! audio/x-raw,format=F32LE,channels=2 ! m."
        " audiotestsrc num-buffers=610 samplesperbuffer=1024 wave=ticks freq=300"
        " volume=0.4 ! audio/x-raw,format=F32LE,channels=2 ! m.");
    manifest_.assets = {{"a", path, {}, {}}};
    Clip clip;
    clip.asset = "a";
    clip.in = 400ms;  // so that no tick is at a seam: AAC is further from those
    manifest_.tracks = {{"a", TrackKind::microphone, "", {clip}}};
    manifest_.duration = 11960ms;
    manifest_.audio.codec = GetParam().codec;
    manifest_.audio.channels = GetParam().channels;
    MediaInfo info;
    info.path = path;
    info.audio = AudioInfo{48000, 2};
    info.duration = 13s;
    media_["a"] = info;
    plan_ = make_plan(manifest_, media_, {}).value_or(Plan{});
    ASSERT_EQ(sample_count(plan_), kSamples);
  }

  // The file of the film's sound, in units of that length.
  std::string file_of(Nanoseconds length, const char* ending = GetParam().ending) {
    JoinedSound sound;
    sound.format = plan_.sound;
    sound.priming = packet_grid(plan_.sound.codec).priming;
    seams_.clear();
    const auto name = std::to_string(length.count());
    for (const auto& unit : cut_sound(kSamples, plan_.sound.codec, length)) {
      ChunkJob job;
      job.slice = make_sound_slice(plan_, unit.first_sample, unit.end_sample);
      job.paths = {{"a", media_["a"].path}};
      job.first_block = unit.first_packet;
      job.output = folder_ / (name + "-" + std::to_string(unit.first_packet));
      const auto pipeline = make_render_pipeline(job);
      EXPECT_TRUE(pipeline);
      EXPECT_TRUE(test::run_to_eos(pipeline->get()));
      if (is_flac_stream(job)) {
        const auto wrapped = wrap_flac(job);
        EXPECT_TRUE(wrapped) << (wrapped ? "" : wrapped.error().message);
      }
      seams_.push_back(unit.first_packet * unit.packet_samples - sound.priming);
      sound.parts.push_back({job.output, unit.skipped(), unit.kept()});
    }
    parts_ = sound.parts.size();
    FinishOptions finish;
    finish.audio_samples = kSamples;
    finish.title = "Название";
    if (chapters_) finish.chapters = {{0ns, "one"}, {5s, "two"}};
    const auto path = folder_ / (name + ending);
    const auto done = assemble_sound(sound, *sound_container(path), path, finish);
    EXPECT_TRUE(done) << (done ? "" : done.error().message);
    return path;
  }

  Sound heard_by_ffmpeg(const std::string& path) const {
    const auto raw = output_of("ffmpeg -v warning -i " + path + " -f f32le - 2>&1");
    Sound sound(raw.size() / sizeof(float));
    std::memcpy(sound.data(), raw.data(), sound.size() * sizeof(float));
    return sound;
  }

  // How far each 1024 samples are from the mix, RMS.
  std::vector<double> errors(const Sound& heard) {
    plan_.sound.codec = AudioCodec::flac;
    const auto mix = heard_by_ffmpeg(file_of(60s, ".flac"));
    const auto window = static_cast<std::size_t>(1024 * GetParam().channels);
    std::vector<double> found;
    for (std::size_t from = 0; from + window <= mix.size(); from += window) {
      double power = 0;
      for (auto i = from; i < from + window; ++i)
        power += std::pow(static_cast<double>(heard[i]) - static_cast<double>(mix[i]), 2);
      found.push_back(std::sqrt(power / static_cast<double>(window)));
    }
    return found;
  }

  static double mean(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  }

  std::size_t frames(const Sound& sound) const {
    return sound.size() / static_cast<std::size_t>(GetParam().channels);
  }

  test::Folder folder_;
  Manifest manifest_;
  MediaMap media_;
  Plan plan_;
  std::size_t parts_ = 0;
  std::vector<std::int64_t> seams_;  // samples, of the last file
  bool chapters_ = true;
};

TEST_P(SoundUnits, AreJoinedWithoutASeam) {
  const auto whole = heard_by_ffmpeg(file_of(60s));
  ASSERT_EQ(parts_, 1U);
  const auto joined = heard_by_ffmpeg(file_of(3s));
  const auto seams = seams_;
  ASSERT_GE(parts_, 4U);
  ASSERT_EQ(whole.size(), joined.size());
  if (GetParam().codec != AudioCodec::aac) {
    EXPECT_EQ(whole, joined) << "two runs of the encoder come to the same packets";
    return;
  }
  // What avenc_aac makes of a packet depends on the bits that all before it took.
  const auto error = errors(joined);
  for (std::size_t i = 1; i < seams.size(); ++i) {
    const auto at = static_cast<std::size_t>(seams[i]) / 1024;
    if (at + 1 >= error.size()) continue;  // the last packet alone
    for (const auto near : {at - 1, at, at + 1})
      EXPECT_LT(error[near], 2 * mean(error)) << "seam " << i;  // a click is ten times that
  }
}

TEST_P(SoundUnits, OfFlacAreTheMixToTheLastBit) {
  if (GetParam().codec != AudioCodec::flac) return;
  const auto slice = make_sound_slice(plan_, 0, kSamples);
  const AssetPaths paths{{"a", media_["a"].path}};
  auto bin = make_audio_bin({slice, paths, OnDamage::fail, {}});
  ASSERT_TRUE(bin);
  const auto pipeline = retain(gst_pipeline_new(nullptr));
  auto* sink = gst_element_factory_make("filesink", nullptr);
  const auto raw = folder_ / "mix.raw";
  g_object_set(sink, "location", raw.c_str(), nullptr);
  auto* source = bin->get();
  gst_bin_add_many(GST_BIN(pipeline.get()), bin->release(), sink, nullptr);
  ASSERT_TRUE(gst_element_link(source, sink));
  ASSERT_TRUE(test::run_to_eos(pipeline.get()));
  const auto bytes = test::read_bytes(raw);
  Sound mix(bytes.size() / sizeof(float));
  std::memcpy(mix.data(), bytes.data(), bytes.size());
  const auto heard = heard_by_ffmpeg(file_of(3s));
  ASSERT_EQ(heard.size(), mix.size());
  double worst = 0;
  for (std::size_t i = 0; i < mix.size(); ++i)
    worst = std::max(worst, std::abs(static_cast<double>(mix[i]) - static_cast<double>(heard[i])));
  EXPECT_LE(worst, std::pow(2, -23)) << "the last of 24 bits";
  EXPECT_GT(*std::max_element(mix.begin(), mix.end()), 0.05F);
}

TEST_P(SoundUnits, HaveExactlyThePlannedSamples) {
  const auto path = file_of(3s);
  const auto found = frames(heard_by_ffmpeg(path));
  // FFmpeg 5.1 plays the last packet of an MP4 whole.
  const bool rounded =
      sound_container(path) == SoundContainer::mp4 && GetParam().codec != AudioCodec::flac;
  if (rounded) {
    EXPECT_GE(found, static_cast<std::size_t>(kSamples));
    EXPECT_LT(found, static_cast<std::size_t>(kSamples + packet_grid(plan_.sound.codec).samples));
  } else {
    EXPECT_EQ(found, static_cast<std::size_t>(kSamples));
  }
  VerifyOptions options;
  options.expected = Expected{};
  options.expected->picture = false;
  options.expected->samples = kSamples;
  options.expected->channels = GetParam().channels;
  const auto report = verify(path, options);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->ok()) << report->to_json();
  options.expected->samples = kSamples + 1;
  EXPECT_FALSE(verify(path, options)->ok());
  chapters_ = sound_container(path) != SoundContainer::mp4;  // ffprobe warns of any text track
  EXPECT_EQ(output_of("ffprobe -v warning " + file_of(4s) + " 2>&1"), "");
}

TEST_P(SoundUnits, AreWhatGStreamerPlaysToTheSample) {
  const auto path = file_of(3s);
  const auto raw = folder_ / "played.raw";
  test::run_pipeline("filesrc location=" + path +
                     " ! decodebin ! audioconvert !"
                     " audio/x-raw,format=F32LE,layout=interleaved ! filesink location=" +
                     raw);
  const auto bytes = test::read_bytes(raw);
  EXPECT_EQ(bytes.size() / sizeof(float) / static_cast<std::size_t>(GetParam().channels),
            static_cast<std::size_t>(kSamples));
}

INSTANTIATE_TEST_SUITE_P(
    Codecs, SoundUnits,
    testing::Values(Case{AudioCodec::aac, 2, ".m4a"}, Case{AudioCodec::aac, 1, ".m4a"},
                    Case{AudioCodec::opus, 2, ".opus"}, Case{AudioCodec::opus, 1, ".ogg"},
                    Case{AudioCodec::opus, 2, ".m4a"}, Case{AudioCodec::flac, 2, ".flac"},
                    Case{AudioCodec::flac, 1, ".flac"}, Case{AudioCodec::flac, 2, ".mp4"}),
    [](const auto& info) {
      const auto& c = info.param;
      return std::string{name_of(c.codec)} + std::to_string(c.channels) + (c.ending + 1);
    });

}  // namespace
}  // namespace rostrum
