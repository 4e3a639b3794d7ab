// SPDX-License-Identifier: LGPL-2.1-or-later
// By which encoders the picture of a job is encoded.
#pragma once

#include "engine/encoder_trial.h"
#include "tools/job.h"
#include "engine/scratch.h"

#include <string>
#include <vector>

namespace rostrum {

struct EncodingOptions {
  std::string profile;                    // --profile; "" = the manifest's
  std::string encoder;                    // --encoder; "" = $ROSTRUM_ENCODER, else the manifest's
  std::vector<std::string> profile_dirs;  // --profile-dir
  bool no_cache = false;                  // --no-cache
  int sessions = 0;                       // --encoder-sessions; 0 = as many as begin
};

// Sets job.codings.  An error of a name says whose it is: the option's or the variable's
// (Kind::usage), or the manifest's (Kind::manifest, with its pointer).
Result<void> choose_codings(Job& job, const EncodingOptions& options);

// Where there are several, tries them at the size and rate of the plan until one encodes; those
// before it are left out, with a warning that says why.  Kind::encoder when none does.
Result<void> try_codings(Job& job, const Plan& plan, const EncodingOptions& options);

// How encoders are tried, by workers that write there.
TrialOptions trial_options(const Scratch& scratch, bool no_cache);

}  // namespace rostrum
