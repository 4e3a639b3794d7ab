// SPDX-License-Identifier: LGPL-2.1-or-later
// URLs, heads of answers and the API's refusals, as strangers write them.
#include "core/fetch/answer.h"
#include "core/fetch/fetch_plan.h"
#include "core/import/mtslink_link.h"
#include "fuzz.h"

#include <algorithm>

namespace {

using namespace rostrum;

void url(std::string_view text) {
  const auto url = parse_url(text);
  fuzz::expect(url || !url.error().empty(), "a refusal says why");
  if (!url) return;
  const auto again = parse_url(url->text());
  fuzz::expect(again && *again == *url, "a URL is written as it is understood");
  const auto name = file_name_for(std::string{text}, *url);
  fuzz::expect(name.find('/') == name.npos && !name.starts_with('.') && name.size() < 128,
               "a file's name is none of a path");
  mtslink_record(*url);
}

void answer(std::string_view lines) {
  AnswerHead head;
  head.status = 206;
  while (!lines.empty()) {
    const auto end = std::min(lines.find('\n'), lines.size() - 1);
    read_header(head, lines.substr(0, end + 1));
    lines.remove_prefix(end + 1);
  }
  const PartHead part{10, 20, "\"a\"", {}};
  const auto verdict = judge_answer(head, part, 1000, false);
  if (const auto* body = std::get_if<TakeBody>(&verdict))
    fuzz::expect(body->from == 10 && body->total.value_or(20) == 20,
                 "the rest is of the same file");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Parts parts{data, size};
  const auto which = parts.byte() % 3;
  const auto rest = parts.rest();
  const auto text = fuzz::text(rest.data(), rest.size());
  if (which == 0) url(text);
  if (which == 1) answer(text);
  if (which == 2) mtslink_refusal(text);
  return 0;
}
