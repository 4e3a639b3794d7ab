// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/listening.h"

#include <nlohmann/json.hpp>

namespace rostrum {

namespace {

using Json = nlohmann::ordered_json;

Json medium_json(const ListeningJob::Medium& medium) {
  const auto& listening = medium.listening;
  Json j{{"duration", medium.duration.count()},        {"loudness", listening.loudness},
         {"high-pass", listening.high_pass},           {"mono", listening.mono},
         {"equal-channels", listening.equal_channels}, {"clock-off", listening.clock.off},
         {"times-right", listening.clock.times_right}};
  if (!listening.parts) return j;
  auto& parts = j["parts"] = Json::array();
  for (const auto& part : *listening.parts) parts.push_back({part.from.count(), part.to.count()});
  return j;
}

ListeningJob::Medium medium_of(const Json& j) {
  ListeningJob::Medium medium;
  medium.duration = Nanoseconds{j.at("duration").get<std::int64_t>()};
  auto& listening = medium.listening;
  listening.loudness = j.at("loudness").get<bool>();
  listening.high_pass = j.at("high-pass").get<double>();
  listening.mono = j.at("mono").get<bool>();
  listening.equal_channels = j.at("equal-channels").get<bool>();
  listening.clock.off = j.at("clock-off").get<std::int64_t>();
  listening.clock.times_right = j.at("times-right").get<bool>();
  if (!j.contains("parts")) return medium;
  listening.parts.emplace();
  for (const auto& part : j["parts"])
    listening.parts->push_back(
        {Nanoseconds{part.at(0).get<std::int64_t>()}, Nanoseconds{part.at(1).get<std::int64_t>()}});
  return medium;
}

}  // namespace

std::string listening_job_json(const ListeningJob& job) {
  auto media = Json::array();
  for (const auto& medium : job.media) media.push_back(medium_json(medium));
  return Json{{"media", std::move(media)}}.dump();
}

std::optional<ListeningJob> parse_listening_job(std::string_view json) try {
  ListeningJob job;
  const auto j = Json::parse(json);
  for (const auto& medium : j.at("media")) job.media.push_back(medium_of(medium));
  return job;
} catch (const nlohmann::json::exception&) {
  return {};
}

}  // namespace rostrum
