// SPDX-License-Identifier: LGPL-2.1-or-later
// How many encoders of one kind may be at work at once: a device serves only so many, and does not
// say how many.
#pragma once

#include <map>
#include <string>

namespace rostrum {

// What to do about an encoder that did not begin.
enum class Refusal {
  share,  // as many as it serves are at work: begin when one of them has ended
  wait,   // other programs may have it: begin again in a while
  failed  // it would not begin at all
};

class SessionLimit {
 public:
  // `most`: of each encoder; 0 = as many as turn out to begin.
  explicit SessionLimit(int most = 0) : most_{most} {}

  bool admits(const std::string& encoder, int running) const {
    const int limit = limit_of(encoder);
    return limit == 0 || running < limit;
  }

  // It refused one more while so many are at work; `times`: how often this work was refused.
  Refusal refuse(const std::string& encoder, int running, int times) {
    constexpr int kMostTimes = 10;
    if (running == 0) return times <= kMostTimes ? Refusal::wait : Refusal::failed;
    found_[encoder] = running;
    return Refusal::share;
  }

  // 0 = no limit is known.
  int limit_of(const std::string& encoder) const {
    const auto found = found_.find(encoder);
    return found == found_.end() ? most_ : found->second;
  }

 private:
  int most_;
  std::map<std::string, int> found_;
};

}  // namespace rostrum
