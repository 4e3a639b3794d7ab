// SPDX-License-Identifier: LGPL-2.1-or-later
// A live job into chunks, and those into one film.
#include "core/output_kind.h"
#include "engine/encoders.h"
#include "engine/input_file.h"
#include "engine/live_recording.h"
#include "engine/verify.h"
#include "tools/commands/commands.h"
#include "tools/live_run.h"
#include "tools/output_file.h"
#include "tools/render_files.h"
#include "tools/terminal.h"

#include <filesystem>
#include <nlohmann/json.hpp>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

constexpr char kChunks[] = ".chunks";
constexpr char kTitle[] = "recording.json";  // what the film needs besides its chunks

// "talk.mp4.chunks"
std::string chunks_of(const std::string& output) { return output + kChunks; }

std::string how_to_finish(const std::string& folder) {
  return "`rostrum record --finish " + folder + "` makes the film of it";
}

Result<std::string> name_output(const RecordOptions& options, Job& job) {
  RenderOptions how;
  how.output = options.output;
  how.job.roots = options.job.roots;
  auto files = name_files(how, job);
  if (!files) return tl::unexpected(files.error());
  if (film_container(files->output) != FilmContainer::mp4)
    return fail(Kind::usage, files->output + ": a recording is made as an MP4: name it .mp4");
  return files->output;
}

// A folder of our own: what is in one that is there is somebody's recording.
Result<std::string> make_folder(const std::string& output, const std::string& title) {
  const auto folder = chunks_of(output);
  std::error_code error;
  if (fs::exists(folder, error))
    return fail(Kind::usage, folder + ": holds a recording that was not finished; " +
                                 how_to_finish(folder) + ", or remove the folder");
  if (!fs::create_directory(folder, error))
    return fail(Kind::usage, folder + ": cannot be made: " + error.message());
  const nlohmann::json known{{"title", title}};
  const auto text = known.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  if (auto done = write_whole_file((fs::path{folder} / kTitle).string(), text + "\n"); !done)
    return tl::unexpected(done.error());
  return folder;
}

std::string title_in(const std::string& folder) {
  const auto text = read_text(fs::path{folder} / kTitle);
  if (!text) return {};
  const auto known = nlohmann::json::parse(*text, nullptr, false);
  const auto title = known.is_object() ? known.find("title") : known.end();
  return title != known.end() && title->is_string() ? title->get<std::string>() : std::string{};
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

Result<void> check_film(const std::string& path, const RecordedFilm& film) {
  VerifyOptions how;
  how.full = false;
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

// Chunks -> film.
Result<void> finish(const std::string& folder, const std::string& output, bool keep) {
  TemporaryFile temporary{output, ".record", 0};
  const auto film = join_recording(folder, title_in(folder), temporary.path());
  if (!film) return tl::unexpected(film.error());
  if (auto right = check_film(temporary.path(), *film); !right) return right;
  if (auto done = temporary.commit(); !done) return done;
  std::error_code error;
  if (!keep) fs::remove_all(folder, error);
  say(output + ": " + format_time(film->length) + ", " +
      size_text(static_cast<double>(fs::file_size(output, error))));
  return {};
}

Result<void> finish_left(const RecordOptions& options) {
  auto folder = options.finish;
  while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
  auto output = options.output;
  if (output.empty() && folder.ends_with(kChunks))
    output = folder.substr(0, folder.size() - (sizeof kChunks - 1));
  if (output.empty())
    return fail(Kind::usage, folder + ": does not end in .chunks, so name the film by -o");
  if (auto fine = check_output(output, {options.overwrite, 0, {}}); !fine) return fine;
  return finish(folder, output, options.keep);
}

std::optional<Nanoseconds> length_of(const RecordOptions& options, const LivePlan& plan) {
  if (!options.duration || !plan.duration)
    return options.duration ? options.duration : plan.duration;
  return std::min(*options.duration, *plan.duration);
}

// How it ended, and how many chunks are whole.
struct Recorded {
  Result<void> ended;
  std::size_t chunks = 0;
};

Recorded record(const RecordOptions& options, const LiveJob& live, const Job& job,
                const std::string& folder) {
  auto graph = LiveGraph::make(live.plan, live.hosts);
  if (!graph) return {tl::unexpected(graph.error())};
  const auto pipeline = make_recording(**graph, job.codings.front(), {folder, options.chunk});
  if (!pipeline) return {tl::unexpected(pipeline.error())};
  LiveRun run{
      **graph, pipeline->get(), {.records = true, .duration = length_of(options, live.plan)}};
  auto ended = run.run();
  return {std::move(ended), run.chunks()};
}

// What was recorded becomes a film, however the recording ended.
Result<void> keep_what_there_is(const RecordOptions& options, Recorded recorded,
                                const std::string& folder, const std::string& output) {
  if (recorded.chunks == 0) {
    std::error_code error;
    fs::remove_all(folder, error);
    return recorded.ended ? fail(Kind::media, "it ended before anything was recorded")
                          : std::move(recorded.ended);
  }
  if (auto film = finish(folder, output, options.keep); !film) {
    say(how_to_finish(folder));
    return film;
  }
  return std::move(recorded.ended);
}

}  // namespace

Result<void> open_record(RecordOptions& options) {
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
  const auto folder = make_folder(*output, job.manifest.title);
  if (!folder) return tl::unexpected(folder.error());
  return keep_what_there_is(options, record(options, *options.opened, job, *folder), *folder,
                            *output);
}

}  // namespace rostrum
