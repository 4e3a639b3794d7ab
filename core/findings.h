// SPDX-License-Identifier: LGPL-2.1-or-later
// The problems of one document, gathered while it is read.
#pragma once

#include "core/result.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace rostrum {

// Collects at most kMost problems: a hostile document must not turn into gigabytes of messages.
class Findings {
 public:
  static constexpr std::size_t kMost = 1000;

  void add(std::string pointer, std::string message);
  bool empty() const { return problems_.empty(); }
  std::size_t count() const { return problems_.size() + left_out_; }
  // What is added from now on is only counted: no need to find good words for it.
  bool full() const { return problems_.size() >= kMost; }
  // Everything found, in order, with a last line that says how many were left out.
  Problems take();

 private:
  Problems problems_;
  std::size_t left_out_ = 0;
};

// The RFC 6901 pointer of a member or an element of the value at `base`.
std::string pointer_to(std::string_view base, std::string_view key);
std::string pointer_to(std::string_view base, std::size_t index);

// A user's text in double quotes for a message: shortened, without control characters.
std::string in_quotes(std::string_view text);

// `; did you mean "x"?` for the candidate most like `word`, or "" when none is like it.
std::string suggestion(std::string_view word, std::span<const std::string_view> candidates);

// A line for each problem of a file: "job.json:/tracks/2: …".
Error manifest_error(const std::string& path, const Problems& problems);

}  // namespace rostrum
