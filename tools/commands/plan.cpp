// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/chunks.h"
#include "core/copied_pictures.h"
#include "core/findings.h"
#include "core/output_kind.h"
#include "core/still_frames.h"
#include "engine/encoders.h"
#include "engine/render_pipeline.h"
#include "tools/commands/commands.h"
#include "tools/estimates.h"
#include "tools/job.h"
#include "tools/terminal.h"
#include "tools/text_check.h"

#include <algorithm>
#include <cstdio>

namespace rostrum {

namespace {

std::string facts(const MediaInfo& info) {
  std::string text;
  if (info.video)
    text += "\t" + std::to_string(info.video->width) + "x" + std::to_string(info.video->height);
  if (info.audio) text += "\t" + std::to_string(info.audio->rate) + " Hz";
  if (info.pages > 1) text += "\t" + std::to_string(info.pages) + " pages";
  if (info.duration > 0ns) text += "\t" + format_time(info.duration);
  if (!info.clock.own()) text += "\tclock off by " + format_off(info.clock.off);
  return text;
}

// A line per asset: id, "ok" or what is wrong, where its file is, what is in it.  What makes the
// job invalid fails the command, after everything has been listed.
Result<void> print_assets(const JobOptions& options) {
  auto job = load_job(options);
  if (!job) return tl::unexpected(job.error());
  const auto search = search_assets(job->manifest, asset_options(*job, options));
  job->assets = search.assets;
  job->files = search.files;
  if (auto probed = probe(*job); !probed) return probed;
  if (auto timed = time_by_log(*job); !timed) return timed;
  for (const auto& asset : job->assets) {
    const auto& info = job->media[asset.id];
    const auto state = info.usable() ? (info.note.empty() ? "ok" : info.note) : info.problem;
    std::puts((printable(asset.id) + "\t" + printable(state) + "\t" +
               printable(info.path.empty() ? asset.uri : info.path) +
               (info.usable() ? facts(info) : ""))
                  .c_str());
  }
  if (search.problems.empty()) return {};
  return tl::unexpected(manifest_error(job->path, search.problems));
}

Result<void> print_graph(const PlanCommandOptions& options, Job& job, const Plan& plan) {
  EncodingOptions encoding;
  encoding.profile_dirs = options.profile_dirs;
  const auto webm = webm_of(job.manifest.output);
  if (auto chosen = choose_codings(job, encoding, webm); !chosen) return chosen;
  auto work = chunk_job(job);
  work.slice = make_slice(plan, plan.frames);
  work.output = "/dev/null";
  if (plan.sound.codec == AudioCodec::flac) work.output.clear();  // nothing muxes it: wrap_flac()
  const auto pipeline = make_render_pipeline(work);
  if (!pipeline) return tl::unexpected(pipeline.error());
  const GCharPtr dot{gst_debug_bin_to_dot_data(GST_BIN(pipeline->get()), GST_DEBUG_GRAPH_SHOW_ALL)};
  std::puts(printable(dot.get(), true).c_str());
  return {};
}

void print_scenes(const Plan& plan) {
  std::printf("%s: %dx%d, %s, %lld frames, %zu scenes\n", printable(plan.title).c_str(),
              plan.canvas.width, plan.canvas.height,
              format_time(plan.grid.start(plan.frames.end)).c_str(),
              static_cast<long long>(plan.frames.count()), plan.scenes.size());
  for (const auto& scene : plan.scenes) {
    std::string seen;
    for (const auto& tile : scene.tiles)
      seen += (seen.empty() ? "" : ", ") + plan.tracks[tile.track].id;
    std::printf("%s  %s\n", format_time(plan.grid.start(scene.frames.first)).c_str(),
                seen.empty() ? "(nobody)" : printable(seen).c_str());
  }
}

std::string how_made(const Plan& plan, FrameRange frames) {
  if (const auto* run = run_at(plan.pictures, frames.first))
    return "copied from \"" + run->asset + "\"";
  if (is_in(plan.stills, frames.first))
    return "still: " + std::to_string(coded_frames(plan, frames).size()) + " of " +
           std::to_string(frames.count()) + " frames are encoded";
  return "composed: " + composed_because(plan.pictures, frames);
}

// How each chunk is made, and what that saves.
void print_chunks(const Plan& plan) {
  std::puts("chunks:");
  for (const auto& frames : cut_chunks(plan)) {
    std::printf("%s  %s\n", format_time(plan.grid.start(frames.first)).c_str(),
                printable(how_made(plan, frames)).c_str());
  }
  const char* what = plan.stills.empty()            ? "copying saves"
                     : plan.pictures.copied.empty() ? "stills save"
                                                    : "copying and stills save";
  if (!plan.pictures.copied.empty() || !plan.stills.empty())
    std::printf("%s about %.0f s\n", what, seconds_saved(plan));
}

void print_renditions(const Plan& plan) {
  if (plan.renditions.empty()) return;
  std::puts("renditions:");
  for (const auto& [size, profile, pointer] : plan.renditions)
    std::printf("%dx%d  %s\n", size.width, size.height,
                profile.empty() ? "as the film" : printable("profile " + profile).c_str());
}

Result<void> print_explanation(const Job& job, const Plan& plan, Nanoseconds t) {
  const auto text = printable(explain(plan, job.manifest, job.media, t), true);
  if (!plan.frames.contains(plan.grid.first_at(t)))
    return fail(Kind::usage, "--explain: " + text.substr(0, text.find('\n')));
  std::fputs(text.c_str(), stdout);
  return {};
}

}  // namespace

Result<void> run_plan(const PlanCommandOptions& options) {
  if (options.assets) return print_assets(options.job);
  if (options.overwrite && options.contact_sheet.empty() && options.waveform.empty())
    return fail(Kind::usage, "--overwrite is for the file of --contact-sheet or --waveform");
  if (!options.contact_sheet.empty()) return write_contact_sheet(options);
  if (!options.waveform.empty()) return write_waveform(options);
  auto job = open_job(options.job);
  if (!job) return tl::unexpected(job.error());
  if (!options.rate.empty()) job->manifest.output.variable_rate = options.rate == "variable";
  if (auto heard = hear(*job); !heard) return heard;
  for (const auto& warning : job->warnings) say_warning(job->path + ": " + warning);
  EncodingOptions encoding;
  encoding.profile_dirs = options.profile_dirs;
  if (auto found = find_codec(*job, encoding); !found) return found;
  const auto plan =
      make_plan(job->manifest, job->media, {.h264 = job->picture_codec == kUsualCodec});
  if (!plan) return tl::unexpected(plan.error());
  for (const auto& warning : missing_letters(*job, *plan)) say_warning(warning);
  for (const auto& warning : plan->warnings) say_warning(job->path + ":" + warning);
  if (options.dot) return print_graph(options, *job, *plan);
  if (options.explain) return print_explanation(*job, *plan, *options.explain);
  if (options.json) {
    std::fputs(printable_json(plan_json(*plan)).c_str(), stdout);
    return {};
  }
  print_scenes(*plan);
  print_chunks(*plan);
  print_renditions(*plan);
  return {};
}

}  // namespace rostrum
