// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/web/film_feed.h"

#include "core/chunk_job.h"
#include "engine/worker_media.h"
#include "lib/gst_ptr.h"

#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <utility>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

constexpr gsize kPart = 1 << 16;  // bytes

struct Pipe {
  File out;
  File in;
};

Result<Pipe> make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    return fail(Kind::internal, std::string{"no pipe: "} + g_strerror(errno));
  return Pipe{File{ends[0]}, File{ends[1]}};
}

Result<std::string> make_folder(const std::string& parent) {
  const GCharPtr folder{g_strdup((parent + "/XXXXXX").c_str())};
  if (!g_mkdtemp(folder.get()))
    return fail(Kind::internal, parent + ": no folder can be made there");
  return std::string{folder.get()};
}

Result<void> write_job(const std::string& path, const ChunkJob& job) {
  std::ofstream file{path, std::ios::binary};
  file << chunk_job_json(job);
  file.close();
  if (!file) return fail(Kind::internal, path + ": cannot be written");
  return {};
}

}  // namespace

Result<std::unique_ptr<FilmFeed>> FilmFeed::start(ChunkJob job, const char* ending,
                                                  const FeedWorkers& workers) {
  auto pipe = make_pipe();
  if (!pipe) return tl::unexpected(pipe.error());
  const auto folder = make_folder(workers.folder);
  if (!folder) return tl::unexpected(folder.error());
  std::unique_ptr<FilmFeed> feed{new FilmFeed{*folder, std::move(pipe->out)}};
  auto media = open_media(job, workers.files, 1);
  media.insert(media.begin(), std::move(pipe->in));
  const auto spec = *folder + "/job" + ending;
  if (auto written = write_job(spec, job); !written) return tl::unexpected(written.error());
  WorkerEvents events;
  events.on_progress = [](Nanoseconds) {};
  events.on_substitution = [found = workers.on_substitution](const Substitution& s) {
    if (found) found(s);
  };
  events.on_exit = [feed = feed.get()](WorkerExit exit) {
    feed->exit_ = std::move(exit);
    feed->end_if_over();
  };
  auto worker = WorkerProcess::start({workers.program, spec, std::move(media)}, std::move(events));
  if (!worker) return tl::unexpected(worker.error());
  feed->worker_ = std::move(*worker);
  return feed;
}

FilmFeed::FilmFeed(std::string folder, File pipe)
    : folder_{std::move(folder)},
      stream_{g_unix_input_stream_new(pipe.release(), TRUE)},
      cancel_{g_cancellable_new()} {}

FilmFeed::~FilmFeed() {
  g_cancellable_cancel(cancel_);
  worker_.reset();
  g_object_unref(stream_);
  g_object_unref(cancel_);
  std::error_code error;
  fs::remove_all(folder_, error);
}

void FilmFeed::read(OnPart on_part) {
  on_part_ = std::move(on_part);
  g_input_stream_read_bytes_async(stream_, kPart, G_PRIORITY_DEFAULT, cancel_, on_read, this);
}

void FilmFeed::on_read(GObject* stream, GAsyncResult* result, gpointer self) {
  GError* raw = nullptr;
  GBytes* part = g_input_stream_read_bytes_finish(G_INPUT_STREAM(stream), result, &raw);
  const GErrorPtr error{raw};
  if (was_cancelled(error.get())) return;  // `self` is gone
  auto& feed = *static_cast<FilmFeed*>(self);
  if (part && g_bytes_get_size(part) > 0) {
    const auto on_part = std::move(feed.on_part_);
    on_part(part);  // may end the feed
  } else {
    feed.drained_ = true;
    feed.end_if_over();
  }
  if (part) g_bytes_unref(part);
}

void FilmFeed::end_if_over() {
  if (!drained_ || !exit_ || !on_part_) return;
  const auto on_part = std::move(on_part_);
  on_part(nullptr);  // may end the feed
}

std::string FilmFeed::broken() const {
  if (!exit_ || exit_->how == WorkerExit::How::done) return {};
  return exit_->error ? exit_->error->message : "its worker crashed";
}

}  // namespace rostrum
