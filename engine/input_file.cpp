// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/input_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t kLargest = 64 << 20;  // bytes

}  // namespace

Error unreadable(const fs::path& path, const std::string& why) {
  return {Kind::usage, path.string() + ": cannot be read: " + why};
}

Result<fs::file_status> look_at(const fs::path& path) {
  std::error_code error;
  const auto found = fs::status(path, error);
  if (fs::exists(found)) return found;
  if (found.type() == fs::file_type::not_found)
    return fail(Kind::usage, path.string() + ": no such file");
  return tl::unexpected(unreadable(path, error.message()));
}

Result<std::string> read_text(const fs::path& path) {
  const auto found = look_at(path);
  if (!found) return tl::unexpected(found.error());
  if (!fs::is_regular_file(*found)) return fail(Kind::usage, path.string() + ": is no file");
  std::error_code error;
  if (fs::file_size(path, error) > kLargest)
    return fail(Kind::manifest, path.string() + ": larger than 64 MiB, so no job");
  std::ifstream file{path, std::ios::binary};
  if (!file) return tl::unexpected(unreadable(path, std::strerror(errno)));
  return std::string{std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace rostrum
