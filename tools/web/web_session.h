// SPDX-License-Identifier: LGPL-2.1-or-later
// The page of a job, with the render of it that goes on anywhere on this machine.
#pragma once

#include "engine/scratch.h"
#include "tools/web/render_watch.h"
#include "tools/web/web_server.h"

#include <memory>
#include <string>

namespace rostrum {

class WebSession {
 public:
  // Serves from the main context that is the thread's default.  `work_dir` is that of the render,
  // "" where there is none.  Kind::usage without a folder for temporary files, Kind::internal when
  // it cannot serve.
  static Result<std::unique_ptr<WebSession>> start(Listener listener,
                                                   std::shared_ptr<const WebJob> job,
                                                   const std::string& work_dir);

  std::string url() const { return server_->url(); }
  // Another version of the job.
  void show(std::shared_ptr<const WebJob> job, const std::string& work_dir);
  // What is wrong with the newest version; the pages show the last good one.
  void show_problem(const std::string& text);

 private:
  WebSession() : scratch_{Scratch::in_cache()} {}

  Scratch scratch_;
  std::unique_ptr<WebServer> server_;
  std::unique_ptr<RenderWatch> render_;
};

}  // namespace rostrum
