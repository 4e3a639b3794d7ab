// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/web/picture_queue.h"

#include <algorithm>

namespace rostrum {

namespace {

constexpr std::size_t kMostKnown = 1000;
constexpr guint kMostSeconds = 30;  // for a picture: one whose decoder hangs must not hold up all
constexpr std::size_t kMostBytes = 16 << 20;  // of a picture; whoever took a worker over may go on

}  // namespace

PictureQueue::~PictureQueue() { stop_clock(); }

void PictureQueue::show(std::shared_ptr<const WebJob> job) {
  job_ = std::move(job);
  known_.clear();
  drop_feed();
  begin_next();
}

void PictureQueue::ask(SoupServerMessage* message, PictureWanted wanted) {
  if (const auto known = known_.find(wanted); known != known_.end())
    return answer_with(message, known->second.get());
  soup_server_message_pause(message);
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
  auto feed = feeds_.start(job_->picture_at(made_.frame, made_.small), PreviewKind::picture);
  if (!feed) return finish(false);
  feed_ = std::move(*feed);
  clock_ = g_timeout_source_new_seconds(kMostSeconds);
  g_source_set_callback(clock_, on_late, this, nullptr);
  g_source_attach(clock_, g_main_context_get_thread_default());
  read();
}

void PictureQueue::read() {
  feed_->read([this](GBytes* part) {
    if (!part || bytes_.size() > kMostBytes) return finish(!part && feed_->broken().empty());
    gsize size = 0;
    const auto* data = static_cast<const char*>(g_bytes_get_data(part, &size));
    bytes_.append(data, size);
    read();
  });
}

// Answers all that wait for the picture that was made, or could not be.
void PictureQueue::finish(bool whole) {
  drop_feed();
  if (!whole) bytes_.clear();
  const BytesPtr picture{g_bytes_new(bytes_.data(), bytes_.size())};
  if (known_.size() >= kMostKnown) known_.clear();
  if (whole) known_[made_].reset(g_bytes_ref(picture.get()));
  for (auto at = waiting_.begin(); at != waiting_.end();) {
    const auto next = std::next(at);
    if (at->wanted == made_) {
      const auto message = std::move(at->message);
      waiting_.erase(at);
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

void PictureQueue::drop_feed() {
  stop_clock();
  feed_.reset();
}

void PictureQueue::stop_clock() {
  if (!clock_) return;
  g_source_destroy(clock_);
  g_source_unref(clock_);
  clock_ = nullptr;
}

gboolean PictureQueue::on_late(gpointer self) {
  static_cast<PictureQueue*>(self)->finish(false);
  return G_SOURCE_REMOVE;
}

}  // namespace rostrum
