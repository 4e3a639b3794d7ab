// SPDX-License-Identifier: LGPL-2.1-or-later
// Cookies and headers for downloads: from a file or the environment, never from the command line,
// which other users of the machine can read.
#pragma once

#include "core/result.h"
#include "net/download.h"

#include <string>

namespace rostrum {

// "" = the environment's ROSTRUM_COOKIE and ROSTRUM_HEADER, if set.  Kind::usage: a file that
// cannot be read, or text that is no cookie or header; the message never shows it.
Result<Secrets> read_secrets(const std::string& cookie_file, const std::string& header_file);

}  // namespace rostrum
