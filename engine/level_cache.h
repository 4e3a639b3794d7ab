// SPDX-License-Identifier: LGPL-2.1-or-later
// The levels of many media, measured once for each content.
#pragma once

#include "core/media.h"
#include "engine/levels.h"
#include "engine/listening_workers.h"
#include "engine/media_files.h"

#include <functional>
#include <map>
#include <string>

namespace rostrum {

// Where levels are kept from one run to the next, by content: `$XDG_CACHE_HOME/rostrum/levels`.
class LevelCache {
 public:
  explicit LevelCache(std::string folder) : folder_{std::move(folder)} {}
  static LevelCache of_user();

  // Of the medium with this fingerprint; parts that are not known are empty, and without `loudness`
  // all but SoundLevels::rms.
  SoundLevels find(const std::string& fingerprint, double high_pass = 0, bool mono = false,
                   bool loudness = true) const;
  // A cache that cannot be written is no error: the next run measures again.
  void store(const std::string& fingerprint, const SoundLevels& levels, double high_pass = 0,
             bool mono = false) const;

 private:
  void write(const std::string& path, const Levels& levels) const;

  std::string folder_;
};

using SoundParts = std::map<std::string, std::vector<Interval>, std::less<>>;  // by asset

struct LevelOptions {
  bool loudness = false;  // also SoundLevels::loudness and ::peaks
  SoundParts parts = {};  // medium's time that must be known; of an asset without: all of it
  std::map<std::string, double> high_passes = {};  // Hz, by asset; others have none
  bool mono = false;                               // Listening::mono
  MediaFiles files = {};                           // opens the media, to tell equal ones
  // Called once, with the length of the sound that is in no cache.
  std::function<void(Nanoseconds)> on_begin = {};
  // Called for each asset whose sound cannot be measured and counts as silent, with why.
  std::function<void(const std::string& asset, const std::string& problem)> on_problem = {};
};

using MediaRefs = std::map<std::string, const MediaInfo*, std::less<>>;  // by asset

// The levels of all usable media that have sound, by asset: from the cache, else measured, equal
// files once.  Errors are those of `listen`.
Result<std::map<std::string, SoundLevels>> all_levels(const MediaRefs& media,
                                                      const LevelCache& cache, const Listen& listen,
                                                      const LevelOptions& options = {});

}  // namespace rostrum
