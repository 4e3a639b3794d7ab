// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/web/film_response.h"

#include <utility>

namespace rostrum {

FilmResponse::FilmResponse(SoupServerMessage* message, const char* type,
                           std::unique_ptr<FilmFeed> feed, std::function<void()> on_end)
    : message_{keep(message)}, feed_{std::move(feed)}, on_end_{std::move(on_end)} {
  // While there is one: libsoup asks for it when the connection is broken off, and warns without.
  soup_server_message_get_remote_address(message);
  auto* headers = soup_server_message_get_response_headers(message);
  soup_server_message_set_status(message, SOUP_STATUS_OK, nullptr);
  soup_message_headers_set_content_type(headers, type, nullptr);
  soup_message_headers_set_encoding(headers, SOUP_ENCODING_CHUNKED);
  soup_message_body_set_accumulate(soup_server_message_get_response_body(message), FALSE);
  g_signal_connect(message, "wrote-chunk", G_CALLBACK(on_written), this);
  g_signal_connect(message, "finished", G_CALLBACK(on_finished), this);
  soup_server_message_pause(message);
  next();
}

FilmResponse::~FilmResponse() {
  g_signal_handlers_disconnect_by_data(message_.get(), this);
  if (!gone_ && !whole_) break_off();
}

// Whoever reads must not take it for the end of the film.
void FilmResponse::break_off() {
  g_signal_handlers_disconnect_by_data(message_.get(), this);
  gone_ = true;
  // libsoup would still write the last chunk of the body.
  if (auto* socket = soup_server_message_get_socket(message_.get()))
    g_socket_shutdown(socket, FALSE, TRUE, nullptr);
  auto* connection = soup_server_message_steal_connection(message_.get());
  if (!connection) return;
  g_io_stream_close(connection, nullptr, nullptr);
  g_object_unref(connection);
}

void FilmResponse::next() {
  if (reading_ || whole_) return;
  reading_ = true;
  feed_->read([this](GBytes* part) {
    reading_ = false;
    if (!part && begun_ && !feed_->broken().empty()) {
      break_off();
      return end();
    }
    take(part);
    soup_server_message_unpause(message_.get());
  });
}

void FilmResponse::take(GBytes* part) {
  auto* body = soup_server_message_get_response_body(message_.get());
  whole_ = part == nullptr;
  if (part) {
    begun_ = true;
    soup_message_body_append_bytes(body, part);
  } else if (begun_) {
    soup_message_body_complete(body);
  } else {
    soup_message_headers_set_encoding(soup_server_message_get_response_headers(message_.get()),
                                      SOUP_ENCODING_CONTENT_LENGTH);
    answer(message_.get(), SOUP_STATUS_INTERNAL_SERVER_ERROR, "text/plain", feed_->broken() + "\n");
  }
}

void FilmResponse::end() {
  const auto on_end = std::move(on_end_);
  on_end();
}

void FilmResponse::on_written(SoupServerMessage*, gpointer self) {
  static_cast<FilmResponse*>(self)->next();
}

void FilmResponse::on_finished(SoupServerMessage*, gpointer self) {
  auto& response = *static_cast<FilmResponse*>(self);
  response.gone_ = true;
  response.end();
}

}  // namespace rostrum
