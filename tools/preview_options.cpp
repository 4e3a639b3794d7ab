// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/command_line.h"
#include "tools/commands/commands.h"
#include "tools/preview_keys.h"
#include "tools/web/web_options.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace rostrum {

namespace {

void add_sinks(CLI::App* app, PreviewOptions& o, CLI::Option* web) {
  app->add_option("--video-sink", o.video_sink, "GStreamer element that shows it")
      ->type_name("ELEMENT")
      ->excludes(web);
  app->add_option("--audio-sink", o.audio_sink, "GStreamer element that is heard")
      ->type_name("ELEMENT")
      ->excludes(web);
}

}  // namespace

void add_preview(CLI::App& root, Action& action) {
  auto* app = root.add_subcommand("preview", "Play a job before it is rendered");
  auto o = std::make_shared<PreviewOptions>();
  add_job(app, o->job);
  auto at = std::make_shared<std::optional<Nanoseconds>>();
  add_time(app, "--at", *at, "Where to begin; default: the beginning");
  add_sinks(app, *o,
            add_web(app, o->web, "On a page in a browser on this machine, not in a window"));
  app->footer(std::string{"Keys, in the terminal and in the window:\n"} + preview_keys_help() +
              "\n\nExamples:\n  rostrum preview record.json\n"
              "  rostrum preview job.json --at 12:34\n"
              "  rostrum preview job.json --web\n"
              "  rostrum preview cameras.json --allow-host 192.168.1.20\n");
  add_live(app, o->live);
  app->callback([&action, o, at] {
    o->at = at->value_or(Nanoseconds{0});
    // A source of the network needs it as long as it is shown.
    const auto online = [o] { return o->opened && needs_network(o->opened->plan); };
    action.online = [o, online]() -> Result<void> {
      if (o->web.wanted) return listen_for(o->web);
      if (auto done = open_preview(*o); !done) return done;
      return online() ? run_live_preview(*o) : Result<void>{};
    };
    action.offline = [o, online]() -> Result<void> {
      if (o->web.wanted) return run_preview_web(*o);
      if (online()) return {};
      return o->opened ? run_live_preview(*o) : run_preview(*o);
    };
  });
}

}  // namespace rostrum
