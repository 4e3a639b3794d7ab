// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads JSON objects key by key; everything that is wrong becomes a finding with its pointer.
#pragma once

#include "core/findings.h"
#include "core/json_text.h"
#include "core/timeline.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rostrum {

enum class Need { optional, required };

// A choice's name in the document.
template <typename T>
struct Name {
  std::string_view name;
  T value;
};

// "a string", "an object", …: what a value is, for messages.
std::string type_of(const Json& value);

// What was read, or what is wrong with it.
template <typename T>
using Reading = tl::expected<T, std::string>;

// Text of 1 to `most` bytes without NUL; `empty` allows 0 bytes.
Reading<std::string> read_text(const Json& value, std::size_t most, bool empty = false);
// Seconds as a number, or "h:mm:ss.mmm"; 0 to kLongestHours.
Reading<Nanoseconds> read_time(const Json& value);

// One object of the document.  A key is known once it has been asked for; finish() reports the
// rest.
class ObjectReader {
 public:
  // `value` must outlive the reader.  Not an object: a finding, and every key is absent.
  ObjectReader(const Json& value, std::string pointer, Findings& findings);

  const std::string& pointer() const { return pointer_; }
  std::string at(std::string_view key) const { return pointer_to(pointer_, key); }
  Findings& findings() { return findings_; }
  void problem(std::string_view key, std::string message);

  // The member, or nullptr when it is absent (or not of that type), which is a finding if it is
  // needed (or in any case).
  const Json* find(std::string_view key, Need need = Need::optional);
  const Json* array(std::string_view key, Need need = Need::optional);
  const Json* object(std::string_view key, Need need = Need::optional);

  std::optional<std::string> text(std::string_view key, std::size_t most,
                                  Need need = Need::optional, bool empty = false);
  std::optional<Nanoseconds> time(std::string_view key, Need need = Need::optional);
  // A time of more than 0.
  std::optional<Nanoseconds> duration(std::string_view key);
  std::optional<std::int64_t> integer(std::string_view key, std::int64_t least, std::int64_t most,
                                      Need need = Need::optional);
  std::optional<double> number(std::string_view key, double least, double most,
                               Need need = Need::optional);

  // One of the names; those in `later` are not yet supported.
  template <typename T, std::size_t N>
  std::optional<T> choice(std::string_view key, const Name<T> (&names)[N],
                          std::span<const std::string_view> later = {},
                          Need need = Need::optional) {
    std::vector<std::string_view> words;
    for (const auto& name : names) words.push_back(name.name);
    const auto found = word(key, words, later, need);
    return found ? std::optional{names[*found].value} : std::nullopt;
  }

  // A key that this build cannot honour; `accepted` is the value that asks for nothing.
  void later(std::string_view key);
  void later(std::string_view key, const Json& accepted);

  // Reports every key that nobody asked for.
  void finish();

 private:
  std::optional<std::size_t> word(std::string_view key, std::span<const std::string_view> words,
                                  std::span<const std::string_view> later, Need need);

  const Json* value_;  // nullptr: not an object
  std::string pointer_;
  Findings& findings_;
  std::vector<std::string_view> known_;
};

}  // namespace rostrum
