// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/verify.h"

#include "core/plan_sound.h"
#include "core/sound_file.h"
#include "tools/commands/commands.h"
#include "tools/expected_film.h"
#include "tools/terminal.h"

#include <cstdio>

namespace rostrum {

namespace {

// The plan as far as the lengths of its tracks go: how loud they are does not matter.
Result<Plan> plan_of(const VerifyCommandOptions& options, bool sound_alone) {
  auto job = open_job({options.job, options.media_dirs, options.roots});
  if (!job) return tl::unexpected(job.error());
  if (sound_alone) leave_out_pictures(job->manifest);
  if (auto done = time_by_log(*job); !done) return tl::unexpected(done.error());
  if (auto done = take_alternatives(*job); !done) return tl::unexpected(done.error());
  return make_plan(job->manifest, job->media, {});
}

Expected sound_of(const Expected& film, const VerifyCommandOptions& options) {
  Expected sound;
  sound.picture = false;
  sound.samples = film.samples;
  if (sound_container(options.path).value_or(SoundContainer::mp4) == SoundContainer::mp4)
    sound.chapters = film.chapters;  // elsewhere they are comments
  sound.channels = film.channels;
  if (options.stem) {
    sound.chapters = 0;
    if (film.channels != 1) sound.channels.reset();  // of a mono voice there is one
  }
  return sound;
}

Result<std::optional<Expected>> expectation(const VerifyCommandOptions& options) {
  if (options.job.empty()) return std::optional<Expected>{};
  const bool sound_alone = options.audio_only || options.stem || is_sound_only(options.path);
  const auto plan = plan_of(options, sound_alone);
  if (!plan) return tl::unexpected(plan.error());
  auto film = expected_film(*plan);
  if (sound_alone) return std::optional{sound_of(film, options)};
  film.size.reset();  // a draft of the job is the same film, smaller
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
  const auto text = options.json ? printable_json(report->to_json())
                                 : printable(findings_text(*report, true), true);
  std::fputs(text.c_str(), stdout);
  if (report->ok()) return {};
  return fail(Kind::verification, options.path + ": verification failed; see above");
}

}  // namespace rostrum
