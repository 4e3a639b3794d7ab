// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/export/edl.h"
#include "core/export/otio.h"
#include "core/export/xges.h"
#include "lib/gst_ptr.h"
#include "tools/export_options.h"
#include "tools/output_file.h"
#include "tools/terminal.h"

#include <cstdio>
#include <filesystem>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

std::string file_uri(const fs::path& path) {
  const GCharPtr uri{g_filename_to_uri(path.lexically_normal().c_str(), nullptr, nullptr)};
  return uri ? uri.get() : path.string();
}

// A URI of the job that means the same from anywhere.
std::string absolute_uri(const std::string& uri, const Job& job) {
  const auto path = local_path(uri, job.base_dir);
  return path ? file_uri(*path) : uri;
}

// All places that the job names, before them the local copy of what is remote.
AssetPlaces declared_places(const Job& job) {
  AssetPlaces places;
  for (const auto& found : job.assets)
    if (found.remote && found.problem.empty()) places[found.id].push_back(file_uri(found.path));
  for (const auto& asset : job.manifest.assets) {
    auto& list = places[asset.id];
    list.push_back(absolute_uri(asset.uri, job));
    for (const auto& other : asset.alternatives) list.push_back(absolute_uri(other, job));
  }
  return places;
}

// The file that a render would take.
AssetPlaces chosen_places(const Job& job) {
  AssetPlaces places;
  for (const auto& asset : job.manifest.assets) {
    const auto media = job.media.find(asset.id);
    const bool found = media != job.media.end() && !media->second.path.empty();
    places[asset.id] = {found ? file_uri(media->second.path) : absolute_uri(asset.uri, job)};
  }
  return places;
}

Result<Exported> export_plan(Job& job, ExportFormat format) {
  if (auto heard = hear(job); !heard) return tl::unexpected(heard.error());
  const auto plan = make_plan(job.manifest, job.media, {});
  if (!plan) return tl::unexpected(plan.error());
  for (const auto& warning : plan->warnings) say_warning(job.path + ":" + warning);
  const auto places = chosen_places(job);
  const ExportSource source{job.manifest, job.media, places};
  if (format == ExportFormat::edl) return export_edl(source, *plan);
  return export_xges(source, *plan);
}

Result<Exported> export_job(Job& job, ExportFormat format) {
  if (format != ExportFormat::otio) return export_plan(job, format);
  const auto places = declared_places(job);
  return export_otio({job.manifest, job.media, places});
}

}  // namespace

Result<void> run_export(const ExportOptions& options) {
  OutputCheck check{options.overwrite, 0, {}};
  const bool to_file = !options.output.empty();
  if (to_file)
    if (auto fine = check_output(options.output, check); !fine) return fine;  // before the work
  auto job = open_job(options.job);
  if (!job) return tl::unexpected(job.error());
  for (const auto& warning : job->warnings) say_warning(job->path + ": " + warning);
  const auto made = export_job(*job, options.format);
  if (!made) return tl::unexpected(made.error());
  for (const auto& warning : made->warnings) say_warning(job->path + ": " + warning);
  if (!to_file) {
    std::fputs(options.format == ExportFormat::otio ? printable_json(made->text).c_str()
                                                    : printable(made->text, true).c_str(),
               stdout);
    return {};
  }
  check.bytes = static_cast<double>(made->text.size());
  check.sources = files_read(*job);
  if (auto fine = check_output(options.output, check); !fine) return fine;
  return write_whole_file(options.output, made->text);
}

}  // namespace rostrum
