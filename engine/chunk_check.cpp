// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/chunk_check.h"

#include "core/chunks.h"
#include "core/mp4_join.h"
#include "core/renditions.h"
#include "core/still_frames.h"
#include "engine/file.h"
#include "engine/picture_canvas.h"

#include <algorithm>

namespace rostrum {

namespace {

std::int64_t samples_in(const mp4::Movie& movie, mp4::FourCc handler) {
  for (const auto& track : movie.tracks)
    if (track.handler == handler) return static_cast<std::int64_t>(track.samples);
  return 0;
}

Result<void> check_frames(const ChunkJob& job) {
  const auto file = File::open_to_read(job.output);
  if (!file) return fail(Kind::internal, file.error().message);
  const auto frame = frame_info(job.slice.canvas).size;
  const auto expected = static_cast<std::uint64_t>(job.slice.frames.count()) * frame;
  if (file->size() == expected) return {};
  return fail(Kind::internal, job.output + ": has " + std::to_string(file->size()) +
                                  " bytes instead of " + std::to_string(expected));
}

bool has_renditions(const ChunkJob& job) { return !job.coding.renditions.empty(); }

// Of a still, that its pictures come with the frames that were to be encoded: the film takes no
// other.
Result<void> check_still(const ChunkJob& job, const std::string& path, Kind wrong) {
  const auto file = File::open_to_read(path);
  if (!file) return fail(Kind::internal, file.error().message);
  auto moov = read_moov(*file, path);
  if (!moov) return fail(Kind::internal, moov.error().message);
  const auto held = held_frames(job.slice, has_renditions(job));
  const auto alone = mp4::join_movies({{std::move(*moov), 0, -1, held}}, {});
  if (!alone) return fail(wrong, path + ": " + alone.error().message);
  return {};
}

// An encoder with a device is not trusted: the next one may do better.
Kind wrong_of(const ChunkJob& job) { return job.coding.hardware ? Kind::encoder : Kind::internal; }

Result<void> check_pictures(const ChunkJob& job, const std::string& path, std::int64_t pictures,
                            Kind wrong) {
  const auto expected = std::ssize(coded_frames(job.slice, has_renditions(job)));
  if (pictures == expected) return {};
  return fail(wrong, path + ": has " + std::to_string(pictures) + " pictures instead of " +
                         std::to_string(expected));
}

// Of a chunk with renditions: that decoding can begin with each of key_frames(), and needs nothing
// before it.
Result<void> check_key_frames(const ChunkJob& job, const std::string& path) {
  const auto file = File::open_to_read(path);
  if (!file) return fail(Kind::internal, file.error().message);
  const auto coded = coded_frames(job.slice, true);
  const auto moov = read_moov(*file, path);
  const auto movie = moov ? mp4::read_movie(*moov) : tl::unexpected(moov.error());
  if (!movie) return fail(Kind::internal, movie.error().message);
  const auto samples = mp4::samples_of(*moov, movie->tracks.front().id, coded.size());
  if (!samples || samples->size() != coded.size())
    return fail(Kind::internal, path + ": its index is damaged");
  const auto shown = [](const mp4::Sample& s) {
    return static_cast<std::int64_t>(s.start) + s.composition;
  };
  for (const auto frame : key_frames(job.slice.grid, job.slice.frames)) {
    const auto place = std::lower_bound(coded.begin(), coded.end(), frame) - coded.begin();
    const auto& key = (*samples)[static_cast<std::size_t>(place)];
    const auto before = std::count_if(samples->begin(), samples->end(),
                                      [&](const auto& s) { return shown(s) < shown(key); });
    if (!key.sync || before != place)
      return fail(Kind::encoder, path + ": there is no key frame at frame " +
                                     std::to_string(frame) +
                                     ", where a segment begins; renditions need an encoder that "
                                     "makes one when it is asked");
  }
  return {};
}

Result<void> check_renditions(const ChunkJob& job) {
  if (job.rendition_outputs.empty()) return {};
  if (auto fine = check_key_frames(job, job.output); !fine) return fine;
  for (const auto& path : job.rendition_outputs) {
    const auto movie = read_movie_file(path);
    if (!movie) return fail(Kind::internal, movie.error().message);
    auto fine = check_pictures(job, path, samples_in(*movie, mp4::fourcc("vide")), Kind::encoder);
    if (fine) fine = check_key_frames(job, path);
    if (fine && job.slice.still) fine = check_still(job, path, Kind::encoder);
    if (!fine) return fine;
  }
  return {};
}

}  // namespace

Result<void> check_chunk(const ChunkJob& job) {
  if (job.output.empty()) return {};
  if (job.raw) return check_frames(job);
  const auto movie = read_movie_file(job.output);
  if (!movie) return fail(Kind::internal, movie.error().message);
  const auto pictures = samples_in(*movie, mp4::fourcc("vide"));
  if (auto right = check_pictures(job, job.output, pictures, wrong_of(job)); !right) return right;
  if (job.slice.still)
    if (auto right = check_still(job, job.output, wrong_of(job)); !right) return right;
  if (auto right = check_renditions(job); !right) return right;
  const auto length = job.slice.sound.to - job.slice.sound.from;
  const auto sound = scale_round(length.count(), kSampleRate, 1'000'000'000);
  const auto packets = samples_in(*movie, mp4::fourcc("soun"));
  if (sound > 0 && packets < packet_grid(job.slice.format.codec).packets(sound))
    return fail(Kind::internal,
                job.output + ": has only " + std::to_string(packets) + " packets of sound");
  return {};
}

}  // namespace rostrum
