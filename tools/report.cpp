// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace rostrum {

namespace {

using Json = nlohmann::ordered_json;

bool same_cause(const Substitution& a, const Substitution& b) {
  return a.asset == b.asset && a.when.from < b.when.to + 100ms && b.when.from < a.when.to + 100ms;
}

}  // namespace

std::vector<Substitution> merge_substitutions(std::vector<Substitution> planned,
                                              const std::vector<Substitution>& reported) {
  for (const auto& s : reported)
    if (std::none_of(planned.begin(), planned.end(),
                     [&](const auto& p) { return same_cause(p, s); }))
      planned.push_back(s);
  return planned;
}

std::string Report::to_json() const {
  Json j{{"rostrum", ROSTRUM_VERSION}, {"job", job},          {"output", output},
         {"plan", plan_digest},        {"duration", seconds}, {"bytes", bytes}};
  j["chunks"] = {{"rendered", chunks_rendered}, {"reused", chunks_reused}};
  j["substitutions"] = Json::array();
  for (const auto& s : substitutions)
    j["substitutions"].push_back({{"asset", s.asset},
                                  {"clip", s.pointer},
                                  {"what", s.what},
                                  {"from", to_seconds(s.when.from)},
                                  {"to", to_seconds(s.when.to)},
                                  {"why", s.why}});
  if (verified) j["verify"] = Json::parse(verified->to_json());
  for (const auto& [step, wall] : timings) j["timings"][step] = wall;
  return j.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace rostrum
