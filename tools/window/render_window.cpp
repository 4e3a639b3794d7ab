// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/window/render_window.h"

#include "engine/scratch.h"
#include "lib/gst_ptr.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

template <typename T>
using ObjectPtr = std::unique_ptr<T, Freed<g_object_unref>>;

// What the window has to say of its beginning.
Result<void> listen(GInputStream* said) {
  const ObjectPtr<GDataInputStream> lines{g_data_input_stream_new(said)};
  // A driver may print something of its own before.
  while (
      const GCharPtr line{g_data_input_stream_read_line(lines.get(), nullptr, nullptr, nullptr)}) {
    const std::string text{line.get()};
    if (text == kWindowOpened) return {};
    const auto space = text.find(' ');
    if (space == 1 && g_ascii_isdigit(text[0]))
      return fail(static_cast<Kind>(text[0] - '0'), text.substr(space + 1));
  }
  return fail(Kind::internal, "the window cannot be opened");
}

}  // namespace

Result<std::shared_ptr<RenderWindow>> RenderWindow::open(const std::string& video_sink,
                                                         const std::string& audio_sink) {
  // No end_with_parent(): it sees by the pipe that the render has gone, and may outlive one that
  // has succeeded.
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return fail(Kind::internal, "the window cannot be opened");
  auto window = std::make_shared<RenderWindow>(File{ends[1]}, File{ends[0]});
  fcntl(ends[1], F_SETFL, O_NONBLOCK);  // nobody waits for a window
  const auto program = own_program();
  const char* words[] = {program.c_str(), "window",           "--video-sink", video_sink.c_str(),
                         "--audio-sink",  audio_sink.c_str(), nullptr};
  const ObjectPtr<GSubprocessLauncher> launcher{
      g_subprocess_launcher_new(static_cast<GSubprocessFlags>(G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                                              G_SUBPROCESS_FLAGS_STDERR_SILENCE))};
  g_subprocess_launcher_take_stdin_fd(launcher.get(),
                                      fcntl(window->theirs_.fd(), F_DUPFD_CLOEXEC, 0));
  GError* raw = nullptr;
  const ObjectPtr<GSubprocess> process{g_subprocess_launcher_spawnv(launcher.get(), words, &raw)};
  const GErrorPtr error{raw};
  if (!process) return fail(Kind::internal, std::string{"the window: "} + raw->message);
  if (auto opened = listen(g_subprocess_get_stdout_pipe(process.get())); !opened)
    return tl::unexpected(opened.error());
  return window;
}

void RenderWindow::tell(const std::string& what, const std::string& text) const {
  const auto order = what + " " + text;
  // It holds 64 KiB, and these are a few paths.
  [[maybe_unused]] const auto written = write(ours_.fd(), order.c_str(), order.size() + 1);
}

void RenderWindow::show(const std::string& film, const std::string& work_dir) const {
  tell(kWindowTitle, fs::path{film}.filename().string());
  tell(kWindowWork, fs::absolute(work_dir).string());
}

void RenderWindow::finish(const std::string& film) const {
  tell(kWindowFilm, fs::absolute(film).string());
}

}  // namespace rostrum
