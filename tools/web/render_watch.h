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
  // running, speed (seconds of film in a second, over the last minute) and eta (seconds), null
  // where they are not known.
  explicit RenderWatch(std::function<void(const std::string& json)> tell);
  ~RenderWatch();
  RenderWatch(const RenderWatch&) = delete;
  RenderWatch& operator=(const RenderWatch&) = delete;

  // Of this plan from now on; of renders in `work_dir` ("" = of none) only those count whose job
  // has this digest (job_digest()).
  void show(const Plan& plan, std::string digest, std::string work_dir);

 private:
  void look();
  static gboolean on_tick(gpointer self);

  std::string dir_;
  std::string digest_;
  std::function<void(const std::string&)> tell_;
  FrameGrid grid_;
  std::vector<FrameRange> chunks_;
  RenderPace pace_;
  std::string told_;
  GSource* tick_;  // owned
};

}  // namespace rostrum
