// SPDX-License-Identifier: LGPL-2.1-or-later
// The page of a job beside a render that has no main loop all the time.
#pragma once

#include "tools/web/web_session.h"

#include <future>
#include <memory>
#include <string>
#include <thread>

namespace rostrum {

class WebThread {
 public:
  // Serves until this goes; fails like WebSession::start().
  static Result<std::unique_ptr<WebThread>> start(Listener listener,
                                                  std::shared_ptr<const WebJob> job,
                                                  const std::string& work_dir);
  ~WebThread();
  WebThread(const WebThread&) = delete;
  WebThread& operator=(const WebThread&) = delete;

  const std::string& url() const { return url_; }

 private:
  WebThread();
  void serve(Listener listener, std::shared_ptr<const WebJob> job, const std::string& work_dir,
             std::promise<Result<std::string>> started);

  GMainContext* context_;  // owned
  GMainLoop* loop_;        // owned
  std::string url_;
  std::jthread thread_;
};

}  // namespace rostrum
