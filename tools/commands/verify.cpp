// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/verify.h"

#include "core/film_page.h"
#include "core/plan_sound.h"
#include "core/sound_file.h"
#include "engine/encoders.h"
#include "engine/interrupt.h"
#include "engine/scratch.h"
#include "engine/thumbnail.h"
#include "tools/commands/commands.h"
#include "tools/expected_film.h"
#include "tools/output_file.h"
#include "tools/past_report.h"
#include "tools/report.h"
#include "tools/terminal.h"

#include <cstdio>
#include <filesystem>

namespace rostrum {

namespace {

// The job as it was rendered: what is seen may depend on what is heard.
struct Planned {
  Job job;
  Plan plan;
};

Result<Planned> plan_of(const VerifyCommandOptions& options, bool sound_alone) {
  auto job = open_job({options.job, options.media_dirs, options.roots});
  if (!job) return tl::unexpected(job.error());
  if (!options.rate.empty()) job->manifest.output.variable_rate = options.rate == "variable";
  if (sound_alone) leave_out_pictures(job->manifest);
  if (auto heard = hear(*job); !heard) return tl::unexpected(heard.error());
  if (auto found = find_codec(*job, {}); !found) return tl::unexpected(found.error());
  auto plan = make_plan(job->manifest, job->media,
                        {.from = options.from,
                         .to = options.to,
                         .copy = !options.no_copy,
                         .h264 = job->picture_codec == kUsualCodec});
  if (!plan) return tl::unexpected(plan.error());
  // to compare, not to decide
  if (!options.quick)
    if (auto heard = hear(*job, true); !heard) return tl::unexpected(heard.error());
  return Planned{std::move(*job), std::move(*plan)};
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

Expected expectation(const VerifyCommandOptions& options, const Plan& plan, bool sound_alone) {
  auto film = expected_film(plan);
  if (sound_alone) return sound_of(film, options);
  film.size.reset();  // a draft of the job is the same film, smaller
  return film;
}

Result<void> check_page(const VerifyCommandOptions& options, std::vector<std::string> read) {
  if (options.html.empty()) return {};
  read.push_back(options.path);
  return check_output(options.html, {options.overwrite, 2e6, std::move(read)});
}

constexpr std::size_t kMostPictures = 60;  // on a page: some two megabytes

Result<void> write_page(const VerifyCommandOptions& options, const VerifyReport& report,
                        const Plan* plan) {
  if (options.html.empty()) return {};
  std::vector<FilmPagePicture> pictures;
  if (report.pictures)
    for (const auto& thumbnail : report.pictures->thumbnails)
      pictures.push_back({thumbnail.frame, picture_uri(thumbnail.picture)});
  const FilmPage page{
      std::filesystem::path{options.path}.filename().string(),
      report.film,
      report.findings,
      report.sound ? &*report.sound : nullptr,
      plan,
      report.comparison ? report.comparison->substitutions : std::vector<Substitution>{},
      std::move(pictures)};
  return write_whole_file(options.html, film_page(page));
}

Result<VerifyReport> verify_against(const VerifyCommandOptions& options, VerifyOptions how) {
  const bool sound_alone = options.audio_only || options.stem || is_sound_only(options.path);
  const auto planned = plan_of(options, sound_alone);
  if (!planned) return tl::unexpected(planned.error());
  const auto& [job, plan] = *planned;
  how.expected = expectation(options, plan, sound_alone);
  const Scratch scratch;
  const auto pool = scratch_pool(scratch, plan.canvas, job.files);
  if (!pool) return tl::unexpected(pool.error());
  const auto base = chunk_job(job);
  auto part = options.from || options.to;  // of which no loudness is promised
  const PlannedFilm film{plan,
                         job.media,
                         base,
                         *pool,
                         plan.grid.start(plan.frames.end),
                         merge_substitutions(plan, substitutions_reported(options.path)),
                         part ? std::nullopt : job.manifest.audio.loudness};
  if (!options.stem) how.planned = &film;
  if (auto fine = check_page(options, files_read(job)); !fine) return tl::unexpected(fine.error());
  auto report = verify(options.path, how);
  if (!report) return report;
  if (auto done = write_page(options, *report, &plan); !done) return tl::unexpected(done.error());
  return report;
}

Result<VerifyReport> verify_alone(const VerifyCommandOptions& options, const VerifyOptions& how) {
  auto report = verify(options.path, how);
  if (!report) return report;
  if (auto done = write_page(options, *report, nullptr); !done) return tl::unexpected(done.error());
  return report;
}

}  // namespace

Result<void> run_verify(const VerifyCommandOptions& options) {
  Interrupt::install();
  const StopOnInterrupt stop;
  VerifyOptions how;
  how.full = !options.quick;
  how.stop = stop.token();
  if (!options.html.empty()) how.thumbnails = kMostPictures;
  if (auto fine = check_page(options, {}); !fine) return fine;  // before the work
  const auto report =
      options.job.empty() ? verify_alone(options, how) : verify_against(options, how);
  if (!report) return tl::unexpected(report.error());
  const auto text = options.json
                        ? printable_json(report->to_json())
                        : printable(findings_text(*report, true), true) + printable(options.path) +
                              ": " + verdict_of(report->findings) + "\n";
  std::fputs(text.c_str(), stdout);
  if (report->ok()) return {};
  return fail(Kind::verification, options.path + ": verification failed; see above");
}

}  // namespace rostrum
