// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/text_check.h"

#include "core/scripts.h"
#include "engine/text_layout.h"

#include <algorithm>
#include <set>

namespace rostrum {

namespace {

constexpr std::size_t kMostNamed = 6;

std::string list_of(const std::vector<char32_t>& missing) {
  std::string text;
  for (std::size_t i = 0; i < std::min(missing.size(), kMostNamed); ++i)
    text += (i > 0 ? ", " : "") + code_point_name(missing[i]);
  if (missing.size() > kMostNamed)
    text += " and " + std::to_string(missing.size() - kMostNamed) + " more";
  return text;
}

std::string packages_for(const std::vector<char32_t>& missing) {
  std::set<std::string_view> packages;
  for (const char32_t c : missing) packages.insert(font_package(c));
  std::string text;
  for (const auto package : packages) text += (text.empty() ? "" : " and ") + std::string{package};
  return text;
}

}  // namespace

std::vector<std::string> missing_letters(const Job& job, const std::vector<JobText>& texts) {
  std::vector<std::string> warnings;
  for (const auto& [pointer, text] : texts)
    if (const auto missing = undrawable(text); !missing.empty())
      warnings.push_back(job.path + ":" + pointer + ": no installed font has " + list_of(missing) +
                         ": install " + packages_for(missing) +
                         ", or write it in other letters; until then they are left out");
  return warnings;
}

std::vector<std::string> missing_letters(const Job& job, const Plan& plan) {
  return missing_letters(job, drawn_texts(job.manifest, plan));
}

}  // namespace rostrum
