// SPDX-License-Identifier: LGPL-2.1-or-later
// manifest -> plan -> chunks -> film -> verify -> report, each step in its own function.
#include "core/plan.h"
#include "core/plan_sound.h"

#include "engine/assemble.h"
#include "engine/chunked_render.h"
#include "engine/fingerprint.h"
#include "engine/interrupt.h"
#include "engine/levels.h"
#include "engine/verify.h"
#include "engine/voice_filters.h"
#include "engine/work_dir.h"
#include "tools/commands/commands.h"
#include "tools/disk.h"
#include "tools/expected_film.h"
#include "tools/output_file.h"
#include "tools/report.h"
#include "tools/summary.h"
#include "tools/terminal.h"
#include "tools/text_check.h"

#include <chrono>
#include <filesystem>

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

// What the command line says wins over the manifest.
void apply(const RenderOptions& options, Manifest& manifest) {
  if (!options.profile.empty())
    manifest.output.profile = options.profile == "draft" ? Profile::draft : Profile::balanced;
  if (options.draft) manifest.output.profile = Profile::draft;
  if (!options.encoder.empty()) manifest.output.encoder = options.encoder;
  if (!options.on_damage.empty())
    manifest.on_damage = options.on_damage == "fail" ? OnDamage::fail : OnDamage::substitute;
}

// A job says where its film goes only within its own folder and those that the user allows.
Result<std::string> declared_output(const RenderOptions& options, const Job& job) {
  const auto path = fs::path{job.base_dir} / job.manifest.output.path;
  std::error_code error;
  const auto folder = fs::weakly_canonical(path.parent_path(), error);
  auto roots = options.job.roots;
  roots.push_back(job.base_dir);
  for (const auto& root : roots) {
    const auto relative = folder.lexically_relative(fs::weakly_canonical(root, error));
    if (!relative.empty() && *relative.begin() != "..") return path.string();
  }
  return tl::unexpected(manifest_error(
      job.path, {{"/output/path", folder.string() + " lies outside " + job.base_dir +
                                      "; allow it with --allow-root, or name the film with -o"}}));
}

Result<std::string> output_path(const RenderOptions& options, const Job& job) {
  if (!options.output.empty()) return options.output;
  if (!job.manifest.output.path.empty()) return declared_output(options, job);
  return (fs::path{job.base_dir} / fs::path{job.path}.stem()).string() + ".mp4";
}

std::string report_path(const RenderOptions& options, const std::string& output) {
  if (!options.report.empty()) return options.report;
  return fs::path{output}.replace_extension(".report.json").string();
}

