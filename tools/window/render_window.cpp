// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/window/render_window.h"

#include "engine/scratch.h"
#include "lib/gst_ptr.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

template <typename T>
using ObjectPtr = std::unique_ptr<T, Freed<g_object_unref>>;

struct Pipe {
  File read;
  File write;
};

Pipe make_pipe() {
  int ends[2];
  return pipe2(ends, O_CLOEXEC) == 0 ? Pipe{File{ends[0]}, File{ends[1]}} : Pipe{};
}

// For a child's standard input or output.
int copy_of(const File& end) { return fcntl(end.fd(), F_DUPFD_CLOEXEC, 0); }

tl::unexpected<Error> not_opened() { return fail(Kind::internal, "the window cannot be opened"); }

}  // namespace

Result<std::shared_ptr<RenderWindow>> RenderWindow::open(const std::string& video_sink,
                                                         const std::string& audio_sink) {
  // No end_with_parent(): it sees by the pipe that the render has gone, and may outlive one that
  // has succeeded.
  auto orders = make_pipe();
  auto said = make_pipe();
  if (orders.read.fd() < 0 || said.read.fd() < 0) return not_opened();
  fcntl(orders.write.fd(), F_SETFL, O_NONBLOCK);  // nobody waits for a window
  const auto program = own_program();
  const char* words[] = {program.c_str(), "window",           "--video-sink", video_sink.c_str(),
                         "--audio-sink",  audio_sink.c_str(), nullptr};
  ObjectPtr<GSubprocessLauncher> launcher{
      g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDERR_SILENCE)};
  g_subprocess_launcher_take_stdin_fd(launcher.get(), copy_of(orders.read));
  g_subprocess_launcher_take_stdout_fd(launcher.get(), copy_of(said.write));
  GError* raw = nullptr;
  const ObjectPtr<GSubprocess> process{g_subprocess_launcher_spawnv(launcher.get(), words, &raw)};
  const GErrorPtr error{raw};
  if (!process) return fail(Kind::internal, std::string{"the window: "} + raw->message);
  auto window = std::make_shared<RenderWindow>(std::move(orders.write), std::move(orders.read),
                                               std::move(said.read));
  launcher.reset();  // and with it the end that would never be closed
  said.write = {};
  if (auto opened = window->wait_until_open(); !opened) return tl::unexpected(opened.error());
  return window;
}

// `patience`: ms, -1 = for ever.  Nothing when no line comes within that time, or none any more.
std::optional<std::string> RenderWindow::next_line(int patience) {
  for (;;) {
    if (const auto end = heard_.find('\n'); end != heard_.npos) {
      auto line = heard_.substr(0, end);
      heard_.erase(0, end + 1);
      return line;
    }
    pollfd readable{said_.fd(), POLLIN, 0};
    const auto ready = poll(&readable, 1, patience);
    if (ready < 0 && errno == EINTR) continue;
    char bytes[1024];
    const auto count = ready > 0 ? read(said_.fd(), bytes, sizeof bytes) : 0;
    if (count <= 0) return {};
    heard_.append(bytes, static_cast<std::size_t>(count));
  }
}

Result<void> RenderWindow::wait_until_open() {
  constexpr int kForEver = -1;
  // A driver may print something of its own before.
  while (const auto line = next_line(kForEver)) {
    if (*line == kWindowOpened) return {};
    const auto space = line->find(' ');
    if (space == 1 && g_ascii_isdigit(line->front()))
      return fail(static_cast<Kind>(line->front() - '0'), line->substr(space + 1));
  }
  return not_opened();
}

std::string RenderWindow::trouble() {
  const std::string broken = std::string{kWindowBroken} + " ";
  while (const auto line = next_line(0))
    if (line->starts_with(broken)) return line->substr(broken.size());
  return {};
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
