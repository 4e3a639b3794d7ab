// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/planned_job.h"

#include "core/settle_clocks.h"
#include "engine/hearing.h"
#include "engine/scratch.h"
#include "engine/voice_filters.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace rostrum {

namespace {

// "" for what is not there.
std::string identity(const std::string& path) {
  struct stat s {};
  if (stat(path.c_str(), &s) != 0) return {};
  std::string text = path;
  for (const auto part :
       {static_cast<std::int64_t>(s.st_dev), static_cast<std::int64_t>(s.st_ino),
        static_cast<std::int64_t>(s.st_size), static_cast<std::int64_t>(s.st_mtim.tv_sec),
        static_cast<std::int64_t>(s.st_mtim.tv_nsec)})
    text += " " + std::to_string(part);
  return text;
}

// Looks into the media, and takes what is known of how they sound.
Result<bool> look(Job& job, const Prober& prober, KnownMedia& known) {
  if (auto found = probe(job, known.remembering(prober)); !found)
    return tl::unexpected(found.error());
  return hear_known(job);
}

Result<bool> look_confined(Job& job, const PlanningOptions& options, KnownMedia& known) {
  const auto scratch = Scratch::in_cache();
  auto workers = scratch_media_workers(scratch, job.files, options.stop);
  if (!workers) return tl::unexpected(workers.error());
  workers->program = options.program;
  const auto prober = [&](const std::vector<std::string>& paths) {
    return probe_files(paths, *workers);
  };
  auto complete = look(job, prober, known);
  // Without listening this takes alternatives for what is silent, as a render does.
  if (complete && *complete)
    if (auto heard = hear(job, false, *workers, {}); !heard) return tl::unexpected(heard.error());
  return complete;
}

Result<bool> look_here(Job& job, const PlanningOptions& options, KnownMedia& known) {
  const auto prober = [&](const std::vector<std::string>& paths) {
    return probe_files_here(paths, job.files, options.stop);
  };
  return look(job, prober, known);
}

// Each file once, of what can be used.  A medium that is there no more stays a name, which nothing
// opens.
Result<void> open_media(PlannedJob& planned) {
  std::map<std::string, std::string> links;
  for (const auto& [id, info] : planned.job.media) {
    if (!info.usable()) continue;
    auto& link = links[info.path];
    if (link.empty()) {
      auto file = planned.job.files.open_or_none(info.path);
      if (file.fd() < 0 && errno == EMFILE)
        return fail(Kind::internal, planned.job.path + ": this process may not open " +
                                        std::to_string(planned.job.media.size()) +
                                        " media; `ulimit -n` raises that");
      link = file.fd() < 0 ? info.path : file.link();
      if (file.fd() >= 0) planned.files.push_back(std::move(file));
    }
    planned.paths[id] = link;
  }
  return {};
}

}  // namespace

Prober KnownMedia::remembering(Prober prober) {
  return [this, prober = std::move(prober)](
             const std::vector<std::string>& paths) -> Result<std::vector<MediaInfo>> {
    std::vector<MediaInfo> all(paths.size());
    std::vector<std::string> unknown;
    std::vector<std::size_t> places;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < paths.size(); ++i) {
      const auto name = identity(paths[i]);
      const std::lock_guard lock{mutex_};
      if (const auto same = found_.find(name); !name.empty() && same != found_.end()) {
        all[i] = same->second;
        continue;
      }
      unknown.push_back(paths[i]);
      places.push_back(i);
      names.push_back(name);
    }
    if (unknown.empty()) return all;
    auto found = prober(unknown);
    if (!found) return found;
    const std::lock_guard lock{mutex_};
    for (std::size_t i = 0; i < unknown.size(); ++i) {
      all[places[i]] = (*found)[i];
      if (!names[i].empty()) found_[names[i]] = std::move((*found)[i]);
    }
    return all;
  };
}

Result<PlannedJob> plan_job(const PlanningOptions& options, KnownMedia& known) {
  auto job = read_job(options.job.path);
  if (!job) return tl::unexpected(job.error());
  if (auto found = resolve(*job, options.job, options.stop); !found)
    return tl::unexpected(found.error());
  const auto complete = options.program.empty() ? look_here(*job, options, known)
                                                : look_confined(*job, options, known);
  if (options.stop.stop_requested()) return fail(Kind::interrupted, "interrupted");
  if (!complete) return tl::unexpected(complete.error());
  auto plan = make_plan(job->manifest, job->media, {});
  if (!plan) return tl::unexpected(plan.error());
  if (auto fine = check_filters(*plan); !fine) return tl::unexpected(fine.error());
  PlannedJob planned{std::move(*job), std::move(*plan), {}, {}, *complete};
  if (auto open = open_media(planned); !open) return tl::unexpected(open.error());
  return planned;
}

std::string find_program() {
  namespace fs = std::filesystem;
  const auto own = own_program();
  if (fs::path{own}.filename() == "rostrum") return own;
  return access(kInstalledProgram, X_OK) == 0 ? kInstalledProgram : std::string{};
}

}  // namespace rostrum
