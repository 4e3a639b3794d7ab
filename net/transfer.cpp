// SPDX-License-Identifier: LGPL-2.1-or-later
#include "net/transfer.h"

#include "core/fetch/proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <random>

namespace rostrum {

namespace {

constexpr int kMostRedirects = 10;
constexpr int kMostAttempts = 500;                // whatever progress each of them makes
constexpr std::size_t kMostPassedOver = 1 << 20;  // bytes of a body that nobody wants
constexpr long kBuffer = 512 << 10;

double random_share() {
  static std::minstd_rand engine{std::random_device{}()};
  return std::uniform_real_distribution<double>{0, 1}(engine);
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

long milliseconds(Nanoseconds time) {
  return static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(time).count());
}

// A query may hold a key to what is fetched.
std::string without_query(const Url& url) {
  const auto text = url.text();
  const auto query = text.find('?');
  return query == text.npos ? text : text.substr(0, query) + "?…";
}

std::span<const std::uint8_t> bytes_of(const sockaddr& address) {
  if (address.sa_family == AF_INET)
    return {reinterpret_cast<const std::uint8_t*>(
                &reinterpret_cast<const sockaddr_in&>(address).sin_addr),
            4};
  if (address.sa_family == AF_INET6)
    return {reinterpret_cast<const std::uint8_t*>(
                &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr),
            16};
  return {};
}

std::string text_of(const sockaddr& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const auto bytes = bytes_of(address);
  if (!bytes.empty()) inet_ntop(address.sa_family, bytes.data(), text.data(), text.size());
  return text.data();
}

// A final answer to a request, with a reason in its body.
bool is_refusal(int status) {
  return status >= 400 && status < 500 && status != 408 && status != 429;
}

// Those that come from the network's state; all others would come again.
bool may_pass(CURLcode code) {
  constexpr CURLcode kPassing[] = {
      CURLE_COULDNT_RESOLVE_HOST,
      CURLE_COULDNT_RESOLVE_PROXY,
      CURLE_COULDNT_CONNECT,
      CURLE_PARTIAL_FILE,
      CURLE_OPERATION_TIMEDOUT,
      CURLE_SSL_CONNECT_ERROR,
      CURLE_GOT_NOTHING,
      CURLE_SEND_ERROR,
      CURLE_RECV_ERROR,
      CURLE_HTTP2,
      CURLE_HTTP2_STREAM,
      CURLE_AGAIN,
      CURLE_WEIRD_SERVER_REPLY,
      CURLE_UNSUPPORTED_PROTOCOL};  // what is no HTTP, for no other protocol is asked for
  return std::find(std::begin(kPassing), std::end(kPassing), code) != std::end(kPassing);
}

}  // namespace

Transfer::Transfer(Url url, const DownloadOptions& options, std::unique_ptr<DownloadBody> body)
    : options_{options},
      first_{std::move(url)},
      url_{first_},
      body_{std::move(body)},
      easy_{curl_easy_init(), curl_easy_cleanup} {}

Transfer::~Transfer() = default;

CURL* Transfer::begin_attempt(Clock::time_point now) {
  if (!begun_) begun_ = now;
  const auto& there = body_->head();
  furthest_ = std::max(furthest_, there.bytes);
  if (there.total && there.bytes == *there.total && !there.validator().empty()) {
    asked_ = there;
    finish(now);  // killed between the last byte and the new name
    if (outcome_ || due_ > now) return nullptr;
  }
  asked_ = body_->head();
  if (asked_.validator().empty()) asked_ = {};
  head_ = {};
  verdict_.reset();
  passed_over_ = 0;
  stopped_by_ = {};
  refused_.clear();
  ++attempts_;
  configure(now);
  return easy_.get();
}

void Transfer::configure(Clock::time_point now) {
  CURL* easy = easy_.get();
  curl_easy_reset(easy);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, this);
  error_text_[0] = '\0';
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error_text_.data());
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, kBuffer);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_socket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(options_.connect_timeout));
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME,
                   std::max(1L, milliseconds(options_.stall_timeout) / 1000));
  if (options_.timeout > 0ns)
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS,
                     std::max(1L, milliseconds(options_.timeout - (now - *begun_))));
  configure_authorities();
  configure_request();
  configure_secrets();
}

