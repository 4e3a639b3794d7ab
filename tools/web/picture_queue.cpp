// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/web/picture_queue.h"

#include "core/preview_job.h"

#include <algorithm>

namespace rostrum {

namespace {

constexpr std::size_t kMostKnown = 1000;
constexpr std::size_t kMostBytes = 16 << 20;  // of a picture; whoever took a worker over may go on

}  // namespace

PictureQueue::~PictureQueue() {
  for (const auto& waiting : waiting_)
    g_signal_handlers_disconnect_by_data(waiting.message.get(), this);
}

void PictureQueue::show(std::shared_ptr<const WebJob> job) {
  job_ = std::move(job);
  known_.clear();
  feed_.reset();
  workers_.files = job_->job().files;
  begin_next();
}

void PictureQueue::ask(SoupServerMessage* message, PictureWanted wanted) {
  if (const auto known = known_.find(wanted); known != known_.end())
    return answer_with(message, known->second.get());
  soup_server_message_pause(message);
  g_signal_connect(message, "finished", G_CALLBACK(on_gone), this);
  const auto before = wanted.small ? waiting_.end()
                                   : std::find_if(waiting_.begin(), waiting_.end(),
                                                  [](const auto& w) { return w.wanted.small; });
  waiting_.insert(before, {keep(message), wanted});
  begin_next();
}

void PictureQueue::begin_next() {
  if (feed_ || waiting_.empty()) return;
  made_ = waiting_.front().wanted;
  bytes_.clear();
  auto feed =
      FilmFeed::start(job_->picture_at(made_.frame, made_.small), kPreviewPictureEnding, workers_);
  if (!feed) return finish();
  feed_ = std::move(*feed);
  read();
}

void PictureQueue::read() {
  feed_->read([this](GBytes* part) {
    if (!part || bytes_.size() > kMostBytes) return finish();
    gsize size = 0;
    const auto* data = static_cast<const char*>(g_bytes_get_data(part, &size));
    bytes_.append(data, size);
    read();
  });
}

// Answers all that wait for the picture that was made; no bytes: the worker failed.
void PictureQueue::finish() {
  feed_.reset();
  const BytesPtr picture{g_bytes_new(bytes_.data(), bytes_.size())};
  if (known_.size() >= kMostKnown) known_.clear();
  if (!bytes_.empty()) known_[made_].reset(g_bytes_ref(picture.get()));
  for (auto at = waiting_.begin(); at != waiting_.end();) {
    const auto next = std::next(at);
    if (at->wanted == made_) {
      const auto message = std::move(at->message);
      waiting_.erase(at);
      g_signal_handlers_disconnect_by_data(message.get(), this);
      answer_with(message.get(), picture.get());
      soup_server_message_unpause(message.get());
    }
    at = next;
  }
  begin_next();
}

void PictureQueue::answer_with(SoupServerMessage* message, GBytes* picture) {
  if (g_bytes_get_size(picture) == 0)
    return answer(message, SOUP_STATUS_INTERNAL_SERVER_ERROR, "text/plain",
                  "this picture cannot be made\n");
  gsize size = 0;
  const auto* data = static_cast<const char*>(g_bytes_get_data(picture, &size));
  answer(message, SOUP_STATUS_OK, "image/jpeg", {data, size});
}

void PictureQueue::on_gone(SoupServerMessage* message, gpointer self) {
  auto& queue = *static_cast<PictureQueue*>(self);
  queue.waiting_.remove_if([&](const Waiting& w) { return w.message.get() == message; });
}

}  // namespace rostrum
