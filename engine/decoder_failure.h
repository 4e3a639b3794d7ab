// SPDX-License-Identifier: LGPL-2.1-or-later
// Why a medium cannot be decoded, as the report says it.
#pragma once

#include <optional>
#include <string>

namespace rostrum {

struct DecoderFailure {
  std::string what;  // as in Substitution::what
  std::string why;
};

// A message of GStreamer's without the full stop at its end.
std::string sentence(const char* text);

// Before it is opened: opening anything but a regular file may block or never end.
std::optional<DecoderFailure> cannot_open(const std::string& path);

}  // namespace rostrum
