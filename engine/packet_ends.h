// SPDX-License-Identifier: LGPL-2.1-or-later
// Watches packets go by and remembers where each stream starts and ends.
#pragma once

#include "core/timeline.h"
#include "lib/guarded.h"

#include <gst/gst.h>

#include <atomic>
#include <map>
#include <optional>
#include <string>

namespace rostrum {

// Where a pad stands: the nearer to the file, the more its timestamps are the container's own.
enum class PacketPoint { container, coded, raw };

struct StreamSpan {
  Nanoseconds first{0};  // stream time
  Nanoseconds end{0};
};

class PacketEnds {
 public:
  // Notes every packet that passes the pad.  Must outlive the pad's element.
  void watch(GstPad* pad, PacketPoint point);

  // From now on nothing reaches the decoders.
  void stop_decoding() { decoding_ = false; }

  // Packets since the last flush.
  std::size_t packets() { return *packets_.lock(); }

  std::optional<StreamSpan> span(const std::string& stream_id);

 private:
  struct Seen {
    std::optional<Nanoseconds> first;
    std::optional<Nanoseconds> latest;  // greatest timestamp
    Nanoseconds step{0};                // the least between two greatest timestamps
    Nanoseconds end{0};
    std::size_t placed = 0;    // packets with a time inside the segment
    std::size_t timeless = 0;  // the others
    bool timed = false;        // the packets say how long they last
  };
  using Streams = std::map<std::pair<std::string, PacketPoint>, Seen>;

  struct Watch {
    PacketEnds* owner;
    PacketPoint point;
  };

  static GstPadProbeReturn on_data(GstPad* pad, GstPadProbeInfo* info, gpointer watch);
  void note(GstPad* pad, GstBuffer* buffer, PacketPoint point);

  std::atomic<bool> decoding_{true};
  Guarded<Streams> streams_;      // any thread
  Guarded<std::size_t> packets_;  // any thread
};

}  // namespace rostrum
