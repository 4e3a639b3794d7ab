// SPDX-License-Identifier: LGPL-2.1-or-later
// A window that plays a job before it is rendered.
#include "core/live_rules.h"
#include "engine/interrupt.h"
#include "engine/scratch.h"
#include "engine/worker_process.h"
#include "lib/bus_error.h"
#include "tools/commands/commands.h"
#include "tools/preview_player.h"
#include "tools/preview_terminal.h"
#include "tools/terminal.h"

#include <gio/gio.h>
#include <glib-unix.h>

#include <cstdlib>
#include <memory>
#include <optional>

namespace rostrum {

namespace {

constexpr guint kStatusPause = 200;  // ms

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value && *value;
}

// Listens to the media that no earlier run has listened to, beside the playing.
class Listening {
 public:
  explicit Listening(const JobOptions& job) {
    const auto program = own_program();
    std::vector<std::string> words{program, "plan"};
    for (const auto& dir : job.media_dirs) words.insert(words.end(), {"--media", dir});
    for (const auto& root : job.roots) words.insert(words.end(), {"--allow-root", root});
    words.insert(words.end(), {"--", job.path});
    std::vector<const char*> argv;
    for (const auto& word : words) argv.push_back(word.c_str());
    argv.push_back(nullptr);
    auto* launcher = g_subprocess_launcher_new(static_cast<GSubprocessFlags>(
        G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE));
    end_with_parent(launcher);
    process_ = g_subprocess_launcher_spawnv(launcher, argv.data(), nullptr);
    g_object_unref(launcher);
  }
  ~Listening() {
    g_cancellable_cancel(cancel_);
    g_object_unref(cancel_);
    if (!process_) return;
    g_subprocess_send_signal(process_, SIGTERM);  // its workers go with it
    g_subprocess_wait(process_, nullptr, nullptr);
    g_object_unref(process_);
  }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;

  // Calls when it has heard all.
  void then(GAsyncReadyCallback done, gpointer data) {
    if (process_) g_subprocess_wait_check_async(process_, cancel_, done, data);
  }

 private:
  GSubprocess* process_ = nullptr;              // owned
  GCancellable* cancel_ = g_cancellable_new();  // owned
};

// The main loop, and what comes into it.
class Preview {
 public:
  explicit Preview(const PreviewOptions& options, PreviewSinks sinks)
      : options_{options}, player_{options.job, options.at, std::move(sinks)} {}
  ~Preview() {
    for (const auto source : sources_) g_source_remove(source);
    if (loop_) g_main_loop_unref(loop_);
  }
  Preview(const Preview&) = delete;
  Preview& operator=(const Preview&) = delete;

  Result<void> run() {
    Interrupt::install();
    loop_ = g_main_loop_new(nullptr, FALSE);
    sources_.push_back(g_unix_fd_add(Interrupt::descriptor(), G_IO_IN, on_interrupt, this));
    if (auto begun = player_.begin(); !begun) return begun;
    sources_.push_back(gst_bus_add_watch(player_.bus(), on_message, this));
    if (!Interrupt::requested()) g_main_loop_run(loop_);
    if (Interrupt::requested()) result_ = fail(Kind::interrupted, "interrupted");
    terminal_.reset();
    listening_.reset();
    return result_;
  }

 private:
  void quit() { g_main_loop_quit(loop_); }

  // The first picture is there.
  void begin() {
    player_.play();
    terminal_.emplace();
    listen();
    if (terminal_->has_keys()) {
      say("h: the keys");
      sources_.push_back(g_unix_fd_add(STDIN_FILENO, G_IO_IN, on_typed, this));
    }
    sources_.push_back(g_timeout_add(kStatusPause, on_tick, this));
  }

  void listen() {
    if (listening_ || player_.levels_known()) return;
    say("some of the sound was never listened to, and counts as silent until that is done");
    listening_ = std::make_unique<Listening>(options_.job);
    listening_->then(on_listened, this);
  }

  void clear() {
    if (terminal_) terminal_->clear();
  }

  void press(std::string_view bytes) {
    if (!terminal_) return;
    terminal_->clear();
    for (const auto key : keys_of(bytes))
      if (!player_.press(key)) return quit();
    terminal_->show(player_.status());
  }

