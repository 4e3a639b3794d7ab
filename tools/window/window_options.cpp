// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/window/window_options.h"

#include "tools/commands/commands.h"
#include "tools/window/render_window.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace rostrum {

CLI::Option* add_render_window(CLI::App* app, WindowOptions& window) {
  auto* flag = app->add_flag("--preview", window.wanted,
                             "Play in a window what is finished, while the rest renders");
  app->add_option("--video-sink", window.video_sink, "GStreamer element that shows it there")
      ->type_name("ELEMENT")
      ->needs(flag);
  app->add_option("--audio-sink", window.audio_sink, "GStreamer element that is heard")
      ->type_name("ELEMENT")
      ->needs(flag);
  return flag;
}

Result<void> open_render_window(WindowOptions& window) {
  auto opened = RenderWindow::open(window.video_sink, window.audio_sink);
  if (!opened) return tl::unexpected(opened.error());
  window.opened = std::move(*opened);
  return {};
}

void add_window(CLI::App& root, Action& action) {
  auto* app = root.add_subcommand("window", "")->group("");
  auto o = std::make_shared<PreviewOptions>();
  app->add_option("--video-sink", o->video_sink);
  app->add_option("--audio-sink", o->audio_sink);
  app->callback([&action, o] {
    action.online = [o] { return open_window(*o); };
    action.offline = [o] { return run_window(*o); };
  });
}

}  // namespace rostrum
