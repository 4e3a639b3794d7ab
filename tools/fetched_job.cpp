// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/fetched_job.h"

#include "core/fetch/fetch_plan.h"
#include "core/fetch/fetch_rounds.h"
#include "core/findings.h"
#include "core/import/mtslink.h"
#include "core/import/mtslink_link.h"
#include "tools/file_fetcher.h"
#include "tools/hls_asset.h"
#include "tools/job.h"
#include "tools/output_file.h"
#include "tools/terminal.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLargestRecord = std::size_t{128} << 20;  // as import_mtslink() allows

// What is fetched and whereto.
struct Source {
  Job job;
  fs::path dir;
  DownloadOptions download;
};

Result<MtsLinkRecord> record_of(const std::string& link, const Url& url) {
  if (const auto record = mtslink_record(url)) return *record;
  return fail(Kind::usage,
              link +
                  ": is no link to a record that is known here. A record of MTS Link has a link "
                  "like https://my.mts-link.ru/ORG/ROOM/record-new/EVENT; of others save the "
                  "job or record as a file, and name that");
}

// The record behind a link, as a manifest.
Result<Source> open_link(const FetchOptions& options) {
  const auto& link = options.source;
  const auto url = parse_url(link);
  if (!url) return fail(Kind::usage, link + ": is no URL: " + url.error());
  const auto record = record_of(link, *url);
  if (!record) return tl::unexpected(record.error());
  auto download = download_options(options.network, "mtslink", options.stall_timeout);
  if (!download) return tl::unexpected(download.error());
  if (const auto why = download->hosts.refusal(*url); !why.empty())
    return fail(Kind::usage, link + ": " + why);
  download->secrets.link_host = url->host;
  auto api = *url;
  api.target = record->api_target();
  const auto answer = download_text(api.text(), *download, kLargestRecord);
  if (!answer) return tl::unexpected(answer.error());
  if (const auto why = mtslink_refusal(answer->text, answer->status))
    return fail(Kind::usage, link + ": " + *why);
  if (!is_mtslink(answer->text))
    return fail(Kind::media, api.text() + ": answers with something that is no record");
  auto imported = import_mtslink(answer->text);
  if (!imported) return tl::unexpected(manifest_error(api.text(), imported.error()));
  Source source{{}, options.dir.empty() ? record->name() : options.dir, std::move(*download)};
  source.job.path = link;
  source.job.manifest = std::move(imported->manifest);
  source.job.warnings = std::move(imported->warnings);
  return source;
}

Result<Source> open_file(const FetchOptions& options) {
  auto job = read_job(options.source);
  if (!job) return tl::unexpected(job.error());
  auto download = download_options(options.network, job->format, options.stall_timeout);
  if (!download) return tl::unexpected(download.error());
  const auto beside = fs::path{job->base_dir} / fs::path{job->path}.stem();
  return Source{std::move(*job), options.dir.empty() ? beside : fs::path{options.dir},
                std::move(*download)};
}

Result<void> make_folder(const fs::path& dir) {
  std::error_code error;
  fs::create_directories(dir / "media", error);
  if (!error) return {};
  return fail(Kind::usage, dir.string() + ": this folder cannot be made: " + error.message());
}

// Refuses to replace another job than the one that is going to be written.
Result<void> check_job(const std::string& path, const std::string& text, bool overwrite) {
  std::ifstream file{path, std::ios::binary};
  const std::string there{std::istreambuf_iterator<char>{file}, {}};
  const bool same = there == text || same_but_for_order(there, text);
  return check_output(path, {overwrite || same, static_cast<double>(text.size()), {}});
}

std::string lines_of(const Job& job, const std::vector<FetchRounds::Finding>& findings) {
  std::string text;
  for (const auto& finding : findings)
    text += (text.empty() ? "" : "\n") + job.path + ": asset " + in_quotes(finding.asset) + ": " +
            finding.text;
  return text;
}

void warn(const Source& source, const FetchPlan& plan) {
  for (const auto& warning : source.job.warnings) say_warning(source.job.path + ": " + warning);
  for (const auto& root : roots_needed(plan.job, source.dir.string()))
    say("rostrum: to render this job add --allow-root " + root);
}

bool is_there(const std::string& uri, const fs::path& dir) {
  const auto path = local_path(uri, dir);
  std::error_code error;
  return path && fs::exists(*path, error);
}

// What has become a Matroska file in an earlier fetch has that name.
void know_matroska(FetchPlan& plan, const fs::path& dir) {
  std::error_code error;
  for (const auto& asset : plan.assets)
    for (const auto& place : asset.places)
      if (const auto path = matroska_path(place.path); place.hls && fs::exists(dir / path, error))
        rename_file(plan, place, path);
}

Result<FetchedJob> fetch_media(const FetchOptions& options, const Source& source, FetchPlan& plan) {
  const auto path = (source.dir / "job.json").string();
  if (auto fine = make_folder(source.dir); !fine) return tl::unexpected(fine.error());
  if (auto fine = check_job(path, write_manifest(plan.job), options.overwrite); !fine)
    return tl::unexpected(fine.error());
  warn(source, plan);
  FetchRounds rounds{plan.assets};
  const auto ending =
      FileFetcher{source.dir, source.download, plan, rounds, options.progress}.run();
  if (ending.kind == Kind::interrupted)
    return fail(Kind::interrupted, "interrupted\nwhat was fetched is kept in " +
                                       source.dir.string() +
                                       "; run the same command again to go on");
  if (!ending.stopped.empty()) return fail(ending.kind, ending.stopped);
  if (auto done = write_whole_file(path, write_manifest(plan.job)); !done)
    return tl::unexpected(done.error());
  say_warning(lines_of(source.job, rounds.replaced()));
  const auto missing = rounds.missing();
  if (!missing.empty())
    return fail(ending.kind, lines_of(source.job, missing) + "\n" + path +
                                 " is written, and has black or silence for what is missing; run "
                                 "the same command again to try it once more");
  return FetchedJob{path, plan.assets.size()};
}

}  // namespace

Result<FetchedJob> fetch_job(const FetchOptions& options) {
  auto source = is_remote(options.source) ? open_link(options) : open_file(options);
  if (!source) return tl::unexpected(source.error());
  std::error_code error;
  source->dir = (fs::absolute(source->dir, error) / "").lexically_normal().parent_path();
  const auto dir = source->dir.string();
  const bool local = !source->job.base_dir.empty();
  if (local) move_manifest(source->job.manifest, source->job.base_dir, dir);
  auto plan = plan_fetch(source->job.manifest, source->download.hosts,
                         [&](const std::string& uri) { return is_there(uri, dir); });
  if (!plan.problems.empty())
    return tl::unexpected(manifest_error(source->job.path, plan.problems));
  know_matroska(plan, source->dir);
  return fetch_media(options, *source, plan);
}

}  // namespace rostrum
