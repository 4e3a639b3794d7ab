// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/json_text.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace rostrum {

namespace {

constexpr std::size_t kFewKeys = 16;  // searched one by one
constexpr int kNumberOverflow = 406;  // nlohmann's id of "number overflow"

// Builds the document from the parser's events: its own builder replaces a duplicate key silently.
class Builder final : public nlohmann::json_sax<Json> {
 public:
  Builder(Findings& findings, const JsonLimits& limits) : findings_{findings}, limits_{limits} {}

  Json take() { return std::move(root_); }

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t&) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return false; }

  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    auto& level = levels_.back();
    if (name.size() > limits_.key_bytes)
      return stop("a key is longer than " + std::to_string(limits_.key_bytes) + " bytes");
    level.key = std::move(name);
    if (!is_new(level))
      findings_.add(findings_.full() ? std::string{} : pointer(),
                    "the key " + in_quotes(level.key) + " stands here more than once");
    return true;
  }

  bool parse_error(std::size_t, const std::string& token,
                   const nlohmann::detail::exception& error) override {
    if (error.id == kNumberOverflow)
      return stop("the number " + in_quotes(token) + " is too large");
    std::string_view what = error.what();  // "[…] parse error at line 3, column 7: …; last read: …"
    what.remove_prefix(std::min(what.find("line "), what.size()));
    what = what.substr(0, what.find("; last read"));  // raw bytes, perhaps not UTF-8
    std::string message = "not JSON: " + std::string{what};
    const bool literal = what.ends_with("invalid literal");
    if (literal && token.ends_with('/')) message += " (comments are not allowed)";
    findings_.add("", std::move(message));
    return false;
  }

 private:
  struct Level {
    Json* value;                           // borrowed from root_
    std::string key;                       // of an object's current member
    std::unordered_set<std::string> seen;  // keys of an object with many
  };

  // Whether the object does not have this key yet.
  static bool is_new(Level& level) {
    const auto& members = level.value->get_ref<const Json::object_t&>();
    if (members.size() < kFewKeys)
      return std::none_of(members.begin(), members.end(),
                          [&](const auto& member) { return member.first == level.key; });
    if (level.seen.empty())
      for (const auto& member : members) level.seen.insert(member.first);
    return level.seen.insert(level.key).second;
  }

  bool stop(std::string message) {
    findings_.add(pointer(), std::move(message));
    return false;
  }

  // Of the value that comes next.
  std::string pointer() const {
    std::string result;
    for (const auto& level : levels_) {
      const auto size = level.value->size();
      const bool innermost = &level == &levels_.back();
      result = level.value->is_object() ? pointer_to(result, level.key)
                                        : pointer_to(result, innermost ? size : size - 1);
    }
    return result;
  }

  Json* place(Json value) {
    if (levels_.empty()) return &(root_ = std::move(value));
    auto& level = levels_.back();
    if (level.value->is_array()) return &level.value->emplace_back(std::move(value));
    // not operator[], which searches all members; duplicates were seen in key()
    auto& members = level.value->get_ref<Json::object_t&>();
    members.emplace_back(level.key, std::move(value));
    return &members.back().second;
  }

  bool add(Json value) {
    if (++values_ > limits_.values)
      return stop("the document has more than " + std::to_string(limits_.values) + " values");
    place(std::move(value));
    return true;
  }

  bool open(Json value) {
    if (levels_.size() >= limits_.depth)
      return stop("nested deeper than " + std::to_string(limits_.depth) + " levels");
    if (++values_ > limits_.values)
      return stop("the document has more than " + std::to_string(limits_.values) + " values");
    auto* placed = place(std::move(value));
    levels_.push_back({placed, {}, {}});
    return true;
  }

  bool close() {
    levels_.pop_back();
    return true;
  }

  Findings& findings_;
  const JsonLimits& limits_;
  Json root_;
  std::vector<Level> levels_;
  std::size_t values_ = 0;
};

}  // namespace

std::optional<Json> read_json(std::string_view text, Findings& findings, const JsonLimits& limits) {
  if (text.size() > limits.bytes) {
    findings.add("", "the document is larger than " + std::to_string(limits.bytes >> 20) + " MiB");
    return {};
  }
  Builder builder{findings, limits};
  if (!Json::sax_parse(text.begin(), text.end(), &builder)) return {};
  return builder.take();
}

}  // namespace rostrum
