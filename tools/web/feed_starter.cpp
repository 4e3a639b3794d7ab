// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/web/feed_starter.h"

#include <utility>

namespace rostrum {

namespace {

constexpr std::size_t kMostMedia = 200;  // that are opened for a worker that may need any of them
constexpr guint kPause = 250;            // ms: the feed that was started has the cores first

}  // namespace

void FeedStarter::show(const WebJob& job) {
  workers_.files = job.job().files;
  media_ = job.media();
  stop_clock();
  ready_.reset();
  prepare();
}

Result<std::unique_ptr<FilmFeed>> FeedStarter::start(
    const ChunkJob& job, PreviewKind kind, const FilmFeed::OnSubstitution& on_substitution) {
  prepare_soon();
  auto feed = std::exchange(ready_, nullptr);
  if (feed && feed->waits() && feed->has_media_of(job) && feed->begin(job, kind, on_substitution))
    return feed;
  auto fresh = FilmFeed::prepare(job.paths, workers_);
  if (!fresh) return fresh;
  if (auto begun = (*fresh)->begin(job, kind, on_substitution); !begun)
    return tl::unexpected(begun.error());
  return fresh;
}

// Without one, the next feed starts its own, and says what is wrong.
void FeedStarter::prepare() {
  if (media_.size() > kMostMedia) return;
  if (auto prepared = FilmFeed::prepare(media_, workers_)) ready_ = std::move(*prepared);
}

void FeedStarter::prepare_soon() {
  stop_clock();
  clock_ = g_timeout_source_new(kPause);
  g_source_set_callback(clock_, on_time, this, nullptr);
  g_source_attach(clock_, g_main_context_get_thread_default());
}

void FeedStarter::stop_clock() {
  if (!clock_) return;
  g_source_destroy(clock_);
  g_source_unref(std::exchange(clock_, nullptr));
}

gboolean FeedStarter::on_time(gpointer self) {
  auto& starter = *static_cast<FeedStarter*>(self);
  starter.stop_clock();
  starter.prepare();
  return G_SOURCE_REMOVE;
}

}  // namespace rostrum
