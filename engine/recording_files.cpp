// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/recording_files.h"

namespace rostrum {

namespace fs = std::filesystem;

namespace {

constexpr int kDeepest = 3;  // below one of the folders
constexpr std::size_t kMostFiles = 200'000;

}  // namespace

std::vector<std::string> recording_files(const fs::path& base,
                                         std::span<const char* const> folders) {
  std::vector<std::string> found;
  for (const char* folder : folders) {
    std::error_code error;
    fs::recursive_directory_iterator entry{base / folder,
                                           fs::directory_options::skip_permission_denied, error};
    for (; !error && entry != fs::end(entry) && found.size() < kMostFiles; entry.increment(error)) {
      if (entry.depth() >= kDeepest) entry.disable_recursion_pending();
      std::error_code unknown;
      if (entry->is_regular_file(unknown))
        found.push_back(entry->path().lexically_relative(base).string());
    }
  }
  return found;
}

std::vector<std::string> media_folder_files(const fs::path& base) {
  std::vector<std::string> found;
  std::error_code error;
  fs::recursive_directory_iterator entry{base, fs::directory_options::skip_permission_denied,
                                         error};
  for (; !error && entry != fs::end(entry) && found.size() < kMostFiles; entry.increment(error)) {
    const auto name = entry->path().filename().string();
    const auto ending = entry->path().extension();
    const bool passed = name.starts_with('.') || ending == ".rostrum" || ending == ".slides";
    if (entry.depth() >= 1 || passed) entry.disable_recursion_pending();
    std::error_code unknown;
    if (!passed && entry->is_regular_file(unknown))
      found.push_back(entry->path().lexically_relative(base).string());
  }
  return found;
}

}  // namespace rostrum
