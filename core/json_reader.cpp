// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/json_reader.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

namespace rostrum {

namespace {

constexpr std::size_t kTimeBytes = 64;
constexpr std::size_t kUsualKeys = 24;

std::string listed(std::span<const std::string_view> words) {
  std::string result;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) result += i + 1 == words.size() ? " or " : ", ";
    result += in_quotes(words[i]);
  }
  return result;
}

// JSON knows no integers: 1.0 is one, too.
std::optional<std::int64_t> whole(const Json& value) {
  constexpr double kExact = 9007199254740992.0;  // 2^53
  if (value.is_number_unsigned()) {
    const auto number = value.get<std::uint64_t>();
    if (number > static_cast<std::uint64_t>(kExact)) return {};
    return static_cast<std::int64_t>(number);
  }
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (!value.is_number_float()) return {};
  const auto number = value.get<double>();
  if (std::trunc(number) != number || std::abs(number) > kExact) return {};
  return static_cast<std::int64_t>(number);
}

}  // namespace

std::string type_of(const Json& value) {
  if (value.is_object()) return "an object";
  if (value.is_array()) return "an array";
  if (value.is_string()) return "a string";
  if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
  return value.is_number() ? "a number" : "null";
}

Reading<std::string> read_text(const Json& value, std::size_t most, bool empty) {
  const auto* text = value.get_ptr<const Json::string_t*>();
  if (!text) return tl::unexpected("expected a string, found " + type_of(value));
  if (text->empty() && !empty) return tl::unexpected<std::string>("must not be empty");
  if (text->size() > most)
    return tl::unexpected("is longer than " + std::to_string(most) + " bytes");
  if (text->find('\0') != std::string::npos)
    return tl::unexpected<std::string>("holds a NUL character");
  return *text;
}

Reading<Nanoseconds> read_time(const Json& value) {
  constexpr double kMost = kLongestHours * 3600.0;
  if (value.is_number()) {
    const auto seconds = value.get<double>();
    if (seconds < 0) return tl::unexpected<std::string>("a time cannot be negative");
    const auto time = seconds <= kMost ? from_seconds(seconds) : std::nullopt;
    if (!time) return tl::unexpected<std::string>("a time cannot be more than 1000 hours");
    return *time;
  }
  const auto* text = value.get_ptr<const Json::string_t*>();
  if (!text)
    return tl::unexpected("expected a time (seconds, or \"h:mm:ss.mmm\"), found " + type_of(value));
  const auto time = text->size() <= kTimeBytes ? parse_time(*text) : std::nullopt;
  if (!time)
    return tl::unexpected(in_quotes(*text) + " is not a time: \"h:mm:ss.mmm\", at most 1000 hours");
  return *time;
}

ObjectReader::ObjectReader(const Json& value, std::string pointer, Findings& findings)
    : value_{value.is_object() ? &value : nullptr},
      pointer_{std::move(pointer)},
      findings_{findings} {
  known_.reserve(kUsualKeys);
  if (!value_) findings_.add(pointer_, "expected an object, found " + type_of(value));
}

void ObjectReader::problem(std::string_view key, std::string message) {
  findings_.add(at(key), std::move(message));
}

const Json* ObjectReader::find(std::string_view key, Need need) {
  known_.push_back(key);
  if (!value_) return nullptr;
  const auto& members = value_->get_ref<const Json::object_t&>();
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const auto& member) { return member.first == key; });
  if (found != members.end()) return &found->second;
  if (need == Need::required) findings_.add(pointer_, "the key " + in_quotes(key) + " is missing");
  return nullptr;
}

const Json* ObjectReader::array(std::string_view key, Need need) {
  const auto* value = find(key, need);
  if (!value || value->is_array()) return value;
  problem(key, "expected an array, found " + type_of(*value));
  return nullptr;
}

const Json* ObjectReader::object(std::string_view key, Need need) {
  const auto* value = find(key, need);
  if (!value || value->is_object()) return value;
  problem(key, "expected an object, found " + type_of(*value));
  return nullptr;
}

std::optional<std::string> ObjectReader::text(std::string_view key, std::size_t most, Need need,
                                              bool empty) {
  const auto* value = find(key, need);
  if (!value) return {};
  auto text = read_text(*value, most, empty);
  if (text) return std::move(*text);
  problem(key, std::move(text.error()));
  return {};
}

std::optional<Nanoseconds> ObjectReader::time(std::string_view key, Need need) {
  const auto* value = find(key, need);
  if (!value) return {};
  auto time = read_time(*value);
  if (time) return *time;
  problem(key, std::move(time.error()));
  return {};
}

std::optional<Nanoseconds> ObjectReader::duration(std::string_view key) {
  const auto found = time(key);
  if (!found || *found > 0ns) return found;
  problem(key, "must be more than 0");
  return {};
}

std::optional<std::int64_t> ObjectReader::integer(std::string_view key, std::int64_t least,
                                                  std::int64_t most, Need need) {
  const auto* value = find(key, need);
  if (!value) return {};
  const auto number = whole(*value);
  if (number && least <= *number && *number <= most) return number;
  auto message = "expected a whole number from " + std::to_string(least);
  message += " to " + std::to_string(most);
  if (!value->is_number()) message += ", found " + type_of(*value);
  problem(key, std::move(message));
  return {};
}

std::optional<double> ObjectReader::number(std::string_view key, double least, double most,
                                           Need need) {
  const auto* value = find(key, need);
  if (!value) return {};
  const auto number = value->is_number() ? std::optional{value->get<double>()} : std::nullopt;
  if (number && least <= *number && *number <= most) return number;
  auto message = "expected a number from " + Json(least).dump();
  message += " to " + Json(most).dump();
  if (!number) message += ", found " + type_of(*value);
  problem(key, std::move(message));
  return {};
}

std::optional<std::size_t> ObjectReader::word(std::string_view key,
                                              std::span<const std::string_view> words,
                                              std::span<const std::string_view> later, Need need) {
  const auto* value = find(key, need);
  if (!value) return {};
  const auto* text = value->get_ptr<const Json::string_t*>();
  if (!text) {
    problem(key, "expected " + listed(words) + ", found " + type_of(*value));
    return {};
  }
  const auto found = std::find(words.begin(), words.end(), *text);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  if (std::find(later.begin(), later.end(), *text) != later.end())
    problem(key, in_quotes(*text) + " is not yet supported by this version");
  else
    problem(key, "expected " + listed(words) + ", found " + in_quotes(*text));
  return {};
}

void ObjectReader::later(std::string_view key) {
  if (find(key)) problem(key, in_quotes(key) + " is not yet supported by this version");
}

void ObjectReader::later(std::string_view key, const Json& accepted) {
  const auto* value = find(key);
  if (value && *value != accepted)
    problem(key, in_quotes(key) + " other than " + accepted.dump() +
                     " is not yet supported by this version");
}

void ObjectReader::finish() {
  if (!value_) return;
  for (const auto& [key, value] : value_->get_ref<const Json::object_t&>())
    if (std::find(known_.begin(), known_.end(), key) == known_.end())
      problem(key, "unknown key " + in_quotes(key) +
                       (findings_.full() ? std::string{} : suggestion(key, known_)));
}

}  // namespace rostrum