// As curl(1) reads the environment; the library itself does not.
void Transfer::configure_authorities() {
  for (const char* name : {"SSL_CERT_FILE", "CURL_CA_BUNDLE"})
    if (const auto file = variable(name); !file.empty())
      curl_easy_setopt(easy_.get(), CURLOPT_CAINFO, file.c_str());
  if (const auto folder = variable("SSL_CERT_DIR"); !folder.empty())
    curl_easy_setopt(easy_.get(), CURLOPT_CAPATH, folder.c_str());
}

void Transfer::configure_request() {
  CURL* easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_URL, url_.text().c_str());
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "rostrum/" ROSTRUM_VERSION);
  const auto proxy = proxy_for(url_, variable);
  proxied_ = !proxy.empty();
  curl_easy_setopt(easy, CURLOPT_PROXY, proxy.c_str());  // "": none, whatever the environment says
  headers_.reset();
  if (asked_.bytes == 0) return;
  curl_easy_setopt(easy, CURLOPT_RANGE, (std::to_string(asked_.bytes) + "-").c_str());
  headers_.reset(curl_slist_append(nullptr, ("If-Range: " + asked_.validator()).c_str()));
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.get());
}

void Transfer::configure_secrets() {
  const auto& secrets = options_.secrets;
  if (!may_know_secrets(url_, options_.hosts, secrets.link_host)) return;
  if (!secrets.cookie.empty())
    curl_easy_setopt(easy_.get(), CURLOPT_COOKIE, secrets.cookie.c_str());
  for (const auto& header : secrets.headers)
    headers_.reset(curl_slist_append(headers_.release(), header.c_str()));
  curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, headers_.get());
}

std::size_t Transfer::on_header(const char* line, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::string_view text{line, size * count};
  if (text.starts_with("HTTP/"))
    transfer.head_ = {};
  else if (text == "\r\n" || text == "\n")
    transfer.head_complete();
  else
    read_header(transfer.head_, text);
  return transfer.stopped_by_.message.empty() ? size * count : 0;
}

void Transfer::head_complete() {
  long status = 0;
  long version = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(easy_.get(), CURLINFO_HTTP_VERSION, &version);
  head_.status = static_cast<int>(status);
  head_.framed = head_.framed || version >= CURL_HTTP_VERSION_2_0;
  if (status < 200 || verdict_) return;  // 1xx: the answer is yet to come; else a trailer's end
  verdict_ = judge_answer(head_, asked_, options_.largest_file, body_->hashed());
  if (body_->takes_refusals() && is_refusal(head_.status)) verdict_ = TakeBody{0, head_.length};
  const auto* taken = std::get_if<TakeBody>(&*verdict_);
  if (!taken || taken->from > 0) return;
  const auto begun = body_->begin({0, taken->total, head_.etag, head_.last_modified});
  if (!begun) stopped_by_ = begun.error();
}

std::size_t Transfer::on_body(const char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  if (!transfer.verdict_ || !std::get_if<TakeBody>(&*transfer.verdict_)) {
    transfer.passed_over_ += size * count;  // an error's page, which may have no end
    return transfer.passed_over_ <= kMostPassedOver ? size * count : 0;
  }
  const auto taken = transfer.take({bytes, size * count});
  if (taken) return size * count;
  transfer.stopped_by_ = taken.error();
  return 0;
}

Result<void> Transfer::take(std::span<const char> bytes) {
  received_ += bytes.size();
  if (body_->head().bytes + bytes.size() > options_.largest_file)
    return fail(Kind::media, "it has more than the " + std::to_string(options_.largest_file) +
                                 " bytes of --max-size");
  return body_->write(bytes);
}

