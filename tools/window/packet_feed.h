// SPDX-License-Identifier: LGPL-2.1-or-later
// Gives the packets of a film, its pictures or its sound, to a decoder, part by part.
#pragma once

#include "tools/window/film_source.h"

#include <gst/app/gstappsrc.h>

#include <atomic>
#include <functional>

namespace rostrum {

// Times of buffers are later than those of the film by this, because what primes the decoder of the
// sound comes before the film's begin.
inline constexpr Nanoseconds kFilmBegin = 1s;

// From one thread, that of the main loop.
class PacketFeed {
 public:
  // `hungry` is called from any thread when feed() has something to do.
  PacketFeed(FilmSource& film, bool sound, std::function<void()> hungry);
  PacketFeed(const PacketFeed&) = delete;
  PacketFeed& operator=(const PacketFeed&) = delete;

  // To be put into a pipeline; lives as long as this.
  GstElement* source() const { return source_.get(); }
  // What has to be called before the pipeline starts: it begins with what stands at t.
  void begin_at(Nanoseconds t);
  // Gives as much as is wanted of what the film has before `end`, where a chunk ends.
  enum class Fed { all, some };
  Fed feed(Nanoseconds end);
  // After that: gives what sounds across `end`, and says that nothing follows until the next seek.
  void finish(Nanoseconds end);

 private:
  void go_to(Nanoseconds t);
  enum class Next { opened, behind_the_end, not_there };
  Next open_next(Nanoseconds end);
  void push(const FilmPacket& packet);
  static void on_need(GstAppSrc* source, guint bytes, gpointer self);
  static void on_enough(GstAppSrc* source, gpointer self);
  static GstPadProbeReturn on_event(GstPad* pad, GstPadProbeInfo* info, gpointer);
  static gboolean on_seek(GstAppSrc* source, guint64 to, gpointer self);

  FilmSource& film_;
  const bool sound_;
  const std::function<void()> hungry_;
  GstPtr<GstElement> source_;
  std::atomic<bool> wanted_ = false;  // any thread
  FilmPartPtr part_;                  // null before the first after a seek
  std::size_t number_ = 0;            // of the part
  std::size_t next_ = 0;              // packet of it
  Nanoseconds from_{0};               // of the last seek
  bool finished_ = false;
};

}  // namespace rostrum
