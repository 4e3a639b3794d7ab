// SPDX-License-Identifier: LGPL-2.1-or-later
// A film in a window while it renders: what is finished plays, and where the rest is missing the
// last picture stays until it is there.
#pragma once

#include "lib/guarded.h"
#include "tools/preview_keys.h"
#include "tools/preview_player.h"
#include "tools/window/packet_feed.h"

#include <atomic>
#include <optional>
#include <string>
#include <vector>

namespace rostrum {

// From one thread, that of the main loop.
class WindowPlayer {
 public:
  explicit WindowPlayer(PreviewSinks sinks);
  ~WindowPlayer();
  WindowPlayer(const WindowPlayer&) = delete;
  WindowPlayer& operator=(const WindowPlayer&) = delete;

  // What the window is called.
  void set_title(const std::string& title);
  void watch(const std::string& work_dir) { film_.watch(work_dir); }
  // These are false when the window is to end.  Looks what is finished by now, and plays it.
  bool look();
  // The render has ended, and this is its film: the window ends when it has been seen.
  bool set_film(const std::string& path);
  bool press(PreviewKey key);
  bool take(GstMessage* message);
  GstBus* bus() const { return bus_.get(); }

 private:
  struct Titles {
    std::string playing;
    std::string at_stop;  // where the pictures stop
    std::string shown;
  };

  void begin();
  void add_branch(bool sound, GstPtr<GstElement> sink, const char* filters);
  void feed();
  bool stopped();
  void go(Nanoseconds t);
  void seek(Nanoseconds t);
  void step(bool forward);
  void to_chunk(bool forward);
  void set_paused(bool paused);
  bool move(PreviewKey key);
  void save() const;
  Nanoseconds position() const;
  Nanoseconds length() const { return film_.finished().length(); }
  bool at_end() const { return stop_ == length(); }
  void schedule();
  static void on_decoded(GstElement* decodebin, GstPad* pad, gpointer filters);
  static void on_element(GstBin* decodebin, GstBin* bin, GstElement* element, gpointer);
  static GstPadProbeReturn on_picture(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static GstPadProbeReturn on_sound(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static gboolean on_hungry(gpointer self);

  FilmSource film_;
  PacketFeed pictures_;
  PacketFeed sound_;
  PreviewSinks sinks_;
  GstElement* shown_;  // the sink of pictures; as long as sinks_ or the pipeline
  GstPtr<GstElement> pipeline_;
  GstPtr<GstBus> bus_;
  std::string title_;
  Guarded<Titles> titles_;               // any thread
  Guarded<Interval> heard_;              // any thread: of the film, nothing else sounds
  std::atomic<bool> scheduled_ = false;  // any thread
  bool begun_ = false;
  bool ready_ = false;  // the first picture has come, and with it the window
  bool paused_ = false;
  bool released_ = false;            // the render has ended
  Nanoseconds from_{0};              // where it was sent last
  std::optional<guint32> sent_by_;   // seqnum of that seek
  std::optional<Nanoseconds> stop_;  // up to where all has been given to the decoders
  bool waits_ = false;               // the pictures have come there
};

}  // namespace rostrum
