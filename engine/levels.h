// SPDX-License-Identifier: LGPL-2.1-or-later
// How loud each medium's sound is, window by window: what speaker detection decides from.
#pragma once

#include "core/loudness.h"
#include "core/media.h"
#include "core/result.h"
#include "core/timeline.h"

#include <cstdint>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

namespace rostrum {

// The level of each 0.1 s (kLevelWindow of core/speaker.h) of a medium from its first timestamp on:
// RMS over all samples of both channels, in tenths of dBFS (0 = a square wave at full scale),
// kSilentLevel at least. Whole tenths, so that a decision does not hang on the last bit of a
// decoder.
using Levels = std::vector<std::int16_t>;
inline constexpr std::int16_t kSilentLevel = -1200;

// What one medium sounds like, window by window.
struct SoundLevels {
  Levels rms;
  Levels loudness;  // K-weighted (BS.1770), in tenths of LUFS; empty: not asked for
  Levels peaks;     // greatest sample, in tenths of dBFS; known when loudness is

  friend bool operator==(const SoundLevels&, const SoundLevels&) = default;
};

// Decodes the sound of one file, at some hundred times real time. Holes and what cannot be decoded
// are silent. Kind::interrupted when stopped.
Result<SoundLevels> measure_levels(const std::string& path, Nanoseconds duration,
                                   bool loudness = false, const std::stop_token& stop = {},
                                   const SoundClock& clock = {});

// Of a finished film's sound. Kind::interrupted when stopped.
Result<ProgrammeLoudness> measure_programme(const std::string& path, Nanoseconds duration,
                                            const std::stop_token& stop = {});

// Where levels are kept from one run to the next, by content: `$XDG_CACHE_HOME/rostrum/levels`.
class LevelCache {
 public:
  explicit LevelCache(std::string folder) : folder_{std::move(folder)} {}
  static LevelCache of_user();

  // Of the medium with this fingerprint; parts that are not known are empty.
  SoundLevels find(const std::string& fingerprint) const;
  // A cache that cannot be written is no error: the next run measures again.
  void store(const std::string& fingerprint, const SoundLevels& levels) const;

 private:
  void write(const std::string& path, const Levels& levels) const;

  std::string folder_;
};

struct LevelOptions {
  bool loudness = false;  // also SoundLevels::loudness
  unsigned threads = 0;   // media measured at once; 0 = one per core
  std::stop_token stop = {};
  // Called once, with the length of the sound that is in no cache.
  std::function<void(Nanoseconds)> on_begin = {};
};

// The levels of all usable media that have sound, by asset: from the cache, else measured.
// Kind::interrupted when stopped.
Result<std::map<std::string, SoundLevels>> all_levels(const MediaMap& media,
                                                      const LevelCache& cache,
                                                      const LevelOptions& options = {});

}  // namespace rostrum
