// SPDX-License-Identifier: LGPL-2.1-or-later
// Single frames for the page: one worker at a time, so that the film that plays has the other
// cores.
#pragma once

#include "tools/web/feed_starter.h"
#include "tools/web/soup.h"
#include "tools/web/web_job.h"

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <utility>

namespace rostrum {

struct PictureWanted {
  std::int64_t frame = 0;
  bool small = false;

  friend auto operator<=>(const PictureWanted&, const PictureWanted&) = default;
};

class PictureQueue {
 public:
  explicit PictureQueue(FeedStarter& feeds) : feeds_{feeds} {}
  ~PictureQueue();
  PictureQueue(const PictureQueue&) = delete;
  PictureQueue& operator=(const PictureQueue&) = delete;

  // Of this job from now on.
  void show(std::shared_ptr<const WebJob> job);
  // Answers the message, at once or later; a picture in full size before all small ones.
  void ask(SoupServerMessage* message, PictureWanted wanted);

 private:
  struct Waiting {
    MessagePtr message;
    PictureWanted wanted;
  };
  using BytesPtr = std::unique_ptr<GBytes, Freed<g_bytes_unref>>;

  void begin_next();
  void read();
  void finish(bool whole);
  void drop_feed();
  void stop_clock();
  static void answer_with(SoupServerMessage* message, GBytes* picture);
  static gboolean on_late(gpointer self);

  FeedStarter& feeds_;
  std::shared_ptr<const WebJob> job_;
  std::list<Waiting> waiting_;
  std::unique_ptr<FilmFeed> feed_;  // of the first that waits
  GSource* clock_ = nullptr;        // owned; of the feed
  PictureWanted made_;              // by the feed
  std::string bytes_;               // of it, so far
  std::map<PictureWanted, BytesPtr> known_;
};

}  // namespace rostrum
