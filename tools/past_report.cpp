// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/past_report.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::json;

std::string text_of(const Json& j, const char* key) {
  const auto found = j.find(key);
  return found != j.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

Nanoseconds time_of(const Json& j, const char* key) {
  const auto found = j.find(key);
  if (found == j.end() || !found->is_number()) return 0ns;
  return from_seconds(found->get<double>()).value_or(0ns);
}

}  // namespace

std::string report_path(const std::string& film) {
  return fs::path{film}.replace_extension(".report.json").string();
}

std::vector<Substitution> substitutions_reported(const std::string& film) {
  std::vector<Substitution> found;
  std::ifstream file{report_path(film), std::ios::binary};
  const auto report = Json::parse(file, nullptr, false);
  // a report that has been renamed along with another film says nothing of this one
  if (!report.is_object() ||
      fs::path{text_of(report, "output")}.filename() != fs::path{film}.filename())
    return found;
  const auto list = report.find("substitutions");
  if (list == report.end() || !list->is_array()) return found;
  for (const auto& s : *list)
    if (s.is_object())
      found.push_back({text_of(s, "asset"), text_of(s, "clip"), text_of(s, "what"),
                       Interval{time_of(s, "from"), time_of(s, "to")}, text_of(s, "why")});
  return found;
}

}  // namespace rostrum
