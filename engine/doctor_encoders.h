// SPDX-License-Identifier: LGPL-2.1-or-later
// Which encoders work on this machine, and how fast.
#pragma once

#include "core/encoder_profiles.h"
#include "engine/encoder_trial.h"

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace rostrum {

struct EncoderFinding {
  std::string name;
  std::string element;
  std::string codec;
  bool installed = false;
  std::optional<bool> device;  // whether there is one; absent: it needs none
  bool works = false;
  double rate = 0;     // frames per second at 1280x720, by "balanced", of one process
  std::string reason;  // why not
};

// Each in turn, tried where it can be.  Blocks.
std::vector<EncoderFinding> examine_encoders(const std::vector<VideoEncoder>& encoders,
                                             const TrialOptions& options);

std::string encoders_text(const std::vector<EncoderFinding>& encoders);
nlohmann::ordered_json encoders_json(const std::vector<EncoderFinding>& encoders);

}  // namespace rostrum
