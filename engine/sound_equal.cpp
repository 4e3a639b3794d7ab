// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/sound_equal.h"

#include "core/mp4_movie.h"
#include "core/mp4_sound.h"
#include "engine/file.h"

#include <algorithm>

namespace rostrum {

namespace {

constexpr std::size_t kMostPackets = 20'000'000;
constexpr Nanoseconds kInPlace = 20ms;  // less than a packet of 1024 samples

// The sound of an MP4 file by its index.
struct Packets {
  File file;
  mp4::Bytes config;
  std::uint32_t timescale = 0;
  std::int64_t skipped = 0;  // before the sound begins
  std::vector<mp4::Sample> samples;

  Nanoseconds time(std::size_t n) const {
    const auto ticks = static_cast<std::int64_t>(samples[n].start) - skipped;
    const Nanoseconds t{scale_round(std::abs(ticks), 1'000'000'000, timescale)};
    return ticks < 0 ? -t : t;
  }
  mp4::Bytes read(std::size_t n) const { return file.read(samples[n].offset, samples[n].size); }
};

std::optional<Packets> packets_of(File file, const std::string& path) {
  const auto moov = read_moov(file, path);
  const auto movie = moov ? mp4::read_movie(*moov) : tl::unexpected(moov.error());
  if (!movie || movie->fragmented) return {};
  for (const auto& track : movie->tracks) {
    if (track.handler != mp4::fourcc("soun")) continue;
    auto samples = mp4::samples_of(*moov, track.id, kMostPackets);
    auto config = mp4::aac_config(*moov);
    if (!samples || samples->empty() || !config || track.edits.size() > 1) return {};
    const auto skipped = track.edits.empty() ? 0 : track.edits.front().media_time;
    if (skipped < 0) return {};
    return Packets{std::move(file), std::move(*config), track.timescale, skipped,
                   std::move(*samples)};
  }
  return {};
}

// The only clip that is heard.
const PlannedClip* heard_clip(const Plan& plan) {
  const Interval film{plan.grid.start(plan.frames.first), plan.grid.start(plan.frames.end)};
  const PlannedClip* found = nullptr;
  for (const auto& track : plan.tracks)
    for (const auto& clip : track.clips) {
      if (!clip.has_audio || clip.start >= film.to || clip.start + clip.playable <= film.from)
        continue;
      if (found) return nullptr;
      found = &clip;
    }
  return found;
}

// The medium's packet that is the film's first, `ahead`: how much later the medium has it.
std::optional<std::size_t> first_of(const Packets& film, const Packets& medium, Nanoseconds ahead) {
  const auto wanted = film.time(0) + ahead;
  const auto bytes = film.read(0);
  for (std::size_t n = 0; n < medium.samples.size(); ++n) {
    if (medium.time(n) > wanted + kInPlace) return {};
    if (medium.time(n) >= wanted - kInPlace && medium.read(n) == bytes) return n;
  }
  return {};
}

bool are_equal(const Packets& film, const Packets& medium, std::size_t first, Nanoseconds ahead) {
  // The last may be a silent one: see copy_sound().
  for (std::size_t n = 0; n + 1 < film.samples.size(); ++n) {
    const auto other = first + n;
    if (other == medium.samples.size()) return false;
    if (film.samples[n].size != medium.samples[other].size) return false;
    if (std::chrono::abs(medium.time(other) - film.time(n) - ahead) > kInPlace) return false;
    const auto bytes = film.read(n);
    if (bytes.size() != film.samples[n].size || bytes != medium.read(other)) return false;
  }
  return true;
}

}  // namespace

bool has_sound_of_medium(const std::string& film_path, const Plan& plan, const MediaMap& media,
                         const MediaFiles& files) {
  const auto* clip = heard_clip(plan);
  const auto info = clip ? media.find(clip->asset) : media.end();
  if (info == media.end()) return false;
  auto film_file = File::open_to_read(film_path);
  auto medium_file = files.open(info->second.path);
  if (!film_file || !medium_file) return false;
  const auto film = packets_of(std::move(*film_file), film_path);
  const auto medium = packets_of(std::move(*medium_file), info->second.path);
  if (!film || !medium || film->config != medium->config) return false;
  const auto ahead = plan.grid.start(plan.frames.first) + clip->in - clip->start;
  const auto first = first_of(*film, *medium, ahead);
  return first && are_equal(*film, *medium, *first, ahead);
}

}  // namespace rostrum
