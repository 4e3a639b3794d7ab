// SPDX-License-Identifier: LGPL-2.1-or-later
// manifest -> plan -> chunks -> film -> verify -> report, each step in its own function.
#include "core/plan.h"
#include "core/plan_sound.h"
#include "engine/chunked_render.h"
#include "engine/encoders.h"
#include "engine/fingerprint.h"
#include "engine/interrupt.h"
#include "engine/scratch.h"
#include "engine/voice_filters.h"
#include "engine/work_dir.h"
#include "tools/commands/commands.h"
#include "tools/disk.h"
#include "tools/estimates.h"
#include "tools/finished_files.h"
#include "tools/output_file.h"
#include "tools/render_files.h"
#include "tools/report.h"
#include "tools/summary.h"
#include "tools/terminal.h"
#include "tools/text_check.h"
#include "tools/web/web_thread.h"
#include "tools/window/render_window.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <utility>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

// Wall time of one step after the other, for the report.
class Stopwatch {
 public:
  void lap(const char* step) {
    const auto now = std::chrono::steady_clock::now();
    laps_.emplace_back(step, std::chrono::duration<double>(now - last_).count());
    last_ = now;
  }
  const std::vector<std::pair<std::string, double>>& laps() const { return laps_; }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
  std::vector<std::pair<std::string, double>> laps_;
};

// A draft is smaller than most of them, and for a quick look.
void leave_out_renditions(Manifest& manifest) {
  bool any = false;
  for (auto& other : manifest.output.further)
    any = !std::exchange(other.renditions, {}).empty() || any;
  if (any) say_warning("a draft has no renditions; they are left out");
}

// What the command line says wins over the manifest.
void apply(const RenderOptions& options, Manifest& manifest) {
  if (!options.on_damage.empty())
    manifest.on_damage = options.on_damage == "fail" ? OnDamage::fail : OnDamage::substitute;
  if (!options.rate.empty()) manifest.output.variable_rate = options.rate == "variable";
  if (options.stems) manifest.output.stems = true;
  if (options.audio_only) leave_out_pictures(manifest);
  if (options.draft) leave_out_renditions(manifest);
}

void warn(const Job& job) {
  for (const auto& warning : job.warnings) say_warning(job.path + ": " + warning);
  for (const auto& [id, info] : job.media)
    if (info.usable() && !info.note.empty())
      say_warning(job.path + ": asset \"" + id + "\": " + info.note);
}

Result<void> check_damage(const Job& job, const Plan& plan,
                          const std::vector<Substitution>& substitutions) {
  if (job.manifest.on_damage != OnDamage::fail || substitutions.empty()) return {};
  std::string text;
  for (const auto& s : substitutions) text += (text.empty() ? "" : "\n") + describe(job, plan, s);
  return fail(Kind::media, text);
}

std::string work_path(const RenderOptions& options, const std::string& output) {
  return options.work.empty() ? output + ".rostrum" : options.work;
}

// Its share of the film, by their pixels.
double largest_rendition(const Plan& plan) {
  if (plan.renditions.empty()) return 0;
  const auto& size = plan.renditions.front().size;
  return static_cast<double>(size.width) * size.height / plan.canvas.width / plan.canvas.height;
}

void warn_of_window(RenderWindow* window) {
  if (!window) return;
  if (const auto why = window->trouble(); !why.empty()) say_warning("the window has ended: " + why);
}

Result<ChunkedFilm> encode(const RenderOptions& options, const Job& job, const Plan& plan,
                           const RenderFiles& files, WorkDir& dir) {
  std::optional<Progress> progress;
  const auto folder = fs::absolute(files.output).parent_path().string();
  auto places = disk_places(dir.path(), folder);
  places.further = static_cast<int>(files.films.size()) + (files.streams.empty() ? 0 : 1);
  places.joined = files.form.plain() ? 0 : 1;
  places.rendition = largest_rendition(plan);
  ChunkedOptions chunked;
  chunked.program = own_program();
  chunked.job = job_digest(job);
  chunked.workers = options.jobs > 0 ? options.jobs : default_workers();
  chunked.stall_timeout = options.stall_timeout;
  auto* const window = options.window.opened.get();
  chunked.on_progress = [&, window](Nanoseconds done, Nanoseconds total) {
    warn_of_window(window);
    if (!progress) progress.emplace(options.progress);
    progress->update(done, total);
  };
  chunked.on_look = [&](std::int64_t finished, bool begun) {
    const auto bytes = static_cast<double>(finished);
    return begun ? check_room_left(places, bytes)
                 : check_room(places, estimated_bytes(job, plan, files), bytes);
  };
  chunked.on_warning = say_warning;
  chunked.pictures = !files.sound_only;
  chunked.stems = files.stems;
  chunked.files = job.files;
  chunked.codings = job.codings;
  chunked.sessions = options.encoding.sessions;
  if (window) {
    chunked.order = RenderOrder::film;
    chunked.on_listed = [&, window] { window->show(files.output, dir.path()); };
  }
  auto film = render_chunks(plan, job.media, chunk_job(job), dir, chunked);
  warn_of_window(window);  // it may have ended since the last look
  return film;
}

