// SPDX-License-Identifier: LGPL-2.1-or-later
// One download through all its attempts and redirects.  Internal to net/.
#pragma once

#include "core/fetch/answer.h"
#include "core/fetch/url.h"
#include "net/download.h"
#include "net/download_body.h"

#include <curl/curl.h>
#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace rostrum {

using Clock = std::chrono::steady_clock;

class Transfer {
 public:
  Transfer(Url url, const DownloadOptions& options, std::unique_ptr<DownloadBody> body);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // Makes ready the next attempt, which the caller performs; nothing when none is needed.
  CURL* begin_attempt(Clock::time_point now);
  // After it.
  void end_attempt(CURLcode code, Clock::time_point now);

  // What became of it; nothing as long as another attempt is to be made, at `due`.
  const std::optional<Result<void>>& outcome() const { return outcome_; }
  Clock::time_point due() const { return due_; }
  const PartHead& head() const { return body_->head(); }
  std::uint64_t received() const { return received_; }
  const Url& url() const { return url_; }      // after redirects
  int status() const { return head_.status; }  // of the last answer

 private:
  static std::size_t on_header(const char* line, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(const char* bytes, std::size_t size, std::size_t count, void* self);
  static curl_socket_t on_socket(void* self, curlsocktype purpose, curl_sockaddr* address);

  void configure(Clock::time_point now);
  void configure_authorities();
  void configure_request();
  void configure_secrets();
  void head_complete();
  Result<void> take(std::span<const char> bytes);
  void follow(const char* location);
  void finish(Clock::time_point now);
  void judge(CURLcode code, Clock::time_point now);
  void failed(const DownloadFailure& failure, const std::string& why, Clock::time_point now);
  void give_up(Kind kind, const std::string& why);
  bool is_late(Clock::time_point now) const;

  const DownloadOptions& options_;
  Url first_;  // as it was asked for; messages name it
  Url url_;    // after redirects
  std::unique_ptr<DownloadBody> body_;
  std::unique_ptr<CURL, void (*)(CURL*)> easy_;
  std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers_{nullptr, curl_slist_free_all};
  std::optional<Result<void>> outcome_;
  std::optional<Clock::time_point> begun_;
  Clock::time_point due_{};
  std::uint64_t received_ = 0;
  std::uint64_t furthest_ = 0;  // of the file, in any attempt
  int attempts_ = 0;
  int failures_ = 0;  // in succession without progress
  int redirects_ = 0;
  bool proxied_ = false;

  // Of the running attempt.
  std::array<char, CURL_ERROR_SIZE> error_text_{};
  PartHead asked_;
  AnswerHead head_;
  std::optional<std::variant<TakeBody, RefuseBody>> verdict_;
  std::size_t passed_over_ = 0;  // bytes of its body
  Error stopped_by_{};           // what ended it from here; "" = nothing did
  std::string refused_{};        // the address that must not be connected to, a clause
};

}  // namespace rostrum
