// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/chunked_render.h"

#include "engine/encoders.h"
#include "engine/file.h"
#include "engine/memory.h"
#include "engine/render_units.h"

#include <algorithm>
#include <thread>

namespace rostrum {

namespace {

constexpr std::int64_t kWorkerBytes = 300LL << 20;  // resident size of a 720p worker, with room

Nanoseconds total_length(const std::vector<PoolTask>& tasks) {
  Nanoseconds total{0};
  for (const auto& task : tasks) total += task.length;
  return total;
}

// Where the sound begins in a file of copied packets, by its edit list.
Result<std::int64_t> skipped_in(const std::string& path) {
  const auto movie = read_movie_file(path);
  if (!movie) return tl::unexpected(movie.error());
  if (movie->tracks.empty() || movie->tracks.front().edits.empty())
    return fail(Kind::internal, path + ": does not say where its sound begins");
  return movie->tracks.front().edits.front().media_time;
}

// Whether it was: what is broken is not.
bool is_copied(const RenderUnit& unit, const JournalEntry& entry) {
  return unit.task.job.slice.copied &&
         std::none_of(entry.substitutions.begin(), entry.substitutions.end(),
                      [](const Substitution& s) { return s.what == "broken"; });
}

Result<ChunkedFilm> film_of(const std::vector<RenderUnit>& units, const Plan& plan,
                            const UnitsWanted& wanted, const WorkDir& dir) {
  ChunkedFilm film;
  film.sound.priming = packet_grid(plan.sound.codec).priming;
  film.sound.format = plan.sound;
  for (const auto& stem : wanted.stems)
    film.stems.push_back({stem, {{}, film.sound.priming, stem.format}});
  for (const auto& unit : units) {
    const auto* entry = dir.find(unit.task.key);
    const auto path = dir.chunk_path(unit.task.key);
    film.substitutions.insert(film.substitutions.end(), entry->substitutions.begin(),
                              entry->substitutions.end());
    if (!unit.is_sound) {
      film.pictures.push_back(path);
      if (is_copied(unit, *entry)) film.frames_copied += unit.task.job.slice.frames.count();
    } else if (unit.task.job.slice.copied) {
      const auto skipped = skipped_in(path);
      if (!skipped) return tl::unexpected(skipped.error());
      film.sound.parts.push_back({path, 0, -1});
      film.sound.priming = *skipped;
      film.sound.copied = true;
    } else {
      auto& sound =
          unit.stem == kMix ? film.sound : film.stems[static_cast<std::size_t>(unit.stem)].sound;
      sound.parts.push_back({path, unit.sound.skipped(), unit.sound.kept()});
    }
  }
  return film;
}

std::int64_t finished_bytes(const std::vector<RenderUnit>& units, const WorkDir& dir) {
  std::int64_t bytes = 0;
  for (const auto& unit : units)
    if (const auto* entry = dir.find(unit.task.key)) bytes += entry->bytes;
  return bytes;
}

class Render {
 public:
  Render(const Plan& plan, const MediaMap& media, WorkDir& dir, const ChunkedOptions& options)
      : plan_{plan},
        media_{media},
        dir_{dir},
        options_{options},
        wanted_{options.pictures, plan.encoded_because.empty(), options.stems, options.files} {}

  // With the encoder that the job names.
  Result<ChunkedFilm> with(const ChunkJob& job) {
    dir_.remove_partials();
    // Before anything is made of a plan that may be vast: at most all that is there will be of use.
    if (auto fine = look(dir_.bytes(), false); !fine) return tl::unexpected(fine.error());
    if (auto done = copy_sound(job); !done) return tl::unexpected(done.error());
    const auto units = make_units(plan_, media_, job, wanted_, dir_);
    auto tasks = tasks_left(units, dir_);
    const auto rendered = static_cast<int>(tasks.size());
    if (auto fine = look(finished_bytes(units, dir_), false); !fine)
      return tl::unexpected(fine.error());
    if (auto done = run(std::move(tasks), units); !done) return tl::unexpected(done.error());
    auto film = film_of(units, plan_, wanted_, dir_);
    if (!film) return film;
    const bool encoded = options_.pictures && film->frames_copied < plan_.frames.count();
    film->encoder = encoded ? job.encoder : "";
    film->rendered = rendered;
    film->reused = static_cast<int>(units.size()) - rendered;
    return film;
  }

 private:
  Result<void> look(std::int64_t finished, bool begun) {
    return options_.on_look ? options_.on_look(finished, begun) : Result<void>{};
  }

  Result<void> run(std::vector<PoolTask> tasks, const std::vector<RenderUnit>& units) {
    const auto total = total_length(tasks);
    PoolEvents events;
    events.on_finished = [this](const PoolTask& task,
                                std::vector<Substitution> substitutions) -> Result<void> {
      if (auto entry = dir_.finish_chunk(task.key, std::move(substitutions)); !entry)
        return tl::unexpected(entry.error());
      return {};
    };
    events.on_progress = [&](Nanoseconds done) {
      if (options_.on_progress) options_.on_progress(done, total);
    };
    events.on_look = [&] { return look(finished_bytes(units, dir_), true); };
    const PoolOptions pool{options_.program,
                           dir_.path() + "/chunks",
                           options_.workers,
                           options_.stall_timeout,
                           memory_limits(memory_figure("MemTotal"), plan_.canvas),
                           options_.files};
    const auto done = run_pool(pool, std::move(tasks), events);
    dir_.remove_partials();
    return done;
  }

  // Alone and first: where the packets turn out not to be what they seemed, the sound is encoded.
  Result<void> copy_sound(const ChunkJob& job) {
    if (!wanted_.copied_sound) return {};
    const std::vector<RenderUnit> unit{make_copied_unit(plan_, job, wanted_, dir_)};
    auto done = run(tasks_left(unit, dir_), {});
    if (done || done.error().kind == Kind::interrupted) return done;
    wanted_.copied_sound = false;
    if (options_.on_warning)
      options_.on_warning("the sound is encoded, for it cannot be copied: " + done.error().message);
    return {};
  }

  const Plan& plan_;
  const MediaMap& media_;
  WorkDir& dir_;
  const ChunkedOptions& options_;
  UnitsWanted wanted_;
};

}  // namespace

Result<ChunkedFilm> render_chunks(const Plan& plan, const MediaMap& media, const ChunkJob& base,
                                  WorkDir& dir, const ChunkedOptions& options) {
  Render render{plan, media, dir, options};
  if (!options.pictures) return render.with(base);
  const auto encoders = video_encoders(base.encoder);
  if (!encoders) return tl::unexpected(encoders.error());
  auto job = base;
  std::string failures;
  for (const auto& encoder : *encoders) {
    if (!failures.empty() && options.on_other_encoder)
      options.on_other_encoder(failures + "; the film is rendered with " + encoder);
    job.encoder = encoder;
    auto film = render.with(job);
    if (film || film.error().kind != Kind::encoder) return film;
    failures += (failures.empty() ? "" : "; ") + std::string{"the encoder "} + encoder +
                " failed: " + film.error().message;
  }
  if (base.encoder != "auto") failures += "; the encoder \"auto\" would try the next one";
  return fail(Kind::encoder, failures);
}

int default_workers() {
  const auto cores = static_cast<std::int64_t>(std::thread::hardware_concurrency());
  return static_cast<int>(std::clamp<std::int64_t>(memory_figure("MemAvailable") / kWorkerBytes, 1,
                                                   std::max<std::int64_t>(1, cores)));
}

}  // namespace rostrum
