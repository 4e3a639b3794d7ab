// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/web/web_thread.h"

#include <utility>

namespace rostrum {

WebThread::WebThread() : context_{g_main_context_new()}, loop_{g_main_loop_new(context_, FALSE)} {}

WebThread::~WebThread() {
  const auto quit = [](gpointer loop) -> gboolean {
    g_main_loop_quit(static_cast<GMainLoop*>(loop));
    return G_SOURCE_REMOVE;
  };
  g_main_context_invoke(context_, quit, loop_);
  if (thread_.joinable()) thread_.join();
  g_main_loop_unref(loop_);
  g_main_context_unref(context_);
}

Result<std::unique_ptr<WebThread>> WebThread::start(Listener listener,
                                                    std::shared_ptr<const WebJob> job,
                                                    const std::string& work_dir) {
  std::unique_ptr<WebThread> web{new WebThread};
  std::promise<Result<std::string>> started;
  auto url = started.get_future();
  web->thread_ = std::jthread{[&web = *web, listener = std::move(listener), job = std::move(job),
                               work_dir, started = std::move(started)]() mutable {
    web.serve(std::move(listener), std::move(job), work_dir, std::move(started));
  }};
  auto known = url.get();
  if (!known) return tl::unexpected(known.error());
  web->url_ = std::move(*known);
  return web;
}

void WebThread::serve(Listener listener, std::shared_ptr<const WebJob> job,
                      const std::string& work_dir, std::promise<Result<std::string>> started) {
  g_main_context_push_thread_default(context_);
  {
    const auto session = WebSession::start(std::move(listener), std::move(job), work_dir);
    started.set_value(session ? Result<std::string>{(*session)->url()}
                              : tl::unexpected(session.error()));
    if (session) g_main_loop_run(loop_);
  }
  g_main_context_pop_thread_default(context_);
}

}  // namespace rostrum