curl_socket_t Transfer::on_socket(void* self, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(self);
  // Here the name has been resolved, and this is the address that is connected to: no second answer
  // of a name server can change it.  A proxy is the user's own, and resolves names itself.
  if (!transfer.proxied_) {
    const auto why =
        transfer.options_.hosts.refusal_of_address(bytes_of(address->addr), text_of(address->addr));
    if (!why.empty()) {
      transfer.refused_ = why;
      return CURL_SOCKET_BAD;
    }
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

void Transfer::end_attempt(CURLcode code, Clock::time_point now) {
  if (!stopped_by_.message.empty()) return give_up(stopped_by_.kind, stopped_by_.message);
  if (code == CURLE_COULDNT_CONNECT && !refused_.empty()) return give_up(Kind::usage, refused_);
  const char* location = nullptr;
  curl_easy_getinfo(easy_.get(), CURLINFO_REDIRECT_URL, &location);
  if (code == CURLE_OK && location) return follow(location);
  judge(code, now);
}

void Transfer::follow(const char* location) {
  const auto next = parse_url(location);
  if (!next) return give_up(Kind::media, "it leads to a URL that is none: " + next.error());
  if (const auto why = options_.hosts.refusal(*next); !why.empty())
    return give_up(Kind::usage, "it leads to " + without_query(*next) + ", but " + why);
  if (++redirects_ > kMostRedirects)
    return give_up(Kind::media, "it leads from one URL to the next without an end");
  url_ = *next;
}

void Transfer::judge(CURLcode code, Clock::time_point now) {
  using How = DownloadFailure::How;
  if (verdict_) {
    if (const auto* refused = std::get_if<RefuseBody>(&*verdict_)) {
      auto failure = refused->failure;
      curl_off_t seconds = 0;
      curl_easy_getinfo(easy_.get(), CURLINFO_RETRY_AFTER, &seconds);
      if (seconds > 0) failure.retry_after = std::chrono::seconds{seconds};
      return failed(failure, refused->why, now);
    }
  }
  if (code == CURLE_OK && verdict_) return finish(now);
  const bool stalled = code == CURLE_OPERATION_TIMEDOUT;
  if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE)
    return give_up(
        Kind::media,
        std::string{error_text_[0] != '\0' ? error_text_.data() : curl_easy_strerror(code)} +
            "; an authority of your own is named by CURL_CA_BUNDLE=FILE in the "
            "environment");
  failed({may_pass(code) ? How::connection : How::final, 0, {}},
         stalled                  ? "no data came in time"
         : error_text_[0] != '\0' ? error_text_.data()
                                  : curl_easy_strerror(code),
         now);
}

void Transfer::finish(Clock::time_point now) {
  using How = DownloadFailure::How;
  const auto& there = body_->head();
  if (there.total && there.bytes != *there.total)
    return failed({How::changed, 0, {}},
                  "it has " + std::to_string(there.bytes) + " bytes instead of " +
                      std::to_string(*there.total),
                  now);
  const auto done = body_->finish();
  if (done) {
    outcome_ = Result<void>{};
  } else if (done.error().kind == Kind::media) {
    // One that was put together of several answers may be right when it comes at once.
    failed({asked_.bytes > 0 ? How::changed : How::final, 0, {}}, done.error().message, now);
    if (outcome_) (void)body_->forget();
  } else {
    give_up(done.error().kind, done.error().message);
  }
}

bool Transfer::is_late(Clock::time_point now) const {
  return options_.timeout > 0ns && now - *begun_ >= options_.timeout;
}

void Transfer::failed(const DownloadFailure& failure, const std::string& why,
                      Clock::time_point now) {
  const bool further = body_->head().bytes > furthest_;
  furthest_ = std::max(furthest_, body_->head().bytes);
  failures_ = further ? 1 : failures_ + 1;
  if (is_late(now)) return give_up(Kind::media, why + "; it was not finished within --timeout");
  const auto pause = pause_before_retry(options_.retry, failure, failures_, random_share());
  if (!pause || attempts_ >= kMostAttempts) {
    const bool again = failure.how != DownloadFailure::How::final && attempts_ > 1;
    return give_up(Kind::media,
                   why + (again ? "; tried " + std::to_string(attempts_) + " times" : ""));
  }
  if (failure.how == DownloadFailure::How::changed) {
    if (const auto done = body_->forget(); !done)
      return give_up(done.error().kind, done.error().message);
  }
  url_ = first_;
  redirects_ = 0;
  due_ = now + *pause;
}

void Transfer::give_up(Kind kind, const std::string& why) {
  outcome_ = fail(kind, without_query(first_) + ": " + why);
}

}  // namespace rostrum
