// SPDX-License-Identifier: LGPL-2.1-or-later
// A worker that writes what a preview shows into a pipe.
#pragma once

#include "core/chunk_job.h"
#include "core/preview_job.h"
#include "core/result.h"
#include "engine/file.h"
#include "engine/media_files.h"
#include "engine/worker_process.h"

#include <gio/gio.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace rostrum {

struct FeedWorkers {
  std::string program;  // the rostrum executable
  std::string folder;   // where each is told what to do, in a folder of its own
  MediaFiles files;     // opens their media
};

// Waits for what it is to make, and ends its worker when it goes.  Of the thread of one main
// context.
class FilmFeed {
 public:
  // Gets each part as it is made, once for each read(); nothing: the worker has ended, and broken()
  // tells how.
  using OnPart = std::function<void(GBytes* part)>;

  // What cannot be played.
  using OnSubstitution = std::function<void(const Substitution&)>;

  // A worker that makes itself ready; of jobs, it will play these media.  Kind::internal when none
  // can be started.
  static Result<std::unique_ptr<FilmFeed>> prepare(const AssetPaths& media,
                                                   const FeedWorkers& workers);
  // Whether it can still be told what to make.
  bool waits() const { return go_.fd() >= 0 && !exit_; }
  // Whether prepare() named all media of the job, and they were there.
  bool has_media_of(const ChunkJob& job) const;
  // Once, while it waits.  Media that prepare() did not name are missing in the job.
  Result<void> begin(ChunkJob job, PreviewKind kind, OnSubstitution on_substitution = {});
  ~FilmFeed();
  FilmFeed(const FilmFeed&) = delete;
  FilmFeed& operator=(const FilmFeed&) = delete;

  // Not again before the part has come.
  void read(OnPart on_part);
  // Why the worker ended before all was made; "": it did not.
  std::string broken() const;

 private:
  FilmFeed(std::string folder, File pipe, File go);
  std::string spec() const;
  WorkerEvents events();
  void end_if_over();
  static void on_read(GObject* stream, GAsyncResult* result, gpointer self);

  std::string folder_;
  AssetPaths media_;  // as the worker can open them
  File go_;           // closed once it is told
  OnSubstitution on_substitution_;
  GInputStream* stream_;  // owned
  GCancellable* cancel_;  // owned; cancelled in the destructor, so that no callback comes after it
  std::unique_ptr<WorkerProcess> worker_;
  OnPart on_part_;
  bool drained_ = false;            // the pipe is at its end
  std::optional<WorkerExit> exit_;  // the worker is
};

}  // namespace rostrum
