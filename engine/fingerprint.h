// SPDX-License-Identifier: LGPL-2.1-or-later
// Content hashes: of texts, of whole files, and a quick one of large inputs.
#pragma once

#include <string>
#include <string_view>

namespace rostrum {

// SHA-256 in hex.
std::string sha256(std::string_view text);
// Of a whole file; "" when it cannot be read.
std::string sha256_of_file(const std::string& path);
// SHA-256 of a file's size, first and last MiB and 16 blocks of 64 KiB spread over it: tells apart
// media that differ, without reading gigabytes.  "" when it cannot be read.  Read once for as long
// as the file is the same; any thread.
std::string fingerprint(const std::string& path);

}  // namespace rostrum
