// SPDX-License-Identifier: LGPL-2.1-or-later
// Texts that a user names.
#pragma once

#include "core/result.h"

#include <filesystem>
#include <string>

namespace rostrum {

// Kind::usage: there is no such file, or it cannot be looked at.
Result<std::filesystem::file_status> look_at(const std::filesystem::path& path);
// A regular file of at most 64 MiB.  Kind::manifest if it is larger.
Result<std::string> read_text(const std::filesystem::path& path);
Error unreadable(const std::filesystem::path& path, const std::string& why);

}  // namespace rostrum
