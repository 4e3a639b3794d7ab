// SPDX-License-Identifier: LGPL-2.1-or-later
// manifest -> plan -> chunks -> film -> verify -> report, each step in its own function.
#include "core/plan.h"

#include "engine/assemble.h"
#include "engine/chunked_render.h"
#include "engine/fingerprint.h"
#include "engine/interrupt.h"
#include "engine/verify.h"
#include "engine/work_dir.h"
#include "tools/commands/commands.h"
#include "tools/expected_film.h"
#include "tools/output_file.h"
#include "tools/report.h"
#include "tools/summary.h"
#include "tools/terminal.h"

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

std::string output_path(const RenderOptions& options, const Job& job) {
  if (!options.output.empty()) return options.output;
  const fs::path beside = job.base_dir;
  if (!job.manifest.output.path.empty()) return (beside / job.manifest.output.path).string();
  return (beside / fs::path{job.path}.stem()).string() + ".mp4";
}

std::string report_path(const RenderOptions& options, const std::string& output) {
  if (!options.report.empty()) return options.report;
  return fs::path{output}.replace_extension(".report.json").string();
}

void warn(const Job& job) {
  for (const auto& warning : job.warnings) say_warning(job.path + ": " + warning);
  for (const auto& [id, info] : job.media)
    if (info.usable() && !info.note.empty())
      say_warning(job.path + ": asset \"" + id + "\": " + info.note);
}

Result<void> check_damage(const Job& job, const std::vector<Substitution>& substitutions) {
  if (job.manifest.on_damage != OnDamage::fail || substitutions.empty()) return {};
  std::string text;
  for (const auto& s : substitutions) text += (text.empty() ? "" : "\n") + describe(job, s);
  return fail(Kind::media, text);
}

std::string work_path(const RenderOptions& options, const std::string& output) {
  return options.work.empty() ? output + ".rostrum" : options.work;
}

Result<ChunkedFilm> encode(const RenderOptions& options, const Job& job, const Plan& plan,
                           WorkDir& dir) {
  std::optional<Progress> progress;
  ChunkedOptions chunked;
  chunked.program = fs::read_symlink("/proc/self/exe").string();
  chunked.workers = options.jobs > 0 ? options.jobs : default_workers();
  chunked.stall_timeout = options.stall_timeout;
  chunked.on_progress = [&](Nanoseconds done, Nanoseconds total) {
    if (!progress) progress.emplace(options.progress, total);
    progress->update(done);
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

Result<void> stop_if_interrupted() {
  if (Interrupt::requested()) return fail(Kind::interrupted, "interrupted");
  return {};
}

// Says how to go on after an interruption or a failure.
Error resumable(Error error, const WorkDir& dir) {
  if (dir.empty()) return error;
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
                       const std::string& output, Stopwatch& watch) {
  auto dir = WorkDir::open(work_path(options, output));
  if (!dir) return tl::unexpected(dir.error());
  const auto film = encode(options, job, plan, *dir);
  if (!film) return tl::unexpected(resumable(film.error(), *dir));
  if (auto fine = check_damage(job, film->substitutions); !fine)
    return tl::unexpected(fine.error());
  watch.lap("render");
  const StopOnInterrupt stop;
  TemporaryFile whole{output, part_suffix(*dir), 0};
  if (auto done = assemble(plan, *film, whole.path(), stop.token()); !done)
    return tl::unexpected(resumable(done.error(), *dir));
  watch.lap("assemble");
  auto verified = check(options, plan, whole.path(), stop.token());
  if (!verified) return tl::unexpected(resumable(verified.error(), *dir));
  watch.lap("verify");
  if (auto late = stop_if_interrupted(); !late)
    return tl::unexpected(resumable(late.error(), *dir));
  if (auto done = whole.commit(); !done) return tl::unexpected(done.error());
  if (!options.keep) dir->remove();
  Report report;
  report.job = job.path;
  report.output = output;
  report.plan_digest = sha256(plan_json(plan));
  report.seconds = to_seconds(plan.grid.start(plan.frames.count()));
  report.bytes = static_cast<double>(fs::file_size(output));
  report.chunks_rendered = film->rendered;
  report.chunks_reused = film->reused;
  report.substitutions = merge_substitutions(plan.substitutions, film->substitutions);
  report.verified = std::move(*verified);
  report.timings = watch.laps();
  return report;
}

}  // namespace

Result<void> run_render(const RenderOptions& options) {
  Interrupt::install();
  Stopwatch watch;
  auto job = open_job(options.job);
  if (!job) return tl::unexpected(job.error());
  apply(options, job->manifest);
  warn(*job);
  watch.lap("probe");
  const auto plan = make_plan(job->manifest, job->media,
                              {.from = options.from, .to = options.to, .draft = options.draft});
  if (!plan) return tl::unexpected(plan.error());
  if (auto fine = check_damage(*job, plan->substitutions); !fine) return fine;
  const auto output = output_path(options, *job);
  if (auto fine = check_output(output, options.overwrite, estimated_bytes(*plan)); !fine)
    return fine;
  for (const auto& s : plan->substitutions) say_warning(describe(*job, s));
  say(summary(*job, *plan));
  watch.lap("plan");
  if (auto stop = stop_if_interrupted(); !stop) return stop;

  const auto report = produce(options, *job, *plan, output, watch);
  if (!report) return tl::unexpected(report.error());
  for (std::size_t i = plan->substitutions.size(); i < report->substitutions.size(); ++i)
    say_warning(describe(*job, report->substitutions[i]));
  say(result_line(*report));
  return write_whole_file(report_path(options, output), report->to_json());
}

}  // namespace rostrum
