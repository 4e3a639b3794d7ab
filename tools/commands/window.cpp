// SPDX-License-Identifier: LGPL-2.1-or-later
// The window of `render --preview`: a process of its own that the render tells, at standard input,
// what to show.  It ends with the render, unless that has told it its film.
#include "engine/components.h"
#include "engine/file.h"
#include "lib/bus_error.h"
#include "tools/commands/commands.h"
#include "tools/window/render_window.h"
#include "tools/window/window_player.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <gst/video/gstvideosink.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <thread>

namespace rostrum {

namespace {

constexpr guint kLook = 250;         // ms between two looks at what is finished
constexpr auto kPatience = 5s;       // of a render that has ended without a film
std::atomic<bool> has_film = false;  // told by the render

File to_render;  // what it reads of the window

void tell_render(const std::string& why) {
  const auto line = std::string{kWindowBroken} + " " + why + "\n";
  [[maybe_unused]] const auto written = write(to_render.fd(), line.data(), line.size());
}

// What an error says; "" = it is none, but the end of a window that was closed.
std::string why_broken(GstMessage* message) {
  if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_ERROR) return {};
  const auto error = error_of(message);
  const bool closed =
      GST_IS_VIDEO_SINK(GST_MESSAGE_SRC(message)) &&
      g_error_matches(error.get(), GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND);
  return closed ? std::string{} : describe_error(error.get());
}

class Window {
 public:
  explicit Window(PreviewSinks sinks) : player_{std::move(sinks)} {}
  ~Window() {
    for (const auto source : sources_) g_source_remove(source);
    if (told_by_) g_source_remove(told_by_);
    g_main_loop_unref(loop_);
  }
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  void run() {
    sources_ = {gst_bus_add_watch(player_.bus(), on_message, this),
                g_timeout_add(kLook, on_look, this)};
    told_by_ =
        g_unix_fd_add(STDIN_FILENO, static_cast<GIOCondition>(G_IO_IN | G_IO_HUP), on_told, this);
    g_main_loop_run(loop_);
  }

 private:
  void end_unless(bool goes_on) {
    if (!goes_on) g_main_loop_quit(loop_);
  }

  // False when nothing more can come.
  bool listen() {
    char bytes[4096];
    const auto count = read(STDIN_FILENO, bytes, sizeof bytes);
    if (count <= 0) {
      end_unless(has_film);
      told_by_ = 0;
      return false;
    }
    told_.append(bytes, static_cast<std::size_t>(count));
    for (auto end = told_.find('\0'); end != told_.npos; end = told_.find('\0')) {
      obey(told_.substr(0, end));
      told_.erase(0, end + 1);
    }
    return true;
  }

  void obey(const std::string& order) {
    const auto space = order.find(' ');
    const auto what = order.substr(0, space);
    const auto text = space == order.npos ? std::string{} : order.substr(space + 1);
    if (what == kWindowTitle) player_.set_title(text);
    if (what == kWindowWork) player_.watch(text);
    if (what == kWindowFilm) has_film = true, end_unless(player_.set_film(text));
    if (what == kWindowKey) press(text);
    end_unless(player_.look());
  }

  void press(const std::string& name) {
    for (const auto key : keys_of(bytes_of_key(name))) end_unless(player_.press(key));
  }

  void take(GstMessage* message) {
    if (const auto why = why_broken(message); !why.empty()) tell_render(why);
    end_unless(player_.take(message));
    press(key_pressed(message));
  }

  static Window& of(gpointer self) { return *static_cast<Window*>(self); }
  static gboolean on_told(gint, GIOCondition, gpointer self) { return of(self).listen(); }
  static gboolean on_look(gpointer self) {
    of(self).end_unless(of(self).player_.look());
    return G_SOURCE_CONTINUE;
  }
  static gboolean on_message(GstBus*, GstMessage* message, gpointer self) {
    of(self).take(message);
    return G_SOURCE_CONTINUE;
  }

  WindowPlayer player_;
  GMainLoop* loop_ = g_main_loop_new(nullptr, FALSE);  // owned
  std::vector<guint> sources_;
  guint told_by_ = 0;  // a source, until nothing more can come
  std::string told_;
};

// Even where a display does not answer.
void end_with_render() {
  std::thread{[] {
    pollfd render{STDIN_FILENO, 0, 0};
    while (poll(&render, 1, -1) < 1) {
    }
    std::this_thread::sleep_for(kPatience);
    if (!has_film) _exit(exit_code(Kind::interrupted));
  }}.detach();
}

}  // namespace

Result<void> open_window(PreviewOptions& options) {
  std::signal(SIGINT, SIG_IGN);  // Ctrl-C reaches the whole foreground group; the render decides
  end_with_render();
  auto opened = open_preview(options);
  const auto said =
      opened ? std::string{kWindowOpened}
             : std::to_string(static_cast<int>(opened.error().kind)) + " " + opened.error().message;
  std::puts(said.c_str());
  std::fflush(stdout);
  std::signal(SIGPIPE, SIG_IGN);  // the render may end first
  to_render = File{fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)};
  // From here on nobody reads what a library may print.
  if (opened && !std::freopen("/dev/null", "w", stdout)) return fail(Kind::internal, "/dev/null");
  return opened;
}

Result<void> run_window(const PreviewOptions& options) {
  Window{std::move(*options.sinks)}.run();
  return {};
}

}  // namespace rostrum
