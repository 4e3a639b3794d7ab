// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/film_form.h"

#include "core/mp4_movie.h"
#include "engine/fragmented_file.h"
#include "engine/matroska_file.h"
#include "engine/target_file.h"

#include <cerrno>
#include <cstring>

namespace rostrum {

namespace {

Result<void> write_fragments(const File& film, mp4::View moov, const std::string& out,
                             const std::stop_token& stop) {
  const auto times = mp4::fragment_times(moov, kFragment);
  if (!times) return tl::unexpected(times.error());
  const auto movie = mp4::fragment_movie(moov, {mp4::fourcc("vide"), mp4::fourcc("soun")}, *times);
  if (!movie) return tl::unexpected(movie.error());
  return write_fragmented(film, *movie, out, stop);
}

Result<void> copy_whole(const File& film, const std::string& out_path,
                        const std::stop_token& stop) {
  TargetFile out{out_path};
  if (!out.opened())
    return fail(Kind::usage, out_path + ": cannot be written: " + std::strerror(errno));
  return out.reserve(film.size())
      .and_then([&] { return out.copy(film, 0, film.size(), stop); })
      .and_then([&] { return out.keep(); });
}

}  // namespace

Result<void> write_film_form(const std::string& joined, FilmForm form, const FilmTexts& texts,
                             const std::string& out, const std::stop_token& stop) {
  const auto film = File::open_to_read(joined);
  if (!film) return tl::unexpected(film.error());
  if (form.plain()) return copy_whole(*film, out, stop);
  const auto moov = read_moov(*film, joined);
  if (!moov) return tl::unexpected(moov.error());
  if (form.container == FilmContainer::mp4) return write_fragments(*film, *moov, out, stop);
  const auto index =
      matroska::remux(*moov, {form.container == FilmContainer::webm, texts.title, texts.chapters});
  if (!index) return tl::unexpected(index.error());
  return write_matroska(*film, *index, out, stop);
}

}  // namespace rostrum
