// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/fetch/answer.h"

#include <charconv>

namespace rostrum {

namespace {

constexpr std::size_t kLongestValidator = 1024;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto first = text.find_first_not_of(kSpace);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

bool same_word(std::string_view a, std::string_view lower) {
  if (a.size() != lower.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const char c = a[i] >= 'A' && a[i] <= 'Z' ? static_cast<char>(a[i] - 'A' + 'a') : a[i];
    if (c != lower[i]) return false;
  }
  return true;
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

std::optional<ContentRange> content_range(std::string_view text) {
  if (!text.starts_with("bytes ")) return {};
  text = trimmed(text.substr(6));
  const auto dash = text.find('-');
  const auto slash = text.find('/');
  if (dash == text.npos || slash == text.npos || dash > slash) return {};
  const auto first = number(text.substr(0, dash));
  const auto last = number(text.substr(dash + 1, slash - dash - 1));
  const auto total = number(text.substr(slash + 1));
  if (!first || !last || *last < *first) return {};
  if (!total && text.substr(slash + 1) != "*") return {};
  if (total && *last >= *total) return {};
  return ContentRange{*first, *last, total};
}

RefuseBody refuse(DownloadFailure::How how, std::string why) {
  return {{.how = how, .status = 0, .retry_after = {}}, std::move(why)};
}

// Whether the rest is of the file that the part came from.
bool same_file(const AnswerHead& head, const PartHead& part) {
  const auto& range = *head.range;
  if (range.first != part.bytes) return false;
  if (part.total && range.total && *part.total != *range.total) return false;
  if (!part.etag.empty() && !head.etag.empty()) return part.etag == head.etag;
  return part.last_modified.empty() || head.last_modified.empty() ||
         part.last_modified == head.last_modified;
}

std::variant<TakeBody, RefuseBody> judge_size(const TakeBody& body, const AnswerHead& head,
                                              std::uint64_t largest, bool hashed) {
  using How = DownloadFailure::How;
  if (body.total.value_or(0) > largest)
    return refuse(How::final, "it has " + std::to_string(*body.total) + " bytes, more than the " +
                                  std::to_string(largest) + " of --max-size");
  if (!head.length && !head.framed && !hashed)
    return refuse(How::final,
                  "the server does not say how long it is, so that nobody could tell whether it is "
                  "whole; a sha256 in the job would");
  return body;
}

}  // namespace

std::string PartHead::validator() const {
  if (!etag.empty() && !etag.starts_with("W/")) return etag;
  return last_modified;
}

std::variant<TakeBody, RefuseBody> judge_answer(const AnswerHead& head, const PartHead& part,
                                                std::uint64_t largest, bool hashed) {
  using How = DownloadFailure::How;
  if (head.status == 200) return judge_size({0, head.length}, head, largest, hashed);
  if (head.status == 206 && part.bytes > 0) {
    if (!head.range || !same_file(head, part))
      return refuse(How::changed, "it has changed on the server since its first part was fetched");
    return judge_size({part.bytes, head.range->total}, head, largest, hashed);
  }
  if (head.status == 416 && part.bytes > 0)
    return refuse(How::changed, "it is shorter on the server than the part that is here");
  return RefuseBody{{.how = How::status, .status = head.status, .retry_after = {}},
                    "the server answers with status " + std::to_string(head.status)};
}

void read_header(AnswerHead& head, std::string_view line) {
  const auto colon = line.find(':');
  if (colon == line.npos) return;
  const auto name = line.substr(0, colon);
  const auto value = trimmed(line.substr(colon + 1));
  if (same_word(name, "content-length")) head.length = number(value);
  if (same_word(name, "transfer-encoding"))
    head.framed = head.framed || same_word(value, "chunked");
  if (same_word(name, "content-range")) head.range = content_range(value);
  if (value.size() > kLongestValidator) return;
  if (same_word(name, "etag")) head.etag = value;
  if (same_word(name, "last-modified")) head.last_modified = value;
}

}  // namespace rostrum
