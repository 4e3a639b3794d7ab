// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/encoding.h"

#include "core/findings.h"
#include "core/output_kind.h"
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

// Where the film's own keys stand.
std::string output_pointer(const Job& job) {
  return job.path + (job.manifest.output.further.empty() ? ":/output/" : ":/outputs/0/");
}

Choice profile_of(const Job& job, const EncodingOptions& options) {
  if (!options.profile.empty()) return {options.profile, "--profile"};
  return {job.manifest.output.profile, output_pointer(job) + "profile", true};
}

Choice encoder_of(const Job& job, const EncodingOptions& options) {
  if (!options.encoder.empty()) return {options.encoder, "--encoder"};
  const char* variable = g_getenv("ROSTRUM_ENCODER");
  if (variable && *variable) return {variable, "ROSTRUM_ENCODER"};
  return {job.manifest.output.encoder, output_pointer(job) + "encoder", true};
}

// Says where the wrong name stands.
Error blame(Error error, const Choice& choice) {
  error.message = choice.from + ": " + error.message;
  if (error.kind == Kind::usage && choice.of_manifest) error.kind = Kind::manifest;
  return error;
}

// A film goes into a container that has a name for its codec.
Result<void> check_container(const VideoEncoder& encoder, const Choice& choice,
                             const std::string& webm) {
  if (webm.empty() || can_hold(FilmContainer::webm, encoder.codec)) return {};
  return tl::unexpected(blame({Kind::usage, "the encoder " + encoder.name + " makes " +
                                                encoder.codec + ", but " + in_quotes(webm) +
                                                " is WebM, which holds vp9 and av1: take vp9, or "
                                                "name the film .mkv"},
                              choice));
}

constexpr char kCodecOfWebm[] = "vp9";

std::string no_profile(const std::vector<VideoEncoder>& of, const std::string& profile) {
  std::vector<std::string> names;
  for (const auto& encoder : of) names.push_back(encoder.name);
  return "no encoder of this film (" + list_names(names) + ") has a profile " + in_quotes(profile) +
         "; there are " + list_names(profile_names(of));
}

}  // namespace

Result<void> find_codec(Job& job, const EncodingOptions& options) {
  const auto encoders = load_encoders(options.profile_dirs);
  if (!encoders) return tl::unexpected(encoders.error());
  const bool webm = !webm_of(job.manifest.output).empty();
  const auto* named = find_encoder(*encoders, encoder_of(job, options).name);
  job.picture_codec = named ? named->codec : webm ? kCodecOfWebm : kUsualCodec;
  return {};
}

Result<void> choose_codings(Job& job, const EncodingOptions& options, const std::string& webm) {
  const auto encoders = load_encoders(options.profile_dirs);
  if (!encoders) return tl::unexpected(encoders.error());
  const auto encoder = encoder_of(job, options);
  const auto profile = profile_of(job, options);
  const auto usable = usable_encoders(*encoders, encoder.name, profile.name,
                                      webm.empty() ? kUsualCodec : kCodecOfWebm);
  if (!usable) {
    const auto error = usable.error();
    if (error.kind == Kind::missing_component) return tl::unexpected(error);
    const bool known = encoder.name == "auto" || find_encoder(*encoders, encoder.name);
    return tl::unexpected(blame(error, known && error.kind == Kind::usage ? profile : encoder));
  }
  if (auto fits = check_container(usable->front(), encoder, webm); !fits) return fits;
  job.picture_codec = usable->front().codec;
  job.codings.clear();
  for (const auto& candidate : *usable) {
    auto coding = picture_coding(candidate, profile.name);
    if (!coding) return tl::unexpected(coding.error());
    job.codings.push_back(std::move(*coding));
  }
  return {};
}

Result<void> choose_rendition_codings(Job& job, const Plan& plan, const EncodingOptions& options) {
  if (plan.renditions.empty()) return {};
  const auto encoders = load_encoders(options.profile_dirs);
  if (!encoders) return tl::unexpected(encoders.error());
  for (const auto& [size, own_profile, pointer] : plan.renditions) {
    std::vector<PictureCoding> left;
    std::vector<VideoEncoder> asked;
    for (auto& coding : job.codings) {
      const auto& encoder = *find_encoder(*encoders, coding.encoder);
      const auto& profile = own_profile.empty() ? coding.profile : own_profile;
      asked.push_back(encoder);
      if (!encoder.profiles.contains(profile)) continue;
      auto rendition = picture_coding(encoder, profile);
      if (!rendition) return tl::unexpected(rendition.error());
      coding.renditions.push_back({size, profile, std::move(rendition->description)});
      left.push_back(std::move(coding));
    }
    if (left.empty())
      return fail(Kind::manifest,
                  job.path + ":" + pointer + "/profile: " + no_profile(asked, own_profile));
    job.codings = std::move(left);
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
