// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/chunk_cuts.h"

#include <algorithm>
#include <utility>

namespace rostrum {

namespace {

tl::unexpected<Error> bad_pattern(std::string_view text, const char* why) {
  return fail(Kind::usage, "location \"" + std::string(text) + "\": " + why);
}

struct Number {
  std::size_t width = 0;
  std::size_t length = 0;  // of its text, "%" included
};

// "%d", "%5d" is refused: only zero padding sorts.
std::optional<Number> number_at(std::string_view text) {
  if (text.substr(0, 2) == "%d") return Number{0, 2};
  if (text.size() >= 4 && text[1] == '0' && text[2] >= '1' && text[2] <= '9' && text[3] == 'd')
    return Number{static_cast<std::size_t>(text[2] - '0'), 4};
  return {};
}

}  // namespace

Result<ChunkPattern> ChunkPattern::parse(std::string_view text) {
  ChunkPattern pattern;
  const auto slash = text.rfind('/');
  const auto name = text.substr(slash == text.npos ? 0 : slash + 1);
  pattern.folder_ = text.substr(0, text.size() - name.size());
  if (pattern.folder_.find('%') != text.npos)
    return bad_pattern(text, "the number belongs into the file name, not into its folder");
  bool found = false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    std::string& part = found ? pattern.after_ : pattern.before_;
    if (name[i] != '%' || name.substr(i, 2) == "%%") {
      part += name[i];
      i += name[i] == '%';
      continue;
    }
    const auto number = number_at(name.substr(i));
    if (!number) return bad_pattern(text, "only %d, %0Nd and %% are understood");
    if (found) return bad_pattern(text, "there must be one number only");
    found = true;
    pattern.width_ = number->width;
    i += number->length - 1;
  }
  if (!found) return bad_pattern(text, "it needs a number such as %05d");
  return pattern;
}

std::string ChunkPattern::name(std::int64_t index) const {
  const auto digits = std::to_string(index);
  const auto zeros = width_ > digits.size() ? width_ - digits.size() : 0;
  return before_ + std::string(zeros, '0') + digits + after_;
}

std::string ChunkPattern::path(std::int64_t index) const { return folder_ + name(index); }

ChunkCuts ChunkCuts::every(Nanoseconds length) {
  ChunkCuts cuts;
  cuts.length_ = length;
  return cuts;
}

Result<ChunkCuts> ChunkCuts::at(std::vector<Nanoseconds> times) {
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (times[i] < 0ns || (i > 0 && times[i] <= times[i - 1]))
      return fail(Kind::usage, "boundaries must be strictly increasing: number " +
                                   std::to_string(i + 1) + " is " +
                                   std::to_string(times[i].count()));
  }
  if (!times.empty() && times.front() == 0ns) times.erase(times.begin());
  ChunkCuts cuts;
  cuts.times_ = std::move(times);
  return cuts;
}

std::int64_t ChunkCuts::index_of(Nanoseconds t) const {
  if (length_ > 0ns) return std::max<std::int64_t>(t.count(), 0) / length_.count();
  return std::upper_bound(times_.begin(), times_.end(), t) - times_.begin();
}

std::optional<Nanoseconds> ChunkCuts::start(std::int64_t k) const {
  if (k < 1) return {};
  if (length_ > 0ns) return length_ * k;
  if (static_cast<std::size_t>(k) > times_.size()) return {};
  return times_[static_cast<std::size_t>(k - 1)];
}

Nanoseconds ChunkCuts::longest() const {
  Nanoseconds longest = length_;
  Nanoseconds last{0};
  for (const auto time : times_) longest = std::max(longest, time - std::exchange(last, time));
  return longest;
}

Admission admit(const Arrival& a) {
  if (a.index == a.current) return Admission::append;
  if (a.index < a.current) return Admission::out_of_order;
  if (a.index < a.first) return Admission::skip;
  // What a stream begins with is its own affair; a chunk of its middle must stand alone.
  if (!a.key && (a.current >= 0 || a.first > 0)) return Admission::no_key_frame;
  return Admission::cut;
}

}  // namespace rostrum
