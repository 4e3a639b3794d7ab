// SPDX-License-Identifier: LGPL-2.1-or-later
// A job in a window, moved about by keys.
#pragma once

#include "core/result.h"
#include "core/timeline.h"
#include "lib/gst_ptr.h"
#include "tools/job.h"
#include "tools/preview_keys.h"

#include <optional>
#include <string>
#include <vector>

namespace rostrum {

struct PreviewSinks {
  GstPtr<GstElement> video;
  GstPtr<GstElement> audio;
};

// Opens them, and with them the display: afterwards no connection is needed.  By the names of
// elements; Kind::missing_component.
Result<PreviewSinks> open_sinks(const std::string& video, const std::string& audio);

// What an auto sink has chosen, or the sink itself.
GstElement* chosen_sink(GstElement* sink);
// False where the sink cannot fill the screen.
bool toggle_full_screen(GstElement* video_sink);
// The same, saying so.
void try_full_screen(GstElement* video_sink);

class PreviewPlayer {
 public:
  PreviewPlayer(const JobOptions& job, Nanoseconds at, PreviewSinks sinks);
  ~PreviewPlayer();
  PreviewPlayer(const PreviewPlayer&) = delete;
  PreviewPlayer& operator=(const PreviewPlayer&) = delete;

  // Opens the job, and makes the first picture: ASYNC_DONE or ERROR on the bus say how that ended.
  Result<void> begin();
  // Whether a message is of the whole player.
  bool is_source_of(GstMessage* message) const {
    return GST_MESSAGE_SRC(message) == GST_OBJECT(player_.get());
  }
  // Once the first picture is there.
  void play();
  // False when it is to end.
  bool press(PreviewKey key);
  // "0:00:12.480 / 1:00:00.000  scene 5/120  2x  paused"
  std::string status() const;
  // The film is over: its last frame stays.
  void end();
  GstBus* bus() const { return bus_.get(); }
  // Null before begin().
  GstElement* source() const { return source_.get(); }
  // The job was planned anew.
  void job_changed();
  bool levels_known() const;

 private:
  bool move(PreviewKey key);
  void seek(Nanoseconds to, bool exact);
  void step(Nanoseconds by);
  void to_scene(bool forward);
  void set_rate(bool faster);
  void set_paused(bool paused);
  void save();
  void explain() const;
  std::size_t scene_at(Nanoseconds t) const;
  Nanoseconds position() const;
  static void on_source(GstElement* player, GstElement* source, gpointer self);

  const JobOptions job_;
  GstPtr<GstElement> player_;
  GstPtr<GstElement> video_sink_;
  GstPtr<GstElement> source_;
  GstPtr<GstBus> bus_;
  std::vector<Nanoseconds> scenes_;  // when each begins
  Nanoseconds length_{0};
  Nanoseconds frame_{40ms};
  std::optional<Nanoseconds> sought_;  // last
  double rate_ = 1;
  bool paused_ = false;
  bool ended_ = false;
};

}  // namespace rostrum
