// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/chunked_render.h"

#include "core/encoder_fallback.h"
#include "engine/file.h"
#include "engine/memory.h"
#include "engine/render_units.h"
#include "engine/renderer_builds.h"

#include <algorithm>
#include <thread>
#include <tuple>
#include <utility>

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

std::string failure_text(const EncoderFailure& f) {
  return "the encoder " + f.encoder + " failed: " + f.why;
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
  film.renditions.resize(wanted.pictures ? plan.renditions.size() : 0);
  for (const auto& stem : wanted.stems)
    film.stems.push_back({stem, {{}, film.sound.priming, stem.format}});
  for (const auto& unit : units) {
    const auto* entry = dir.find(unit.task.key);
    const auto path = dir.chunk_path(unit.task.key);
    film.substitutions.insert(film.substitutions.end(), entry->substitutions.begin(),
                              entry->substitutions.end());
    if (!unit.is_sound) {
      const auto& slice = unit.task.job.slice;
      film.pictures.push_back({path, unit.held_frames});
      for (std::size_t i = 0; i < film.renditions.size(); ++i)
        film.renditions[i].push_back(
            {dir.chunk_path(rendition_key(unit.task.key, plan.renditions[i].size)),
             unit.held_frames});
      if (is_copied(unit, *entry)) film.frames_copied += slice.frames.count();
      if (slice.still)
        film.frames_held += slice.frames.count() - std::ssize(film.pictures.back().frames);
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

// Of a finished chunk, its renditions included.
std::int64_t bytes_of(const PoolTask& task, const WorkDir& dir) {
  auto bytes = dir.find(task.key)->bytes;
  if (!task.job.slice.frames.empty())
    for (const auto& r : task.job.coding.renditions)
      bytes += dir.find(rendition_key(task.key, r.size))->bytes;
  return bytes;
}

std::int64_t finished_bytes(const std::vector<RenderUnit>& units, const WorkDir& dir) {
  std::int64_t bytes = 0;
  for (const auto& unit : units)
    if (is_finished(unit.task, dir)) bytes += bytes_of(unit.task, dir);
  return bytes;
}

class Render {
 public:
  Render(const Plan& plan, const MediaMap& media, WorkDir& dir, const ChunkedOptions& options)
      : plan_{plan},
        media_{media},
        dir_{dir},
        options_{options},
        wanted_{options.pictures, plan.encoded_because.empty(), options.stems, options.files, {}},
        fallback_{options.codings} {}

  Result<ChunkedFilm> all(ChunkJob job) {
    if (options_.pictures) job.coding = fallback_.current();
    dir_.remove_partials();
    // Before anything is made of a plan that may be vast: at most all that is there will be of use.
    if (auto fine = look(dir_.bytes(), false); !fine) return tl::unexpected(fine.error());
    wanted_.builds = renderer_builds_of(options_.program);
    if (auto done = copy_sound(job); !done) return tl::unexpected(done.error());
    units_ = make_units(plan_, media_, job, wanted_, dir_);
    list_chunks();
    if (options_.on_listed) options_.on_listed();
    auto tasks = tasks_left(units_, dir_, options_.order);
    const auto left = static_cast<int>(tasks.size());
    if (auto fine = look(finished_bytes(units_, dir_), false); !fine)
      return tl::unexpected(fine.error());
    if (auto done = run(std::move(tasks), options_.on_progress); !done)
      return tl::unexpected(explained(done.error()));
    auto film = film_of(units_, plan_, wanted_, dir_);
    if (!film) return film;
    describe_encoders(*film);
    film->rendered = copied_ + left - found_;
    film->reused = static_cast<int>(units_.size()) - film->rendered;
    return film;
  }

 private:
  void list_chunks() const {
    const auto packets = packet_grid(plan_.sound.codec);
    ChunkList list{options_.job, {}, plan_.grid.rate(), {packets.samples, packets.priming, {}}};
    for (const auto& unit : units_) {
      const auto& [slice, key] = std::tie(unit.task.job.slice, unit.task.key);
      if (!unit.is_sound) {
        list.chunks.push_back({slice.frames, key});
      } else if (slice.copied) {
        list.sound.priming = skipped_in(dir_.chunk_path(key)).value_or(0);
        list.sound.units.push_back({key, 0, -1});
      } else if (unit.stem == kMix) {
        list.sound.units.push_back({key, unit.sound.skipped(), unit.sound.kept()});
      }
    }
    dir_.list_chunks(list);
  }

  Result<void> look(std::int64_t finished, bool begun) {
    return options_.on_look ? options_.on_look(finished, begun) : Result<void>{};
  }

  void describe_encoders(ChunkedFilm& film) {
    if (!options_.pictures) return;
    for (const auto& unit : units_)
      if (!unit.is_sound && !is_copied(unit, *dir_.find(unit.task.key)))
        ++film.encoders[unit.task.job.coding.encoder];
    if (!film.encoders.empty()) film.encoder = fallback_.current().encoder;
    film.failures = failures_;
    film.sessions = session_limits_;
    for (const auto& [encoder, sessions] : session_limits_)
      if (options_.on_warning)
        options_.on_warning("the encoder " + encoder + " serves only " + std::to_string(sessions) +
                            " at once; chunks waited for it");
  }

  // Of an encoder's error: what failed before it, too.
  Error explained(Error error) const {
    if (error.kind != Kind::encoder || fallback_.empty()) return error;
    std::string text;
    for (const auto& failure : failures_) text += failure_text(failure) + "; ";
    error.message =
        text + "the encoder " + fallback_.current().encoder + " failed: " + error.message;
    if (options_.codings.size() == 1)
      error.message += "; the encoder \"auto\" would try the next one";
    return error;
  }

  // The chunk is rendered by the next encoder, and so are all that begin after it.
  bool leave_encoder(PoolTask& task, const Error& error) {
    const auto failed = task.job.coding.encoder;
    if (!fallback_.leave(failed)) return false;
    const auto& next = fallback_.current().encoder;
    failures_.push_back({failed, task.job.slice.frames, error.message, next});
    if (options_.on_warning)
      options_.on_warning(failure_text(failures_.back()) + "; the chunk from " +
                          format_time(plan_.grid.start(task.job.slice.frames.first)) +
                          " and all that are left are rendered with " + next);
    recode(units_, task, fallback_.current(), wanted_, dir_);
    list_chunks();
    return true;
  }

  // Chunks that wait go over to the encoder that works; it may have rendered them once before.
  bool begin(PoolTask& task) {
    const auto& job = task.job;
    if (job.slice.frames.empty() || job.slice.copied ||
        job.coding.encoder == fallback_.current().encoder)
      return true;
    recode(units_, task, fallback_.current(), wanted_, dir_);
    list_chunks();
    if (!is_finished(task, dir_)) return true;
    ++found_;
    return false;
  }

  // The chunk itself last: where its line is in the journal, those of its renditions are.
  Result<void> finish(const PoolTask& task, std::vector<Substitution> substitutions) {
    for (std::size_t i = 0; i < task.job.rendition_outputs.size(); ++i) {
      const auto key = rendition_key(task.key, task.job.coding.renditions[i].size);
      if (auto entry = dir_.finish_chunk(key, {}); !entry) return tl::unexpected(entry.error());
    }
    if (auto entry = dir_.finish_chunk(task.key, std::move(substitutions)); !entry)
      return tl::unexpected(entry.error());
    return {};
  }

  Result<void> run(std::vector<PoolTask> tasks, const RenderProgress& on_progress) {
    const auto total = total_length(tasks);
    if (on_progress) on_progress(0ns, total);
    PoolEvents events;
    events.on_encoder_failed = [this](PoolTask& task, const Error& e) {
      return leave_encoder(task, e);
    };
    events.on_start = [this](PoolTask& task) { return begin(task); };
    events.on_session_limit = [this](const std::string& encoder, int sessions) {
      session_limits_[encoder] = sessions;
    };
    events.on_finished = [this](const PoolTask& task,
                                std::vector<Substitution> substitutions) -> Result<void> {
      return finish(task, std::move(substitutions));
    };
    events.on_progress = [&](Nanoseconds done) {
      if (on_progress) on_progress(done, total);
    };
    events.on_look = [&] { return look(finished_bytes(units_, dir_), true); };
    const PoolOptions pool{options_.program,
                           dir_.path() + "/chunks",
                           options_.workers,
                           options_.stall_timeout,
                           memory_limits(memory_figure("MemTotal"), plan_.canvas, sizes()),
                           options_.files,
                           options_.sessions};
    const auto done = run_pool(pool, std::move(tasks), events);
    dir_.remove_partials();
    return done;
  }

  std::vector<Size> sizes() const {
    std::vector<Size> found;
    for (const auto& r : plan_.renditions) found.push_back(r.size);
    return found;
  }

  // Alone and first: where the packets turn out not to be what they seemed, the sound is encoded.
  Result<void> copy_sound(const ChunkJob& job) {
    if (!wanted_.copied_sound) return {};
    const std::vector<RenderUnit> unit{make_copied_unit(plan_, job, wanted_, dir_)};
    auto tasks = tasks_left(unit, dir_, options_.order);
    copied_ = static_cast<int>(tasks.size());
    auto done = run(std::move(tasks), {});  // the rest has a progress of its own, from 0 on
    if (done || done.error().kind == Kind::interrupted) return done;
    wanted_.copied_sound = false;
    copied_ = 0;
    if (options_.on_warning)
      options_.on_warning("the sound is encoded, for it cannot be copied: " + done.error().message);
    return {};
  }

  const Plan& plan_;
  const MediaMap& media_;
  WorkDir& dir_;
  const ChunkedOptions& options_;
  UnitsWanted wanted_;
  EncoderFallback fallback_;
  std::vector<RenderUnit> units_;  // in the order of the film
  std::vector<EncoderFailure> failures_;
  std::map<std::string, int> session_limits_;
  int copied_ = 0;  // units of sound, in this run
  int found_ = 0;   // chunks that the encoder in use had rendered before
};

}  // namespace

Result<ChunkedFilm> render_chunks(const Plan& plan, const MediaMap& media, const ChunkJob& base,
                                  WorkDir& dir, const ChunkedOptions& options) {
  return Render{plan, media, dir, options}.all(base);
}

int default_workers() {
  const auto cores = static_cast<std::int64_t>(std::thread::hardware_concurrency());
  return static_cast<int>(std::clamp<std::int64_t>(memory_figure("MemAvailable") / kWorkerBytes, 1,
                                                   std::max<std::int64_t>(1, cores)));
}

}  // namespace rostrum
