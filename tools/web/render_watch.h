// SPDX-License-Identifier: LGPL-2.1-or-later
// A render as the page shows it: looked up twice a second in its work directory, be it of this
// process or of another.
#pragma once

#include "core/plan.h"
#include "core/render_pace.h"

#include <glib.h>

#include <functional>
#include <string>
#include <vector>

namespace rostrum {

// Looks from the main context that is the thread's default.
class RenderWatch {
 public:
  // `tell` gets the JSON of an event of the kind "chunks" whenever something has changed: states
  // ("waiting", "working" or "done" of each of the plan's chunks; empty where nothing is known),
  // running, speed (seconds of film in a second) and eta (seconds), null where they are not known.
  RenderWatch(std::string work_dir, std::function<void(const std::string& json)> tell);
  ~RenderWatch();
  RenderWatch(const RenderWatch&) = delete;
  RenderWatch& operator=(const RenderWatch&) = delete;

  // Of this plan from now on.
  void show(const Plan& plan);

 private:
  void look();
  static gboolean on_tick(gpointer self);

  std::string dir_;
  std::function<void(const std::string&)> tell_;
  FrameGrid grid_;
  std::vector<FrameRange> chunks_;
  RenderPace pace_;
  std::string told_;
  GSource* tick_;  // owned
};

}  // namespace rostrum
