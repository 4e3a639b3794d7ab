// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/render_journal.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace rostrum {

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Substitution& s) {
  return {{"asset", s.asset},        {"clip", s.pointer},
          {"what", s.what},          {"from", s.when.from.count()},
          {"to", s.when.to.count()}, {"why", s.why}};
}

Substitution substitution_of(const Json& j) {
  return {.asset = j.at("asset").get<std::string>(),
          .pointer = j.at("clip").get<std::string>(),
          .what = j.at("what").get<std::string>(),
          .when = {Nanoseconds{j.at("from").get<std::int64_t>()},
                   Nanoseconds{j.at("to").get<std::int64_t>()}},
          .why = j.at("why").get<std::string>()};
}

std::string text_of(const Json& j) {
  return j.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<JournalEntry> entry_of(std::string_view line) try {
  const auto j = Json::parse(line);
  JournalEntry entry{.key = j.at("key").get<std::string>(),
                     .file = j.at("file").get<std::string>(),
                     .bytes = j.at("bytes").get<std::int64_t>(),
                     .sha256 = j.at("sha256").get<std::string>(),
                     .substitutions = {}};
  for (const auto& s : j.at("substitutions")) entry.substitutions.push_back(substitution_of(s));
  return entry;
} catch (const nlohmann::json::exception&) {
  return {};
}

}  // namespace

bool is_lasting(const JournalEntry& entry) {
  return std::none_of(
      entry.substitutions.begin(), entry.substitutions.end(),
      [](const Substitution& s) { return s.what == kStalled || s.what == kReadError; });
}

std::string journal_line(const JournalEntry& entry) {
  Json j{
      {"key", entry.key}, {"file", entry.file}, {"bytes", entry.bytes}, {"sha256", entry.sha256}};
  j["substitutions"] = Json::array();
  for (const auto& s : entry.substitutions) j["substitutions"].push_back(json_of(s));
  return text_of(j) + "\n";
}

std::vector<JournalEntry> parse_journal(std::string_view text) {
  std::vector<JournalEntry> entries;
  for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    if (auto entry = entry_of(text.substr(0, end))) entries.push_back(std::move(*entry));
    text.remove_prefix(end + 1);
  }
  return entries;
}

std::string substitution_json(const Substitution& substitution) {
  return text_of(json_of(substitution));
}

std::optional<Substitution> parse_substitution(std::string_view json) try {
  return substitution_of(Json::parse(json));
} catch (const nlohmann::json::exception&) {
  return {};
}

}  // namespace rostrum
