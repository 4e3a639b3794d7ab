// SPDX-License-Identifier: LGPL-2.1-or-later
// A window that shows a live job while it happens.
#include "engine/elements.h"
#include "engine/interrupt.h"
#include "tools/commands/commands.h"
#include "tools/live_run.h"
#include "tools/preview_player.h"
#include "tools/terminal.h"

namespace rostrum {

namespace {

// graph's pad ! queue ! conversion ! sink
Result<void> add_branch(GstElement* pipeline, const LiveGraph& graph, const char* from,
                        const char* conversion, GstElement* sink) {
  gst_bin_add(GST_BIN(pipeline), sink);
  const auto convert = add_description(pipeline, std::string{"queue ! "} + conversion, from);
  if (!convert) return tl::unexpected(convert.error());
  return link(graph.bin(), from, *convert, "sink").and_then([&] {
    return link(*convert, "src", sink, "sink");
  });
}

Result<GstPtr<GstElement>> make_view(const LiveGraph& graph, const PreviewSinks& sinks) {
  auto pipeline = retain(gst_pipeline_new("live-preview"));
  gst_bin_add(GST_BIN(pipeline.get()), graph.bin());
  auto done =
      add_branch(pipeline.get(), graph, "video", "videoconvert", sinks.video.get()).and_then([&] {
        return add_branch(pipeline.get(), graph, "audio", "audioconvert ! audioresample",
                          sinks.audio.get());
      });
  if (!done) return tl::unexpected(done.error());
  return pipeline;
}

bool press(PreviewKey key, GstElement* video_sink) {
  switch (key) {
  case PreviewKey::quit:
    return false;
  case PreviewKey::full_screen:
    try_full_screen(video_sink);
    break;
  case PreviewKey::help:
    say(live_keys_help());
    break;
  default:
    say("a live job is shown as it happens: there is nothing to go back to, to save or to explain");
  }
  return true;
}

}  // namespace

Result<void> run_live_preview(const PreviewOptions& options) {
  auto graph = LiveGraph::make(options.opened->plan, options.opened->hosts);
  if (!graph) return tl::unexpected(graph.error());
  const auto pipeline = make_view(**graph, *options.sinks);
  if (!pipeline) return tl::unexpected(pipeline.error());
  auto* video_sink = options.sinks->video.get();
  LiveRunOptions how;
  how.duration = options.opened->plan.duration;
  how.on_key = [&](PreviewKey key) { return press(key, video_sink); };
  LiveRun run{**graph, pipeline->get(), std::move(how)};
  auto shown = run.run();
  if (shown && Interrupt::requested()) return fail(Kind::interrupted, "interrupted");
  return shown;
}

}  // namespace rostrum
