// SPDX-License-Identifier: LGPL-2.1-or-later
// How fast the samples of media come by their packets' times (pace_of), from one run to the next:
// to find it a whole file is read.
#pragma once

#include <optional>
#include <string>

namespace rostrum {

class PaceCache {
 public:
  explicit PaceCache(const std::string& folder) : PaceCache{folder, folder} {}
  // Finds in one folder, and stores in another.
  PaceCache(std::string found_in, std::string stored_in)
      : folder_{std::move(found_in)}, stored_in_{std::move(stored_in)} {}
  // `$XDG_CACHE_HOME/rostrum/clocks`
  static PaceCache of_user();

  // Where it finds.
  const std::string& folder() const { return folder_; }
  // Of the medium with this fingerprint; nothing when it is not known.
  std::optional<double> find(const std::string& fingerprint) const;
  // A cache that cannot be written is no error: the next run reads again.
  void store(const std::string& fingerprint, double pace) const;

 private:
  std::string folder_;
  std::string stored_in_;
};

}  // namespace rostrum
