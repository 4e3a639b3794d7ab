// SPDX-License-Identifier: LGPL-2.1-or-later
// Who talks when, for the sound: each person by themselves.
#include "core/speaker.h"

#include "core/speaker_presence.h"
#include "core/speaker_talk.h"

#include <algorithm>
#include <numeric>

namespace rostrum {

namespace {

constexpr std::size_t kShortest = 3;  // windows: less is a knock or a cough
constexpr double kLeaked = 0.01;      // -20 dB

using Run = std::pair<std::size_t, std::size_t>;  // windows [first, end)

std::vector<Run> runs(const std::vector<bool>& marks) {
  std::vector<Run> found;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    if (!marks[i]) continue;
    if (i == 0 || !marks[i - 1]) found.emplace_back(i, i);
    found.back().second = i + 1;
  }
  return found;
}

double total(const std::vector<float>& power, Run run) {
  return std::accumulate(power.begin() + static_cast<std::ptrdiff_t>(run.first),
                         power.begin() + static_cast<std::ptrdiff_t>(run.second), 0.0);
}

// Whether or not anybody else talks.
std::vector<Run> talk_of(const std::vector<float>& power, std::vector<bool> audible,
                         const SpeakerOptions& options) {
  TalkFinder finder{audible.size(), options};
  finder.add(power, std::move(audible));
  auto found = runs(finder.find().talks.front());
  std::erase_if(found, [](Run run) { return run.second - run.first < kShortest; });
  return found;
}

std::vector<Interval> times_of(const std::vector<Run>& runs) {
  std::vector<Interval> times;
  for (const auto& [first, end] : runs)
    times.push_back({kLevelWindow * static_cast<std::int64_t>(first),
                     kLevelWindow * static_cast<std::int64_t>(end)});
  return times;
}

}  // namespace

std::vector<std::vector<Interval>> talk_times(const std::vector<PersonLevels>& people,
                                              Nanoseconds end, const SpeakerOptions& options) {
  const auto count = static_cast<std::size_t>((end + kLevelWindow - 1ns) / kLevelWindow);
  std::vector<std::vector<float>> powers;
  std::vector<float> loudest(count);
  std::vector<std::vector<Run>> talk;
  for (const auto& person : people) {
    auto& power = powers.emplace_back(count);
    auto audible = audible_power(person, marked(person.present, count), power);
    for (std::size_t i = 0; i < count; ++i) loudest[i] = std::max(loudest[i], power[i]);
    if (!person.talks) {
      talk.push_back(talk_of(power, std::move(audible), options));
      continue;
    }
    auto logged = marked(*person.talks, count);
    for (std::size_t i = 0; i < count; ++i) logged[i] = logged[i] && audible[i];
    talk.push_back(runs(logged));
  }
  std::vector<std::vector<Interval>> found;
  for (std::size_t p = 0; p < people.size(); ++p) {
    if (!people[p].talks)
      std::erase_if(talk[p],
                    [&](Run run) { return total(powers[p], run) < kLeaked * total(loudest, run); });
    found.push_back(times_of(talk[p]));
  }
  return found;
}

}  // namespace rostrum
