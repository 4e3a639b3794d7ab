// SPDX-License-Identifier: LGPL-2.1-or-later
// A live graph while it plays: what the terminal says of it, and how it ends.
#pragma once

#include "engine/live_graph.h"
#include "tools/preview_keys.h"
#include "tools/preview_terminal.h"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace rostrum {

struct LiveRunOptions {
  bool records = false;  // Ctrl-C ends what is written; else it ends at once
  std::optional<Nanoseconds> duration = {};
  // Of a key, in the terminal or the window; false when it is to end.
  std::function<bool(PreviewKey)> on_key = {};
};

class LiveRun {
 public:
  // The pipeline holds the graph's bin.
  LiveRun(LiveGraph& graph, GstElement* pipeline, LiveRunOptions options);
  ~LiveRun();
  LiveRun(const LiveRun&) = delete;
  LiveRun& operator=(const LiveRun&) = delete;

  // Until the duration is over, Ctrl-C, an error, or a key.  The pipeline is in state NULL
  // afterwards.  Kind::media where a source was lost that must not be.
  Result<void> run();

 private:
  // It only moves forward, so that end, error and Ctrl-C may race.
  enum class Phase { running, draining, ended };

  Result<void> play();
  void stop();
  void end();
  void give_up(Error error);
  void take(GstMessage* message);
  void take_element(GstMessage* message);
  void take_source(const GstStructure* source);
  void take_trouble(GstMessage* message);
  void press(std::string_view bytes);
  void tick();
  void show();
  void watch_pace();
  std::string status() const;
  template <typename Say>
  void interject(Say say_it);

  static LiveRun& of(gpointer self) { return *static_cast<LiveRun*>(self); }
  static gboolean on_message(GstBus* bus, GstMessage* message, gpointer self);
  static gboolean on_interrupt(gint fd, GIOCondition condition, gpointer self);
  static gboolean on_typed(gint fd, GIOCondition condition, gpointer self);
  static gboolean on_tick(gpointer self);

  LiveGraph& graph_;
  GstElement* const pipeline_;  // borrowed
  const LiveRunOptions options_;
  std::optional<PreviewTerminal> terminal_;
  GMainLoop* loop_ = nullptr;  // owned
  std::vector<guint> watches_;
  Phase phase_ = Phase::running;
  Result<void> result_;
  std::set<std::string> there_;  // ids of tracks whose source is
  double bytes_ = 0;
  bool warned_of_pace_ = false;
  gint64 said_ = 0;       // when a plain line was: µs, monotonic
  gint64 last_move_ = 0;  // when the position changed last
  Nanoseconds position_{0};
};

}  // namespace rostrum
