// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/estimates.h"

#include "core/still_frames.h"
#include "engine/file.h"

#include <algorithm>
#include <thread>

namespace rostrum {

namespace {

double length_of(const Plan& plan) { return to_seconds(plan.grid.start(plan.frames.count())); }

bool copies_sound(const Plan& plan) { return plan.encoded_because.empty(); }

bool is_heard(const Plan& plan, const PlannedClip& clip) {
  return clip.has_audio && clip.start < plan.grid.start(plan.frames.end) &&
         plan.grid.start(plan.frames.first) < clip.start + clip.playable;
}

// Of all clips together, what is played in this render.
double seconds_played(const Plan& plan) {
  Nanoseconds sum{0};
  for (const auto& track : plan.tracks)
    for (const auto& clip : track.clips)
      if (is_heard(plan, clip))
        sum += std::min(clip.start + clip.playable, plan.grid.start(plan.frames.end)) -
               std::max(clip.start, plan.grid.start(plan.frames.first));
  return to_seconds(sum);
}

std::int64_t frames_copied(const Plan& plan) {
  std::int64_t frames = 0;
  for (const auto& run : plan.pictures.copied) frames += run.frames.count();
  return frames;
}

// That are not coded, for the picture before them stays.
std::int64_t frames_held(const Plan& plan) {
  return plan.stills.empty() ? 0 : plan.frames.count() - std::ssize(coded_frames(plan));
}

// Whole-process cost of a composed and encoded 720p frame, measured on one core
// (docs/performance.md).
double composing_seconds(const Plan& plan, std::int64_t frames) {
  constexpr double kSecondsPerPixel = 6e-3 / (1280 * 720);
  const double pixels = static_cast<double>(plan.canvas.width) * plan.canvas.height;
  return static_cast<double>(frames) * pixels * kSecondsPerPixel;
}

// Of each frame, its renditions' pixels as a share of the canvas's.
double rendition_share(const Plan& plan) {
  double pixels = 0;
  for (const auto& r : plan.renditions) pixels += static_cast<double>(r.size.width) * r.size.height;
  return pixels / (static_cast<double>(plan.canvas.width) * plan.canvas.height);
}

// A copied frame costs as many whatever its size.
double copying_seconds(std::int64_t frames) { return static_cast<double>(frames) * 1e-4; }

double picture_seconds(const Plan& plan) {
  constexpr double kEncodedOnly = 0.9;  // of what a composed pixel costs, scaling included
  const auto copied = frames_copied(plan);
  return composing_seconds(plan, plan.frames.count() - copied - frames_held(plan)) *
             (1 + kEncodedOnly * rendition_share(plan)) +
         copying_seconds(copied);
}

unsigned cores() { return std::min(2U, std::max(1U, std::thread::hardware_concurrency())); }

// On one core: of what is played, what decoding and mixing it takes; of the length, what encoding
// or copying it does.
double sound_seconds(const Plan& plan, const RenderFiles& files) {
  constexpr double kMixing = 1.0 / 150;
  constexpr double kEncoding = 1.0 / 120;
  constexpr double kCopying = 1.0 / 1000;
  const auto mixing = kMixing * seconds_played(plan);
  const auto encoding = kEncoding * length_of(plan);
  const auto film = copies_sound(plan) ? kCopying * length_of(plan) : mixing + encoding;
  if (files.stems.empty()) return film;
  return film + mixing + encoding * static_cast<double>(files.stems.size());  // each track in one
}

double bytes_per_second(const SoundFormat& format) {
  constexpr double kLossless = 0.6;  // of 24 bits
  return format.bitrate > 0 ? format.bitrate * 125.0
                            : kSampleRate * 3.0 * format.channels * kLossless;
}

// As the index of an MP4 has it.
std::optional<double> indexed_sound_bytes(const File& file, const std::string& path) {
  constexpr std::size_t kMost = 20'000'000;  // packets: a hundred hours
  const auto body = read_moov(file, path);
  const auto movie = body ? mp4::read_movie(*body) : tl::unexpected(body.error());
  if (!movie || movie->fragmented) return {};
  for (const auto& track : movie->tracks) {
    if (track.handler != mp4::fourcc("soun")) continue;
    const auto samples = mp4::samples_of(*body, track.id, kMost);
    if (!samples) return {};
    double bytes = 0;
    for (const auto& sample : *samples) bytes += sample.size;
    return bytes;
  }
  return {};
}

// Per second, of the only medium that is heard.  Beside a picture in a container that does not say
// it, the usual.
double copied_bytes_per_second(const Job& job, const Plan& plan) {
  const auto usual = bytes_per_second(plan.sound);
  for (const auto& track : plan.tracks)
    for (const auto& clip : track.clips) {
      const auto medium = job.media.find(clip.asset);
      if (!is_heard(plan, clip) || medium == job.media.end() || medium->second.duration <= 0ns)
        continue;
      const auto& info = medium->second;
      const auto file = job.files.open(info.path);
      if (!file) return usual;
      const auto bytes = indexed_sound_bytes(*file, info.path);
      if (!bytes && info.video) return usual;
      return bytes.value_or(static_cast<double>(file->size())) / to_seconds(info.duration);
    }
  return usual;
}

// As much of their media as is played, the sound in them included.
double copied_picture_bytes(const Job& job, const Plan& plan) {
  double bytes = 0;
  for (const auto& run : plan.pictures.copied) {
    const auto medium = job.media.find(run.asset);
    if (medium == job.media.end() || medium->second.duration <= 0ns) continue;
    const auto file = job.files.open(medium->second.path);
    if (!file) continue;
    bytes += static_cast<double>(file->size()) * to_seconds(plan.grid.start(run.frames.count())) /
             to_seconds(medium->second.duration);
  }
  return bytes;
}

}  // namespace

double estimated_bytes(const Job& job, const Plan& plan, const RenderFiles& files) {
  constexpr double kBitsPerPixel = 0.02;  // veryfast, CRF 23, of slides and cameras
  const double pixels = static_cast<double>(plan.canvas.width) * plan.canvas.height;
  auto sound =
      copies_sound(plan) ? copied_bytes_per_second(job, plan) : bytes_per_second(plan.sound);
  for (const auto& stem : files.stems) sound += bytes_per_second(stem.format);
  const auto bytes = length_of(plan) * sound;
  if (files.sound_only) return bytes;
  const auto composed =
      static_cast<double>(plan.frames.count() - frames_copied(plan) - frames_held(plan));
  // Small pictures hold as much in fewer pixels.
  constexpr double kRenditionBits = 1.5;
  return bytes + copied_picture_bytes(job, plan) +
         composed * pixels * kBitsPerPixel / 8 * (1 + kRenditionBits * rendition_share(plan));
}

double estimated_seconds(const Plan& plan, const RenderFiles& files) {
  const auto picture = files.sound_only ? 0 : picture_seconds(plan);
  return (picture + sound_seconds(plan, files)) / cores();
}

double seconds_saved(const Plan& plan) {
  const auto copied = frames_copied(plan);
  return (composing_seconds(plan, copied + frames_held(plan)) - copying_seconds(copied)) / cores();
}

}  // namespace rostrum
