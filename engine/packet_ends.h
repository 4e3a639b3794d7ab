// SPDX-License-Identifier: LGPL-2.1-or-later
// Watches packets go by and remembers where each stream starts and ends.
#pragma once

#include "core/sound_clock.h"
#include "core/timeline.h"
#include "lib/guarded.h"

#include <gst/gst.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rostrum {

// Where a pad stands: the nearer to the file, the more its timestamps are the container's own.
enum class PacketPoint { container, coded, raw };

struct StreamSpan {
  Nanoseconds first{0};  // stream time
  Nanoseconds end{0};
  Nanoseconds declared_end{0};  // by the header, where that is hardly later: of packets cut short
};

class PacketEnds {
 public:
  // Notes every packet that passes the pad.  Must outlive the pad's element.
  void watch(GstPad* pad, PacketPoint point);

  // From now on nothing reaches the decoders, nor the sinks.
  void stop_decoding() { decoding_ = false; }
  // From now on pictures end at the demuxer, where that costs least.
  void sound_only() { pictures_ = false; }

  // Posts an application message there once a packet of sound is later: not every demuxer knows
  // when to stop.  kNoTime: never.
  void tell_after(Nanoseconds time, GstBus* bus) {
    bus_ = bus;
    limit_ = time.count();
  }

  // Packets since the last flush.
  std::size_t packets() { return *packets_.lock(); }

  // Whether a packet of the stream came since the last flush.
  bool met(const std::string& stream_id);

  std::optional<StreamSpan> span(const std::string& stream_id);
  // The longest time between two of its last frames that came one after the other, since the last
  // flush; 0 when there were less than two.
  Nanoseconds widest_step(const std::string& stream_id);
  // How many coded packets there are, of a stream that was read once from end to end.
  std::size_t count(const std::string& stream_id);
  // The packets of a stream of sound that came since the last flush, in order.
  using Packets = std::vector<SoundPacket>;
  Packets sound(const std::string& stream_id);

 private:
  struct Seen {
    std::optional<Nanoseconds> first;
    std::optional<Nanoseconds> latest;  // greatest timestamp
    Nanoseconds step{0};                // the least between two greatest timestamps
    Nanoseconds widest{0};              // the most, since the last flush
    std::optional<Nanoseconds> before;  // the greatest timestamp since the last flush
    std::vector<SoundPacket> sound;     // since the last flush
    Nanoseconds frame{0};               // of sound: length of the first, where that is known
    bool equal = false;                 // of sound: by its coding all are that long
    Nanoseconds declared{0};            // end of the segment
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
  void tell(Nanoseconds time);
  void flushed(GstPad* pad, PacketPoint point);
  bool drops(GstPad* pad, PacketPoint point) const;

  std::atomic<bool> decoding_{true};
  std::atomic<bool> pictures_{true};
  std::atomic<std::int64_t> limit_{kNoTime.count()};  // stream time
  std::atomic<GstBus*> bus_{nullptr};                 // borrowed
  Guarded<Streams> streams_;                          // any thread
  Guarded<std::size_t> packets_;                      // any thread
};

}  // namespace rostrum
