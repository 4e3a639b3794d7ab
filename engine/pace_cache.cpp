// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/pace_cache.h"

#include "engine/cache_file.h"

#include <glib.h>

#include <cmath>
#include <fstream>
#include <iomanip>
#include <sstream>

namespace rostrum {

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

void PaceCache::store(const std::string& fingerprint, double pace) const {
  if (fingerprint.empty()) return;
  std::ostringstream text;
  text << kFormat << ' ' << std::setprecision(17) << pace << '\n';
  store_cache_file(stored_in_, fingerprint, text.str());
}

}  // namespace rostrum