  void take(GstMessage* message) {
    switch (GST_MESSAGE_TYPE(message)) {
    case GST_MESSAGE_ASYNC_DONE:
      if (!terminal_ && player_.is_source_of(message)) begin();
      break;
    case GST_MESSAGE_EOS:
      terminal_ && terminal_->has_keys() ? player_.end() : quit();
      break;
    case GST_MESSAGE_ERROR:
    case GST_MESSAGE_WARNING:
      take_trouble(message);
      break;
    case GST_MESSAGE_ELEMENT:
      take_element(message);
      break;
    default:
      break;
    }
  }

  void take_trouble(GstMessage* message) {
    const auto error = error_of(message);
    clear();
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_WARNING) return say_warning(error->message);
    result_ = fail(Kind::media, error->message);
    quit();
  }

  void take_element(GstMessage* message) {
    if (gst_message_has_name(message, "rostrum-job-reloaded")) {
      clear();
      say("the job has changed: what is shown is the new one");
      player_.job_changed();
      listen();
    } else {
      if (const auto key = key_pressed(message); !key.empty()) press(bytes_of_key(key));
    }
  }

  static Preview& of(gpointer self) { return *static_cast<Preview*>(self); }
  static gboolean on_typed(gint, GIOCondition, gpointer self) {
    const auto bytes = PreviewTerminal::read();
    if (bytes.empty())
      of(self).quit();  // the terminal is gone
    else
      of(self).press(bytes);
    return G_SOURCE_CONTINUE;
  }
  static gboolean on_interrupt(gint, GIOCondition, gpointer self) {
    of(self).quit();
    return G_SOURCE_CONTINUE;
  }
  static gboolean on_tick(gpointer self) {
    of(self).terminal_->show(of(self).player_.status());
    return G_SOURCE_CONTINUE;
  }
  static gboolean on_message(GstBus*, GstMessage* message, gpointer self) {
    of(self).take(message);
    return G_SOURCE_CONTINUE;
  }
  static void on_listened(GObject* process, GAsyncResult* result, gpointer self) {
    GError* raw = nullptr;
    const bool heard = g_subprocess_wait_check_finish(G_SUBPROCESS(process), result, &raw);
    const GErrorPtr error{raw};
    if (was_cancelled(raw)) return;  // `self` is gone
    of(self).clear();
    if (heard)
      g_signal_emit_by_name(of(self).player_.source(), "reload");
    else
      say_warning("the sound cannot be listened to; `rostrum plan` says why");
  }

  const PreviewOptions& options_;
  PreviewPlayer player_;
  std::optional<PreviewTerminal> terminal_;  // once the first picture is there
  std::unique_ptr<Listening> listening_;
  GMainLoop* loop_ = nullptr;  // owned
  std::vector<guint> sources_;
  Result<void> result_;
};

}  // namespace

// A display is a socket, which nothing can open once the network is given up.
Result<void> open_preview(PreviewOptions& options) {
  // What is wrong with a job is said where it is played.
  if (const auto job = read_job(options.job.path); job && is_live(job->manifest)) {
    auto live = open_live(options.job, options.live);
    if (!live) return tl::unexpected(live.error());
    options.opened = std::move(*live);
  }
  if (options.opened && options.at > 0ns)
    return fail(Kind::usage,
                options.job.path + ": is a live job, which begins now: leave out --at");
  const bool own_sink = options.video_sink != PreviewOptions{}.video_sink;
  if (!own_sink && !is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY"))
    return fail(Kind::usage,
                "there is no display for a window: neither DISPLAY nor WAYLAND_DISPLAY is set; "
                "`rostrum preview --web` shows the job on a page in a browser");
  auto sinks = open_sinks(options.video_sink, options.audio_sink);
  if (!sinks) return tl::unexpected(sinks.error());
  options.sinks = std::make_shared<PreviewSinks>(std::move(*sinks));
  return {};
}

Result<void> run_preview(const PreviewOptions& options) {
  return Preview{options, std::move(*options.sinks)}.run();
}

}  // namespace rostrum
