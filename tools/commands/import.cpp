// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/commands/commands.h"
#include "tools/import_formats.h"
#include "tools/job.h"
#include "tools/output_file.h"
#include "tools/terminal.h"

#include <cstdio>
#include <filesystem>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

// Where the manifest will lie, or be taken to lie: the current folder for stdout.
Result<std::string> target_folder(const std::string& output) {
  std::error_code error;
  const auto file = fs::absolute(output.empty() ? "job.json" : output, error);
  if (error) return fail(Kind::usage, "the current folder: " + error.message());
  return file.lexically_normal().parent_path().string();
}

}  // namespace

Result<void> list_import_formats() {
  for (const auto& format : import_formats())
    std::printf("%-14s %s\n", format.name.c_str(), format.about.c_str());
  return {};
}

Result<void> run_import(const ImportOptions& options) {
  const auto folder = target_folder(options.output);
  if (!folder) return tl::unexpected(folder.error());
  const auto job = is_folder_format(options.format)
                       ? import_media_folder({options.format, options.source, options.roots,
                                              *folder, options.slide_times, options.slide_length})
                       : read_record(options.format, options.source, *folder);
  if (!job) return tl::unexpected(job.error());
  const auto text = write_manifest(job->manifest);
  if (!options.output.empty()) {
    OutputCheck how{options.overwrite, static_cast<double>(text.size()), {job->path}};
    if (auto fine = check_output(options.output, how); !fine) return fine;
  }
  for (const auto& warning : job->warnings) say_warning(job->path + ": " + warning);
  for (const auto& root : roots_needed(job->manifest, *folder))
    say("rostrum: to render this job add --allow-root " + root);
  if (!options.output.empty()) return write_whole_file(options.output, text);
  std::fputs(printable_json(text).c_str(), stdout);
  return {};
}

}  // namespace rostrum
