// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/listening_workers.h"

#include "engine/level_cache.h"

#include <algorithm>
#include <utility>

namespace rostrum {

namespace {

// What a worker has said, as far as it was asked for; what it has not is silent.
Levels completed(Levels said, const ToHear& medium) {
  said.resize(windows_before(medium.duration), kUnmeasured);
  const auto at = [&](Nanoseconds t) {
    return said.begin() + static_cast<std::ptrdiff_t>(std::min(windows_before(t), said.size()));
  };
  const std::vector<Interval> whole{{0ns, medium.duration}};
  for (const auto& part : medium.listening.parts.value_or(whole))
    if (!part.empty()) std::replace(at(part.from), at(part.to), kUnmeasured, kSilentLevel);
  return said;
}

SoundLevels completed(SoundLevels said, const ToHear& medium) {
  SoundLevels levels{completed(std::move(said.rms), medium), {}, {}};
  if (!medium.listening.loudness) return levels;
  levels.loudness = completed(std::move(said.loudness), medium);
  levels.peaks = completed(std::move(said.peaks), medium);
  return levels;
}

Result<std::vector<HeardSound>> listen(const std::vector<ToHear>& media, const MediaWorkers& how) {
  std::vector<HeardSound> heard(media.size());
  std::vector<std::string> paths;
  for (const auto& medium : media) paths.push_back(medium.path);
  const auto job = [&](const std::vector<std::size_t>& given) {
    ListeningJob text;
    for (const auto i : given) text.media.push_back({media[i].duration, media[i].listening});
    return listening_job_json(text);
  };
  const auto collect = [&](const std::vector<std::size_t>& given, const std::string& findings) {
    const LevelCache said{findings};
    for (std::size_t number = 0; number < given.size(); ++number)
      heard[given[number]].levels = said.find(std::to_string(number));
  };
  const auto found = run_media_workers(
      paths, {.ending = kListeningJobEnding, .readable = {}, .job = job, .collect = collect}, how);
  if (!found) return tl::unexpected(found.error());
  for (std::size_t i = 0; i < media.size(); ++i) {
    heard[i].problem = (*found)[i].problem;
    heard[i].levels = completed(std::move(heard[i].levels), media[i]);
  }
  return heard;
}

}  // namespace

Listen listen_by_workers(MediaWorkers how) {
  return [how = std::move(how)](const std::vector<ToHear>& media) { return listen(media, how); };
}

}  // namespace rostrum
