// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/trial_cache.h"

#include "engine/cache_file.h"

#include <glib.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace rostrum {

TrialCache TrialCache::of_user() {
  return TrialCache{std::string{g_get_user_cache_dir()} + "/rostrum/encoders"};
}

std::optional<EncoderTrial> TrialCache::find(const std::string& key) const {
  std::ifstream file{folder_ + "/" + key};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  const auto j = nlohmann::json::parse(text, nullptr, false);
  if (!j.is_object() || !j.value("works", nlohmann::json{}).is_boolean()) return {};
  EncoderTrial trial;
  trial.works = j["works"].get<bool>();
  if (const auto rate = j.find("rate"); rate != j.end() && rate->is_number())
    trial.rate = rate->get<double>();
  if (const auto reason = j.find("reason"); reason != j.end() && reason->is_string())
    trial.reason = reason->get<std::string>();
  return trial;
}

void TrialCache::store(const std::string& key, const EncoderTrial& trial) const {
  const nlohmann::json j{{"works", trial.works}, {"rate", trial.rate}, {"reason", trial.reason}};
  store_cache_file(folder_, key,
                   j.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

}  // namespace rostrum
