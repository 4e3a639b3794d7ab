// SPDX-License-Identifier: LGPL-2.1-or-later
// What came of trying encoders, from one run to the next.
#pragma once

#include "engine/encoder_trial.h"

#include <optional>
#include <string>

namespace rostrum {

class TrialCache {
 public:
  explicit TrialCache(std::string folder) : folder_{std::move(folder)} {}
  // `$XDG_CACHE_HOME/rostrum/encoders`
  static TrialCache of_user();

  // Of the trial with this key (trial_key()); nothing when it is not known.
  std::optional<EncoderTrial> find(const std::string& key) const;
  // A cache that cannot be written is no error: the next run tries again.
  void store(const std::string& key, const EncoderTrial& trial) const;

 private:
  std::string folder_;
};

}  // namespace rostrum