Result<void> stop_if_interrupted() {
  if (Interrupt::requested()) return fail(Kind::interrupted, "interrupted");
  return {};
}

// What an interruption says when there is nothing to go on with.
Error nothing_kept(Error error) {
  if (error.kind == Kind::interrupted)
    error.message += " before anything was finished; nothing was written";
  return error;
}

// Says how to go on after an interruption or a failure; a work directory without a finished chunk
// is of no use.
Error resumable(Error error, const RenderOptions& options, WorkDir& dir) {
  if (dir.empty()) {
    if (!options.keep) dir.remove();
    return nothing_kept(std::move(error));
  }
  error.message += "\nwhat is finished is kept in " + dir.path() + "; ";
  error.message +=
      error.kind == Kind::verification
          ? "the same command would join the same again: remove this folder first, and "
            "try --no-copy where what is wrong was copied"
          : "run the same command again to go on";
  return error;
}

// The end of the temporary film's name: that of whoever has locked this work directory.
std::string part_suffix(const WorkDir& dir) {
  std::error_code error;
  return "." + sha256(fs::canonical(dir.path(), error).string()).substr(0, 8) + ".part";
}

void describe_pictures(const ChunkedFilm& film, const Plan& plan, Report& report) {
  report.encoder = film.encoder;
  report.encoders = film.encoders;
  report.sessions = film.sessions;
  for (const auto& f : film.failures)
    report.encoder_failures.push_back({f.encoder, to_seconds(plan.grid.start(f.frames.first)),
                                       to_seconds(plan.grid.start(f.frames.end)), f.why,
                                       f.instead});
  report.chunks_rendered = film.rendered;
  report.chunks_reused = film.reused;
  report.seconds_copied = to_seconds(plan.grid.start(film.frames_copied));
  report.frames_held = film.frames_held;
  report.frames_coded = plan.frames.count() - film.frames_held;
}

void describe_sound(const ChunkedFilm& film, const RenderFiles& files, Report& report) {
  report.sound = film.sound.format;
  report.sound_copied = film.sound.copied;
  std::error_code error;
  for (std::size_t i = 0; i < files.stems.size(); ++i)
    report.stems.push_back({files.stem_paths[i], files.stems[i],
                            static_cast<double>(fs::file_size(files.stem_paths[i], error))});
}

// Everything under temporary names, then checked, then under their own.
Result<Report> produce(const RenderOptions& options, const Job& job, const Plan& plan,
                       const RenderFiles& files, WorkDir& dir, Stopwatch& watch) {
  // Before the room is looked at: a film that a killed render left takes as much as this one.
  FinishedFiles whole{options, plan, files, part_suffix(dir), dir};
  const auto film = encode(options, job, plan, files, dir);
  if (!film) return tl::unexpected(film.error());
  if (auto fine = check_damage(job, plan, film->substitutions); !fine)
    return tl::unexpected(fine.error());
  watch.lap("render");
  const StopOnInterrupt stop;
  if (auto done = whole.assemble(*film, stop.token()); !done) return tl::unexpected(done.error());
  watch.lap("assemble");
  if (auto fine = whole.verify(job, film->substitutions, stop.token()); !fine)
    return tl::unexpected(fine.error());
  const auto loud = whole.loudness(job, stop.token());
  if (!loud) return tl::unexpected(loud.error());
  watch.lap("verify");
  if (auto done = whole.write_further(stop.token()); !done) return tl::unexpected(done.error());
  watch.lap("outputs");
  if (auto late = stop_if_interrupted(); !late) return tl::unexpected(late.error());
  if (auto done = whole.commit(); !done) return tl::unexpected(done.error());
  std::error_code error;
  Report report;
  report.job = job.path;
  report.output = files.output;
  report.plan_digest = sha256(plan_json(plan));
  report.seconds = to_seconds(plan.grid.start(plan.frames.count()));
  report.bytes = static_cast<double>(fs::file_size(files.output, error));
  for (const auto& s : merge_substitutions(plan, film->substitutions))
    report.substitutions.push_back({s, stand_in(plan, s)});
  report.alternatives = alternatives_used(job.media);
  report.silent = plan.silent;
  report.people = people_sound(plan, job.manifest, job.media);
  report.warnings = plan.warnings;
  describe_pictures(*film, plan, report);
  describe_sound(*film, files, report);
  report.streams = files.stream_paths;
  report.renditions = whole.renditions();
  for (const auto& film : files.films) report.films.push_back(film.path);
  report.thumbnails = files.thumbnail_paths;
  report.verified = whole.take_verified();
  report.loudness = *loud;
  report.timings = watch.laps();
  return report;
}

