// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/stream_files.h"

#include "core/renditions.h"
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

constexpr char kPicture[] = ".picture";
constexpr char kSound[] = ".sound";

std::string rendition_ending(int height) {
  return std::string{kPicture} + "-" + std::to_string(height);
}

// Of a playlist's path: what its files' names begin with.
std::string base_of(const std::string& playlist) {
  return fs::path{playlist}.replace_extension().string();
}

// What comes behind it in the names of its files, the pictures first.
std::vector<std::string> endings_of(const StreamPlaylist& playlist, bool picture) {
  std::vector<std::string> endings;
  if (picture) {
    endings.emplace_back(kPicture);
    for (const auto height : playlist.renditions) endings.push_back(rendition_ending(height));
  }
  endings.emplace_back(kSound);
  return endings;
}

Result<void> write_text(const std::string& path, const std::string& text) {
  std::ofstream file{path, std::ios::binary};
  file << text;
  file.close();
  if (file) return {};
  return fail(Kind::usage, path + ": cannot be written: " + std::strerror(errno));
}

StreamFile describe(const std::string& stem, const mp4::FragmentedMovie& movie) {
  StreamFile file;
  file.uri = uri_of(stem + ".mp4");
  file.playlist = uri_of(stem + ".m3u8");
  file.codecs = movie.codecs;
  file.head = movie.head.size();
  file.index = movie.index.size();
  for (const auto& fragment : movie.fragments)
    file.segments.push_back({fragment.size, fragment.shown.to - fragment.shown.from});
  return file;
}

// Times in ticks of their own may differ by a nanosecond.
bool same_lengths(const StreamFile& a, const StreamFile& b) {
  const auto same = [](const StreamSegment& x, const StreamSegment& y) {
    return std::chrono::abs(x.duration - y.duration) < 1us;
  };
  return std::equal(a.segments.begin(), a.segments.end(), b.segments.begin(), b.segments.end(),
                    same);
}

void add_new(std::vector<std::string>& paths, std::string path) {
  if (std::find(paths.begin(), paths.end(), path) == paths.end()) paths.push_back(std::move(path));
}

// All files of the streams but their own playlists; two playlists of one name share them.
std::vector<std::string> part_paths(const std::vector<StreamPlaylist>& playlists, bool picture) {
  std::vector<std::string> paths;
  for (const auto& playlist : playlists)
    for (const auto& ending : endings_of(playlist, picture)) {
      add_new(paths, base_of(playlist.path) + ending + ".mp4");
      if (stream_kind(playlist.path) == StreamKind::hls)
        add_new(paths, base_of(playlist.path) + ending + ".m3u8");
    }
  return paths;
}

std::vector<StreamPlaylist> in_order(std::vector<StreamPlaylist> playlists) {
  std::sort(playlists.begin(), playlists.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  return playlists;
}

}  // namespace

std::vector<std::string> stream_paths(const std::vector<StreamPlaylist>& playlists, bool picture) {
  auto paths = part_paths(playlists, picture);
  for (const auto& playlist : playlists) add_new(paths, playlist.path);
  return paths;
}

std::string playlist_of_a_part(const std::vector<StreamPlaylist>& playlists, bool picture) {
  const auto parts = part_paths(playlists, picture);
  for (const auto& playlist : playlists)
    if (std::count(parts.begin(), parts.end(), playlist.path) > 0) return playlist.path;
  return {};
}

std::vector<std::string> rendition_paths(const std::vector<StreamPlaylist>& playlists, int height) {
  std::vector<std::string> paths;
  for (const auto& [path, heights] : playlists)
    if (const auto file = base_of(path) + rendition_ending(height) + ".mp4";
        std::count(heights.begin(), heights.end(), height) > 0 &&
        std::count(paths.begin(), paths.end(), file) == 0)
      paths.push_back(file);
  return paths;
}

// A film of which segments are made.
struct StreamFiles::Source {
  File file;
  mp4::Bytes moov;
  std::vector<Nanoseconds> times;  // where they begin
};

StreamFiles::StreamFiles(const std::vector<StreamPlaylist>& playlists, bool picture,
                         const std::string& suffix, int index)
    : playlists_{in_order(playlists)}, picture_{picture}, paths_{stream_paths(playlists, picture)} {
  for (const auto& path : paths_)
    files_.emplace(path, std::make_unique<TemporaryFile>(path, suffix, index++));
}

