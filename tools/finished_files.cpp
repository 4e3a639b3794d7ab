// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/finished_files.h"

#include "core/mp4_chapters.h"
#include "core/plan_sound.h"
#include "engine/assemble_sound.h"
#include "engine/film_form.h"
#include "engine/levels.h"
#include "engine/scratch.h"
#include "engine/sound_equal.h"
#include "tools/expected_film.h"
#include "tools/terminal.h"

#include <cmath>
#include <cstdio>
#include <filesystem>

namespace rostrum {

namespace {

FinishOptions finish_of(const Plan& plan) {
  FinishOptions finish;
  finish.chapters = plan.chapters;
  finish.audio_samples = sample_count(plan);
  finish.audio_rate = kSampleRate;
  finish.title = plan.title;
  finish.duration = plan.grid.start(plan.frames.count());
  return finish;
}

Expected expected_sound(const Plan& plan, int channels) {
  Expected sound;
  sound.picture = false;
  sound.samples = sample_count(plan);
  sound.channels = channels;
  return sound;
}

void warn_of_loudness(const AudioOptions& wanted, const ProgrammeLoudness& found) {
  char text[100];
  if (wanted.loudness && found.integrated && std::abs(*found.integrated - *wanted.loudness) > 0.5) {
    std::snprintf(text, sizeof text, "the programme came out at %.1f LUFS instead of %.1f",
                  *found.integrated, *wanted.loudness);
    say_warning(text);
  }
  if (wanted.range && found.range > *wanted.range + 1) {
    std::snprintf(text, sizeof text, "the programme's loudness range came out at %.1f LU, not %.1f",
                  found.range, *wanted.range);
    say_warning(text);
  }
}

// Among the files that a second Ctrl-C removes; 0 is the film, 1 the report.  What is large comes
// first, thumbnails, of which there may be more than places, last.
constexpr int kJoined = 2;
constexpr int kRendition = 3;
constexpr int kFirstFilm = 4;  // stems follow
int first_stream(const RenderFiles& files) {
  return kFirstFilm + static_cast<int>(files.films.size() + files.stem_paths.size());
}
int first_thumbnail(const RenderFiles& files) {
  return first_stream(files) + static_cast<int>(files.stream_paths.size());
}

}  // namespace

FinishedFiles::FinishedFiles(const RenderOptions& options, const Plan& plan,
                             const RenderFiles& files, const std::string& suffix,
                             const WorkDir& dir)
    : options_{options},
      plan_{plan},
      files_{files},
      scratch_{dir.scratch_path()},
      film_{files.output, suffix, 0},
      streams_{files.streams, !files.sound_only, suffix, first_stream(files)},
      thumbnails_{files.thumbnails, plan, suffix, first_thumbnail(files)},
      rendition_path_{dir.chunk_path("rendition")},
      suffix_{suffix} {
  if (!files.form.plain())
    joined_ = std::make_unique<TemporaryFile>(dir.joined_path(), suffix, kJoined);
  int index = kFirstFilm;
  for (const auto& film : files.films)
    films_.push_back(std::make_unique<TemporaryFile>(film.path, suffix, index++));
  for (const auto& path : files.stem_paths)
    stems_.push_back(std::make_unique<TemporaryFile>(path, suffix, index++));
}

Result<void> FinishedFiles::write_form(const TemporaryFile& out, FilmForm form,
                                       const std::stop_token& stop) {
  const FilmTexts texts{plan_.title, mp4::playable_chapters(plan_.chapters, length(), plan_.title)};
  return write_film_form(joined(), form, texts, out.path(), stop);
}

Result<void> FinishedFiles::assemble(const ChunkedFilm& film, const std::stop_token& stop) {
  const auto finish = finish_of(plan_);
  sound_copied_ = film.sound.copied;
  renditions_ = film.renditions;
  auto done = files_.sound_only
                  ? assemble_sound(film.sound, *files_.sound_only, film_.path(), finish, stop)
                  : assemble_mp4(film.pictures, film.sound, joined(), finish, stop);
  if (done && joined_) done = write_form(film_, files_.form, stop);
  if (!done) return done;
  auto plain = finish;
  plain.chapters.clear();
  for (std::size_t i = 0; i < stems_.size(); ++i) {
    plain.title = files_.stems[i].name;
    const auto container = sound_container(files_.stem_paths[i]);
    done = assemble_sound(film.stems[i].sound, container.value_or(SoundContainer::mp4),
                          stems_[i]->path(), plain, stop);
    if (!done) return done;
  }
  return {};
}

Result<VerifyReport> FinishedFiles::verify_one(const std::string& path, const std::string& name,
                                               const VerifyOptions& how) const {
  auto report = rostrum::verify(path, how);
  if (report && !report->ok())
    return fail(Kind::verification, name + " is not as planned:\n" + findings_text(*report, false));
  return report;
}

Result<VerifyReport> FinishedFiles::verify_film(const Job& job,
                                                const std::vector<Substitution>& met,
                                                VerifyOptions how) const {
  auto heard = job;  // to compare, after all is decided
  if (how.full)
    if (auto done = hear(heard, true); !done) return tl::unexpected(done.error());
  const Scratch scratch{scratch_};
  auto pool = scratch_pool(scratch, plan_.canvas, job.files);
  if (!pool) return tl::unexpected(pool.error());
  pool->stall_timeout = options_.stall_timeout;
  const auto base = chunk_job(job);
  const PlannedFilm planned{plan_,
                            heard.media,
                            base,
                            *pool,
                            plan_.grid.start(plan_.frames.end),
                            merge_substitutions(plan_, met),
                            is_part() ? std::nullopt : job.manifest.audio.loudness};
  how.planned = &planned;
  how.sound_known = sound_copied_ && !how.full && !files_.sound_only && !joined_ &&
                    has_sound_of_medium(film_.path(), plan_, job.media, job.files);
  return verify_one(film_.path(), "the film", how);
}

Expected FinishedFiles::expected() const {
  if (!files_.sound_only) return expected_film(plan_);
  auto sound = expected_sound(plan_, plan_.sound.channels);
  if (files_.sound_only == SoundContainer::mp4) sound.chapters = expected_film(plan_).chapters;
  return sound;
}

Result<void> FinishedFiles::verify(const Job& job, const std::vector<Substitution>& met,
                                   const std::stop_token& stop) {
  if (options_.verify == VerifyMode::off) return {};
  VerifyOptions how;
  how.full = options_.verify == VerifyMode::full;
  how.stop = stop;
  how.expected = expected();
  auto film = verify_film(job, met, how);
  if (!film) return tl::unexpected(film.error());
  verified_ = std::move(*film);
  for (std::size_t i = 0; i < stems_.size(); ++i) {
    how.expected = expected_sound(plan_, files_.stems[i].format.channels);
    const auto stem = verify_one(stems_[i]->path(), files_.stem_paths[i], how);
    if (!stem) return tl::unexpected(stem.error());
  }
  return {};
}

Result<std::optional<ProgrammeLoudness>> FinishedFiles::loudness(const Job& job,
                                                                 const std::stop_token& stop) {
  if (!needs_loudness(job.manifest)) return std::optional<ProgrammeLoudness>{};
  auto measured = verified_ && verified_->sound
                      ? Result<ProgrammeLoudness>{verified_->sound->loudness}
                      : measure_programme(joined(), length(), plan_.sound.channels, stop);
  if (!measured) return tl::unexpected(measured.error());
  if (!is_part())  // of which nothing is promised
    warn_of_loudness(job.manifest.audio, *measured);
  return std::optional{*measured};
}

Result<void> FinishedFiles::write_films(const std::stop_token& stop) {
  for (std::size_t i = 0; i < films_.size(); ++i) {
    const auto& [path, form] = files_.films[i];
    if (auto done = write_form(*films_[i], form, stop); !done) return done;
    if (options_.verify == VerifyMode::off) continue;
    VerifyOptions how;
    how.full = false;  // the packets are the film's, which was looked at
    how.stop = stop;
    how.expected = expected();
    if (const auto right = verify_one(films_[i]->path(), path, how); !right)
      return tl::unexpected(right.error());
  }
  return {};
}

// One at a time, so that only one is on the disk a third time.
Result<void> FinishedFiles::write_rendition(std::size_t n, const std::stop_token& stop) {
  const auto& rendition = plan_.renditions[n];
  const TemporaryFile file{rendition_path_, suffix_, kRendition};
  FinishOptions finish;
  finish.title = plan_.title;
  finish.duration = length();
  if (auto done = assemble_mp4(renditions_[n], {}, file.path(), finish, stop); !done) return done;
  if (options_.verify != VerifyMode::off) {
    VerifyOptions how;
    how.full = options_.verify == VerifyMode::full;
    how.stop = stop;
    how.expected = expected_film(plan_);
    how.expected->size = rendition.size;
    how.expected->samples = 0;
    how.expected->channels.reset();
    how.expected->chapters = 0;
    const auto name = "the rendition of " + std::to_string(rendition.size.height) + " lines";
    if (const auto right = verify_one(file.path(), name, how); !right)
      return tl::unexpected(right.error());
  }
  return streams_.write_rendition(rendition, file.path(), plan_, stop);
}

Result<void> FinishedFiles::write_streams(const std::stop_token& stop) {
  if (streams_.empty()) return {};
  auto done = streams_.write_film(joined(), plan_, stop);
  for (std::size_t n = 0; done && n < renditions_.size(); ++n) done = write_rendition(n, stop);
  return done.and_then([&] { return streams_.write_playlists(plan_); });
}

std::vector<RenditionReport> FinishedFiles::renditions() const {
  std::vector<RenditionReport> found;
  std::error_code error;
  for (const auto& [size, profile, pointer] : plan_.renditions)
    for (const auto& path : rendition_paths(files_.streams, size.height))
      found.push_back({path, size, static_cast<double>(std::filesystem::file_size(path, error))});
  return found;
}

Result<void> FinishedFiles::write_further(const std::stop_token& stop) {
  return write_films(stop).and_then([&] { return write_streams(stop); }).and_then([&] {
    return thumbnails_.write(joined(), stop);
  });
}

Result<void> FinishedFiles::commit() {
  for (auto& stem : stems_)
    if (auto done = stem->commit(); !done) return done;
  if (auto done = streams_.commit(); !done) return done;
  if (auto done = thumbnails_.commit(); !done) return done;
  for (auto& film : films_)
    if (auto done = film->commit(); !done) return done;
  return film_.commit();
}

}  // namespace rostrum
