// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/encoding.h"

#include "engine/encoders.h"
#include "tools/terminal.h"

#include <glib.h>

namespace rostrum {

namespace {

// A name, and who gave it.
struct Choice {
  std::string name;
  std::string from;
  bool of_manifest = false;
};

Choice profile_of(const Job& job, const EncodingOptions& options) {
  if (!options.profile.empty()) return {options.profile, "--profile"};
  return {job.manifest.output.profile, job.path + ":/output/profile", true};
}

Choice encoder_of(const Job& job, const EncodingOptions& options) {
  if (!options.encoder.empty()) return {options.encoder, "--encoder"};
  const char* variable = g_getenv("ROSTRUM_ENCODER");
  if (variable && *variable) return {variable, "ROSTRUM_ENCODER"};
  return {job.manifest.output.encoder, job.path + ":/output/encoder", true};
}

// Says where the wrong name stands.
Error blame(Error error, const Choice& choice) {
  error.message = choice.from + ": " + error.message;
  if (error.kind == Kind::usage && choice.of_manifest) error.kind = Kind::manifest;
  return error;
}

}  // namespace

Result<void> choose_codings(Job& job, const EncodingOptions& options) {
  const auto encoders = load_encoders(options.profile_dirs);
  if (!encoders) return tl::unexpected(encoders.error());
  const auto encoder = encoder_of(job, options);
  const auto profile = profile_of(job, options);
  const auto usable = usable_encoders(*encoders, encoder.name, profile.name);
  if (!usable) {
    const auto error = usable.error();
    if (error.kind == Kind::missing_component) return tl::unexpected(error);
    const bool known = encoder.name == "auto" || find_encoder(*encoders, encoder.name);
    return tl::unexpected(blame(error, known && error.kind == Kind::usage ? profile : encoder));
  }
  job.codings.clear();
  for (const auto& candidate : *usable) {
    auto coding = picture_coding(candidate, profile.name);
    if (!coding) return tl::unexpected(coding.error());
    job.codings.push_back(std::move(*coding));
  }
  return {};
}

Result<void> try_codings(Job& job, const Plan& plan, const EncodingOptions& options) {
  if (job.codings.size() < 2) return {};
  const Scratch scratch;
  const auto how = trial_options(scratch, options.no_cache);
  std::string failures;
  while (!job.codings.empty()) {
    const auto& coding = job.codings.front();
    const auto trial = try_encoder(coding, plan.canvas, plan.grid, how);
    if (trial.works) break;
    failures += (failures.empty() ? "" : "; ") + std::string{"the encoder "} + coding.encoder +
                " does not work: " + trial.reason;
    job.codings.erase(job.codings.begin());
  }
  if (job.codings.empty()) return fail(Kind::encoder, failures);
  if (!failures.empty())
    say_warning(failures + "; the film is rendered with " + job.codings.front().encoder);
  return {};
}

TrialOptions trial_options(const Scratch& scratch, bool no_cache) {
  return {.program = own_program(),
          .folder = scratch.path() ? scratch.path() : "",
          .use_cache = !no_cache};
}

}  // namespace rostrum
