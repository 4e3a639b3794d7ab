// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/web/web_server.h"

#include "core/local_request.h"
#include "engine/preview_pipeline.h"
#include "tools/web/web_pages.h"

#include <sys/random.h>

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

namespace rostrum {

namespace {

constexpr std::size_t kMostFilms = 8;  // at once: one for each page that is left open

// 128 bits, in hex.
std::string make_token() {
  std::array<unsigned char, 16> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) return {};
  std::string text;
  for (const auto byte : bytes) {
    constexpr char kDigits[] = "0123456789abcdef";
    text += {kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return text;
}

const char* header(SoupServerMessage* message, const char* name) {
  return soup_message_headers_get_one(soup_server_message_get_request_headers(message), name);
}

// Nothing is loaded from elsewhere, and nobody else shows the page in a frame.
void set_policy(SoupServerMessage* message, std::uint16_t port) {
  auto* headers = soup_server_message_get_response_headers(message);
  const auto own =
      "ws://127.0.0.1:" + std::to_string(port) + " ws://localhost:" + std::to_string(port);
  const auto policy =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
      "media-src blob:; connect-src 'self' " +
      own + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  soup_message_headers_replace(headers, "Content-Security-Policy", policy.c_str());
  soup_message_headers_replace(headers, "X-Content-Type-Options", "nosniff");
  soup_message_headers_replace(headers, "Referrer-Policy", "no-referrer");
  soup_message_headers_replace(headers, "Cache-Control", "no-store");
}

// A number of the query; nothing where it is absent or none.
std::optional<double> number(GHashTable* query, const char* name) {
  const auto* text = query ? static_cast<const char*>(g_hash_table_lookup(query, name)) : nullptr;
  if (!text) return std::nullopt;
  char* end = nullptr;
  const double value = g_ascii_strtod(text, &end);
  const bool whole = end != text && *end == '\0' && std::abs(value) < 1e12;
  return whole ? std::optional{value} : std::nullopt;
}

void refuse(SoupServerMessage* message, unsigned status, const char* why) {
  auto* headers = soup_server_message_get_response_headers(message);
  soup_message_headers_replace(headers, "Connection", "close");
  answer(message, status, "text/plain", why);
}

std::string text_of(GHashTable* query, const char* name) {
  const auto* text = query ? static_cast<const char*>(g_hash_table_lookup(query, name)) : nullptr;
  return text ? text : "";
}

// Nobody has to send a body, and what comes all the same is not kept.
void on_started(SoupServer*, SoupServerMessage* message, gpointer) {
  soup_message_body_set_accumulate(soup_server_message_get_request_body(message), FALSE);
}

constexpr char kEvents[] = "/events";

}  // namespace

Result<std::unique_ptr<WebServer>> WebServer::start(Listener listener, FeedWorkers workers) {
  std::unique_ptr<WebServer> server{new WebServer{listener.port, std::move(workers)}};
  if (server->token_.empty()) return fail(Kind::internal, "no random numbers for a token");
  GError* raw = nullptr;
  const bool serves = soup_server_listen_socket(server->server_.get(), listener.socket.get(),
                                                static_cast<SoupServerListenOptions>(0), &raw);
  const GErrorPtr error{raw};
  if (!serves) return fail(Kind::internal, std::string{"cannot serve: "} + error->message);
  return server;
}

WebServer::WebServer(std::uint16_t port, FeedWorkers workers)
    : server_{soup_server_new(nullptr, nullptr)},
      port_{port},
      token_{make_token()},
      feeds_{std::move(workers)},
      pictures_{feeds_} {
  const auto events = "/" + token_ + kEvents;
  g_signal_connect(server_.get(), "request-started", G_CALLBACK(on_started), nullptr);
  // The handler of the longest path alone is asked.
  for (const char* path : {static_cast<const char*>(nullptr), events.c_str()})
    soup_server_add_early_handler(server_.get(), path, guard, this, nullptr);
  soup_server_add_handler(server_.get(), nullptr, on_request, this, nullptr);
  soup_server_add_websocket_handler(server_.get(), events.c_str(), nullptr, nullptr, on_page, this,
                                    nullptr);
}

WebServer::~WebServer() {
  films_.clear();
  soup_server_disconnect(server_.get());
}

std::string WebServer::url() const {
  return "http://127.0.0.1:" + std::to_string(port_) + "/" + token_ + "/";
}

void WebServer::show(std::shared_ptr<const WebJob> job) {
  job_ = std::move(job);
  feeds_.show(*job_);
  pictures_.show(job_);
  tell("problem", R"({"kind":"problem","text":""})");
  tell("job", R"({"kind":"job","number":)" + std::to_string(++shown_) + "}");
}

std::optional<std::string> WebServer::asked(SoupServerMessage* message, const char* path) const {
  const auto* host = header(message, "Host");
  const auto* origin = header(message, "Origin");
  LocalRequest request{host ? host : "", {}, path};
  if (origin) request.origin = origin;
  const auto below = asked_path(request, token_, port_);
  return below ? std::optional<std::string>{*below} : std::nullopt;
}

void WebServer::guard(SoupServer*, SoupServerMessage* message, const char* path, GHashTable*,
                      gpointer self) {
  const auto& server = *static_cast<const WebServer*>(self);
  set_policy(message, server.port_);
  const auto below = server.asked(message, path);
  if (!below)
    refuse(message, SOUP_STATUS_FORBIDDEN, "this page is for who was given its address\n");
  else if (soup_server_message_get_method(message) != SOUP_METHOD_GET)
    refuse(message, SOUP_STATUS_METHOD_NOT_ALLOWED, "only GET\n");
  else if (below->starts_with(kEvents) && *below != kEvents)  // libsoup would take it for that
    refuse(message, SOUP_STATUS_NOT_FOUND, "there is no such page\n");
}

void WebServer::on_request(SoupServer*, SoupServerMessage* message, const char* path,
                           GHashTable* query, gpointer self) {
  auto& server = *static_cast<WebServer*>(self);
  const auto below = server.asked(message, path);
  if (below) server.route(message, *below, query);
}

void WebServer::route(SoupServerMessage* message, const std::string& path, GHashTable* query) {
  for (const auto& page : web_pages())
    if (page.path == path) return answer(message, SOUP_STATUS_OK, page.type, page.text);
  const auto frame = number(query, "frame");
  const auto at = number(query, "at");
  if (job_ && path == "/data")
    return answer(message, SOUP_STATUS_OK, "application/json", job_->data());
  if (job_ && path == "/explain" && at)
    return answer(message, SOUP_STATUS_OK, "text/plain; charset=utf-8",
                  job_->explain(from_seconds(*at).value_or(Nanoseconds{0})));
  if (job_ && path == "/film" && frame) {
    const auto first = std::llround(*frame);
    const auto count = number(query, "frames");
    const auto end = count ? first + std::llround(*count) : job_->plan().frames.end;
    return send_film(message, text_of(query, "page"), {first, end});
  }
  if (job_ && path == "/picture" && frame)
    return pictures_.ask(message, {std::llround(*frame), number(query, "small") == 1.0});
  refuse(message, SOUP_STATUS_NOT_FOUND, "there is no such page\n");
}

void WebServer::send_film(SoupServerMessage* message, const std::string& page, FrameRange frames) {
  films_.erase(page);
  if (films_.size() >= kMostFilms)
    return refuse(message, SOUP_STATUS_SERVICE_UNAVAILABLE, "too many pages are open\n");
  auto feed = feeds_.start(job_->film(frames), PreviewKind::stream,
                           [this](const Substitution& s) { tell_substitution(s); });
  if (!feed)
    return refuse(message, SOUP_STATUS_INTERNAL_SERVER_ERROR, feed.error().message.c_str());
  films_[page] = std::make_unique<FilmResponse>(message, "video/mp4", std::move(*feed),
                                                [this, page] { films_.erase(page); });
}

void WebServer::tell_substitution(const Substitution& s) {
  // The page has it from the plan, which knows why.
  const auto medium = job_->job().media.find(s.asset);
  if (medium != job_->job().media.end() && !medium->second.usable()) return;
  const nlohmann::json event{{"kind", "substitution"},
                             {"from", to_seconds(s.when.from)},
                             {"to", to_seconds(s.when.to)},
                             {"text", s.asset + ": " + s.what + ", " + s.why}};
  tell("substitution", event.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

void WebServer::on_page(SoupServer*, SoupServerMessage*, const char*, SoupWebsocketConnection* page,
                        gpointer self) {
  static_cast<WebServer*>(self)->events_.add(page);
}

}  // namespace rostrum
