// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/xml_text.h"

#include <algorithm>
#include <charconv>

namespace rostrum {

namespace {

constexpr std::size_t kLargest = std::size_t{64} << 20;  // bytes
// A node takes 64 bytes of memory.
constexpr std::size_t kMostTags = 4'000'000;
constexpr std::size_t kMostAttributes = 4'000'000;
constexpr int kDeepest = 16;

struct DepthLimit : pugi::xml_tree_walker {
  bool for_each(pugi::xml_node&) override { return depth() < kDeepest; }
};

std::size_t count(std::string_view text, char c) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), c));
}

}  // namespace

std::optional<std::string> load_xml(pugi::xml_document& document, std::string_view xml,
                                    const std::string& what) {
  if (xml.size() > kLargest) return "larger than 64 MiB, so no " + what;
  if (count(xml, '<') > kMostTags || count(xml, '=') > kMostAttributes)
    return "more than 4,000,000 tags or attributes, so no " + what;
  const auto parsed =
      document.load_buffer(xml.data(), xml.size(), pugi::parse_default | pugi::parse_trim_pcdata);
  if (!parsed)
    return "is no XML: " + std::string{parsed.description()} + " at byte " +
           std::to_string(parsed.offset);
  DepthLimit limit;
  if (!document.traverse(limit))
    return "elements are nested deeper than " + std::to_string(kDeepest) + " levels";
  return {};
}

std::string_view local_name(pugi::xml_node node) {
  const std::string_view name = node.name();
  return name.substr(name.find(':') + 1);
}

pugi::xml_node child_named(pugi::xml_node node, std::string_view name) {
  return node.find_child([&](pugi::xml_node child) { return local_name(child) == name; });
}

bool begins_with_element(std::string_view text, std::string_view name) {
  constexpr std::size_t kHead = 4096;
  constexpr std::string_view kBefore = "\xef\xbb\xbf \t\r\n";  // byte order mark, white space
  const auto start = text.find_first_not_of(kBefore);
  if (start == text.npos || text[start] != '<') return false;
  const auto head = text.substr(start, kHead);
  for (auto open = head.find('<'); open != head.npos; open = head.find('<', open + 1)) {
    const auto tag = head.substr(open + 1, head.find_first_of(" \t\r\n/>", open) - open - 1);
    if (tag.substr(tag.find(':') + 1) == name) return true;
  }
  return false;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number);
  if (error != std::errc{} || end != last) return {};
  return number;
}

}  // namespace rostrum
