// SPDX-License-Identifier: LGPL-2.1-or-later
// What the media of a job sound like.
#include "engine/hearing.h"

#include "core/clock_by_log.h"
#include "core/plan_sound.h"
#include "core/settle_clocks.h"
#include "engine/sounding.h"

namespace rostrum {

namespace {

constexpr Nanoseconds kLongListening = 10min;  // takes seconds: worth a word

// Of each asset; one that plays on several tracks has that of the first.
std::map<std::string, double> high_passes(const Manifest& manifest) {
  std::map<std::string, double> found;
  for (const auto& track : manifest.tracks)
    for (const auto& clip : track.clips)
      found.emplace(clip.asset, manifest.noise_of(track).high_pass.value_or(0));
  return found;
}

// The levels of these parts, as far as they are not known yet.
Result<void> measure(Job& job, SoundParts parts, bool loudness, const Listen& listen,
                     const HearingEvents& events) {
  MediaRefs wanted;
  for (const auto& [id, heard] : parts) wanted.emplace(id, &job.media.find(id)->second);
  if (wanted.empty()) return {};
  const auto announce = [&](Nanoseconds total) {
    if (total >= kLongListening && events.on_begin) events.on_begin(total);
  };
  const auto warn = [&](const std::string& asset, const std::string& problem) {
    if (events.on_warning)
      events.on_warning(job.path + ": asset \"" + asset +
                        "\": " + job.media.find(asset)->second.path +
                        ": its sound counts as silence, as it cannot be listened to: " + problem);
  };
  auto levels = all_levels(wanted, LevelCache::of_user(), listen,
                           {.loudness = loudness,
                            .parts = std::move(parts),
                            .high_passes = high_passes(job.manifest),
                            .mono = job.manifest.audio.channels == 1,
                            .files = job.files,
                            .on_begin = announce,
                            .on_problem = warn});
  if (!levels) return tl::unexpected(levels.error());
  for (auto& [id, known] : *levels) {
    job.media[id].levels = std::move(known.rms);
    job.media[id].loudness = std::move(known.loudness);
    job.media[id].peaks = std::move(known.peaks);
  }
  return {};
}

// What has taken the place of another file has a clock of its own.
void settle_alternatives(Job& job, const HearingEvents& events) {
  for (const auto& asset : job.manifest.assets) {
    auto& info = job.media.find(asset.id)->second;
    if (info.instead_of.empty()) continue;
    settle_clock(job.manifest, asset, info);
    if (events.on_warning)
      events.on_warning(job.path + ": asset \"" + asset.id + "\": " + info.path +
                        " is used instead of " + info.instead_of + ": " + info.why_instead);
  }
}

Result<void> time_by_log(Job& job, const Listen& listen, const HearingEvents& events) {
  SoundParts whole;
  for (const auto& id : assets_to_time(job.manifest, job.media))
    whole[id] = {{0ns, job.media.find(id)->second.duration}};
  if (auto heard = measure(job, std::move(whole), false, listen, events); !heard) return heard;
  settle_clocks_by_log(job.manifest, job.media);
  return {};
}

// Takes alternatives for media that are silent though somebody is to be heard, and says whether
// there are any.
Result<bool> take_alternatives(Job& job, const MediaWorkers& workers, const HearingEvents& events) {
  const auto expected = expected_sound(job.manifest, job.media);
  const auto taken =
      prefer_sounding(expected, job.assets, LevelCache::of_user(), job.media, workers);
  if (!taken) return taken;
  settle_alternatives(job, events);
  return taken;
}

Result<void> measure_planned(Job& job, bool all, const Listen& listen,
                             const HearingEvents& events) {
  return measure(job, sound_to_hear(job.manifest, job.media, all),
                 all || needs_loudness(job.manifest), listen, events);
}

}  // namespace

Result<void> time_by_log(Job& job, const MediaWorkers& workers, const HearingEvents& events) {
  return time_by_log(job, listen_by_workers(workers), events);
}

Result<void> hear(Job& job, bool all, const MediaWorkers& workers, const HearingEvents& events) {
  const auto listen = listen_by_workers(workers);
  if (auto done = time_by_log(job, listen, events); !done) return done;
  if (auto done = measure_planned(job, all, listen, events); !done) return done;
  const auto taken = take_alternatives(job, workers, events);
  if (!taken) return tl::unexpected(taken.error());
  return *taken ? measure_planned(job, all, listen, events) : Result<void>{};
}

Result<bool> hear_known(Job& job) {
  bool complete = true;
  const auto nothing = [&](const std::vector<ToHear>& media) -> Result<std::vector<HeardSound>> {
    complete = complete && media.empty();
    return std::vector<HeardSound>(media.size(), HeardSound{{}, "it is not listened to"});
  };
  if (auto done = time_by_log(job, nothing, {}); !done) return tl::unexpected(done.error());
  if (auto done = measure_planned(job, false, nothing, {}); !done)
    return tl::unexpected(done.error());
  return complete;
}

Result<MediaMap> hear_as_recorded(const Job& job, const MediaWorkers& workers) {
  const auto filtered = high_passes(job.manifest);
  const bool one_channel = job.manifest.audio.channels == 1;
  MediaRefs changed;
  for (const auto& [id, cutoff] : filtered)
    if (const auto found = job.media.find(id);
        found != job.media.end() && !found->second.peaks.empty() && (one_channel || cutoff != 0))
      changed.emplace(id, &found->second);
  auto media = job.media;
  if (changed.empty()) return media;
  auto levels = all_levels(changed, LevelCache::of_user(), listen_by_workers(workers),
                           {.loudness = true,
                            .parts = sound_to_hear(job.manifest, job.media, true),
                            .files = job.files});
  if (!levels) return tl::unexpected(levels.error());
  for (auto& [id, known] : *levels) media[id].peaks = std::move(known.peaks);
  return media;
}

}  // namespace rostrum
