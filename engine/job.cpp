// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/job.h"

#include "core/fetch/url.h"
#include "core/findings.h"
#include "core/import/bigbluebutton.h"
#include "core/import/mtslink.h"
#include "core/import/opencast.h"
#include "core/import/otio.h"
#include "core/live_rules.h"
#include "core/settle_clocks.h"
#include "engine/input_file.h"
#include "engine/probe_workers.h"
#include "engine/recording_files.h"
#include "lib/gst_ptr.h"

#include <algorithm>
#include <filesystem>
#include <initializer_list>
#include <iterator>
#include <map>
#include <optional>
#include <set>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

// The first of the names that is there, else the only JSON file of the folder.
Result<fs::path> find_in(const fs::path& dir, std::initializer_list<const char*> names) {
  std::error_code error;
  for (const char* name : names)
    if (fs::is_regular_file(dir / name, error)) return dir / name;
  std::vector<fs::path> found;
  fs::directory_iterator entry{dir, error};
  for (; !error && entry != fs::end(entry); entry.increment(error))
    if (entry->path().extension() == ".json" && entry->path().stem().extension() != ".report")
      found.push_back(entry->path());
  if (error) return tl::unexpected(unreadable(dir, error.message()));
  if (found.size() == 1) return found.front();
  return fail(
      Kind::usage,
      dir.string() +
          (found.empty()
               ? ": holds no job: no job.json, record.json, events.xml, manifest.xml or other .json"
               : ": holds several .json files; name the one that is meant"));
}

bool lies_below(const fs::path& path, const fs::path& folder) {
  const auto relative = path.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

// The URI of a record in `base` as a manifest in `target` says it: relative where the medium lies
// below that folder, so that they can be moved together, else the absolute path.
std::string rewritten(const std::string& uri, const fs::path& base, const fs::path& target) {
  const auto named = local_path(uri, base);
  if (!named) return uri;
  const auto path = named->lexically_normal();
  return (lies_below(path, target) ? path.lexically_relative(target) : path).string();
}

// The texts of those files that lie below the folder and can be read, by URI.
std::map<std::string, std::string, std::less<>> texts_below(const fs::path& base,
                                                            const std::vector<std::string>& uris) {
  std::map<std::string, std::string, std::less<>> texts;
  std::error_code error;
  const auto folder = fs::weakly_canonical(base, error);
  for (const auto& uri : uris) {
    const auto named = local_path(uri, base);
    if (!named) continue;
    const auto path = fs::weakly_canonical(*named, error);
    if (error || !lies_below(path, folder)) continue;
    if (auto text = read_text(path)) texts.emplace(uri, std::move(*text));
  }
  return texts;
}

// A kind of recording that can be imported.
struct Importer {
  const char* format;
  const char* file;  // of the log, in the recording's folder
  bool (*recognises)(std::string_view text);
  tl::expected<Imported, Problems> (*import)(const std::string& text, const fs::path& base,
                                             const UriRewriter& uri_for);
  const char* refusal;  // of what it does not recognise
  const char* about;    // a line for `import --list`
};

constexpr Importer kImporters[] = {
    {"mtslink", "record.json", is_mtslink,
     [](const std::string& text, const fs::path&, const UriRewriter& uri_for) {
       return import_mtslink(text, uri_for);
     },
     "is no record of MTS Link: it has no \"eventLogs\"",
     "the record of an MTS Link (webinar.ru) event: record.json"},
    {"bigbluebutton", "events.xml", is_bigbluebutton,
     [](const std::string& text, const fs::path& base, const UriRewriter& uri_for) {
       return import_bigbluebutton(text, recording_files(base, kBigBlueButtonFolders), uri_for);
     },
     "is no event log of BigBlueButton: it has no <recording> or <events>",
     "the raw recording of a BigBlueButton meeting: a folder with events.xml"},
    {"opencast", "manifest.xml", is_opencast,
     [](const std::string& text, const fs::path& base, const UriRewriter& uri_for) {
       return import_opencast(text, texts_below(base, opencast_catalogs(text)), uri_for);
     },
     "is no media package of Opencast: it has no <mediapackage>",
     "a media package of Opencast: a folder with manifest.xml"},
    {"otio", "timeline.otio", is_otio,
     [](const std::string& text, const fs::path&, const UriRewriter& uri_for) {
       return import_otio(text, uri_for);
     },
     "is no timeline of OpenTimelineIO: it has no \"OTIO_SCHEMA\"",
     "a timeline of OpenTimelineIO, from an editor or `rostrum export otio`: a .otio file"}};

Result<Job> from_record(Job job, const Importer& importer, const std::string& text,
                        const std::string& target) {
  const fs::path base = job.base_dir;
  auto imported = importer.import(
      text, base, [&](const std::string& uri) { return rewritten(uri, base, target); });
  if (!imported) return tl::unexpected(manifest_error(job.path, imported.error()));
  job.format = importer.format;
  job.manifest = std::move(imported->manifest);
  job.warnings = std::move(imported->warnings);
  return job;
}

// Which file JOB is: itself, or what find_in() finds in it.
Result<Job> locate(const std::string& path, std::initializer_list<const char*> names) {
  if (is_remote(path))
    return fail(Kind::usage, path + ": is a link; `rostrum fetch` brings what it leads to here");
  fs::path file = path;
  const auto found = look_at(file);
  if (!found) return tl::unexpected(found.error());
  if (fs::is_directory(*found)) {
    auto inside = find_in(file, names);
    if (!inside) return tl::unexpected(inside.error());
    file = *inside;
  }
  std::error_code error;
  Job job;
  job.path = file.string();
  job.base_dir = fs::absolute(file, error).lexically_normal().parent_path().string();
  if (error) return tl::unexpected(unreadable(file, error.message()));
  return job;
}

}  // namespace

