// SPDX-License-Identifier: LGPL-2.1-or-later
// Passes over an MP4 or Matroska file with GStreamer: all packets, with or without decoding them,
// and single frames. Used by verify().
#pragma once

#include "core/timeline.h"
#include "lib/gst_ptr.h"
#include "lib/guarded.h"

#include <gst/video/video.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace rostrum {

// What passed by.  Times of the picture are those at which it is shown; times of the sound are the
// media's own, before its edit list.
struct Passed {
  GstPtr<GstCaps> video;      // of the packets
  GstPtr<GstCaps> video_raw;  // of the frames
  GstPtr<GstCaps> audio;
  std::vector<Nanoseconds> video_packets;  // in order of decoding
  std::vector<Nanoseconds> video_frames;   // in order of presentation
  std::int64_t audio_packets = 0;
  std::optional<Nanoseconds> audio_first;
  Nanoseconds audio_end{0};
  Nanoseconds audio_hole{0};
  std::int64_t audio_samples = 0;  // decoded
  std::optional<Nanoseconds> audio_decoded_first;
  std::int64_t audio_clipped = 0;  // samples at the end of packets that are to be cut off
  std::int64_t audio_packed = 0;   // samples in all packets, by their lengths
  std::vector<std::string> errors;
};

// Who looks at what is decoded, as it passes by; each is called from one thread at a time.
struct FilmEyes {
  // A frame that is shown at t.
  std::function<void(GstBuffer* frame, const GstVideoInfo& info, Nanoseconds t)> see = {};
  // Interleaved samples at 48 kHz of one channel or two, by the media's own time.
  std::function<void(std::span<const float> samples, int channels, Nanoseconds t)> hear = {};
};

enum class Decoding { none, sound, all };

class FilmReader {
 public:
  using Clock = std::chrono::steady_clock;

  struct Limits {
    Clock::duration stall;
    Clock::time_point deadline;
    std::stop_token stop;
  };

  FilmReader(const std::string& path, Limits limits, FilmEyes eyes = {});
  ~FilmReader();
  FilmReader(const FilmReader&) = delete;
  FilmReader& operator=(const FilmReader&) = delete;

  // Reads from start to end.  Once.
  Passed read(Decoding decoding);
  // Decodes one frame for each of these times: that which is shown then, of a film that decoding
  // can begin with there (`key_frames`), else the one before it that decoding can begin with. Once,
  // instead of read().  `video_frames` then has the times of those that could be decoded.
  Passed sample(const std::vector<Nanoseconds>& times, bool key_frames);

 private:
  static void on_stream(GstElement* demuxer, GstPad* pad, gpointer self);
  static void on_decoded(GstElement* decodebin, GstPad* pad, gpointer self);
  static void on_element(GstBin* decodebin, GstBin* bin, GstElement* element, gpointer self);
  static GstPadProbeReturn on_video_packet(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static GstPadProbeReturn on_audio_packet(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static GstPadProbeReturn on_video_frame(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static GstPadProbeReturn on_audio_frame(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static GstPadProbeReturn on_sound(GstPad* pad, GstPadProbeInfo* info, gpointer self);

  GstElement* add(const char* factory);  // to the pipeline, which owns it
  GstElement* attach(GstPad* pad, const char* factory);
  void attach_ear(GstPad* pad);
  void show(GstBuffer* frame, GstCaps* caps, Nanoseconds t);
  void wait_for_end();
  bool note_problem(GstMessage* message);  // whether it ends the reading
  GstPtr<GstSample> next_frame(GstElement* sink);
  void add_error(std::string sentence);
  void stop();
  Passed take();

  const std::string path_;
  const Limits limits_;
  const FilmEyes eyes_;
  Decoding decoding_ = Decoding::none;   // set before the pipeline starts, then constant
  bool sampling_ = false;                // the same
  std::atomic<std::uint64_t> steps_{0};  // any thread; grows while there is progress
  Guarded<Passed> passed_;               // any thread
  GstPtr<GstElement> pipeline_;
};

}  // namespace rostrum
