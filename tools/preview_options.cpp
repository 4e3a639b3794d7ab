// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/command_line.h"
#include "tools/commands/commands.h"
#include "tools/web/listener.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace rostrum {

void add_preview(CLI::App& root, Action& action) {
  auto* app = root.add_subcommand("preview", "Show a job before it is rendered");
  auto o = std::make_shared<PreviewOptions>();
  o->port = kUsualPort;
  add_job(app, o->job);
  auto* web = app->add_flag("--web", o->web, "In a browser on this machine");
  app->add_option(
         "--port", o->port,
         "Port of the page, or the next that is free; default: " + std::to_string(kUsualPort))
      ->check(CLI::Range(1, 65535).description(""))
      ->type_name("P")
      ->needs(web);
  web->required();
  app->footer("Example:\n  rostrum preview record.json --web\n");
  app->callback([&action, o] {
    action.online = [o] { return listen_for_preview(*o); };
    action.offline = [o] { return run_preview(*o); };
  });
}

}  // namespace rostrum
