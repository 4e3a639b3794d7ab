// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/verify.h"

#include "core/sound_file.h"

#include "tools/commands/commands.h"
#include "tools/expected_film.h"

#include <cstdio>

namespace rostrum {

namespace {

Result<std::optional<Expected>> expectation(const VerifyCommandOptions& options) {
  const bool sound_only = is_sound_only(options.path);
  if (options.job.empty()) return std::optional<Expected>{};
  const auto job = open_job({options.job, options.media_dirs, options.roots});
  if (!job) return tl::unexpected(job.error());
  const auto plan = make_plan(job->manifest, job->media, {});
  if (!plan) return tl::unexpected(plan.error());
  auto film = expected_film(*plan);
  film.size.reset();  // a draft of the job is the same film, smaller
  if (sound_only) {
    Expected sound;
    sound.picture = false;
    sound.samples = film.samples;
    sound.channels = film.channels;
    sound.chapters = film.chapters;
    film = sound;
  }
  return std::optional{film};
}

}  // namespace

Result<void> run_verify(const VerifyCommandOptions& options) {
  const auto expected = expectation(options);
  if (!expected) return tl::unexpected(expected.error());
  VerifyOptions how;
  how.full = !options.quick;
  how.expected = *expected;
  const auto report = verify(options.path, how);
  if (!report) return tl::unexpected(report.error());
  const auto text = options.json ? report->to_json() : findings_text(*report, true);
  std::fputs(text.c_str(), stdout);
  if (report->ok()) return {};
  return fail(Kind::verification, options.path + ": verification failed; see above");
}

}  // namespace rostrum
