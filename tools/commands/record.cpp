// SPDX-License-Identifier: LGPL-2.1-or-later
// A live job into chunks, and those into one film.
#include "core/findings.h"
#include "core/output_kind.h"
#include "engine/encoders.h"
#include "engine/interrupt.h"
#include "engine/live_recording.h"
#include "engine/verify.h"
#include "tools/commands/commands.h"
#include "tools/live_run.h"
#include "tools/output_file.h"
#include "tools/recording_folder.h"
#include "tools/render_files.h"
#include "tools/terminal.h"

#include <filesystem>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

constexpr char kChunks[] = ".chunks";

// "talk.mp4.chunks"
std::string chunks_of(const std::string& output) { return output + kChunks; }

// `place`: where the name stands.
Result<void> check_mp4(const std::string& output, const std::string& place, Kind kind) {
  if (output_kind(output) == OutputKind::film && film_container(output) == FilmContainer::mp4)
    return {};
  return fail(kind, place + ": " + in_quotes(output) +
                        " is no name of an MP4, which a recording is made as: name it .mp4");
}

Result<std::string> name_output(const RecordOptions& options, Job& job) {
  RenderOptions how;
  how.output = options.output;
  how.job.roots = options.job.roots;
  auto files = name_files(how, job);
  if (!files) return tl::unexpected(files.error());
  if (auto fine = check_mp4(files->output, job.path + ":" + job.manifest.output.pointer + "/path",
                            Kind::manifest);
      !fine)
    return tl::unexpected(fine.error());
  return files->output;
}

Result<void> choose_encoder(Job& job, const LivePlan& live, const EncodingOptions& options) {
  if (auto done = choose_codings(job, options); !done) return done;
  if (job.picture_codec != kUsualCodec)
    return fail(Kind::usage, "a recording is made as H.264, which encoder \"" +
                                 job.codings.front().encoder + "\" does not make");
  Plan plan;
  plan.canvas = {live.canvas.width, live.canvas.height};
  plan.grid = FrameGrid{live.canvas.rate};
  return try_codings(job, plan, options);
}

Result<void> check_film(const std::string& path, const RecordedFilm& film,
                        const std::stop_token& stop) {
  VerifyOptions how;
  how.full = false;
  how.stop = stop;
  auto& expected = how.expected.emplace();
  expected.frames = film.frames;
  expected.samples = film.samples;
  const auto report = verify(path, how);
  if (!report) return tl::unexpected(report.error());
  if (report->ok()) return {};
  std::string wrong;
  for (const auto& finding : report->findings)
    if (!finding.ok) wrong += "\n" + finding.text;
  return fail(Kind::verification, "the film is not as it was recorded:" + wrong);
}

// Kind::interrupted after Ctrl-C; one that has ended the recording was meant for that, and the next
// ends the process.
Result<RecordedFilm> make_film(const RecordingFolder& folder, const std::string& output) {
  Interrupt::install();
  std::optional<StopOnInterrupt> interrupt;
  if (!Interrupt::requested()) interrupt.emplace();
  const auto stop = interrupt ? interrupt->token() : std::stop_token{};
  TemporaryFile temporary{output, ".record", 0};
  const auto film = join_recording(folder.path(), folder.title(), temporary.path(), stop);
  if (!film) return tl::unexpected(film.error());
  if (auto right = check_film(temporary.path(), *film, stop); !right)
    return tl::unexpected(right.error());
  if (auto done = temporary.commit(); !done) return tl::unexpected(done.error());
  return *film;
}

// Chunks -> film.
Result<void> finish(RecordingFolder& folder, const std::string& output, bool keep) {
  if (folder.holds(output))
    return fail(Kind::usage,
                output + ": lies among the chunks: name a film outside " + folder.path());
  Interrupt::say_at_abort(printable(how_to_finish(folder.path())));
  const auto film = make_film(folder, output);
  Interrupt::say_at_abort("");
  if (!film) return tl::unexpected(film.error());
  if (!keep) folder.remove();
  std::error_code error;
  say(output + ": " + format_time(film->length) + ", " +
      size_text(static_cast<double>(fs::file_size(output, error))));
  return {};
}

Result<void> finish_left(const RecordOptions& options) {
  auto path = options.finish;
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  auto output = options.output;
  if (output.empty() && path.ends_with(kChunks))
    output = path.substr(0, path.size() - (sizeof kChunks - 1));
  if (output.empty())
    return fail(Kind::usage, path + ": does not end in .chunks, so name the film by -o");
  if (auto fine = check_mp4(output, "--finish", Kind::usage); !fine) {
    auto error = fine.error();
    if (options.output.empty()) error.message += "; say so by -o";
    return tl::unexpected(error);
  }
  if (auto fine = check_output(output, {options.overwrite, 0, {}}); !fine) return fine;
  auto folder = RecordingFolder::open(path);
  if (!folder) return tl::unexpected(folder.error());
  auto done = finish(*folder, output, options.keep);
  if (!done && done.error().kind == Kind::interrupted) say(how_to_finish(path));
  return done;
}

std::optional<Nanoseconds> length_of(const RecordOptions& options, const LivePlan& plan) {
  if (!options.duration || !plan.duration)
    return options.duration ? options.duration : plan.duration;
  return std::min(*options.duration, *plan.duration);
}

Result<void> record(const RecordOptions& options, const LiveJob& live, const Job& job,
                    const std::string& folder) {
  auto graph = LiveGraph::make(live.plan, live.hosts);
  if (!graph) return tl::unexpected(graph.error());
  const auto pipeline = make_recording(**graph, job.codings.front(), {folder, options.chunk});
  if (!pipeline) return tl::unexpected(pipeline.error());
  LiveRun run{
      **graph, pipeline->get(), {.records = true, .duration = length_of(options, live.plan)}};
  return run.run();
}

// What was recorded becomes a film, however the recording ended.
Result<void> keep_what_there_is(const RecordOptions& options, Result<void> ended,
                                RecordingFolder& folder, const std::string& output) {
  if (folder.chunks() == 0) {
    folder.remove();
    return ended ? fail(Kind::media, "it ended before anything was recorded") : std::move(ended);
  }
  if (auto film = finish(folder, output, options.keep); !film) {
    say(how_to_finish(folder.path()));
    return film;
  }
  return ended;
}

}  // namespace

Result<void> open_record(RecordOptions& options) {
  if (!options.output.empty())
    if (auto fine = check_mp4(options.output, "--output", Kind::usage); !fine) return fine;
  if (!options.finish.empty()) return {};
  auto live = open_live(options.job, options.live);
  if (!live) return tl::unexpected(live.error());
  if (!*live)
    return fail(
        Kind::usage,
        options.job.path + ": none of its tracks is live: `rostrum render` makes the film of it");
  options.opened = std::move(*live);
  return {};
}

Result<void> run_record(const RecordOptions& options) {
  if (!options.finish.empty()) return finish_left(options);
  auto job = options.opened->job;
  const auto output = name_output(options, job);
  if (!output) return tl::unexpected(output.error());
  if (auto fine = check_output(*output, {options.overwrite, 0, {job.path}}); !fine) return fine;
  if (auto chosen = choose_encoder(job, options.opened->plan, options.encoding); !chosen)
    return chosen;
  auto folder = RecordingFolder::make(chunks_of(*output), job.manifest.title);
  if (!folder) return tl::unexpected(folder.error());
  return keep_what_there_is(options, record(options, *options.opened, job, folder->path()), *folder,
                            *output);
}

}  // namespace rostrum
