// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/web/film_feed.h"

#include "engine/worker_media.h"
#include "lib/gst_ptr.h"

#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <unistd.h>

#include <algorithm>
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

Result<std::unique_ptr<FilmFeed>> FilmFeed::prepare(const AssetPaths& media,
                                                    const FeedWorkers& workers) {
  auto pipe = make_pipe();
  if (!pipe) return tl::unexpected(pipe.error());
  auto go = make_pipe();
  if (!go) return tl::unexpected(go.error());
  const auto folder = make_folder(workers.folder);
  if (!folder) return tl::unexpected(folder.error());
  std::unique_ptr<FilmFeed> feed{new FilmFeed{*folder, std::move(pipe->out), std::move(go->in)}};
  ChunkJob all;
  all.paths = media;
  auto given = open_media(all, workers.files, 2, Vanished::is_left_out);
  if (!given) return tl::unexpected(given.error());
  feed->media_ = std::move(all.paths);
  given->insert(given->begin(), std::move(go->out));
  given->insert(given->begin(), std::move(pipe->in));
  auto worker =
      WorkerProcess::start({workers.program, feed->spec(), std::move(*given)}, feed->events());
  if (!worker) return tl::unexpected(worker.error());
  feed->worker_ = std::move(*worker);
  return feed;
}

bool FilmFeed::has_media_of(const ChunkJob& job) const {
  return std::all_of(job.paths.begin(), job.paths.end(),
                     [this](const auto& path) { return media_.contains(path.first); });
}

Result<void> FilmFeed::begin(ChunkJob job, PreviewKind kind, OnSubstitution on_substitution) {
  on_substitution_ = std::move(on_substitution);
  AssetPaths paths;
  for (const auto& [asset, path] : job.paths)
    if (const auto known = media_.find(asset); known != media_.end()) paths.insert(*known);
  job.paths = std::move(paths);
  const auto go = std::exchange(go_, File{});
  if (auto written = write_job(spec(), job); !written) return written;
  const char byte = static_cast<char>(kind);
  if (write(go.fd(), &byte, 1) != 1) return fail(Kind::internal, "a worker ended too early");
  return {};
}

std::string FilmFeed::spec() const { return folder_ + "/job" + kPreviewEnding; }

WorkerEvents FilmFeed::events() {
  WorkerEvents events;
  events.on_progress = [](Nanoseconds) {};
  events.on_substitution = [this](const Substitution& s) {
    if (on_substitution_) on_substitution_(s);
  };
  events.on_exit = [this](WorkerExit exit) {
    exit_ = std::move(exit);
    end_if_over();
  };
  return events;
}

FilmFeed::FilmFeed(std::string folder, File pipe, File go)
    : folder_{std::move(folder)},
      go_{std::move(go)},
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
