// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/opencast_smil.h"

#include "core/import/xml_text.h"
#include "core/intervals.h"
#include "core/manifest_tracks.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace rostrum::opencast {

namespace {

constexpr std::size_t kMostElements = 100'000;

bool is_medium(pugi::xml_node node) {
  const auto name = local_name(node);
  return name == "video" || name == "audio" || name == "ref";
}

// The body's media elements, with the number of each among all of them.
class Body {
 public:
  static tl::expected<Body, std::string> load(pugi::xml_document& document, std::string_view smil) {
    if (auto problem = load_xml(document, smil, "catalog")) return tl::unexpected{*problem};
    const auto root = document.document_element();
    if (local_name(root) != "smil") return tl::unexpected{std::string{"is no SMIL"}};
    return Body{child_named(root, "body")};
  }

  std::vector<pugi::xml_node> groups() const {
    std::vector<pugi::xml_node> found;
    for (const auto node : body_.children())
      if (found.size() < kMostElements) found.push_back(node);
    return found;
  }

  std::vector<pugi::xml_node> media() const {
    struct Walker : pugi::xml_tree_walker {
      std::vector<pugi::xml_node> found;
      bool for_each(pugi::xml_node& node) override {
        if (is_medium(node)) found.push_back(node);
        return found.size() < kMostElements;
      }
    } walker;
    auto body = body_;
    body.traverse(walker);
    return std::move(walker.found);
  }

 private:
  explicit Body(pugi::xml_node body) : body_{body} {}
  pugi::xml_node body_;
};

std::optional<Interval> clip_of(pugi::xml_node medium) {
  const auto from = clock_value(medium.attribute("clipBegin").value());
  const auto to = clock_value(medium.attribute("clipEnd").value());
  if (!from || !to || *from >= *to) return {};
  return Interval{*from, *to};
}

bool in_order(const std::vector<Interval>& cuts) {
  return std::adjacent_find(cuts.begin(), cuts.end(), [](const Interval& a, const Interval& b) {
           return b.from < a.to;
         }) == cuts.end();
}

}  // namespace

std::optional<Nanoseconds> clock_value(std::string_view text) {
  constexpr double kMost = kLongestHours * 3600.0;
  constexpr std::pair<std::string_view, double> kUnits[] = {
      {"ms", 0.001}, {"min", 60}, {"s", 1}, {"h", 3600}, {"", 1}};
  if (text.find(':') != text.npos || text.starts_with('-')) {
    const auto time = parse_time(text);
    return time && *time >= 0ns ? time : std::nullopt;
  }
  double number = 0;
  const auto* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number, std::chars_format::fixed);
  if (error != std::errc{}) return {};
  const auto unit = text.substr(static_cast<std::size_t>(end - text.data()));
  for (const auto& [name, seconds] : kUnits)
    if (unit == name && number * seconds <= kMost) return from_seconds(number * seconds);
  return {};
}

tl::expected<std::vector<Interval>, std::string> read_cuts(std::string_view smil,
                                                           const std::string& pointer,
                                                           Warnings& warnings) {
  pugi::xml_document document;
  const auto body = Body::load(document, smil);
  if (!body) return tl::unexpected{body.error()};
  std::vector<Interval> cuts;
  for (const auto& group : body->groups()) {
    std::optional<Interval> cut;
    const auto number = std::to_string(cuts.size() + 1);
    for (const auto medium : group.children()) {
      const auto clip = is_medium(medium) ? clip_of(medium) : std::nullopt;
      if (clip && cut && *clip != *cut)
        warnings.add("uneven", pointer + ": the tracks of part " + number +
                                   " are cut at different times; those of the first are used");
      if (!cut) cut = clip;
    }
    if (cut)
      cuts.push_back(*cut);
    else if (local_name(group) == "par")
      warnings.add("no clip", pointer + ": a part without clipBegin and clipEnd is left out");
  }
  if (in_order(cuts)) return cuts;
  warnings.add("order", pointer + ": its parts are not in the order of the recording; the film is");
  return merged(std::move(cuts));
}

tl::expected<std::vector<Part>, std::string> read_parts(std::string_view smil,
                                                        const std::string& pointer,
                                                        Warnings& warnings) {
  pugi::xml_document document;
  const auto body = Body::load(document, smil);
  if (!body) return tl::unexpected{body.error()};
  std::vector<Part> parts;
  for (const auto& medium : body->media()) {
    const auto begin = clock_value(medium.attribute("begin").value());
    if (!begin) {
      warnings.add("begin", pointer + ": a file without the time at which it begins is left out");
      continue;
    }
    auto duration = clock_value(medium.attribute("dur").value());
    if (duration == 0ns) duration.reset();
    parts.push_back({medium.attribute("src").value(), *begin, duration});
  }
  return parts;
}

}  // namespace rostrum::opencast
