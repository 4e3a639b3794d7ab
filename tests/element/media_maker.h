// SPDX-License-Identifier: LGPL-2.1-or-later
// Small media made while the tests run, and the ways in which real ones are broken.
#pragma once

#include "lib/gst_ptr.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace rostrum::test {

// A folder that goes with the object.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "rostrum-XXXXXX").string();
    path_ = std::filesystem::canonical(mkdtemp(name.data()));
  }
  ~Folder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

inline std::string read_bytes(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

inline void write_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream{path, std::ios::binary} << bytes;
}

// Runs "launch ! filesink" or any other pipeline to its end.
inline void run_pipeline(const std::string& launch) {
  GError* raw = nullptr;
  const auto pipeline = retain(gst_parse_launch(launch.c_str(), &raw));
  const GErrorPtr error{raw};
  ASSERT_FALSE(error) << launch << ": " << error->message;
  const auto bus = adopt(gst_element_get_bus(pipeline.get()));
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  const auto message = adopt(
      gst_bus_timed_pop_filtered(bus.get(), 60 * GST_SECOND,
                                 static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  ASSERT_TRUE(message) << launch;
  ASSERT_EQ(GST_MESSAGE_TYPE(message.get()), GST_MESSAGE_EOS) << launch;
}

// H.264 (and AAC) of `frames` at 25 a second in MP4; `caps` adds to the picture's caps, `tags` are
// elements before the encoder, `muxer` are properties of mp4mux.
struct Mp4 {
  int frames = 50;
  bool sound = true;
  std::string caps = "width=320,height=240";
  std::string tags = "identity";
  std::string muxer = "faststart=true";
};

inline void make_mp4(const std::string& path, const Mp4& mp4 = {}) {
  const auto frames = std::to_string(mp4.frames);
  std::string launch = "mp4mux name=mux " + mp4.muxer + " ! filesink location=" + path +
                       " videotestsrc num-buffers=" + frames +
                       " ! video/x-raw,format=I420,framerate=25/1," + mp4.caps + " ! " + mp4.tags +
                       " ! x264enc speed-preset=ultrafast key-int-max=25 ! h264parse"
                       " ! queue ! mux.video_0";
  if (mp4.sound)
    launch += " audiotestsrc samplesperbuffer=1920 num-buffers=" + frames +
              " ! audio/x-raw,rate=48000,channels=1 ! avenc_aac ! aacparse ! queue ! mux.audio_0";
  run_pipeline(launch);
}

// Where the n-th box of a type begins (at its size), or npos.
inline std::size_t find_box(const std::string& bytes, const std::string& type, int n = 0) {
  std::size_t at = bytes.find(type);
  while (at != bytes.npos && n-- > 0) at = bytes.find(type, at + 4);
  return at == bytes.npos ? at : at - 4;
}

inline void put_u32(std::string& bytes, std::size_t at, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) bytes[at + i] = static_cast<char>(value >> (24 - 8 * i));
}

}  // namespace rostrum::test
