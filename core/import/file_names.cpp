// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/file_names.h"

#include "core/utf8.h"

#include <algorithm>
#include <compare>

namespace rostrum {

namespace {

struct Ending {
  std::string_view name;
  FileType type;
};

constexpr Ending kEndings[] = {{"mp4", FileType::film},          {"m4v", FileType::film},
                               {"mov", FileType::film},          {"mkv", FileType::film},
                               {"webm", FileType::film},         {"avi", FileType::film},
                               {"ts", FileType::film},           {"mts", FileType::film},
                               {"m2ts", FileType::film},         {"flv", FileType::film},
                               {"3gp", FileType::film},          {"mpg", FileType::film},
                               {"mpeg", FileType::film},         {"ogv", FileType::film},
                               {"wav", FileType::sound},         {"mp3", FileType::sound},
                               {"m4a", FileType::sound},         {"aac", FileType::sound},
                               {"ogg", FileType::sound},         {"oga", FileType::sound},
                               {"opus", FileType::sound},        {"flac", FileType::sound},
                               {"jpg", FileType::picture},       {"jpeg", FileType::picture},
                               {"png", FileType::picture},       {"webp", FileType::picture},
                               {"svg", FileType::picture},       {"pdf", FileType::pdf},
                               {"pptx", FileType::presentation}, {"ppt", FileType::presentation},
                               {"odp", FileType::presentation}};

constexpr std::size_t kMostDigits = 18;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// The digits that a text begins with, without zeros before them.
std::string_view take_digits(std::string_view& text) {
  const auto end = std::min(text.find_first_not_of("0123456789"), text.size());
  auto digits = text.substr(0, end);
  text.remove_prefix(end);
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits;
}

std::strong_ordering compare_numbers(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return a.size() <=> b.size();
  return a.compare(b) <=> 0;
}

std::strong_ordering compare_naturally(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    if (is_digit(a.front()) && is_digit(b.front())) {
      const auto order = compare_numbers(take_digits(a), take_digits(b));
      if (order != 0) return order;
      continue;
    }
    const auto order = static_cast<unsigned char>(small(a.front())) <=>
                       static_cast<unsigned char>(small(b.front()));
    if (order != 0) return order;
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  return a.size() <=> b.size();
}

}  // namespace

FileType type_of(std::string_view path) {
  const auto name = name_of(path);
  const auto dot = name.rfind('.');
  if (dot == name.npos || dot == 0) return FileType::other;
  const auto ending = lower_case(name.substr(dot + 1));
  const auto found = std::find_if(std::begin(kEndings), std::end(kEndings),
                                  [&](const Ending& known) { return known.name == ending; });
  return found == std::end(kEndings) ? FileType::other : found->type;
}

std::string_view name_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string_view stem_of(std::string_view path) {
  const auto name = name_of(path);
  return name.substr(0, name.rfind('.'));
}

std::string lower_case(std::string_view utf8) {
  std::string text;
  for (auto c : code_points(utf8)) {
    if ((c >= U'A' && c <= U'Z') || (c >= U'А' && c <= U'Я'))
      c += 32;
    else if (c >= U'Ѐ' && c <= U'Џ')
      c += 80;
    append_utf8(text, c);
  }
  return text;
}

std::vector<std::int64_t> numbers_in(std::string_view text) {
  std::vector<std::int64_t> numbers;
  while (!text.empty()) {
    if (!is_digit(text.front())) {
      text.remove_prefix(1);
      continue;
    }
    auto digits = take_digits(text);
    if (digits.size() > kMostDigits) digits.remove_prefix(digits.size() - kMostDigits);
    std::int64_t number = 0;
    for (const char c : digits) number = number * 10 + (c - '0');
    numbers.push_back(number);
  }
  return numbers;
}

bool natural_less(std::string_view a, std::string_view b) {
  const auto order = compare_naturally(a, b);
  return order != 0 ? order < 0 : a < b;
}

}  // namespace rostrum
