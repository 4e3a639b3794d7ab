// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/cache_file.h"

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>

namespace rostrum {

namespace fs = std::filesystem;

void store_cache_file(const std::string& folder, const std::string& name, const std::string& text) {
  static std::atomic<unsigned> count{0};
  std::error_code error;
  fs::create_directories(folder, error);
  const auto path = folder + "/" + name;
  const auto part = path + "." + std::to_string(getpid()) + "-" + std::to_string(count++) + ".part";
  std::ofstream out{part, std::ios::binary};
  out << text;
  out.close();
  if (out) fs::rename(part, path, error);
  if (!out || error) fs::remove(part, error);
}

}  // namespace rostrum
