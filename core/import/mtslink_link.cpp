// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/mtslink_link.h"

#include "core/json_text.h"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <vector>

namespace rostrum {

namespace {

constexpr std::size_t kLongestId = 20;
constexpr std::size_t kShortestToken = 8;
constexpr std::size_t kLongestToken = 256;

std::vector<std::string_view> components(std::string_view path) {
  std::vector<std::string_view> found;
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const auto end = std::min(path.find('/'), path.size());
    found.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  if (!found.empty() && found.back().empty()) found.pop_back();  // one slash at the end
  return found;
}

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= kLongestId &&
         text.find_first_not_of("0123456789") == text.npos;
}

// What a link that somebody shared ends in.
bool is_token(std::string_view text) {
  constexpr std::string_view kAllowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return text.size() >= kShortestToken && text.size() <= kLongestToken && text != "record-file" &&
         text.find_first_not_of(kAllowed) == text.npos;
}

// {"error": {"code": …, "message": …}}
struct ApiError {
  std::int64_t code = 0;
  std::string message;
};

std::optional<ApiError> error_in(std::string_view json) {
  Findings findings;
  const auto body = read_json(json, findings, {.bytes = std::size_t{1} << 20});
  if (!body || !body->is_object() || !body->contains("error")) return {};
  const auto& error = (*body)["error"];
  ApiError told;
  if (!error.is_object()) return told;
  const auto code = error.find("code");
  if (code != error.end() && code->is_number_integer()) told.code = code->get<std::int64_t>();
  const auto message = error.find("message");
  if (message != error.end() && message->is_string()) told.message = message->get<std::string>();
  return told;
}

}  // namespace

std::string MtsLinkRecord::api_target() const {
  return (file.empty() ? "/api/eventsessions/" + event + "/record"
                       : "/api/event-sessions/" + event + "/record-files/" + file + "/flow") +
         "?withoutCuts=false";
}

std::optional<MtsLinkRecord> mtslink_record(const Url& link) {
  const auto path = components(std::string_view{link.target}.substr(0, link.target.find('?')));
  if (std::find(path.begin(), path.end(), "") != path.end()) return {};
  const auto word = std::find(path.begin(), path.end(), "record-new");
  const auto before = word - path.begin();
  const auto after = path.end() - word;
  if ((before != 2 && before != 3) || after < 2 || after > 4 || !is_id(word[1])) return {};
  if (after == 2 || (after == 3 && is_token(word[2])))
    return MtsLinkRecord{std::string{word[1]}, {}};
  if (after == 3) return {};
  if (word[2] != "record-file" || !is_id(word[3])) return {};
  return MtsLinkRecord{std::string{word[1]}, std::string{word[3]}};
}

std::optional<std::string> mtslink_refusal(std::string_view json, int status) {
  const auto told = error_in(json);
  if (!told && status < 400) return {};
  const auto code = told && told->code != 0 ? told->code : status;
  if (code == 401 || code == 403)
    return "this record is not public: the session cookie of an account that may see it is needed. "
           "Log in with a browser, copy the value of the cookie sessionId of this host, and give "
           "it in a file that holds sessionId=VALUE (--cookie FILE) or in the environment "
           "(ROSTRUM_COOKIE)";
  if (code == 404) return "there is no such record";
  const auto message = told ? told->message : "";
  return "the service refuses" + (code >= 400 ? " with code " + std::to_string(code) : "") +
         (message.empty() ? "" : ": " + in_quotes(message));
}

}  // namespace rostrum
