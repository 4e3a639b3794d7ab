// SPDX-License-Identifier: LGPL-2.1-or-later
// Lenient reading of the record's values.
#include "core/import/mtslink_log.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>

namespace rostrum::mtslink {

namespace {

constexpr std::string_view kStorage = "https://events-storage.webinar.ru/api-storage/files/wowza/";
constexpr std::string_view kDelivery = "https://events-delivery-records.webinar.ru/record/";
constexpr std::string_view kPlaylist = "/playlist.m3u8";
constexpr std::string_view kMediaExtensions[] = {"mp4", "webm", "mkv", "m4a",
                                                 "mp3", "wav",  "ogg", "m3u8"};

std::optional<double> number_of(const Json& value) {
  if (value.is_number()) return value.get<double>();
  const auto* text = value.get_ptr<const Json::string_t*>();
  if (!text || text->empty()) return {};
  double number = 0;
  const auto* last = text->data() + text->size();
  const auto [end, error] = std::from_chars(text->data(), last, number);
  if (error != std::errc{} || end != last) return {};
  return number;
}

}  // namespace

std::optional<Nanoseconds> seconds_of(const Json& value) {
  const auto number = number_of(value);
  return number ? from_seconds(*number) : std::nullopt;
}

std::optional<Nanoseconds> clock_of(const Json& value) {
  constexpr double kLatest = 4e9;  // in 2096: sums of two still fit into nanoseconds
  const auto number = number_of(value);
  if (!number || !(*number > 0 && *number < kLatest)) return {};
  return Nanoseconds{std::llround(*number * 1e9)};
}

bool is_place(const std::string& url) {
  const auto end = url.find("://");
  if (end == std::string::npos) return true;
  const auto scheme = url.substr(0, end);
  return scheme == "file" || scheme == "http" || scheme == "https";
}

bool looks_like_medium(const std::string& url) {
  const auto path = url.substr(0, url.find_first_of("?#"));
  const auto dot = path.rfind('.');
  if (dot == std::string::npos) return false;
  auto extension = path.substr(dot + 1);
  for (auto& c : extension)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return std::find(std::begin(kMediaExtensions), std::end(kMediaExtensions), extension) !=
         std::end(kMediaExtensions);
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
