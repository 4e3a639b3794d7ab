// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/mp4_creation.h"

#include "core/mp4_movie.h"

namespace rostrum::mp4 {

namespace {

// The box counts from 1904-01-01, 66 years and 17 leap days earlier.
constexpr std::uint64_t kEpoch = (66ULL * 365 + 17) * 24 * 3600;
constexpr std::uint64_t kLatest = kEpoch + (1ULL << 33);  // 2242

}  // namespace

std::optional<std::chrono::sys_seconds> creation_time(View moov) {
  const auto header = find(moov, {fourcc("mvhd")});
  if (!header) return {};
  Reader reader{header->body};
  reader.skip(4);  // version and flags
  const auto seconds = reader.word(version_of(header->body));
  if (!reader.ok() || seconds <= kEpoch || seconds > kLatest) return {};
  return std::chrono::sys_seconds{
      std::chrono::seconds{static_cast<std::int64_t>(seconds - kEpoch)}};
}

}  // namespace rostrum::mp4
