// SPDX-License-Identifier: LGPL-2.1-or-later
// One look into one medium: a pipeline that decodes a frame of each stream, then only reads
// packets.  Used by the prober, which guards it against never coming back.
#pragma once

#include "core/media.h"
#include "engine/components.h"
#include "engine/pace_cache.h"
#include "engine/packet_ends.h"
#include "engine/patience.h"
#include "lib/gst_ptr.h"
#include "lib/guarded.h"

#include <atomic>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace rostrum {

class MediumReader {
 public:
  // Waits until the patience is over or a stop at most; a call into a demuxer that never returns is
  // not covered.
  MediumReader(const std::string& path, Patience patience, PaceCache paces, std::stop_token stop);
  ~MediumReader();
  MediumReader(const MediumReader&) = delete;
  MediumReader& operator=(const MediumReader&) = delete;

  MediaInfo read();

 private:
  enum class Outcome { ready, failed, late };

  static void on_element(GstBin* decodebin, GstBin* bin, GstElement* element, gpointer self);
  static void on_demuxer_pad(GstElement* demuxer, GstPad* pad, gpointer self);
  static GstPadProbeReturn on_coded(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static void on_stream(GstElement* decodebin, GstPad* pad, gpointer self);

  Outcome wait_for(GstMessageType what);
  bool demuxer_gave_up();
  void note_error(GstMessage* message);
  void describe(MediaInfo& info);
  std::optional<CodedVideo> find_coded();
  // Reads packets from t (or from where the pipeline stands) to `to` (or the end); whether there
  // were any.
  bool read_from(std::optional<Nanoseconds> t, std::optional<Nanoseconds> to = {});
  bool met_picture();  // since the last seek
  void find_end(Nanoseconds claimed);
  Nanoseconds claimed_duration();
  void measure_spans(MediaInfo& info);
  void count_pictures(MediaInfo& info);
  // How fast samples of sound come by their packets' times: from some seconds of packets, from all
  // only when these say that the clock runs off.
  double find_pace(const MediaInfo& info);
  std::optional<double> pace_read();

  struct Streams {  // the pads of the sinks, borrowed from the pipeline
    GstPad* video = nullptr;
    GstPad* audio = nullptr;
  };

  const std::string path_;
  Patience patience_;
  const PaceCache paces_;
  const std::stop_token stop_;
  PacketEnds ends_;  // outlives the pipeline
  GstPtr<GstElement> pipeline_;
  GstPtr<GstBus> bus_;
  Guarded<GstPtr<GstElement>> demuxer_;                  // any thread; the outermost
  std::atomic<bool> too_large_{false};                   // a picture is
  Guarded<Streams> streams_;                             // any thread
  Guarded<std::vector<GstPtr<GstPad>>> sound_decoders_;  // any thread; their sinks
  Guarded<std::vector<GstPtr<GstPad>>> picture_decoders_;
  bool end_not_reached_ = false;        // the patience was over before
  Nanoseconds zero_{0};                 // the medium's first timestamp
  std::string problem_;                 // the first error
  std::vector<MissingPlugin> missing_;  // what would be needed for streams that cannot be decoded
};

}  // namespace rostrum
