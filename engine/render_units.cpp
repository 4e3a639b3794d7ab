// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/render_units.h"

#include "core/source_trials.h"
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

class UnitMaker {
 public:
  UnitMaker(const Plan& plan, const ChunkJob& base, const UnitsWanted& wanted, const WorkDir& dir)
      : plan_{plan}, base_{base}, dir_{dir}, keys_{wanted.files} {}

  RenderUnit copied() {
    const auto samples = sample_count(plan_);
    auto slice = make_sound_slice(plan_, 0, samples);
    slice.copied = true;
    auto unit = make(std::move(slice), sample_time(plan_, samples) - sample_time(plan_, 0), 0);
    unit.is_sound = true;
    return unit;
  }

  void add_sound(const Stem* stem, int index) {
    const auto codec = plan_.sound.codec;
    for (const auto& sound : cut_sound(sample_count(plan_), codec)) {
      const auto [first, end] = std::pair{sound.first_sample, sound.end_sample};
      auto slice =
          stem ? make_stem_slice(plan_, *stem, first, end) : make_sound_slice(plan_, first, end);
      const auto length = sample_time(plan_, end) - sample_time(plan_, first);
      auto& unit = units.emplace_back(
          make(std::move(slice), length, codec == AudioCodec::flac ? sound.first_packet : 0));
      unit.sound = sound;
      unit.is_sound = true;
      unit.stem = index;
    }
  }

  void add_pictures(const MediaMap& media) {
    for (const auto& frames : cut_chunks(plan_)) {
      auto slice = make_chunk_slice(plan_, frames);
      const double work = cost(slice, media);
      units.push_back(make(std::move(slice), plan_.grid.start(frames.count()), 0));
      units.back().cost = work;
    }
  }

  std::vector<RenderUnit> units;

 private:
  RenderUnit make(Slice slice, Nanoseconds length, std::int64_t first_block) {
    RenderUnit unit;
    unit.task.job = base_;
    unit.task.job.paths = paths_for(slice, base_.paths);
    unit.task.job.slice = std::move(slice);
    unit.task.job.first_block = first_block;
    unit.task.length = length;
    unit.task.key = keys_.of(unit.task.job);
    unit.task.job.output = dir_.partial_path(unit.task.key);
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
    task.key = unit.task.key = ChunkKeys{wanted.files}.of(unit.task.job);
    task.job.output = unit.task.job.output = dir.partial_path(task.key);
  }
}

std::vector<PoolTask> tasks_left(const std::vector<RenderUnit>& units, const WorkDir& dir) {
  std::vector<const RenderUnit*> left;
  std::set<std::string> seen;
  for (const auto& unit : units)
    if (!dir.find(unit.task.key) && seen.insert(unit.task.key).second) left.push_back(&unit);
  std::stable_sort(left.begin(), left.end(), [](const RenderUnit* a, const RenderUnit* b) {
    return a->is_sound != b->is_sound ? a->is_sound : a->cost > b->cost;
  });
  std::vector<PoolTask> tasks;
  for (const auto* unit : left) tasks.push_back(unit->task);
  return tasks;
}

}  // namespace rostrum
