// SPDX-License-Identifier: LGPL-2.1-or-later
// Lenient reading of the record's values.
#include "core/import/mtslink_log.h"

#include <charconv>
#include <nlohmann/json.hpp>

namespace rostrum::mtslink {

namespace {

constexpr std::string_view kStorage = "https://events-storage.webinar.ru/api-storage/files/wowza/";
constexpr std::string_view kDelivery = "https://events-delivery-records.webinar.ru/record/";
constexpr std::string_view kPlaylist = "/playlist.m3u8";

}  // namespace

std::optional<Nanoseconds> seconds_of(const Json& value) {
  if (value.is_number()) return from_seconds(value.get<double>());
  const auto* text = value.get_ptr<const Json::string_t*>();
  if (!text || text->empty()) return {};
  double seconds = 0;
  const auto* last = text->data() + text->size();
  const auto [end, error] = std::from_chars(text->data(), last, seconds);
  if (error != std::errc{} || end != last) return {};
  return from_seconds(seconds);
}

std::string twin_of(const std::string& url) {
  const std::string_view view{url};
  const auto between = [&](std::string_view prefix, std::string_view suffix) -> std::string_view {
    if (!view.starts_with(prefix) || !view.ends_with(suffix)) return {};
    if (view.size() <= prefix.size() + suffix.size()) return {};
    return view.substr(prefix.size(), view.size() - prefix.size() - suffix.size());
  };
  if (const auto path = between(kStorage, ".mp4"); !path.empty())
    return std::string{kDelivery}.append(path).append(".mp4").append(kPlaylist);
  if (const auto path = between(kDelivery, std::string{".mp4"}.append(kPlaylist)); !path.empty())
    return std::string{kStorage}.append(path).append(".mp4");
  return {};
}

}  // namespace rostrum::mtslink