// With renditions where all have a key frame, else where the film has one.
Result<StreamFiles::Source> StreamFiles::open(const std::string& film, const Plan& plan) {
  auto file = File::open_to_read(film);
  if (!file) return tl::unexpected(file.error());
  auto moov = read_moov(*file, film);
  if (!moov) return tl::unexpected(moov.error());
  if (!plan.renditions.empty())
    return Source{std::move(*file), std::move(*moov), segment_times(plan.grid, plan.frames)};
  const auto length = plan.grid.start(plan.frames.count());
  auto times = mp4::fragment_times(*moov, std::max(kFragment, length / kMostSegments));
  if (!times) return tl::unexpected(times.error());
  return Source{std::move(*file), std::move(*moov), std::move(*times)};
}

Result<void> StreamFiles::write_file(const Source& source, const std::string& stem, bool picture,
                                     const std::stop_token& stop) {
  if (written_.contains(stem)) return {};  // playlists of one name share it
  const auto handler = picture ? mp4::fourcc("vide") : mp4::fourcc("soun");
  const auto movie = mp4::fragment_movie(source.moov, {handler}, source.times);
  if (!movie) return tl::unexpected(movie.error());
  auto done = write_fragmented(source.file, *movie, temporary(stem + ".mp4"), stop);
  if (done) written_.emplace(stem, describe(stem, *movie));
  return done;
}

Result<void> StreamFiles::write_film(const std::string& film, const Plan& plan,
                                     const std::stop_token& stop) {
  if (empty()) return {};
  const auto source = open(film, plan);
  if (!source) return tl::unexpected(source.error());
  for (const auto& playlist : playlists_)
    for (const bool picture : {true, false})
      if (picture_ || !picture)
        if (auto done = write_file(*source, base_of(playlist.path) + (picture ? kPicture : kSound),
                                   picture, stop);
            !done)
          return done;
  return {};
}

Result<void> StreamFiles::write_rendition(const PlannedRendition& rendition,
                                          const std::string& film, const Plan& plan,
                                          const std::stop_token& stop) {
  const auto source = open(film, plan);
  if (!source) return tl::unexpected(source.error());
  const auto height = rendition.size.height;
  for (const auto& [path, heights] : playlists_) {
    if (std::find(heights.begin(), heights.end(), height) == heights.end()) continue;
    const auto stem = base_of(path) + rendition_ending(height);
    if (auto done = write_file(*source, stem, true, stop); !done) return done;
    if (!same_lengths(written_.at(stem), written_.at(base_of(path) + kPicture)))
      return fail(Kind::verification, stem + ".mp4: its segments are not those of the film");
  }
  return {};
}

StreamedFilm StreamFiles::described(const StreamPlaylist& playlist, const Plan& plan) const {
  const auto base = base_of(playlist.path);
  StreamedFilm film;
  if (picture_) film.pictures.push_back({written_.at(base + kPicture), plan.canvas});
  for (const auto& rendition : plan.renditions)
    if (const auto found = written_.find(base + rendition_ending(rendition.size.height));
        std::count(playlist.renditions.begin(), playlist.renditions.end(), rendition.size.height) >
            0 &&
        found != written_.end())
      film.pictures.push_back({found->second, rendition.size});
  film.sound = written_.at(base + kSound);
  film.rate = plan.grid.rate();
  film.sound_rate = kSampleRate;
  film.channels = plan.sound.channels;
  film.duration = plan.grid.start(plan.frames.count());
  return film;
}

Result<void> StreamFiles::write_playlists(const Plan& plan) {
  for (const auto& playlist : playlists_) {
    const auto film = described(playlist, plan);
    const bool dash = stream_kind(playlist.path) == StreamKind::dash;
    const auto text = dash ? dash_manifest(film) : hls_playlist(film);
    if (auto done = write_text(temporary(playlist.path), text); !done) return done;
    if (dash) continue;
    for (const auto& ending : endings_of(playlist, picture_)) {
      const auto stem = base_of(playlist.path) + ending;
      const auto segments = hls_segments(written_.at(stem));
      if (auto done = write_text(temporary(stem + ".m3u8"), segments); !done) return done;
    }
  }
  return {};
}

Result<void> StreamFiles::commit() {
  for (const auto& path : paths_)
    if (auto done = files_.find(path)->second->commit(); !done) return done;
  return {};
}

}  // namespace rostrum