std::optional<fs::path> local_path(const std::string& uri, const fs::path& base) {
  if (uri.starts_with("file:")) {
    const GCharPtr name{g_filename_from_uri(uri.c_str(), nullptr, nullptr)};
    return name ? std::optional<fs::path>{name.get()} : std::nullopt;
  }
  if (uri.empty() || uri.starts_with("data:") || uri.find("://") != uri.npos) return {};
  std::error_code error;
  const GCharPtr decoded{g_uri_unescape_string(uri.c_str(), nullptr)};
  const bool encoded =
      decoded && !fs::exists(base / uri, error) && fs::exists(base / decoded.get(), error);
  return base / (encoded ? decoded.get() : uri.c_str());
}

void move_manifest(Manifest& manifest, const std::string& base, const std::string& target) {
  for (auto& asset : manifest.assets) {
    asset.uri = rewritten(asset.uri, base, target);
    for (auto& other : asset.alternatives) other = rewritten(other, base, target);
  }
}

Result<Job> read_job(const std::string& path) {
  auto job = locate(path, {"job.json", "record.json", "events.xml", "manifest.xml"});
  if (!job) return job;
  const auto text = read_text(job->path);
  if (!text) return tl::unexpected(text.error());
  const auto base = job->base_dir;
  for (const auto& importer : kImporters)
    if (importer.recognises(*text)) return from_record(std::move(*job), importer, *text, base);
  auto manifest = parse_manifest(*text);
  if (!manifest) return tl::unexpected(manifest_error(job->path, manifest.error()));
  job->manifest = std::move(*manifest);
  return job;
}

std::vector<ImportFormat> record_formats() {
  std::vector<ImportFormat> formats;
  for (const auto& importer : kImporters) formats.push_back({importer.format, importer.about});
  return formats;
}

Result<Job> read_record(const std::string& format, const std::string& path,
                        const std::string& target) {
  const auto* importer =
      std::find_if(std::begin(kImporters), std::end(kImporters),
                   [&](const Importer& known) { return format == known.format; });
  if (importer == std::end(kImporters))
    return fail(Kind::usage, "no importer for " + in_quotes(format));
  auto job = locate(path, {importer->file});
  if (!job) return job;
  const auto text = read_text(job->path);
  if (!text) return tl::unexpected(text.error());
  if (!importer->recognises(*text))
    return fail(Kind::manifest, job->path + ": " + importer->refusal);
  return from_record(std::move(*job), *importer, *text, target);
}

AssetOptions asset_options(const Job& job, const JobOptions& options) {
  return {
      .base_dir = job.base_dir, .allowed_roots = options.roots, .media_dirs = options.media_dirs};
}

Result<void> resolve(Job& job, const JobOptions& options, const std::stop_token& stop) {
  if (is_live(job.manifest))
    return fail(Kind::usage,
                job.path +
                    ": is a live job, which has no media yet: `rostrum record` records "
                    "it, `rostrum preview` shows it in a window");
  auto how = asset_options(job, options);
  how.stop = stop;
  auto found = search_assets(job.manifest, how);
  if (!found.problems.empty()) return tl::unexpected(manifest_error(job.path, found.problems));
  job.assets = std::move(found.assets);
  job.files = std::move(found.files);
  return {};
}

Result<void> probe(Job& job, const Prober& prober) {
  auto found = probe_all(job.assets, prober);
  if (!found) return tl::unexpected(found.error());
  job.media = std::move(*found);
  settle_clocks(job.manifest, job.media);
  return {};
}

std::vector<std::string> roots_needed(const Manifest& manifest, const std::string& folder) {
  std::set<std::string> roots;
  std::error_code error;
  const auto base = fs::weakly_canonical(folder, error);
  const auto add = [&](const std::string& uri) {
    const auto path = local_path(uri, base);
    if (!path) return;
    const auto real = fs::weakly_canonical(*path, error);
    if (!error && !lies_below(real, base)) roots.insert(real.parent_path().string());
  };
  for (const auto& asset : manifest.assets) {
    add(asset.uri);
    for (const auto& other : asset.alternatives) add(other);
  }
  return {roots.begin(), roots.end()};
}

std::string title_of(const Job& job) {
  return job.manifest.title.empty() ? fs::path{job.path}.stem().string() : job.manifest.title;
}

std::vector<std::string> files_read(const Job& job) {
  std::set<std::string> files{job.path};
  for (const auto& asset : job.assets) {
    files.insert(asset.path);
    files.insert(asset.others.begin(), asset.others.end());
  }
  for (const auto& [id, info] : job.media) files.insert({info.path, info.instead_of});
  files.erase("");
  return {files.begin(), files.end()};
}

ChunkJob chunk_job(const Job& job) {
  ChunkJob work;
  for (const auto& [id, info] : job.media)
    if (info.usable()) work.paths.emplace(id, info.path);
  if (!job.codings.empty()) work.coding = job.codings.front();
  work.on_damage = job.manifest.on_damage;
  return work;
}

}  // namespace rostrum
