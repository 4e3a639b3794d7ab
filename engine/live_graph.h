// SPDX-License-Identifier: LGPL-2.1-or-later
// A live job as one bin: its sources, whatever becomes of them, and what they come together in.
// Recording and preview use the same.
#pragma once

#include "core/fetch/host_rules.h"
#include "engine/host_lookup.h"
#include "engine/live_mixers.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace rostrum {

class LiveGraph {
 public:
  // A bin with the pads "video" and "audio" of LiveMixers.  `hosts`: what its sources may reach.
  // Kind::missing_component.
  static Result<std::unique_ptr<LiveGraph>> make(LivePlan plan, HostRules hosts);
  // Ends as close() does.  Not from a streaming thread.
  ~LiveGraph();
  LiveGraph(const LiveGraph&) = delete;
  LiveGraph& operator=(const LiveGraph&) = delete;

  GstElement* bin() const { return bin_.get(); }
  const LivePlan& plan() const { return plan_; }
  // Opens the sources; once the bin plays, or will play soon.  One that is lost is opened again
  // and again.  The element message "rostrum-live-source" says what becomes of each: `track` and
  // `name` (strings), `state` ("begun" or "lost"), `text` (why), `retry-time` (guint64, ns: how
  // long it will be let alone).
  void begin();
  // Takes all sources out; what goes on is background and silence.
  void close();

  void end_at(Nanoseconds t) { mixers_->end_at(t); }
  Nanoseconds position() const { return mixers_->position(); }
  const LiveTrack* speaker() const { return mixers_->speaker(); }
  // By the pipeline's clock; nothing while it does not play.
  std::optional<Nanoseconds> running_time() const;

 private:
  // A track's source, of which there is at most one at a time.
  struct Source {
    const LiveTrack* track = nullptr;
    unsigned generation = 0;             // counts those that there were
    bool open = false;                   // what comes is to be connected
    std::unique_ptr<HostLookup> lookup;  // the control thread's: before it is opened
    std::unique_ptr<LiveInput> input;    // likewise
    std::vector<LiveLink> links;
    int failures = 0;   // in a row; the control thread's, as the next two
    gint64 opened = 0;  // when it was: µs, monotonic
    gint64 retry = 0;   // when it is to be opened
  };
  struct Loss {
    std::size_t source = 0;
    unsigned generation = 0;
    std::string why;
  };

  LiveGraph(LivePlan plan, HostRules hosts) : plan_{std::move(plan)}, hosts_{std::move(hosts)} {}
  void run();
  gint64 next_time() const;
  void look();
  void look_at(std::size_t source, gint64 now);
  void open(std::size_t source);
  void follow(std::size_t source, gint64 now);
  void enter(std::size_t source);
  void shut(std::size_t source);
  void take(const Loss& loss);
  std::string why_lost(const Source& source, gint64 now) const;
  void connect(std::size_t source, unsigned generation, LiveOutput output, GstPad* pad);
  void report_loss(std::size_t source, unsigned generation, const std::string& why);
  void post(const LiveTrack& track, const char* state, const std::string& text, Nanoseconds retry);

  const LivePlan plan_;
  const HostRules hosts_;
  GstPtr<GstElement> bin_;
  std::unique_ptr<LiveMixers> mixers_;
  mutable std::mutex mutex_;  // guards all below, but for what is the control thread's
  std::condition_variable changed_;
  std::vector<Source> sources_;  // as many as tracks, from make() on
  std::vector<Loss> losses_;
  bool looked_up_ = false;  // a name was
  bool closing_ = false;
  bool played_ = false;   // the control thread's, as the next two
  bool resting_ = false;  // it does not play any more, or for now: nothing is opened or lost
  gint64 rested_ = 0;     // when it did not play last: µs, monotonic
  std::thread control_;   // opens and takes out sources, because none can do that to itself
};

}  // namespace rostrum
