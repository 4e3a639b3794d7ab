// SPDX-License-Identifier: LGPL-2.1-or-later
#include "mp4_media.h"

#include "lib/gst_ptr.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace rostrum::test {

namespace {

GstPadProbeReturn leave_out(GstPad*, GstPadProbeInfo* info, gpointer data) {
  auto* left = static_cast<int*>(data);
  (void)info;
  return (*left)-- == 0 ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
}

std::string description(const std::string& path, const MovieSpec& spec) {
  std::string text =
      "videotestsrc name=v pattern=ball num-buffers=" + std::to_string(spec.frames) +
      " ! video/x-raw,format=I420,width=160,height=90,colorimetry=bt709,framerate=" +
      std::to_string(spec.rate.num) + "/" + std::to_string(spec.rate.den) +
      " ! x264enc pass=qual quantizer=30 vbv-buf-capacity=0 speed-preset=veryfast threads=1"
      " sync-lookahead=0 key-int-max=250 ! video/x-h264,profile=high,stream-format=avc"
      " ! h264parse ! queue max-size-time=0 max-size-bytes=0 max-size-buffers=0 ! m.video_0 ";
  if (spec.samples > 0)
    text +=
        "appsrc name=a format=time caps=audio/x-raw,format=S16LE,layout=interleaved,rate=48000,"
        "channels=1 ! audioconvert ! avenc_aac bitrate=128000 ! aacparse ! queue ! m.audio_0 ";
  return text + "mp4mux name=m faststart=false ! filesink location=" + path;
}

// In pieces of 1000 samples, so that the encoder must put its own packets together.
void push_sound(GstElement* source, const MovieSpec& spec) {
  const auto sound = noise(spec.samples);
  for (std::size_t at = 0; at < sound.size(); at += 1000) {
    const std::size_t count = std::min<std::size_t>(1000, sound.size() - at);
    GstBuffer* buffer = gst_buffer_new_memdup(&sound[at], count * 2);
    const auto start = static_cast<guint64>(at) * GST_SECOND;
    GST_BUFFER_PTS(buffer) = start / 48000 + static_cast<guint64>(spec.audio_start.count());
    GST_BUFFER_DURATION(buffer) = (start + count * GST_SECOND) / 48000 - start / 48000;
    gst_app_src_push_buffer(GST_APP_SRC(source), buffer);
  }
  gst_app_src_end_of_stream(GST_APP_SRC(source));
}

// Plays one kind of stream of a file into an appsink and hands every sample over.
template <typename Take>
void decode(const std::string& path, const std::string& branch, Take&& take) {
  auto pipeline = retain(gst_parse_launch(
      ("filesrc location=" + path + " ! qtdemux name=d " + branch + " ! appsink name=s sync=false")
          .c_str(),
      nullptr));
  auto sink = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "s"));
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  while (auto sample =
             adopt(gst_app_sink_try_pull_sample(GST_APP_SINK(sink.get()), 10 * GST_SECOND)))
    take(gst_sample_get_buffer(sample.get()), gst_sample_get_segment(sample.get()));
  EXPECT_TRUE(gst_app_sink_is_eos(GST_APP_SINK(sink.get()))) << path;
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "rostrum-test-XXXXXX").string();
  path_ = mkdtemp(name.data());
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

bool make_movie(const std::string& path, const MovieSpec& spec) {
  auto pipeline = retain(gst_parse_launch(description(path, spec).c_str(), nullptr));
  if (!pipeline) return false;
  int left_out = spec.left_out;
  auto video = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "v"));
  auto pad = adopt(gst_element_get_static_pad(video.get(), "src"));
  if (left_out >= 0)
    gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_BUFFER, leave_out, &left_out, nullptr);
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  if (auto sound = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "a")))
    push_sound(sound.get(), spec);
  auto bus = adopt(gst_element_get_bus(pipeline.get()));
  auto message = adopt(
      gst_bus_timed_pop_filtered(bus.get(), 60 * GST_SECOND,
                                 static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  return message && GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_EOS;
}

std::vector<std::int16_t> noise(std::int64_t samples) {
  std::vector<std::int16_t> sound(static_cast<std::size_t>(samples));
  std::uint32_t state = 1;
  int smooth = 0;  // low-passed, as an encoder spends nothing on the highest tones
  for (auto& sample : sound) {
    state = state * 1664525 + 1013904223;
    smooth += (static_cast<std::int16_t>(state >> 16) / 2 - smooth) / 4;
    sample = static_cast<std::int16_t>(smooth);
  }
  return sound;
}

int lag_at(const std::vector<std::int16_t>& heard, const std::vector<std::int16_t>& meant,
           std::int64_t position) {
  constexpr std::int64_t kWindow = 2000;
  double best = 0;
  int best_lag = 9999;
  for (int lag = -3000; lag <= 3000; ++lag) {
    double sum = 0;
    for (std::int64_t i = position; i < position + kWindow; ++i) {
      const std::int64_t j = i + lag;
      if (j < 0 || j >= std::ssize(heard) || i >= std::ssize(meant)) continue;
      sum += static_cast<double>(heard[static_cast<std::size_t>(j)]) *
             meant[static_cast<std::size_t>(i)];
    }
    if (sum > best) {
      best = sum;
      best_lag = lag;
    }
  }
  return best_lag;
}

std::vector<std::int16_t> decode_sound(const std::string& path) {
  std::vector<std::int16_t> sound;
  decode(path,
         "d.audio_0 ! queue ! aacparse ! avdec_aac ! audioconvert ! "
         "audio/x-raw,format=S16LE,channels=1",
         [&](GstBuffer* buffer, const GstSegment*) {
           const gsize bytes = gst_buffer_get_size(buffer);
           sound.resize(sound.size() + bytes / 2);
           gst_buffer_extract(buffer, 0, &sound[sound.size() - bytes / 2], bytes);
         });
  return sound;
}

std::vector<Nanoseconds> decode_frames(const std::string& path) {
  std::vector<Nanoseconds> frames;
  decode(path, "d.video_0 ! queue ! h264parse ! avdec_h264",
         [&](GstBuffer* buffer, const GstSegment* segment) {
           frames.emplace_back(static_cast<std::int64_t>(
               gst_segment_to_stream_time(segment, GST_FORMAT_TIME, GST_BUFFER_PTS(buffer))));
         });
  return frames;
}

std::string output_of(const std::string& command) {
  std::string text;
  std::array<char, 65536> piece{};
  FILE* pipe = popen(command.c_str(), "r");
  while (const std::size_t n = std::fread(piece.data(), 1, piece.size(), pipe))
    text.append(piece.data(), n);
  EXPECT_EQ(pclose(pipe), 0) << command;
  return text;
}

bool have_ffmpeg() {
  return GCharPtr{g_find_program_in_path("ffmpeg")} && GCharPtr{g_find_program_in_path("ffprobe")};
}

}  // namespace rostrum::test
