// SPDX-License-Identifier: LGPL-2.1-or-later
// By which encoders the picture of a job is encoded.
#pragma once

#include "engine/encoder_trial.h"
#include "engine/scratch.h"
#include "tools/job.h"

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

// Sets job.codings and job.picture_codec.  An error of a name says whose it is: the option's or the
// variable's (Kind::usage), or the manifest's (Kind::manifest, with its pointer). `webm`: a film of
// the job that is WebM, "" = none is; where nobody names an encoder, VP9 then.
Result<void> choose_codings(Job& job, const EncodingOptions& options, const std::string& webm = {});

// Then, of a plan with renditions: adds how each is encoded to job.codings, of which those are left
// out that have not all their profiles.  Kind::manifest, with its pointer, for a profile that none
// has.
Result<void> choose_rendition_codings(Job& job, const Plan& plan, const EncodingOptions& options);

// Sets job.picture_codec alone.  Errors of profile files; a name that is not known is none.
Result<void> find_codec(Job& job, const EncodingOptions& options);

// Where there are several, tries them at the size and rate of the plan until one encodes; those
// before it are left out, with a warning that says why.  Kind::encoder when none does.
Result<void> try_codings(Job& job, const Plan& plan, const EncodingOptions& options);

// How encoders are tried, by workers that write there.
TrialOptions trial_options(const Scratch& scratch, bool no_cache);

}  // namespace rostrum
