// SPDX-License-Identifier: LGPL-2.1-or-later
// What the name of a medium says of it: whose it is, what it shows, when it began.  Internal to the
// importer of folders.
#pragma once

#include "core/manifest.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rostrum {

using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;  // of whatever time zone

struct NameGuess {
  std::optional<TrackKind> kind;
  std::string kind_word;           // that says so, as it is in the name
  bool presenter = false;          // so the name says
  std::vector<std::string> words;  // the rest: a person's name
  std::optional<WallTime> time;
  std::string time_text;  // as it is in the name
  std::optional<std::int64_t> part;
};

// `path`: relative to the folder; the folders on it count as words, too.
NameGuess guess_from_name(std::string_view path);

}  // namespace rostrum
