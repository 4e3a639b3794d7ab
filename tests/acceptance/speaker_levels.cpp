// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads levels as JSON on standard input and prints the speakers as JSON: speaker.py's way to core.
#include "core/speaker.h"

#include <ctime>
#include <iostream>
#include <nlohmann/json.hpp>

namespace rostrum {
namespace {

using Json = nlohmann::json;

Nanoseconds time_of(const Json& seconds) {
  return from_seconds(seconds.get<double>()).value_or(0ns);
}

std::vector<Interval> intervals_of(const Json& list) {
  std::vector<Interval> intervals;
  for (const auto& pair : list) intervals.push_back({time_of(pair[0]), time_of(pair[1])});
  return intervals;
}

PersonLevels person_of(const Json& json, Nanoseconds end) {
  PersonLevels person;
  for (const auto& level : json.at("levels")) person.levels.push_back(level.get<float>());
  person.present =
      json.contains("present") ? intervals_of(json["present"]) : std::vector<Interval>{{0ns, end}};
  person.muted = intervals_of(json.value("muted", Json::array()));
  person.presenter = json.value("presenter", false);
  return person;
}

SpeakerOptions options_of(const Json& json) {
  SpeakerOptions options;
  options.window = time_of(json.value("window", 2.0));
  options.hold = time_of(json.value("hold", 4.0));
  options.threshold = json.value("threshold", options.threshold);
  options.margin = json.value("margin", options.margin);
  return options;
}

bool within(const std::vector<Interval>& intervals, Nanoseconds t) {
  for (const auto& interval : intervals)
    if (interval.contains(t)) return true;
  return false;
}

std::vector<Switch> decide_live(const std::vector<PersonLevels>& people, Nanoseconds end,
                                const SpeakerOptions& options) {
  SpeakerDecision decision{options};
  std::vector<Switch> switches;
  std::vector<Heard> heard(people.size());
  for (std::size_t i = 0; kLevelWindow * static_cast<std::int64_t>(i + 1) <= end; ++i) {
    const auto t = kLevelWindow * static_cast<std::int64_t>(i);
    for (std::size_t p = 0; p < people.size(); ++p)
      heard[p] = {i < people[p].levels.size() ? people[p].levels[i] : kSilence,
                  within(people[p].present, t), within(people[p].muted, t), people[p].presenter};
    if (const auto change = decision.update(t + kLevelWindow, heard)) switches.push_back(*change);
  }
  return switches;
}

}  // namespace
}  // namespace rostrum

int main() {
  using namespace rostrum;
  const auto input = Json::parse(std::cin);
  const auto end = time_of(input.at("end"));
  const auto options = options_of(input.value("options", Json::object()));
  std::vector<PersonLevels> people;
  for (const auto& person : input.at("people")) people.push_back(person_of(person, end));
  const auto start = std::clock();
  const auto switches = input.value("live", false) ? decide_live(people, end, options)
                                                   : decide_speakers(people, end, options);
  const auto spent = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  Json found = Json::array();
  for (const auto& change : switches)
    found.push_back(
        {to_seconds(change.from), change.person == kNobody ? Json(nullptr) : Json(change.person)});
  std::cout << Json{{"switches", found}, {"seconds", spent}} << "\n";
}
