// SPDX-License-Identifier: LGPL-2.1-or-later
// What truepeaklimiter puts out: core's samples at the input's times.
#include <cmath>
#include <limits>
#include <random>
#include <utility>

#include "limiter_harness.h"
#include "media_maker.h"
#include "mp4_media.h"

namespace rostrum::test {
namespace {

constexpr LimiterFormat kMono{48000, 1};

TEST(TruePeakLimiter, PutsOutTheSamplesOfCoreHoweverTheSoundIsCut) {
  for (const auto& format : {LimiterFormat{48000, 2}, LimiterFormat{8000, 1},
                             LimiterFormat{44100, 8}, LimiterFormat{192000, 1}}) {
    auto mono = hard_sounds(8000)[7].mono;
    const auto sound = spread(mono, format.channels);
    const auto expected = limited(sound, format, -3);
    for (const unsigned seed : {1U, 2U}) {
      std::mt19937 random{seed};
      const LimiterHarness harness{format, -3};
      for (std::size_t at = 0; at < mono.size();) {
        const auto n = std::min<std::size_t>(1 + random() % 3000, mono.size() - at);
        harness.push(sound, at, n);
        at += n;
      }
      harness.end();
      EXPECT_EQ(harness.pull_sound(), expected) << format.rate << ' ' << seed;
    }
  }
}

TEST(TruePeakLimiter, LeavesEverySampleAtItsTime) {
  const auto sound = sine(440, 2, 20000);
  const LimiterHarness harness;
  harness.push(sound);
  harness.end();
  std::size_t frame = 0;
  for (const auto& buffer : harness.pull()) {
    const auto n = gst_buffer_get_size(buffer.get()) / sizeof(float);
    EXPECT_NEAR(static_cast<double>(GST_BUFFER_PTS(buffer.get())),
                static_cast<double>(harness.time_of(frame)), 1);
    frame += n;
  }
  EXPECT_EQ(frame, sound.size());
}

TEST(TruePeakLimiter, KeepsTheTimesThatBuffersHave) {
  const LimiterHarness harness;
  const Sound sound(960, 0.1F);
  const GstClockTime begin = 77 * GST_SECOND + 123456789;
  for (GstClockTime i = 0; i < 3; ++i) {
    auto buffer = buffer_of(sound, begin + i * 21 * GST_MSECOND);  // 1 ms late each
    GST_BUFFER_DURATION(buffer.get()) = 20 * GST_MSECOND;
    GST_BUFFER_OFFSET(buffer.get()) = 5000 + 960 * i;
    harness.push(std::move(buffer));
  }
  harness.end();
  const auto buffers = harness.pull();
  std::vector<GstClockTime> times;
  std::vector<guint64> offsets;
  for (const auto& buffer : buffers) {
    times.push_back(GST_BUFFER_PTS(buffer.get()) - begin);
    offsets.push_back(GST_BUFFER_OFFSET(buffer.get()) - 5000);
  }
  // 960 - 287 = 673 frames, 14.020833 ms
  EXPECT_EQ(times,
            (std::vector<GstClockTime>{0, 14020833, 21000000, 35020833, 42000000, 56020833}));
  EXPECT_EQ(offsets, (std::vector<guint64>{0, 673, 960, 1633, 1920, 2593}));
  EXPECT_EQ(GST_BUFFER_DURATION(buffers[0].get()), 14020833U);
  EXPECT_EQ(GST_BUFFER_DURATION(buffers[1].get()), 5979167U);
}

TEST(TruePeakLimiter, GivesASampleWhenItsLookAheadIsThere) {
  const LimiterHarness harness;
  const auto look_ahead = limiter_look_ahead(kMono.rate);
  harness.push(Sound(look_ahead, 2.0F), 0, look_ahead);
  EXPECT_TRUE(harness.pull().empty());
  harness.push(Sound(look_ahead + 100, 2.0F), look_ahead, 100);
  EXPECT_EQ(harness.pull_sound().size(), 100U);
}

TEST(TruePeakLimiter, SaysItsLatency) {
  const LimiterHarness harness;
  gst_harness_set_upstream_latency(harness.get(), 20 * GST_MSECOND);
  // 287 samples, rounded up
  EXPECT_EQ(gst_harness_query_latency(harness.get()), 20 * GST_MSECOND + 5979167);
  const LimiterHarness slow{{8000, 1}};
  EXPECT_EQ(gst_harness_query_latency(slow.get()), 10875000U);
}

TEST(TruePeakLimiter, CopiesNothingThatItDoesNotChange) {
  const LimiterHarness harness;
  const auto quiet = buffer_of(Sound(1000, 0.1F), 0);
  auto* memory = gst_buffer_peek_memory(quiet.get(), 0);
  harness.push(retain(quiet.get()));
  harness.end();
  const auto out = harness.pull();
  ASSERT_EQ(out.size(), 2U);
  for (const auto& piece : out) EXPECT_EQ(gst_buffer_peek_memory(piece.get(), 0)->parent, memory);
}

TEST(TruePeakLimiter, ChangesNoBufferOfOthers) {
  const LimiterHarness harness;
  const Sound loud = sine(1000, 2, 1000);
  const auto kept = buffer_of(loud, 0);
  harness.push(retain(kept.get()));
  harness.end();
  EXPECT_EQ(harness.pull_sound(), limited(loud, kMono));
  EXPECT_EQ(sound_of(kept.get()), loud);
}

TEST(TruePeakLimiter, FreesEveryBuffer) {
  int freed = 0;
  {
    const LimiterHarness harness;
    for (std::size_t i = 0; i < 5; ++i) {
      auto buffer = buffer_of(sine(1000, 2, 100), harness.time_of(100 * i));
      gst_mini_object_weak_ref(
          GST_MINI_OBJECT(buffer.get()),
          [](gpointer count, GstMiniObject*) { ++*static_cast<int*>(count); }, &freed);
      harness.push(std::move(buffer));
    }
    EXPECT_EQ(freed, 2);  // 213 frames are out
  }
  EXPECT_EQ(freed, 5);
}

TEST(TruePeakLimiter, TakesWhatIsNoNumberForSilence) {
  Sound sound = sine(1000, 2, 5000);
  auto clean = sound;
  for (const std::size_t at : {0U, 1234U, 4999U}) {
    sound[at] =
        at == 0 ? std::numeric_limits<float>::infinity() : std::numeric_limits<float>::quiet_NaN();
    clean[at] = 0;
  }
  const LimiterHarness harness;
  harness.push(sound);
  harness.end();
  EXPECT_EQ(harness.pull_sound(), limited(clean, kMono));
}

TEST(TruePeakLimiter, TakesABufferMarkedAsAGapForSilence) {
  const auto loud = sine(1000, 2, 1000);
  const LimiterHarness harness;
  harness.push(buffer_of(loud, 0));
  auto gap = buffer_of(loud, harness.time_of(1000));
  GST_BUFFER_FLAG_SET(gap.get(), GST_BUFFER_FLAG_GAP);
  harness.push(std::move(gap));
  harness.push(buffer_of(loud, harness.time_of(2000)));
  harness.end();
  Sound out;
  for (const auto& buffer : harness.pull()) {
    const auto first = out.size();
    out = out + sound_of(buffer.get());
    EXPECT_EQ(GST_BUFFER_FLAG_IS_SET(buffer.get(), GST_BUFFER_FLAG_GAP),
              first >= 1000 && first < 2000);
  }
  EXPECT_EQ(out, limited(loud + Sound(1000, 0.0F) + loud, kMono));
}

double ffmpeg_true_peak(const Sound& sound, int rate) {
  const Folder folder;
  write_bytes(folder / "sound.f32",
              {reinterpret_cast<const char*>(sound.data()), sound.size() * sizeof(float)});
  const auto text =
      output_of("ffmpeg -v error -f f32le -ac 1 -ar " + std::to_string(rate) + " -i " +
                (folder / "sound.f32") +
                " -af ebur128=peak=true:metadata=1,ametadata=print:key=lavfi.r128.true_peak:file=- "
                "-f null -");
  const auto at = text.rfind("true_peak=");
  return at == text.npos ? 99 : 20 * std::log10(std::stod(text.substr(at + 10)));
}

TEST(TruePeakLimiter, KeepsTheTruePeakThatFfmpegMeasuresBelowTheCeiling) {
  if (!have_ffmpeg()) GTEST_SKIP() << "no ffmpeg";
  // 192 kHz, at which it measures, is no multiple of 44.1 kHz: it looks where no value of the
  // limiter is.  White noise has its peaks there, too.
  for (const auto& [rate, most] : {std::pair{48000, -0.9}, {96000, -0.9}, {44100, -0.75}}) {
    for (const auto& [name, sound] : hard_sounds(rate)) {
      const LimiterHarness harness{{rate, 1}};
      harness.push(sound);
      harness.end();
      const auto peak = ffmpeg_true_peak(harness.pull_sound(), rate);
      EXPECT_LE(peak, most) << name << ' ' << rate;
      EXPECT_GT(peak, -4) << name << ' ' << rate;
    }
  }
}

}  // namespace
}  // namespace rostrum::test
