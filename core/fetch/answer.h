// SPDX-License-Identifier: LGPL-2.1-or-later
// What the head of an answer to a request for a file, or for its rest, means for the part of it
// that is there: RFC 9110, sections 13 to 15.
#pragma once

#include "core/fetch/retry_rules.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace rostrum {

// Content-Range: bytes FIRST-LAST/TOTAL.
struct ContentRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::optional<std::uint64_t> total;

  friend bool operator==(const ContentRange&, const ContentRange&) = default;
};

struct AnswerHead {
  int status = 0;
  std::optional<std::uint64_t> length;  // Content-Length
  bool framed = false;                  // the end is told otherwise: chunks, HTTP/2
  std::string etag;
  std::string last_modified;
  std::optional<ContentRange> range;
};

// What is known of a file of which a part is there.
struct PartHead {
  std::uint64_t bytes = 0;             // that are there
  std::optional<std::uint64_t> total;  // of the whole file
  std::string etag;
  std::string last_modified;

  // For If-Range, which demands a strong validator; "" = there is none, it has to begin anew.
  std::string validator() const;
};

// The body is the file from `from` on, which is `total` long.
struct TakeBody {
  std::uint64_t from = 0;
  std::optional<std::uint64_t> total;
};

struct RefuseBody {
  DownloadFailure failure;
  std::string why;  // a clause
};

// `part`: what the request was for the rest of; `largest`: what a file may have; `hashed`: its
// content will be checked, so that its length need not be told.
std::variant<TakeBody, RefuseBody> judge_answer(const AnswerHead& head, const PartHead& part,
                                                std::uint64_t largest, bool hashed);

// Reads one line of a head into it; any other line changes nothing.
void read_header(AnswerHead& head, std::string_view line);

}  // namespace rostrum