// Film and report; only then is the work directory let go.
Result<Report> produce_in_work_dir(const RenderOptions& options, const Job& job, const Plan& plan,
                                   const RenderFiles& files, Stopwatch& watch) {
  auto dir = WorkDir::open(work_path(options, files.output));
  if (!dir) return tl::unexpected(dir.error());
  auto report = produce(options, job, plan, files, *dir, watch);
  if (!report) return tl::unexpected(resumable(report.error(), options, *dir));
  if (auto done = write_whole_file(files.report, report->to_json()); !done)
    return tl::unexpected(done.error());
  if (options.window.opened) options.window.opened->finish(files.output);
  if (!options.keep) dir->remove();
  return report;
}

// What is only seen matters to nobody who hears.
void forget_pictures(Plan& plan) {
  std::erase_if(plan.substitutions, [&](const Substitution& s) {
    return std::any_of(plan.tracks.begin(), plan.tracks.end(), [&](const PlannedTrack& track) {
      const auto index = std::to_string(&track - plan.tracks.data());
      return track.kind == TrackKind::slides && s.pointer.starts_with("/tracks/" + index + "/");
    });
  });
}

Result<Plan> plan_of(const RenderOptions& options, const Job& job) {
  auto plan = make_plan(job.manifest, job.media,
                        {.from = options.from,
                         .to = options.to,
                         .draft = options.draft,
                         .copy = !options.no_copy,
                         .h264 = job.picture_codec == kUsualCodec});
  if (plan && options.audio_only) forget_pictures(*plan);
  return plan;
}

void announce(const Job& job, const Plan& plan, const RenderFiles& files,
              const std::vector<Substitution>& planned) {
  for (const auto& s : planned) say_warning(describe(job, plan, s));
  for (const auto& warning : missing_letters(job, plan)) say_warning(warning);
  for (const auto& warning : plan.warnings) say_warning(job.path + ":" + warning);
  say(summary(job, plan, files));
}

Result<void> settle_codings(Job& job, const Plan& plan, const EncodingOptions& options) {
  return choose_rendition_codings(job, plan, options).and_then([&] {
    return try_codings(job, plan, options);
  });
}

// The page that shows this render as long as it goes on; null where none is wanted.
Result<std::unique_ptr<WebThread>> show_in_browser(const RenderOptions& options, const Job& job,
                                                   const Plan& plan, const RenderFiles& files) {
  if (!options.web.listener) return nullptr;
  auto shown = WebJob::of(job, plan);
  if (!shown) return tl::unexpected(shown.error());
  auto web = WebThread::start(std::move(*options.web.listener), std::move(*shown),
                              work_path(options, files.output));
  if (web) say("see " + (*web)->url());
  return web;
}

Result<Report> render(const RenderOptions& options) {
  Stopwatch watch;
  auto job = open_job(options.job);
  if (!job) return tl::unexpected(nothing_kept(job.error()));
  apply(options, job->manifest);
  auto files = name_files(options, *job);
  if (!files) return tl::unexpected(files.error());
  if (!files->sound_only)
    if (auto chosen = choose_codings(*job, options.encoding, webm_of(*files)); !chosen)
      return tl::unexpected(chosen.error());
  warn(*job);
  watch.lap("probe");
  if (auto heard = hear(*job); !heard) return tl::unexpected(nothing_kept(heard.error()));
  watch.lap("listen");
  const auto plan = plan_of(options, *job);
  if (!plan) return tl::unexpected(plan.error());
  if (auto fine = check_filters(*plan); !fine) return tl::unexpected(fine.error());
  if (auto fine = check_damage(*job, *plan, plan->substitutions); !fine)
    return tl::unexpected(fine.error());
  if (auto fine = name_stems(*files, *job, *plan); !fine) return tl::unexpected(fine.error());
  if (auto fine = name_thumbnails(*files, options, *job, *plan); !fine)
    return tl::unexpected(fine.error());
  if (auto fine = check_files(options, *job, *files); !fine) return tl::unexpected(fine.error());
  if (auto chosen = settle_codings(*job, *plan, options.encoding); !chosen)
    return tl::unexpected(chosen.error());
  const auto planned = merge_substitutions(*plan, {});
  announce(*job, *plan, *files, planned);
  watch.lap("plan");
  if (auto stop = stop_if_interrupted(); !stop) return tl::unexpected(nothing_kept(stop.error()));

  const auto web = show_in_browser(options, *job, *plan, *files);
  if (!web) return tl::unexpected(web.error());
  auto report = produce_in_work_dir(options, *job, *plan, *files, watch);
  if (!report) return report;
  for (std::size_t i = planned.size(); i < report->substitutions.size(); ++i)
    say_warning(describe(*job, *plan, report->substitutions[i]));
  say(result_line(*report));
  return report;
}

}  // namespace

Result<void> run_render(const RenderOptions& options) {
  Interrupt::install();
  const auto report = render(options);
  const bool json = options.progress == ProgressMode::json;
  if (json && report)
    print_done_event(report->output, report->seconds, report->bytes, report->substitutions.size());
  if (json && !report) print_error_event(report.error());
  if (!report) return tl::unexpected(report.error());
  return {};
}

}  // namespace rostrum
