// SPDX-License-Identifier: LGPL-2.1-or-later
// What live sources come together in: the switch that finds the speaker, the compositor and the
// mixer.
#pragma once

#include "core/layout.h"
#include "core/live_plan.h"
#include "core/result.h"
#include "engine/live_input.h"
#include "lib/gst_ptr.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace rostrum {

// A pad that was requested for a source.
struct LiveLink {
  GstElement* element = nullptr;  // whose it is; borrowed: the bin's
  GstPtr<GstPad> pad;
};

class LiveMixers {
 public:
  // Puts them into the bin and gives it the pads "video" (I420, BT.709, the canvas at its rate) and
  // "audio" (F32, 48 kHz), which have every frame and sample from running time 0 on, whatever the
  // sources do.  The plan outlives this.  Kind::missing_component.
  static Result<std::unique_ptr<LiveMixers>> make(GstElement* bin, const LivePlan& plan);
  LiveMixers(const LiveMixers&) = delete;
  LiveMixers& operator=(const LiveMixers&) = delete;

  // Any thread, as all below.  What a source brings goes where it belongs.
  Result<LiveLink> connect(const LiveTrack& track, LiveOutput output, GstPad* pad);
  void disconnect(LiveLink link);
  // Both pads end with the first frame, the first buffer of sound, at or after this running time,
  // or at that of an earlier call if it comes before.  One thread at a time.
  void end_at(Nanoseconds t) { end_ = std::min<std::int64_t>(end_, t.count()); }
  // Whether one of them has: its sources end with it.
  bool ended() const { return ended_; }
  // Up to where both have come.
  Nanoseconds position() const;
  // The track whose picture is the speaker's; nullptr: there is none.
  const LiveTrack* speaker() const;

 private:
  // A picture with its place in the compositor.
  struct Place {
    const LiveTrack* track = nullptr;  // nullptr: the speaker's, whoever that is
    GstPad* pad = nullptr;             // borrowed
    std::optional<Size> size = {};     // once it is known
    gint64 since = 0;                  // µs, monotonic
  };
  struct Output {
    LiveMixers* mixers = nullptr;
    std::atomic<std::int64_t> position{0};
    GstClockTime next = 0;  // end of the last buffer; streaming thread only
  };

  explicit LiveMixers(const LivePlan& plan) : plan_{plan} {}
  Result<void> build(GstElement* bin);
  Result<void> build_picture(GstElement* bin);
  Result<void> build_sound(GstElement* bin);
  Result<void> add_background(GstElement* bin);
  Result<void> add_switch(GstElement* bin);
  void watch(GstElement* aggregator, Output& output);
  void forget(const LiveLink& link);
  GstPad* add_place(const LiveTrack* track);
  void take_size(GstPad* pad, GstCaps* caps);
  void arrange_pictures();
  std::vector<std::pair<GstPtr<GstPad>, std::optional<Tile>>> arrangement() const;
  static GstBuffer* in_order(GstBuffer* buffer, GstClockTime& next);
  static GstPadProbeReturn on_place_event(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static GstPadProbeReturn on_output(GstPad* pad, GstPadProbeInfo* info, gpointer output);

  const LivePlan& plan_;
  GstElement* switch_ = nullptr;  // borrowed, as the next two: the bin's
  GstElement* compositor_ = nullptr;
  GstElement* mixer_ = nullptr;
  Output picture_;
  Output sound_;
  std::atomic<std::int64_t> end_{G_MAXINT64};
  std::atomic<bool> ended_{false};
  std::mutex mutex_;  // guards all below; not held while pads are set
  std::vector<Place> places_;
  unsigned cameras_ = 0;    // that are connected
  bool arranging_ = false;  // a thread sets pads
  bool changed_ = false;    // meanwhile: it does so again, so that the last state has the last word
};

}  // namespace rostrum
