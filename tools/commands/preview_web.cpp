// SPDX-License-Identifier: LGPL-2.1-or-later
// Shows a job before it is rendered.
#include "engine/interrupt.h"
#include "lib/gst_ptr.h"
#include "tools/commands/commands.h"
#include "tools/render_files.h"
#include "tools/terminal.h"
#include "tools/web/job_watch.h"
#include "tools/web/web_session.h"

#include <glib-unix.h>

#include <cstdio>
#include <filesystem>

namespace rostrum {

namespace {

using LoopPtr = std::unique_ptr<GMainLoop, Freed<g_main_loop_unref>>;

gboolean quit(gint, GIOCondition, gpointer loop) {
  g_main_loop_quit(static_cast<GMainLoop*>(loop));
  return G_SOURCE_CONTINUE;
}

void run_until_interrupted() {
  const LoopPtr loop{g_main_loop_new(nullptr, FALSE)};
  const guint interrupt = g_unix_fd_add(Interrupt::descriptor(), G_IO_IN, quit, loop.get());
  if (!Interrupt::requested()) g_main_loop_run(loop.get());
  g_source_remove(interrupt);
}

// Of a render of this job without options.
std::string usual_work_dir(const JobOptions& options, const Job& job) {
  RenderOptions render;
  render.job = options;
  auto copy = job;
  const auto files = name_files(render, copy);
  return files ? files->output + ".rostrum" : "";
}

void warn(const WebJob& opened) {
  const auto& path = opened.job().path;
  for (const auto& warning : opened.job().warnings) say_warning(path + ": " + warning);
  for (const auto& warning : opened.plan().warnings) say_warning(path + ":" + warning);
}

// Where the page begins, as a part of its address.
std::string place(Nanoseconds at) {
  return at > 0ns ? "#t=" + std::to_string(to_seconds(at)) : std::string{};
}

void show_again(WebSession& session, const JobOptions& options,
                const Result<std::shared_ptr<const WebJob>>& opened) {
  if (opened) {
    say("the job has changed");
    warn(**opened);
    return session.show(*opened, usual_work_dir(options, (*opened)->job()));
  }
  if (opened.error().kind == Kind::interrupted) return;
  say_error(opened.error().message);
  session.show_problem(opened.error().message);
}

}  // namespace

Result<void> run_preview_web(const PreviewOptions& options) {
  Interrupt::install();
  const auto begun = std::filesystem::file_time_type::clock::now();
  KnownMedia known;
  const auto job = WebJob::open(options.job, known);
  if (!job) return tl::unexpected(job.error());
  warn(**job);
  const auto session = WebSession::start(std::move(*options.web.listener), *job,
                                         usual_work_dir(options.job, (*job)->job()));
  if (!session) return tl::unexpected(session.error());
  const JobWatch watch{(*job)->job().path, begun, options.job, known,
                       [&](const auto& opened) { show_again(**session, options.job, opened); }};
  if (!watch.watches()) say_warning((*job)->job().path + ": its changes will not be noticed");
  std::puts(((*session)->url() + place(options.at)).c_str());
  std::fflush(stdout);
  say("open this address in a browser on this machine; Ctrl-C ends it");
  run_until_interrupted();
  return {};
}

}  // namespace rostrum
