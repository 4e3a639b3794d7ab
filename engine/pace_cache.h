// SPDX-License-Identifier: LGPL-2.1-or-later
// How fast the samples of media come by their packets' times (pace_of), from one run to the next:
// to find it a whole file is read.
#pragma once

#include <optional>
#include <string>

namespace rostrum {

class PaceCache {
 public:
  explicit PaceCache(std::string folder) : folder_{std::move(folder)} {}
  // `$XDG_CACHE_HOME/rostrum/clocks`
  static PaceCache of_user();

  // Of the medium with this fingerprint; nothing when it is not known.
  std::optional<double> find(const std::string& fingerprint) const;
  // A cache that cannot be written is no error: the next run reads again.
  void store(const std::string& fingerprint, double pace) const;

 private:
  std::string folder_;
};

}  // namespace rostrum
