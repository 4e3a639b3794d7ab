// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/job.h"

#include "core/import/mtslink.h"
#include "engine/probe.h"
#include "lib/gst_ptr.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t kLargestJob = 64 << 20;  // bytes

Result<std::string> read_text(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return fail(Kind::usage, path.string() + ": no such file");
  if (fs::file_size(path, error) > kLargestJob)
    return fail(Kind::manifest, path.string() + ": larger than 64 MiB, so no job");
  std::ifstream file{path, std::ios::binary};
  if (!file) return fail(Kind::usage, path.string() + ": cannot be read");
  return std::string{std::istreambuf_iterator<char>{file}, {}};
}

// job.json, else record.json, else the only JSON file of the folder.
Result<fs::path> find_in(const fs::path& dir) {
  for (const char* name : {"job.json", "record.json"})
    if (fs::is_regular_file(dir / name)) return dir / name;
  std::vector<fs::path> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(dir, error))
    if (entry.path().extension() == ".json" && entry.path().stem().extension() != ".report")
      found.push_back(entry.path());
  if (found.size() == 1) return found.front();
  return fail(
      Kind::usage,
      dir.string() + (found.empty() ? ": holds no job: no job.json, record.json or other .json"
                                    : ": holds several .json files; name the one that is meant"));
}

// file: URLs below the record's folder become relative, so that the job can be moved with its
// media.
std::string relative_uri(const std::string& uri, const fs::path& base) {
  const GCharPtr name{uri.starts_with("file:") ? g_filename_from_uri(uri.c_str(), nullptr, nullptr)
                                               : nullptr};
  if (!name) return uri;
  const auto relative = fs::path{name.get()}.lexically_relative(base);
  if (relative.empty() || relative.native().starts_with("..")) return uri;
  return relative.string();
}

Result<Job> from_record(Job job, const std::string& text) {
  const fs::path base = job.base_dir;
  auto imported =
      import_mtslink(text, [&](const std::string& uri) { return relative_uri(uri, base); });
  if (!imported) return tl::unexpected(manifest_error(job.path, imported.error()));
  job.manifest = std::move(imported->manifest);
  job.warnings = std::move(imported->warnings);
  return job;
}

}  // namespace

Error manifest_error(const std::string& path, const Problems& problems) {
  std::string text;
  for (const auto& p : problems) {
    if (!text.empty()) text += '\n';
    text += path + (p.pointer.empty() ? "" : ":" + p.pointer) + ": " + p.message;
  }
  return {Kind::manifest, std::move(text)};
}

Result<Job> read_job(const std::string& path) {
  fs::path file = path;
  if (fs::is_directory(file)) {
    auto found = find_in(file);
    if (!found) return tl::unexpected(found.error());
    file = *found;
  }
  const auto text = read_text(file);
  if (!text) return tl::unexpected(text.error());
  Job job;
  job.path = file.string();
  job.base_dir = fs::absolute(file).lexically_normal().parent_path().string();
  if (is_mtslink(*text)) return from_record(std::move(job), *text);
  auto manifest = parse_manifest(*text);
  if (!manifest) return tl::unexpected(manifest_error(job.path, manifest.error()));
  job.manifest = std::move(*manifest);
  return job;
}

AssetOptions asset_options(const Job& job, const JobOptions& options) {
  return {
      .base_dir = job.base_dir, .allowed_roots = options.roots, .media_dirs = options.media_dirs};
}

Result<void> resolve(Job& job, const JobOptions& options) {
  auto assets = resolve_assets(job.manifest, asset_options(job, options));
  if (!assets) return tl::unexpected(manifest_error(job.path, assets.error()));
  job.assets = std::move(*assets);
  return {};
}

void probe(Job& job) { job.media = probe_all(job.assets); }

Result<Job> open_job(const JobOptions& options) {
  auto job = read_job(options.path);
  if (!job) return job;
  if (auto done = resolve(*job, options); !done) return tl::unexpected(done.error());
  probe(*job);
  return job;
}

std::vector<std::string> roots_needed(const Job& job) {
  std::set<std::string> roots;
  for (const auto& asset : job.manifest.assets) {
    const auto uri = relative_uri(asset.uri, job.base_dir);
    const GCharPtr name{
        uri.starts_with("file:") ? g_filename_from_uri(uri.c_str(), nullptr, nullptr) : nullptr};
    const fs::path path = name ? name.get() : uri;
    if (path.is_absolute() && path.lexically_relative(job.base_dir).native().starts_with(".."))
      roots.insert(path.parent_path().string());
  }
  return {roots.begin(), roots.end()};
}

ChunkJob chunk_job(const Job& job) {
  ChunkJob work;
  for (const auto& [id, info] : job.media) work.paths.emplace(id, info.path);
  work.encoder = job.manifest.output.encoder;
  work.profile = job.manifest.output.profile;
  work.on_damage = job.manifest.on_damage;
  return work;
}

}  // namespace rostrum