// Both files that a render writes, before it takes its time.
Result<void> check_outputs(const RenderOptions& options, const Job& job,
                           const std::string& output) {
  constexpr double kReportBytes = 1e5;
  OutputCheck how{options.overwrite, 0, {job.path}};  // its room is looked at with its chunks'
  for (const auto& [id, info] : job.media)
    if (!info.path.empty()) how.sources.push_back(info.path);
  if (auto fine = check_output(output, how); !fine) return fine;
  const auto report = report_path(options, output);
  std::error_code error;
  if (fs::weakly_canonical(report, error) == fs::weakly_canonical(output, error))
    return fail(Kind::usage, report + ": is the film, so it cannot be the report");
  how.bytes = kReportBytes;
  how.overwrite = options.overwrite || options.report.empty();  // its own goes with the film
  return check_output(report, how);
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

Result<ChunkedFilm> encode(const RenderOptions& options, const Job& job, const Plan& plan,
                           const std::string& output, WorkDir& dir) {
  std::optional<Progress> progress;
  const auto folder = fs::absolute(output).parent_path().string();
  const auto places = disk_places(dir.path(), folder);
  ChunkedOptions chunked;
  std::error_code error;
  chunked.program = fs::read_symlink("/proc/self/exe", error).string();
  chunked.workers = options.jobs > 0 ? options.jobs : default_workers();
  chunked.stall_timeout = options.stall_timeout;
  chunked.on_progress = [&](Nanoseconds done, Nanoseconds total) {
    if (!progress) progress.emplace(options.progress, total);
    progress->update(done);
  };
  chunked.on_look = [&](std::int64_t finished, bool begun) {
    const auto bytes = static_cast<double>(finished);
    return begun ? check_room_left(places, bytes)
                 : check_room(places, estimated_bytes(plan), bytes);
  };
  chunked.on_other_encoder = [&](const std::string& why) {
    progress.reset();  // what is to be done begins anew
    say_warning(why);
  };
  return render_chunks(plan, job.media, chunk_job(job), dir, chunked);
}

Result<void> assemble(const Plan& plan, const ChunkedFilm& film, const std::string& to,
                      const std::stop_token& stop) {
  FinishOptions finish;
  finish.chapters = plan.chapters;
  finish.audio_samples = sample_count(plan);
  finish.audio_rate = kSampleRate;
  finish.title = plan.title;
  finish.duration = plan.grid.start(plan.frames.count());
  return assemble_mp4(film.pictures, film.sounds, to, finish, stop);
}

Result<std::optional<VerifyReport>> check(const RenderOptions& options, const Plan& plan,
                                          const std::string& path, const std::stop_token& stop) {
  if (options.verify == VerifyMode::off) return std::optional<VerifyReport>{};
  VerifyOptions how;
  how.full = options.verify == VerifyMode::full;
  how.expected = expected_film(plan);
  how.stop = stop;
  auto report = verify(path, how);
  if (!report) return tl::unexpected(report.error());
  if (!report->ok())
    return fail(Kind::verification,
                "the film is not as planned:\n" + findings_text(*report, false));
  return std::optional{std::move(*report)};
}

void warn_of_loudness(const AudioOptions& wanted, const ProgrammeLoudness& found) {
  char text[100];
  if (wanted.loudness && found.integrated && std::abs(*found.integrated - *wanted.loudness) > 0.5) {
    std::snprintf(text, sizeof text, "the programme came out at %.1f LUFS instead of %.1f",
                  *found.integrated, *wanted.loudness);
    say_warning(text);
  }
  if (wanted.range && found.range > *wanted.range + 1) {
    std::snprintf(text, sizeof text, "the programme's loudness range came out at %.1f LU, not %.1f",
                  found.range, *wanted.range);
    say_warning(text);
  }
}

// What a programme with a loudness or a range of its own has come out at.
Result<std::optional<ProgrammeLoudness>> loudness(const RenderOptions& options, const Job& job,
                                                  const Plan& plan, const std::string& path,
                                                  const std::stop_token& stop) {
  if (!needs_loudness(job.manifest)) return std::optional<ProgrammeLoudness>{};
  auto measured = measure_programme(path, plan.grid.start(plan.frames.count()), stop);
  if (!measured) return tl::unexpected(measured.error());
  const bool part = options.from || options.to;  // of which nothing is promised
  if (!part) warn_of_loudness(job.manifest.audio, *measured);
  return std::optional{*measured};
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
  error.message +=
      "\nwhat is finished is kept in " + dir.path() + "; run the same command again to go on";
  return error;
}

// The end of the temporary film's name: that of whoever has locked this work directory.
std::string part_suffix(const WorkDir& dir) {
  std::error_code error;
  return "." + sha256(fs::canonical(dir.path(), error).string()).substr(0, 8) + ".part";
}

// The film under a temporary name, then checked, then under its own.
Result<Report> produce(const RenderOptions& options, const Job& job, const Plan& plan,
                       const std::string& output, WorkDir& dir, Stopwatch& watch) {
  const auto film = encode(options, job, plan, output, dir);
  if (!film) return tl::unexpected(film.error());
  if (auto fine = check_damage(job, plan, film->substitutions); !fine)
    return tl::unexpected(fine.error());
  watch.lap("render");
  const StopOnInterrupt stop;
  TemporaryFile whole{output, part_suffix(dir), 0};
  if (auto done = assemble(plan, *film, whole.path(), stop.token()); !done)
    return tl::unexpected(done.error());
  watch.lap("assemble");
  auto verified = check(options, plan, whole.path(), stop.token());
  if (!verified) return tl::unexpected(verified.error());
  const auto loud = loudness(options, job, plan, whole.path(), stop.token());
  if (!loud) return tl::unexpected(loud.error());
  watch.lap("verify");
  if (auto late = stop_if_interrupted(); !late) return tl::unexpected(late.error());
  if (auto done = whole.commit(); !done) return tl::unexpected(done.error());
  std::error_code error;
  Report report;
  report.job = job.path;
  report.output = output;
  report.plan_digest = sha256(plan_json(plan));
  report.encoder = film->encoder;
  report.seconds = to_seconds(plan.grid.start(plan.frames.count()));
  report.bytes = static_cast<double>(fs::file_size(output, error));
  report.chunks_rendered = film->rendered;
  report.chunks_reused = film->reused;
  report.substitutions = merge_substitutions(job.manifest, plan, film->substitutions);
  report.alternatives = alternatives_used(job.media);
  report.silent = plan.silent;
  report.people = people_sound(plan, job.manifest, job.media);
  report.warnings = plan.warnings;
  report.verified = std::move(*verified);
  report.loudness = *loud;
  report.timings = watch.laps();
  return report;
}

// Film and report; only then is the work directory let go.
Result<Report> produce_in_work_dir(const RenderOptions& options, const Job& job, const Plan& plan,
                                   const std::string& output, Stopwatch& watch) {
  auto dir = WorkDir::open(work_path(options, output));
  if (!dir) return tl::unexpected(dir.error());
  auto report = produce(options, job, plan, output, *dir, watch);
  if (!report) return tl::unexpected(resumable(report.error(), options, *dir));
  if (auto done = write_whole_file(report_path(options, output), report->to_json()); !done)
    return tl::unexpected(done.error());
  if (!options.keep) dir->remove();
  return report;
}

Result<Report> render(const RenderOptions& options) {
  Stopwatch watch;
  auto job = open_job(options.job);
  if (!job) return tl::unexpected(nothing_kept(job.error()));
  apply(options, job->manifest);
  warn(*job);
  watch.lap("probe");
  if (auto heard = hear(*job); !heard) return tl::unexpected(nothing_kept(heard.error()));
  watch.lap("listen");
  const auto plan = make_plan(job->manifest, job->media,
                              {.from = options.from, .to = options.to, .draft = options.draft});
  if (!plan) return tl::unexpected(plan.error());
  if (auto fine = check_filters(*plan); !fine) return tl::unexpected(fine.error());
  if (auto fine = check_damage(*job, *plan, plan->substitutions); !fine)
    return tl::unexpected(fine.error());
  const auto output = output_path(options, *job);
  if (!output) return tl::unexpected(output.error());
  if (auto fine = check_outputs(options, *job, *output); !fine) return tl::unexpected(fine.error());
  const auto planned = merge_substitutions(job->manifest, *plan, {});
  for (const auto& s : planned) say_warning(describe(*job, *plan, s));
  for (const auto& warning : missing_letters(*job, *plan)) say_warning(warning);
  for (const auto& warning : plan->warnings) say_warning(job->path + ":" + warning);
  say(summary(*job, *plan));
  watch.lap("plan");
  if (auto stop = stop_if_interrupted(); !stop) return tl::unexpected(nothing_kept(stop.error()));

  auto report = produce_in_work_dir(options, *job, *plan, *output, watch);
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
