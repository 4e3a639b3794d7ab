// SPDX-License-Identifier: LGPL-2.1-or-later
// plan --waveform: the whole sound on one page.
#include "engine/waveform_sheet.h"

#include "engine/interrupt.h"
#include "tools/commands/commands.h"
#include "tools/output_file.h"
#include "tools/terminal.h"

namespace rostrum {

namespace {

constexpr double kBytesOfRow = 4e3;  // about

}  // namespace

Result<void> write_waveform(const PlanCommandOptions& options) {
  Interrupt::install();
  OutputCheck check{options.overwrite, 0, {}};
  if (auto fine = check_output(options.waveform, check); !fine) return fine;  // before the work
  auto job = open_job(options.job);
  if (!job) return tl::unexpected(job.error());
  check.sources = files_read(*job);
  if (auto fine = check_output(options.waveform, check); !fine) return fine;
  if (auto heard = hear(*job, true); !heard) return heard;
  for (const auto& warning : job->warnings) say_warning(job->path + ": " + warning);
  const auto plan = make_plan(job->manifest, job->media, {});
  if (!plan) return tl::unexpected(plan.error());
  for (const auto& warning : plan->warnings) say_warning(job->path + ":" + warning);
  const auto recorded = hear_as_recorded(*job);
  if (!recorded) return tl::unexpected(recorded.error());
  const auto waveform =
      make_waveform(*plan, job->manifest, job->media, *recorded, kWaveformColumns);
  if (waveform.rows.empty())
    return fail(Kind::media, job->path + ": nothing of it can be heard, so it has no waveform");
  check.bytes = kBytesOfRow * static_cast<double>(waveform.rows.size());
  if (auto fine = check_output(options.waveform, check); !fine) return fine;
  const auto png =
      draw_waveform(waveform, {title_of(*job), job->manifest.audio.loudness, plan->ceiling});
  if (!png) return tl::unexpected(png.error());
  if (auto done = write_whole_file(options.waveform, *png); !done) return done;
  say(options.waveform + ": " + std::to_string(waveform.rows.size()) +
      (waveform.rows.size() == 1 ? " row, " : " rows, ") +
      size_text(static_cast<double>(png->size())));
  return {};
}

}  // namespace rostrum
