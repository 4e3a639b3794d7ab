// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/manifest_graphics.h"

#include "core/manifest_names.h"
#include "core/manifest_tracks.h"

#include <charconv>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace rostrum {

namespace {

constexpr Name<CardPlace> kPlaces[] = {{"start", CardPlace::start}, {"end", CardPlace::end}};
constexpr Name<Corner> kCorners[] = {{"top-left", Corner::top_left},
                                     {"top-right", Corner::top_right},
                                     {"bottom-left", Corner::bottom_left},
                                     {"bottom-right", Corner::bottom_right}};
constexpr double kLeastWidth = 0.005;
constexpr double kMostMargin = 0.5;

// "start", "end" or a time.
void read_place(ObjectReader& reader, Card& card, const std::optional<Nanoseconds>& programme) {
  const auto* value = reader.find("at", Need::required);
  if (!value) return;
  if (const auto* text = value->get_ptr<const Json::string_t*>())
    for (const auto& place : kPlaces)
      if (place.name == *text) {
        card.place = place.value;
        return;
      }
  auto time = read_time(*value);
  if (!time) return reader.problem("at", "expected \"start\", \"end\" or a time: " + time.error());
  card.place = CardPlace::time;
  card.at = *time;
  if (programme && card.at >= *programme) reader.problem("at", outside_film(*programme));
}

Card read_card(const Json& value, std::string pointer, Manifest& manifest, Findings& findings) {
  ObjectReader reader{value, std::move(pointer), findings};
  Card card;
  read_place(reader, card, manifest.duration);
  if (const auto duration = reader.duration("duration")) card.duration = *duration;
  card.title = reader.text("title", kTitleBytes, Need::required).value_or("");
  card.text = reader.text("text", kTitleBytes, Need::optional, true).value_or("");
  read_color(reader, "background", card.background);
  read_color(reader, "color", card.color);
  reader.finish();
  return card;
}

Json seconds(Nanoseconds t) { return t % 1s == 0ns ? Json(t / 1s) : Json(to_seconds(t)); }

}  // namespace

Json color_json(std::uint32_t color) {
  char text[8];
  std::snprintf(text, sizeof text, "#%06x", color & 0xffffffU);
  return text;
}

void read_switch(ObjectReader& reader, std::string_view key, bool& value) {
  const auto* found = reader.find(key);
  if (!found) return;
  if (found->is_boolean())
    value = found->get<bool>();
  else
    reader.problem(key, "expected true or false, found " + type_of(*found));
}

void read_color(ObjectReader& reader, std::string_view key, std::uint32_t& value) {
  const auto text = reader.text(key, kIdBytes);
  if (!text) return;
  std::uint32_t color = 0;
  const auto* first = text->data() + 1;
  const auto* last = text->data() + text->size();
  const bool shaped = text->size() == 7 && text->front() == '#';
  if (shaped && std::from_chars(first, last, color, 16).ptr == last)
    value = color;
  else
    reader.problem(key, "expected a colour \"#rrggbb\", found " + in_quotes(*text));
}

void read_cards(ObjectReader& reader, Manifest& manifest) {
  const auto* list = reader.array("cards");
  if (!list) return;
  if (list->size() > kMostCards)
    return reader.problem("cards", "a job has at most " + std::to_string(kMostCards) +
                                       " cards, found " + std::to_string(list->size()));
  for (std::size_t i = 0; i < list->size(); ++i)
    manifest.cards.push_back(
        read_card((*list)[i], pointer_to(reader.at("cards"), i), manifest, reader.findings()));
}

void read_logo(ObjectReader& parent, Manifest& manifest) {
  const auto* value = parent.find("logo");
  if (!value) return;
  ObjectReader reader{*value, parent.at("logo"), parent.findings()};
  Logo logo;
  logo.asset = reader.text("asset", kIdBytes, Need::required).value_or("");
  if (!logo.asset.empty() && !manifest.asset(logo.asset)) {
    std::vector<std::string_view> ids;
    for (const auto& asset : manifest.assets) ids.push_back(asset.id);
    reader.problem("asset",
                   "there is no asset " + in_quotes(logo.asset) + suggestion(logo.asset, ids));
  }
  logo.position = reader.choice("position", kCorners).value_or(logo.position);
  logo.width = reader.number("width", kLeastWidth, 1).value_or(logo.width);
  logo.margin = reader.number("margin", 0, kMostMargin).value_or(logo.margin);
  logo.opacity = reader.number("opacity", 0, 1).value_or(logo.opacity);
  reader.finish();
  manifest.logo = std::move(logo);
}

Json cards_json(const std::vector<Card>& cards) {
  const Card usual;
  auto list = Json::array();
  for (const auto& card : cards) {
    Json j;
    j["at"] = card.place == CardPlace::time ? seconds(card.at) : Json(name_in(kPlaces, card.place));
    if (card.duration != usual.duration) j["duration"] = seconds(card.duration);
    j["title"] = card.title;
    if (!card.text.empty()) j["text"] = card.text;
    if (card.background != usual.background) j["background"] = color_json(card.background);
    if (card.color != usual.color) j["color"] = color_json(card.color);
    list.push_back(std::move(j));
  }
  return list;
}

Json logo_json(const Logo& logo) {
  const Logo usual;
  Json j{{"asset", logo.asset}};
  if (logo.position != usual.position) j["position"] = name_in(kCorners, logo.position);
  if (logo.width != usual.width) j["width"] = logo.width;
  if (logo.margin != usual.margin) j["margin"] = logo.margin;
  if (logo.opacity != usual.opacity) j["opacity"] = logo.opacity;
  return j;
}

std::string outside_film(Nanoseconds programme) {
  return "a card must begin within the film, which ends at " + format_time(programme);
}

}  // namespace rostrum
