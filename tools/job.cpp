// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/job.h"

#include "engine/fingerprint.h"
#include "engine/hearing.h"
#include "engine/interrupt.h"
#include "engine/scratch.h"
#include "tools/import_formats.h"
#include "tools/media_folder.h"
#include "tools/terminal.h"

namespace rostrum {

namespace {

// Calls listen(workers), with workers that end at Ctrl-C.
template <typename Listen>
auto with_workers(const Job& job, Listen listen) -> decltype(listen(MediaWorkers{})) {
  const StopOnInterrupt stop;
  const auto scratch = Scratch::in_cache();
  const auto workers = scratch_media_workers(scratch, job.files, stop.token());
  if (!workers) return tl::unexpected(workers.error());
  return listen(*workers);
}

Result<void> probe(Job& job, const std::stop_token& stop, KnownMedia& known) {
  const auto scratch = Scratch::in_cache();
  const auto workers = scratch_media_workers(scratch, job.files, stop);
  if (!workers) return tl::unexpected(workers.error());
  return probe(job, known.remembering([&](const std::vector<std::string>& paths) {
    return probe_files(paths, *workers);
  }));
}

const HearingEvents kSaid{
    .on_begin = [](Nanoseconds total) { say("listening to " + format_time(total) + " of sound"); },
    .on_warning = say_warning};

}  // namespace

std::vector<ImportFormat> import_formats() {
  auto formats = record_formats();
  for (const auto& format : folder_formats()) formats.push_back(format);
  return formats;
}

Result<void> probe(Job& job, const std::stop_token& stop) {
  KnownMedia none;
  return probe(job, stop, none);
}

Result<void> time_by_log(Job& job) {
  return with_workers(
      job, [&](const MediaWorkers& workers) { return time_by_log(job, workers, kSaid); });
}

Result<void> hear(Job& job, bool all) {
  return with_workers(job,
                      [&](const MediaWorkers& workers) { return hear(job, all, workers, kSaid); });
}

Result<MediaMap> hear_as_recorded(const Job& job) {
  return with_workers(job,
                      [&](const MediaWorkers& workers) { return hear_as_recorded(job, workers); });
}

std::string job_digest(const Job& job) {
  auto manifest = job.manifest;
  manifest.output = {};
  manifest.on_damage = {};
  return sha256(write_manifest(manifest));
}

Result<Job> load_job(const JobOptions& options) {
  if (!is_media_folder(options.path)) return read_job(options.path);
  FolderImport how;
  how.path = options.path;
  how.roots = options.roots;
  return import_media_folder(how);
}

Result<Job> open_job(const JobOptions& options) {
  KnownMedia none;
  return open_job(options, none);
}

Result<Job> open_job(const JobOptions& options, KnownMedia& known) {
  auto job = load_job(options);
  if (!job) return job;
  const StopOnInterrupt stop;
  auto found = resolve(*job, options, stop.token());
  if (found) found = probe(*job, stop.token(), known);
  if (Interrupt::requested()) return fail(Kind::interrupted, "interrupted");
  if (!found) return tl::unexpected(found.error());
  return job;
}

}  // namespace rostrum
