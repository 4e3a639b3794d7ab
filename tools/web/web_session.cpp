// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/web/web_session.h"

#include <nlohmann/json.hpp>

namespace rostrum {

Result<std::unique_ptr<WebSession>> WebSession::start(Listener listener,
                                                      std::shared_ptr<const WebJob> job,
                                                      const std::string& work_dir) {
  std::unique_ptr<WebSession> session{new WebSession};
  const auto* folder = session->scratch_.path();
  if (!folder) return fail(Kind::usage, "no folder for temporary files can be made");
  auto server = WebServer::start(std::move(listener), {own_program(), folder, job->job().files});
  if (!server) return tl::unexpected(server.error());
  session->server_ = std::move(*server);
  auto& pages = *session->server_;
  session->render_ = std::make_unique<RenderWatch>(
      [&pages](const std::string& json) { pages.tell("chunks", json); });
  session->show(std::move(job), work_dir);
  return session;
}

void WebSession::show(std::shared_ptr<const WebJob> job, const std::string& work_dir) {
  server_->show(job);
  render_->show(job->plan(), job->digest(), work_dir);
}

void WebSession::show_problem(const std::string& text) {
  const nlohmann::json event{{"kind", "problem"}, {"text", text}};
  server_->tell("problem", event.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace rostrum
