// SPDX-License-Identifier: LGPL-2.1-or-later
// plan --contact-sheet: the whole meeting on one page.
#include "engine/contact_sheet.h"

#include "core/initials.h"
#include "engine/interrupt.h"
#include "tools/commands/commands.h"
#include "tools/output_file.h"
#include "engine/scratch.h"
#include "tools/terminal.h"
#include "tools/text_check.h"

namespace rostrum {

namespace {

constexpr double kBytesOfCell = 1e5;  // at most, about

Result<void> check_file(const PlanCommandOptions& options, OutputCheck how) {
  how.overwrite = options.overwrite;
  return check_output(options.contact_sheet, how);
}

Result<void> check_sources(const PlanCommandOptions& options, const Job& job, std::size_t cells) {
  return check_file(options, {false, kBytesOfCell * static_cast<double>(cells), files_read(job)});
}

// What is drawn: the page names everybody, whatever the layout does.
std::vector<JobText> texts_of(Manifest manifest, const Plan& plan) {
  manifest.layout.labels = true;
  auto texts = drawn_texts(manifest, plan);
  texts.push_back({"/title", single_line(manifest.title)});
  return texts;
}

void warn(const PlanCommandOptions& options, const ContactPage& page, std::size_t scenes) {
  if (page.left_out == 0) return;
  say_warning(options.contact_sheet + ": has room for the " + std::to_string(page.cells.size()) +
              " longest of " + std::to_string(scenes) + " scenes; `rostrum plan` lists them all");
}

Result<std::string> draw(const Job& job, const Plan& plan, const Plan& small,
                         const ContactPage& page) {
  const Scratch scratch;
  const auto pool = scratch_pool(scratch, small.canvas, job.files);
  if (!pool) return tl::unexpected(pool.error());
  const auto base = chunk_job(job);
  return draw_contact_sheet({plan, small, page, base, title_of(job)}, *pool);
}

}  // namespace

Result<void> write_contact_sheet(const PlanCommandOptions& options) {
  Interrupt::install();
  if (auto fine = check_file(options, {}); !fine) return fine;  // before the work
  auto job = open_job(options.job);
  if (!job) return tl::unexpected(job.error());
  if (auto heard = hear(*job); !heard) return heard;
  for (const auto& warning : job->warnings) say_warning(job->path + ": " + warning);
  const auto plan = make_plan(job->manifest, job->media, {});
  if (!plan) return tl::unexpected(plan.error());
  for (const auto& warning : missing_letters(*job, texts_of(job->manifest, *plan)))
    say_warning(warning);
  for (const auto& warning : plan->warnings) say_warning(job->path + ":" + warning);
  if (!shows_something(*plan))
    return fail(Kind::media, job->path + ": nothing of it can be seen, so it has no contact sheet");
  const auto small = make_plan(job->manifest, job->media, {.lines = contact_lines(plan->canvas)});
  if (!small) return tl::unexpected(small.error());
  const auto page = contact_page(*plan, small->canvas);
  if (auto fine = check_sources(options, *job, page.cells.size()); !fine) return fine;
  warn(options, page, plan->scenes.size());
  const auto png = draw(*job, *plan, *small, page);
  if (!png) return tl::unexpected(png.error());
  if (auto done = write_whole_file(options.contact_sheet, *png); !done) return done;
  say(options.contact_sheet + ": " + std::to_string(page.cells.size()) + " scenes, " +
      std::to_string(page.size.width) + "x" + std::to_string(page.size.height) + ", " +
      size_text(static_cast<double>(png->size())));
  return {};
}

}  // namespace rostrum
