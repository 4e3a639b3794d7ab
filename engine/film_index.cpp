// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/film_index.h"

#include "core/matroska_read.h"
#include "core/mp4_chapters.h"
#include "core/mp4_sample_count.h"

#include <algorithm>
#include <numeric>

namespace rostrum {

namespace {

constexpr std::size_t kMostChapters = 100'000;
constexpr std::size_t kLongestTitle = 65537;                  // its length field included
constexpr std::size_t kMatroskaHead = std::size_t{16} << 20;  // bytes

// The file's own index.
struct Index {
  mp4::Bytes moov;
  mp4::Movie movie;
};

Nanoseconds time_of(std::uint64_t ticks, std::uint32_t timescale) {
  return Nanoseconds{scale_round(static_cast<std::int64_t>(ticks), 1'000'000'000, timescale)};
}

Result<Index> read_index(const File& file, const std::string& path, FilmIndex& film) {
  const auto boxes = outermost_boxes(file, path);
  if (!boxes) return tl::unexpected(boxes.error());
  const FileBox* moov = find_box(*boxes, mp4::fourcc("moov"));
  const FileBox* samples = find_box(*boxes, mp4::fourcc("mdat"));
  if (!moov || !samples) return fail(Kind::media, path + ": is not a whole MP4 file");
  film.first = moov->position < samples->position;
  auto body = read_body(file, *moov, path);
  if (!body) return tl::unexpected(body.error());
  auto movie = mp4::read_movie(*body);
  if (!movie) return fail(Kind::media, path + ": " + movie.error().message);
  return Index{std::move(*body), std::move(*movie)};
}

const mp4::Track* find_track(const mp4::Movie& movie, mp4::FourCc handler) {
  for (const mp4::Track& track : movie.tracks)
    if (track.handler == handler) return &track;
  return nullptr;
}

// What of a track is played, and where on the movie's axis that begins.
struct Presented {
  Nanoseconds from{0};
  Nanoseconds length{0};
};

Presented presented(const mp4::Movie& movie, const mp4::Track& track) {
  if (track.edits.empty()) return {0ns, time_of(track.duration, track.timescale)};
  std::uint64_t empty = 0;
  std::uint64_t all = 0;
  bool started = false;
  for (const mp4::Edit& edit : track.edits) {
    started = started || edit.media_time >= 0;
    if (!started) empty += edit.duration;
    all += edit.duration;
  }
  return {time_of(empty, movie.timescale), time_of(all - empty, movie.timescale)};
}

std::vector<Chapter> read_text_track(const File& file, const Index& index, const mp4::Track& text) {
  std::vector<Chapter> chapters;
  const auto samples = mp4::samples_of(index.moov, text.id, kMostChapters);
  if (!samples) return chapters;
  for (const mp4::Sample& sample : *samples)
    chapters.push_back({time_of(sample.start, text.timescale),
                        mp4::read_text_sample(file.read(
                            sample.offset, std::min<std::size_t>(sample.size, kLongestTitle)))});
  return chapters;
}

bool agree(const std::vector<Chapter>& list, const std::vector<Chapter>& text) {
  if (list.size() != std::min(text.size(), mp4::kMostListed)) return false;
  for (std::size_t i = 0; i < list.size(); ++i)
    if (std::chrono::abs(list[i].start - text[i].start) > 1ms ||
        !text[i].title.starts_with(list[i].title))
      return false;
  return true;
}

void read_chapters(const File& file, const Index& index, FilmIndex& film) {
  const auto chpl = mp4::find(index.moov, {mp4::fourcc("udta"), mp4::fourcc("chpl")});
  const auto list = chpl ? mp4::read_chapter_list(chpl->body) : std::nullopt;
  std::optional<std::vector<Chapter>> text;
  for (const mp4::Track& track : index.movie.tracks)
    for (const mp4::Track& other : index.movie.tracks)
      if (!text && std::count(track.chapters.begin(), track.chapters.end(), other.id) > 0)
        text = read_text_track(file, index, other);
  film.chapters = text ? *text : list.value_or(std::vector<Chapter>{});
  film.chapters_agree = (!chpl || list) && (!list || !text || agree(*list, *text));
}

// Of the grid on which frames begin.  What qtdemux says is a common rate nearby, and of frames that
// are held longer than others a mean.
std::optional<Fraction> grid_rate(const mp4::Track& track) {
  if (track.tick == 0) return {};
  const auto common = std::gcd(track.timescale, track.tick);
  const Fraction rate{track.timescale / common, track.tick / common};
  constexpr std::int64_t kMost = 240;  // a second: beyond that no frame is held, times only jitter
  return rate.num <= kMost * rate.den ? std::optional{rate} : std::nullopt;
}

// When frames are shown that decoding can begin with, in order; nothing where the index has none.
std::vector<Nanoseconds> key_frames(const Index& index, const mp4::Track& track, std::size_t most) {
  const auto samples =
      index.movie.fragmented ? std::nullopt : mp4::samples_of(index.moov, track.id, most);
  std::vector<Nanoseconds> times;
  if (!samples || track.edits.size() > 1) return times;
  const auto delay = track.edits.empty() ? 0 : track.edits.front().media_time;
  for (const auto& s : *samples) {
    const auto shown = static_cast<std::int64_t>(s.start) + s.composition - delay;
    if (s.sync && delay >= 0 && shown >= 0)
      times.push_back(time_of(static_cast<std::uint64_t>(shown), track.timescale));
  }
  std::sort(times.begin(), times.end());
  return times;
}

// ISO/IEC 14496-12, 8.8.2: how long all fragments are together, in which what the edit lists take
// off may be counted.
Nanoseconds declared_length(const Index& index, Nanoseconds found) {
  constexpr Nanoseconds kEdits = 1s;
  const auto mehd = mp4::find(index.moov, {mp4::fourcc("mvex"), mp4::fourcc("mehd")});
  if (!index.movie.fragmented) return time_of(index.movie.duration, index.movie.timescale);
  if (!mehd) return found;
  mp4::Reader r{mehd->body};
  r.skip(4);
  const auto declared = time_of(r.word(mp4::version_of(mehd->body)), index.movie.timescale);
  return declared > found && declared < found + kEdits ? found : declared;
}

void describe_sound(const Index& index, const mp4::Track& track, FilmIndex& film) {
  film.sound_from = presented(index.movie, track).from;
  film.sound_edits = track.edits;
  film.sound_timescale = track.timescale;
  film.movie_timescale = index.movie.timescale;
  if (!track.edits.empty() && track.edits.back().media_time > 0)
    film.sound_skipped =
        time_of(static_cast<std::uint64_t>(track.edits.back().media_time), track.timescale);
}

Result<FilmIndex> read_mp4(const File& file, const std::string& path) {
  FilmIndex film;
  const auto index = read_index(file, path, film);
  if (!index) return tl::unexpected(index.error());
  read_chapters(file, *index, film);
  for (const mp4::Track& track : index->movie.tracks) {
    const Presented p = presented(index->movie, track);
    film.duration = std::max(film.duration, p.from + p.length);
  }
  film.fragmented = index->movie.fragmented;
  film.declared = declared_length(*index, film.duration);
  if (const auto* picture = find_track(index->movie, mp4::fourcc("vide"))) {
    film.entrances = key_frames(*index, *picture, mp4::most_samples(file.size()));
    film.rate = grid_rate(*picture);
    film.uneven = film.rate && picture->duration != std::uint64_t{picture->tick} * picture->samples;
  }
  if (const auto* sound = find_track(index->movie, mp4::fourcc("soun")))
    describe_sound(*index, *sound, film);
  return film;
}

Result<FilmIndex> read_matroska(const File& file, const std::string& path) {
  auto facts = matroska::read_facts(file.read(0, kMatroskaHead));
  if (!facts) return fail(Kind::media, path + ": is not a whole Matroska file");
  FilmIndex film;
  film.matroska = true;
  film.first = !facts->entrances.empty();
  film.duration = film.declared = facts->duration;
  film.chapters = std::move(facts->chapters);
  film.entrances = std::move(facts->entrances);
  film.frame = facts->frame;
  return film;
}

}  // namespace

Nanoseconds FilmIndex::sound_origin() const { return sound_skipped - sound_from; }

// The edit list is applied to what was decoded, in samples: see open_segment() in film_reader.cpp.
std::int64_t FilmIndex::played_samples(int rate, std::int64_t first, std::int64_t end) const {
  if (sound_edits.empty()) return end - first;
  std::int64_t played = 0;
  for (const mp4::Edit& edit : sound_edits) {
    if (edit.media_time < 0) continue;
    const std::int64_t from = scale_round(edit.media_time, rate, sound_timescale);
    const std::int64_t length =
        scale_round(static_cast<std::int64_t>(edit.duration), rate, movie_timescale);
    played += std::max<std::int64_t>(0, std::min(end, from + length) - std::max(first, from));
  }
  return played;
}

Result<FilmIndex> read_film_index(const File& file, const std::string& path) {
  return matroska::is_matroska(file.read(0, 4)) ? read_matroska(file, path) : read_mp4(file, path);
}

}  // namespace rostrum
