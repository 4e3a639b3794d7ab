// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/render_units.h"

#include "core/source_trials.h"
#include "core/still_frames.h"
#include "engine/chunk_keys.h"

#include <algorithm>
#include <set>

namespace rostrum {

namespace {

// Only the paths that the slice needs.
AssetPaths paths_for(const Slice& slice, const AssetPaths& all) {
  AssetPaths paths;
  for (const auto& asset : sources_of(slice))
    if (const auto found = all.find(asset); found != all.end()) paths.insert(*found);
  return paths;
}

// Without all that it plays.
Slice outline_of(Slice slice) {
  slice.slots = {};
  slice.voices = {};
  slice.overlays = {};
  return slice;
}

ChunkJob completed(const PoolTask& task) {
  auto job = task.job;
  if (task.complete) task.complete(job);
  return job;
}

// Where the task's worker writes.
void name_outputs(PoolTask& task, const WorkDir& dir) {
  task.job.output = dir.partial_path(task.key);
  task.job.rendition_outputs.clear();
  if (task.job.slice.frames.empty()) return;
  for (const auto& r : task.job.coding.renditions)
    task.job.rendition_outputs.push_back(dir.partial_path(rendition_key(task.key, r.size)));
}

class UnitMaker {
 public:
  UnitMaker(const Plan& plan, const ChunkJob& base, const UnitsWanted& wanted, const WorkDir& dir)
      : plan_{plan}, base_{base}, dir_{dir}, keys_{wanted.builds, wanted.files} {}

  RenderUnit copied() {
    const auto samples = sample_count(plan_);
    const auto slice = [&plan = plan_, samples] {
      auto made = make_sound_slice(plan, 0, samples);
      made.copied = true;
      return made;
    };
    const auto length = sample_time(plan_, samples) - sample_time(plan_, 0);
    auto unit = make(slice, slice(), length);
    unit.when = {0ns, length};
    unit.is_sound = true;
    return unit;
  }

  void add_sound(const Stem* stem, int index) {
    const auto codec = plan_.sound.codec;
    for (const auto& sound : cut_sound(sample_count(plan_), codec)) {
      const auto [first, end] = std::pair{sound.first_sample, sound.end_sample};
      const auto slice = [&plan = plan_, stem, sound] {
        return stem ? make_stem_slice(plan, *stem, sound.first_sample, sound.end_sample)
                    : make_sound_slice(plan, sound.first_sample, sound.end_sample);
      };
      const auto length = sample_time(plan_, end) - sample_time(plan_, first);
      auto& unit = units.emplace_back(
          make(slice, slice(), length, codec == AudioCodec::flac ? sound.first_packet : 0));
      unit.when = {sample_time(plan_, first) - sample_time(plan_, 0),
                   sample_time(plan_, end) - sample_time(plan_, 0)};
      unit.sound = sound;
      unit.is_sound = true;
      unit.stem = index;
    }
  }

  void add_pictures(const MediaMap& media) {
    for (const auto& frames : cut_chunks(plan_)) {
      const auto slice = [&plan = plan_, frames] { return make_chunk_slice(plan, frames); };
      auto made = slice();
      const double work = cost(made, media);
      auto held = held_frames(made, !plan_.renditions.empty());
      units.push_back(make(slice, std::move(made), plan_.grid.start(frames.count())));
      const auto first = plan_.frames.first;
      units.back().when = {plan_.grid.start(frames.first - first),
                           plan_.grid.start(frames.end - first)};
      units.back().cost = work;
      units.back().held_frames = std::move(held);
    }
  }

  std::vector<RenderUnit> units;

 private:
  // `again` makes the slice once more.
  RenderUnit make(std::function<Slice()> again, Slice slice, Nanoseconds length,
                  std::int64_t first_block = 0) {
    RenderUnit unit;
    auto& [key, job, task_length, complete] = unit.task;
    job = base_;
    job.paths = paths_for(slice, base_.paths);
    job.slice = std::move(slice);
    job.first_block = first_block;
    task_length = length;
    key = keys_.of(job);
    name_outputs(unit.task, dir_);
    job.slice = outline_of(std::move(job.slice));
    job.paths = {};
    complete = [again = std::move(again), &paths = base_.paths](ChunkJob& outline) {
      outline.slice = again();
      outline.paths = paths_for(outline.slice, paths);
    };
    return unit;
  }

  const Plan& plan_;
  const ChunkJob& base_;
  const WorkDir& dir_;
  ChunkKeys keys_;
};

}  // namespace

std::vector<RenderUnit> make_units(const Plan& plan, const MediaMap& media, const ChunkJob& base,
                                   const UnitsWanted& wanted, const WorkDir& dir) {
  UnitMaker maker{plan, base, wanted, dir};
  if (wanted.copied_sound)
    maker.units.push_back(maker.copied());
  else
    maker.add_sound(nullptr, kMix);
  int index = 0;
  for (const auto& stem : wanted.stems) maker.add_sound(&stem, index++);
  if (wanted.pictures) maker.add_pictures(media);
  return std::move(maker.units);
}

RenderUnit make_copied_unit(const Plan& plan, const ChunkJob& base, const UnitsWanted& wanted,
                            const WorkDir& dir) {
  return UnitMaker{plan, base, wanted, dir}.copied();
}

void recode(std::vector<RenderUnit>& units, PoolTask& task, const PictureCoding& coding,
            const UnitsWanted& wanted, const WorkDir& dir) {
  const auto old_key = task.key;
  task.job.coding = coding;
  for (auto& unit : units) {
    if (unit.task.key != old_key) continue;
    unit.task.job.coding = coding;
    // Not that of the task's job, which a source may have been left out of.
    task.key = unit.task.key = ChunkKeys{wanted.builds, wanted.files}.of(completed(unit.task));
    name_outputs(unit.task, dir);
    name_outputs(task, dir);
  }
}

bool is_finished(const PoolTask& task, const WorkDir& dir) {
  const auto& job = task.job;
  return dir.find(task.key) &&
         (job.slice.frames.empty() ||
          std::all_of(job.coding.renditions.begin(), job.coding.renditions.end(),
                      [&](const auto& r) { return dir.find(rendition_key(task.key, r.size)); }));
}

std::vector<PoolTask> tasks_left(const std::vector<RenderUnit>& units, const WorkDir& dir,
                                 RenderOrder order) {
  using What = RenderPart::What;
  std::vector<const RenderUnit*> left;
  std::vector<RenderPart> parts;
  std::set<std::string> seen;
  for (const auto& unit : units) {
    if (is_finished(unit.task, dir) || !seen.insert(unit.task.key).second) continue;
    const auto sound = unit.stem == kMix ? What::sound : What::stem;
    left.push_back(&unit);
    parts.push_back({unit.is_sound ? sound : What::picture, unit.when, unit.cost});
  }
  std::vector<PoolTask> tasks;
  for (const auto index : order_of(parts, order)) tasks.push_back(left[index]->task);
  return tasks;
}

}  // namespace rostrum
