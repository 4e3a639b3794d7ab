// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/command_line.h"
#include "tools/commands/commands.h"
#include "tools/web/web_options.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace rostrum {

void add_preview(CLI::App& root, Action& action) {
  auto* app = root.add_subcommand("preview", "Show a job before it is rendered");
  auto o = std::make_shared<PreviewOptions>();
  add_job(app, o->job);
  add_web(app, o->web, "In a browser on this machine")->required();
  app->footer("Example:\n  rostrum preview record.json --web\n");
  app->callback([&action, o] {
    action.online = [o] { return listen_for(o->web); };
    action.offline = [o] { return run_preview_web(*o); };
  });
}

}  // namespace rostrum
