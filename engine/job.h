// SPDX-License-Identifier: LGPL-2.1-or-later
// A job as the tool and jobsrc work on it: read, its assets found and probed.
#pragma once

#include "core/chunk_job.h"
#include "core/manifest.h"
#include "core/media.h"
#include "core/plan.h"
#include "engine/assets.h"
#include "engine/probe_workers.h"

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace rostrum {

struct JobOptions {
  std::string path;                     // a manifest, a record, or a folder that holds one
  std::vector<std::string> media_dirs;  // --media
  std::vector<std::string> roots;       // --allow-root
};

struct Job {
  std::string path;
  std::string base_dir;
  std::string format;  // of the importer that read it; "" = it is a manifest
  Manifest manifest;
  std::vector<std::string> warnings;  // of the importer
  std::vector<ResolvedAsset> assets;  // after resolve()
  MediaFiles files;                   // opens them
  MediaMap media;                     // after probe()
  std::vector<PictureCoding>
      codings;  // how its picture may be encoded, best first; after choose_codings()
  std::string picture_codec = "h264";  // that they make; after choose_codings() or find_codec()
};

// Reads JOB: a manifest, or a record that an importer recognises; a folder is searched for one.
Result<Job> read_job(const std::string& path);
// Reads a record of that format ("mtslink", "bigbluebutton") for a manifest that is to be written
// to the folder `target` (absolute): its media are named from there.  Kind::manifest if the file is
// no such record.
Result<Job> read_record(const std::string& format, const std::string& path,
                        const std::string& target);
// What read_job() recognises besides manifests.
struct ImportFormat {
  std::string name;
  std::string about;  // a line
};
std::vector<ImportFormat> record_formats();
// The manifest of a job that lies in `base` as one in `target` (both absolute) names the same
// files.
void move_manifest(Manifest& manifest, const std::string& base, const std::string& target);
// The local file that a URI of a job in `base` means; nothing for what is no file of this machine.
std::optional<std::filesystem::path> local_path(const std::string& uri,
                                                const std::filesystem::path& base);
// Where the job's assets may be found.
AssetOptions asset_options(const Job& job, const JobOptions& options);
// Finds each asset's local file.
Result<void> resolve(Job& job, const JobOptions& options, const std::stop_token& stop = {});
// Looks into each medium.  Kind::interrupted when stopped.
Result<void> probe(Job& job, const Prober& prober);

// The job's title, else its file's name without the ending.
std::string title_of(const Job& job);
// The manifest and all media, also those that others stand for or that may stand for others: what
// an output must not replace.
std::vector<std::string> files_read(const Job& job);

// What all chunks of the job have in common: everything but slice and output.
ChunkJob chunk_job(const Job& job);

// Folders outside that of the manifest that its assets lie in, symbolic links followed, each once.
std::vector<std::string> roots_needed(const Manifest& manifest, const std::string& folder);

}  // namespace rostrum
