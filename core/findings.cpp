// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/findings.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace rostrum {

namespace {

constexpr std::size_t kQuotedBytes = 80;
constexpr std::size_t kLongestGuess = 40;     // bytes of a word worth guessing at
constexpr std::size_t kMostCandidates = 200;  // beyond it, a guess costs too much

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }
bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// Levenshtein distance in bytes.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({replaced, row[j] + 1, row[j - 1] + 1}));
    }
  }
  return row.back();
}

}  // namespace

void Findings::add(std::string pointer, std::string message) {
  if (!full())
    problems_.push_back({std::move(pointer), std::move(message)});
  else
    ++left_out_;
}

Problems Findings::take() {
  if (left_out_ > 0)
    problems_.push_back({"", "and " + std::to_string(left_out_) + " more problems, not listed"});
  left_out_ = 0;
  return std::exchange(problems_, {});
}

std::string pointer_to(std::string_view base, std::string_view key) {
  std::string pointer{base};
  pointer += '/';
  for (const char c : key) {
    if (c == '~')
      pointer += "~0";
    else if (c == '/')
      pointer += "~1";
    else
      pointer += c;
  }
  return pointer;
}

std::string pointer_to(std::string_view base, std::size_t index) {
  return std::string{base} + '/' + std::to_string(index);
}

std::string in_quotes(std::string_view text) {
  const bool cut = text.size() > kQuotedBytes;
  auto length = std::min(text.size(), kQuotedBytes);
  while (cut && length > 0 && is_continuation(text[length])) --length;
  std::string result = "\"";
  for (const char c : text.substr(0, length)) result += is_control(c) ? '?' : c;
  return result + (cut ? "…\"" : "\"");
}

std::string suggestion(std::string_view word, std::span<const std::string_view> candidates) {
  if (word.size() > kLongestGuess || candidates.size() > kMostCandidates) return {};
  std::string_view best;
  auto least = word.size() / 3 + 2;  // exclusive: one error in a short word, more in a long one
  for (const auto candidate : candidates) {
    if (candidate.size() > kLongestGuess) continue;
    const auto errors = distance(word, candidate);
    if (errors >= least || errors >= candidate.size()) continue;
    least = errors;
    best = candidate;
  }
  return best.empty() ? std::string{} : "; did you mean " + in_quotes(best) + "?";
}

Error manifest_error(const std::string& path, const Problems& problems) {
  std::string text;
  for (const auto& p : problems) {
    if (!text.empty()) text += '\n';
    text += path + (p.pointer.empty() ? "" : ":" + p.pointer) + ": " + p.message;
  }
  return {Kind::manifest, std::move(text)};
}

}  // namespace rostrum
