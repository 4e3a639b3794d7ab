// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/live_signs.h"

#include <algorithm>

namespace rostrum {

namespace {

constexpr Nanoseconds kStalled = 8s;   // without a sign of life
constexpr Nanoseconds kOpening = 20s;  // until the first one

}  // namespace

std::string why_lost(const LiveSigns& signs, Nanoseconds rested, Nanoseconds now) {
  const auto silent = now - std::max(signs.last, rested);
  if (signs.begun) return silent < kStalled ? "" : "nothing has come from it for 8 s";
  return signs.waits || silent < kOpening ? "" : "nothing has come from it within 20 s";
}

}  // namespace rostrum
