// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/web/web_options.h"

#include "tools/terminal.h"
#include "tools/web/listener.h"

#include <CLI/CLI.hpp>

namespace rostrum {

CLI::Option* add_web(CLI::App* app, WebOptions& web, const std::string& help) {
  web.port = kUsualPort;
  auto* flag = app->add_flag("--web", web.wanted, help);
  app->add_option(
         "--port", web.port,
         "Port of that page, or the next that is free; default: " + std::to_string(kUsualPort))
      ->check(CLI::Range(1, 65535).description(""))
      ->type_name("P")
      ->needs(flag);
  return flag;
}

Result<void> listen_for(WebOptions& web) {
  auto listener = listen_locally(web.port);
  if (!listener) return tl::unexpected(listener.error());
  if (listener->port != web.port)
    say("port " + std::to_string(web.port) + " cannot be had; this is the next that can");
  web.listener = std::make_shared<Listener>(std::move(*listener));
  return {};
}

}  // namespace rostrum
