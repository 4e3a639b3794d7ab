// SPDX-License-Identifier: LGPL-2.1-or-later
// The server of the preview page: for this machine, and for who knows its token.
#pragma once

#include "tools/web/feed_starter.h"
#include "tools/web/film_response.h"
#include "tools/web/listener.h"
#include "tools/web/picture_queue.h"
#include "tools/web/web_events.h"
#include "tools/web/web_job.h"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace rostrum {

// Serves from the main context that is the thread's default.  Below http://127.0.0.1:PORT/TOKEN:
//   /                    the page, and the files it is made of
//   /data                its timeline (core/preview_data.h)
//   /film?frame=N        the film from there on (engine/preview_pipeline.h); &frames=M: so many frames of
//   it;
//                        &page=ID: instead of what this page was sent before
//   /picture?frame=N     that frame as JPEG; with &small=1 for a thumbnail
//   /explain?at=SECONDS  what is seen and heard then, and why
//   /events              a WebSocket: objects with `kind`, see tell()
// All else is 404, other methods than GET 405, who is not the page 403.
class WebServer {
 public:
  // Kind::internal when it cannot serve.
  static Result<std::unique_ptr<WebServer>> start(Listener listener, FeedWorkers workers);
  ~WebServer();
  WebServer(const WebServer&) = delete;
  WebServer& operator=(const WebServer&) = delete;

  std::string url() const;
  // Shows this job from now on, and tells the pages.
  void show(std::shared_ptr<const WebJob> job);
  // Tells the pages: kind "job" (a number that rises), "problem" (a text), "substitution" (from,
  // to, text) or "chunks".
  void tell(const std::string& kind, const std::string& json) { events_.tell(kind, json); }

 private:
  WebServer(std::uint16_t port, FeedWorkers workers);
  std::optional<std::string> asked(SoupServerMessage* message, const char* path) const;
  void route(SoupServerMessage* message, const std::string& path, GHashTable* query);
  void send_film(SoupServerMessage* message, const std::string& page, FrameRange frames);
  void tell_substitution(const Substitution& s);
  static void guard(SoupServer*, SoupServerMessage* message, const char* path, GHashTable* query,
                    gpointer self);
  static void on_request(SoupServer*, SoupServerMessage* message, const char* path,
                         GHashTable* query, gpointer self);
  static void on_page(SoupServer*, SoupServerMessage*, const char* path,
                      SoupWebsocketConnection* page, gpointer self);

  std::unique_ptr<SoupServer, Freed<g_object_unref>> server_;
  std::uint16_t port_;
  std::string token_;
  FeedStarter feeds_;
  std::shared_ptr<const WebJob> job_;
  int shown_ = 0;  // jobs, so far
  PictureQueue pictures_;
  WebEvents events_;
  std::map<std::string, std::unique_ptr<FilmResponse>> films_;  // by page
};

}  // namespace rostrum
