// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/stream_files.h"

#include "core/slice.h"
#include "engine/film_form.h"
#include "engine/fragmented_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

// An index holds 65535 segments: longer ones in a film of days.
constexpr std::int64_t kMostSegments = 60'000;

struct Track {
  mp4::FourCc handler;
  const char* ending;  // of its file's name, before that of its kind
};
constexpr Track kPicture{mp4::fourcc("vide"), ".picture"};
constexpr Track kSound{mp4::fourcc("soun"), ".sound"};

std::vector<Track> tracks_of(bool picture) {
  return picture ? std::vector{kPicture, kSound} : std::vector{kSound};
}

// Of a playlist's path: what its files' names begin with.
std::string base_of(const std::string& playlist) {
  return fs::path{playlist}.replace_extension().string();
}

Result<void> write_text(const std::string& path, const std::string& text) {
  std::ofstream file{path, std::ios::binary};
  file << text;
  file.close();
  if (file) return {};
  return fail(Kind::usage, path + ": cannot be written: " + std::strerror(errno));
}

std::vector<std::string> in_order(std::vector<std::string> playlists) {
  std::sort(playlists.begin(), playlists.end());
  return playlists;
}

StreamFile describe(const std::string& base, const Track& track,
                    const mp4::FragmentedMovie& movie) {
  StreamFile file;
  file.uri = uri_of(base + track.ending + ".mp4");
  file.playlist = uri_of(base + track.ending + ".m3u8");
  file.codecs = movie.codecs;
  file.head = movie.head.size();
  file.index = movie.index.size();
  for (const auto& fragment : movie.fragments)
    file.segments.push_back({fragment.size, fragment.shown.to - fragment.shown.from});
  return file;
}

StreamedFilm described(const Plan& plan) {
  StreamedFilm film;
  film.size = {plan.canvas.width, plan.canvas.height};
  film.rate = plan.grid.rate();
  film.sound_rate = kSampleRate;
  film.channels = plan.sound.channels;
  film.duration = plan.grid.start(plan.frames.count());
  return film;
}

}  // namespace

std::vector<std::string> stream_paths(const std::vector<std::string>& playlists, bool picture) {
  std::vector<std::string> paths;
  const auto add = [&](std::string path) {
    if (std::find(paths.begin(), paths.end(), path) == paths.end())
      paths.push_back(std::move(path));
  };
  for (const auto& playlist : playlists)
    for (const auto& track : tracks_of(picture)) {
      add(base_of(playlist) + track.ending + ".mp4");
      if (stream_kind(playlist) == StreamKind::hls) add(base_of(playlist) + track.ending + ".m3u8");
    }
  for (const auto& playlist : playlists) add(playlist);
  return paths;
}

StreamFiles::StreamFiles(const std::vector<std::string>& playlists, bool picture,
                         const std::string& suffix, int index)
    : playlists_{in_order(playlists)}, picture_{picture}, paths_{stream_paths(playlists, picture)} {
  for (const auto& path : paths_)
    files_.emplace(path, std::make_unique<TemporaryFile>(path, suffix, index++));
}

Result<void> StreamFiles::write(const std::string& film_path, const Plan& plan,
                                const std::stop_token& stop) {
  if (playlists_.empty()) return {};
  const auto film = File::open_to_read(film_path);
  if (!film) return tl::unexpected(film.error());
  const auto moov = read_moov(*film, film_path);
  if (!moov) return tl::unexpected(moov.error());
  const auto length = plan.grid.start(plan.frames.count());
  const auto times = mp4::fragment_times(*moov, std::max(kFragment, length / kMostSegments));
  if (!times) return tl::unexpected(times.error());
  auto streamed = described(plan);
  std::string written;  // the beginning of their names: playlists of one name follow each other
  for (const auto& playlist : playlists_) {
    const auto base = base_of(playlist);
    for (const auto& track : tracks_of(picture_)) {
      if (base == written) break;
      const auto movie = mp4::fragment_movie(*moov, {track.handler}, *times);
      if (!movie) return tl::unexpected(movie.error());
      const auto out = temporary(base + track.ending + ".mp4");
      if (auto done = write_fragmented(*film, *movie, out, stop); !done) return done;
      (track.handler == kPicture.handler ? streamed.picture : streamed.sound) =
          describe(base, track, *movie);
    }
    written = base;
    if (auto done = write_playlists(playlist, streamed); !done) return done;
  }
  return {};
}

Result<void> StreamFiles::write_playlists(const std::string& playlist, const StreamedFilm& film) {
  if (stream_kind(playlist) == StreamKind::dash)
    return write_text(temporary(playlist), dash_manifest(film));
  for (const auto& track : tracks_of(picture_)) {
    const auto& file = track.handler == kPicture.handler ? film.picture : film.sound;
    const auto path = temporary(base_of(playlist) + track.ending + ".m3u8");
    if (auto done = write_text(path, hls_segments(*file)); !done) return done;
  }
  return write_text(temporary(playlist), hls_playlist(film));
}

Result<void> StreamFiles::commit() {
  for (const auto& path : paths_)
    if (auto done = files_.find(path)->second->commit(); !done) return done;
  return {};
}

}  // namespace rostrum
