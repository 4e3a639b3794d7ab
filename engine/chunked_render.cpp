// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/chunked_render.h"

#include "core/chunks.h"
#include "core/source_trials.h"
#include "engine/chunk_keys.h"
#include "engine/encoders.h"
#include "engine/memory.h"
#include "engine/worker_pool.h"

#include <algorithm>
#include <set>
#include <thread>

namespace rostrum {

namespace {

constexpr std::int64_t kWorkerBytes = 300LL << 20;  // resident size of a 720p worker, with room

// One chunk of picture or unit of sound.
struct Unit {
  PoolTask task;
  double cost = 0;
  SoundUnit sound;  // of a sound unit
  bool is_sound = false;
};

// Only the paths that the slice needs.
AssetPaths paths_for(const Slice& slice, const AssetPaths& all) {
  AssetPaths paths;
  for (const auto& asset : sources_of(slice))
    if (const auto found = all.find(asset); found != all.end()) paths.insert(*found);
  return paths;
}

Unit make_unit(const ChunkJob& base, Slice slice, Nanoseconds length, ChunkKeys& keys,
               WorkDir& dir) {
  Unit unit;
  unit.task.job = base;
  unit.task.job.paths = paths_for(slice, base.paths);
  unit.task.job.slice = std::move(slice);
  unit.task.length = length;
  unit.task.key = keys.of(unit.task.job);
  unit.task.job.output = dir.partial_path(unit.task.key);
  return unit;
}

std::vector<Unit> make_units(const Plan& plan, const MediaMap& media, const ChunkJob& base,
                             WorkDir& dir) {
  ChunkKeys keys;
  std::vector<Unit> units;
  for (const auto& sound : cut_sound(sample_count(plan))) {
    const auto length = sample_time(plan, sound.end_sample) - sample_time(plan, sound.first_sample);
    units.push_back(make_unit(base, make_sound_slice(plan, sound.first_sample, sound.end_sample),
                              length, keys, dir));
    units.back().sound = sound;
    units.back().is_sound = true;
  }
  for (const auto& frames : cut_chunks(plan)) {
    auto slice = make_picture_slice(plan, frames);
    const double work = cost(slice, media);
    units.push_back(make_unit(base, std::move(slice), plan.grid.start(frames.count()), keys, dir));
    units.back().cost = work;
  }
  return units;
}

// Sound first, for it must never be the tail; then the longest pictures, so that the workers end
// together.
std::vector<PoolTask> tasks_left(const std::vector<Unit>& units, const WorkDir& dir) {
  std::vector<const Unit*> left;
  std::set<std::string> seen;
  for (const auto& unit : units)
    if (!dir.find(unit.task.key) && seen.insert(unit.task.key).second) left.push_back(&unit);
  std::stable_sort(left.begin(), left.end(), [](const Unit* a, const Unit* b) {
    return a->is_sound != b->is_sound ? a->is_sound : a->cost > b->cost;
  });
  std::vector<PoolTask> tasks;
  for (const auto* unit : left) tasks.push_back(unit->task);
  return tasks;
}

Nanoseconds total_length(const std::vector<PoolTask>& tasks) {
  Nanoseconds total{0};
  for (const auto& task : tasks) total += task.length;
  return total;
}

ChunkedFilm film_of(const std::vector<Unit>& units, const WorkDir& dir) {
  ChunkedFilm film;
  for (const auto& unit : units) {
    const auto* entry = dir.find(unit.task.key);
    if (unit.is_sound)
      film.sounds.push_back(
          {dir.chunk_path(unit.task.key), unit.sound.skipped(), unit.sound.kept()});
    else
      film.pictures.push_back(dir.chunk_path(unit.task.key));
    film.substitutions.insert(film.substitutions.end(), entry->substitutions.begin(),
                              entry->substitutions.end());
  }
  return film;
}

std::int64_t finished_bytes(const std::vector<Unit>& units, const WorkDir& dir) {
  std::int64_t bytes = 0;
  for (const auto& unit : units)
    if (const auto* entry = dir.find(unit.task.key)) bytes += entry->bytes;
  return bytes;
}

// With the encoder that the job names.
Result<ChunkedFilm> render_with(const Plan& plan, const MediaMap& media, const ChunkJob& job,
                                WorkDir& dir, const ChunkedOptions& options) {
  dir.remove_partials();
  const auto units = make_units(plan, media, job, dir);
  auto tasks = tasks_left(units, dir);
  const auto rendered = static_cast<int>(tasks.size());
  const auto total = total_length(tasks);
  PoolEvents events;
  events.on_finished = [&dir](const PoolTask& task,
                              std::vector<Substitution> substitutions) -> Result<void> {
    if (auto entry = dir.finish_chunk(task.key, std::move(substitutions)); !entry)
      return tl::unexpected(entry.error());
    return {};
  };
  events.on_progress = [&](Nanoseconds done) {
    if (options.on_progress) options.on_progress(done, total);
  };
  const auto look = [&](bool begun) {
    return options.on_look ? options.on_look(finished_bytes(units, dir), begun) : Result<void>{};
  };
  events.on_look = [&] { return look(true); };
  if (auto fine = look(false); !fine) return tl::unexpected(fine.error());
  const PoolOptions pool{options.program, dir.path() + "/chunks", options.workers,
                         options.stall_timeout,
                         memory_limits(memory_figure("MemTotal"), plan.canvas)};
  const auto done = run_pool(pool, std::move(tasks), events);
  dir.remove_partials();
  if (!done) return tl::unexpected(done.error());
  auto film = film_of(units, dir);
  film.encoder = job.encoder;
  film.rendered = rendered;
  film.reused = static_cast<int>(units.size()) - rendered;
  return film;
}

}  // namespace

Result<ChunkedFilm> render_chunks(const Plan& plan, const MediaMap& media, const ChunkJob& base,
                                  WorkDir& dir, const ChunkedOptions& options) {
  const auto encoders = video_encoders(base.encoder);
  if (!encoders) return tl::unexpected(encoders.error());
  auto job = base;
  std::string failures;
  for (const auto& encoder : *encoders) {
    if (!failures.empty() && options.on_other_encoder)
      options.on_other_encoder(failures + "; the film is rendered with " + encoder);
    job.encoder = encoder;
    auto film = render_with(plan, media, job, dir, options);
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
