// SPDX-License-Identifier: LGPL-2.1-or-later
// One live source from its first packet to its loss.
#pragma once

#include "core/live_plan.h"
#include "core/result.h"
#include "lib/gst_ptr.h"

#include <atomic>
#include <functional>
#include <string>

namespace rostrum {

// What comes out of a source.
enum class LiveOutput { picture, sound, level };  // level: the sound once more, to be measured

class LiveInput {
 public:
  // From any thread, with nothing locked; not after the input is gone.
  struct Events {
    std::function<void(LiveOutput, GstPad*)> on_pad;      // a source pad is there
    std::function<void()> on_begun;                       // something comes out; once
    std::function<void(const std::string& why)> on_lost;  // nothing will come any more; once
  };

  // Sound comes out as 48 kHz F32 of so many channels.
  LiveInput(const LiveTrack& track, int channels, Events events);
  // The bin must be in state NULL.
  ~LiveInput() = default;
  LiveInput(const LiveInput&) = delete;
  LiveInput& operator=(const LiveInput&) = delete;

  GstElement* bin() const { return bin_.get(); }
  // Makes what opens the source, with the bin in its place; begins when the bin plays.  `now`: the
  // running time.  Kind::missing_component.
  Result<void> open(Nanoseconds now);
  // When the last buffer came out, else when it was made: microseconds, monotonic.
  gint64 last_sign() const { return last_sign_; }
  bool begun() const { return begun_; }

 private:
  Result<void> open_uri();
  Result<void> open_test(Nanoseconds now);
  Result<GstElement*> add_test_source(const char* factory, Nanoseconds now);
  Result<void> add_test_picture(Nanoseconds now);
  Result<void> add_test_sound(Nanoseconds now);
  void take_decoded(GstPad* pad);
  Result<void> take_picture(GstPad* pad);
  Result<void> take_sound(GstPad* pad);
  Result<void> expose(LiveOutput output, GstElement* last);
  void lose(const std::string& why);
  GstPadProbeReturn see(GstPadProbeInfo* info);
  GstPadProbeReturn fail_in_time(GstPadProbeInfo* info);

  static void on_decoded(GstElement* decoder, GstPad* pad, gpointer self);
  static void on_source(GstElement* decoder, GstElement* source, gpointer self);
  static GstPadProbeReturn on_output(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static GstPadProbeReturn on_made_sound(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static GstPadProbeReturn on_made(GstPad* pad, GstPadProbeInfo* info, gpointer self);

  const LiveTrack track_;
  const int channels_;
  const Events events_;
  GstPtr<GstElement> bin_;
  std::atomic<bool> has_picture_{false};  // any thread, as all below
  std::atomic<bool> has_sound_{false};
  std::atomic<bool> begun_{false};
  std::atomic<bool> lost_{false};
  std::atomic<gint64> last_sign_{g_get_monotonic_time()};
  std::atomic<GstClockTime> first_{GST_CLOCK_TIME_NONE};  // PTS of what a made source gave first
};

}  // namespace rostrum
