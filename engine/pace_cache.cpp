// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/pace_cache.h"

#include <glib.h>
#include <unistd.h>

#include <atomic>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iomanip>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

constexpr char kFormat[] = "rostrum-pace-1";

}  // namespace

PaceCache PaceCache::of_user() {
  return PaceCache{std::string{g_get_user_cache_dir()} + "/rostrum/clocks"};
}

std::optional<double> PaceCache::find(const std::string& fingerprint) const {
  if (fingerprint.empty()) return {};
  std::ifstream file{folder_ + "/" + fingerprint};
  std::string format;
  double pace = 0;
  if (!(file >> format >> pace) || format != kFormat || !std::isfinite(pace) || pace <= 0)
    return {};
  return pace;
}

// Under a name of its own first: two renders may read the same medium.
void PaceCache::store(const std::string& fingerprint, double pace) const {
  if (fingerprint.empty()) return;
  static std::atomic<unsigned> count{0};
  std::error_code error;
  fs::create_directories(stored_in_, error);
  const auto path = stored_in_ + "/" + fingerprint;
  const auto part = path + "." + std::to_string(getpid()) + "-" + std::to_string(count++) + ".part";
  std::ofstream out{part};
  out << kFormat << ' ' << std::setprecision(17) << pace << '\n';
  out.close();
  if (out) fs::rename(part, path, error);
  if (!out || error) fs::remove(part, error);
}

}  // namespace rostrum
