// SPDX-License-Identifier: LGPL-2.1-or-later
// Starts feeds.  One worker is always made ready ahead of its job, so that nobody who looks waits
// for that.
#pragma once

#include "tools/web/film_feed.h"
#include "tools/web/web_job.h"

#include <memory>

namespace rostrum {

// Of the thread of one main context.
class FeedStarter {
 public:
  explicit FeedStarter(FeedWorkers workers) : workers_{std::move(workers)} {}
  ~FeedStarter() { stop_clock(); }
  FeedStarter(const FeedStarter&) = delete;
  FeedStarter& operator=(const FeedStarter&) = delete;

  // Feeds are of this job from now on.
  void show(const WebJob& job);
  // Kind::internal when no worker can be started.
  Result<std::unique_ptr<FilmFeed>> start(const ChunkJob& job, PreviewKind kind,
                                          const FilmFeed::OnSubstitution& on_substitution = {});

 private:
  void prepare();
  void prepare_soon();
  void stop_clock();
  static gboolean on_time(gpointer self);

  FeedWorkers workers_;
  AssetPaths media_;
  std::unique_ptr<FilmFeed> ready_;
  GSource* clock_ = nullptr;  // owned
};

}  // namespace rostrum
