// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/export/timecode.h"

#include <cstdio>

namespace rostrum {

namespace {

constexpr std::int64_t kNtsc = 1001;

}  // namespace

Timecode::Timecode(Fraction rate)
    : nominal_{(rate.num + rate.den - 1) / rate.den},
      dropped_{rate.den == kNtsc && nominal_ % 30 == 0 && nominal_ <= 60 ? nominal_ / 15 : 0} {}

std::int64_t Timecode::frames_per_day() const { return 24 * 6 * (nominal_ * 600 - 9 * dropped_); }

std::string Timecode::text(std::int64_t frame) const {
  // ST 12-1: of ten minutes the first keeps all its numbers, each other one begins at `dropped_`.
  const auto ten_minutes = nominal_ * 600 - 9 * dropped_;
  const auto minute = nominal_ * 60 - dropped_;
  const auto within = frame % ten_minutes;
  const auto minutes = within < nominal_ * 60 ? 0 : 1 + (within - nominal_ * 60) / minute;
  const auto number = frame + dropped_ * (9 * (frame / ten_minutes) + minutes);
  const auto seconds = number / nominal_;
  char text[32];
  std::snprintf(text, sizeof text, "%02d:%02d:%02d%c%02d", static_cast<int>(seconds / 3600 % 24),
                static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60),
                drops() ? ';' : ':', static_cast<int>(number % nominal_));
  return text;
}

}  // namespace rostrum
