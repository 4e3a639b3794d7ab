// SPDX-License-Identifier: LGPL-2.1-or-later
// A feed as the body of an answer, no faster than it is read.
#pragma once

#include "tools/web/film_feed.h"
#include "tools/web/soup.h"

#include <functional>
#include <memory>

namespace rostrum {

class FilmResponse {
 public:
  // `on_end`: the answer is whole, or nobody takes it any more; may end this object.
  FilmResponse(SoupServerMessage* message, const char* type, std::unique_ptr<FilmFeed> feed,
               std::function<void()> on_end);
  ~FilmResponse();
  FilmResponse(const FilmResponse&) = delete;
  FilmResponse& operator=(const FilmResponse&) = delete;

 private:
  void next();
  void take(GBytes* part);
  void break_off();
  void end();
  static void on_written(SoupServerMessage*, gpointer self);
  static void on_finished(SoupServerMessage*, gpointer self);

  MessagePtr message_;
  std::unique_ptr<FilmFeed> feed_;
  std::function<void()> on_end_;
  bool reading_ = false;
  bool begun_ = false;  // something of the film is under way
  bool whole_ = false;  // nothing more will come of the feed
  bool gone_ = false;   // the message is at its end
};

}  // namespace rostrum
