// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/command_line.h"
#include "tools/commands/commands.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace rostrum {

namespace {

constexpr Nanoseconds kLeastChunk = 1s;
constexpr Nanoseconds kMostChunk = 1h;

void add_chunk(CLI::App* app, Nanoseconds& chunk) {
  const auto parse = [&chunk](const std::string& text) {
    const auto time = parse_time(text);
    if (!time || *time < kLeastChunk || *time > kMostChunk)
      throw CLI::ValidationError(text, "is no length of a chunk; write 1 to 3600 seconds");
    chunk = *time;
  };
  app->add_option_function<std::string>(
         "--chunk-duration", parse,
         "Length of the chunks, of which a crash costs the last; default 10")
      ->type_name("TIME");
}

void add_encoding(CLI::App* app, EncodingOptions& o) {
  app->add_option("--profile", o.profile, "As for render")->type_name("NAME");
  app->add_option("--encoder", o.encoder, "As for render")->type_name("NAME");
  add_folders(app, "--profile-dir", o.profile_dirs, "As for render");
  app->add_flag("--no-cache", o.no_cache, "As for render");
}

}  // namespace

void add_record(CLI::App& root, Action& action) {
  auto* app = root.add_subcommand("record", "Record a live job into one MP4");
  auto o = std::make_shared<RecordOptions>();
  auto* job = app->add_option("JOB", o->job.path, "Manifest whose tracks are live");
  auto* finish = app->add_option("--finish", o->finish,
                                 "Make the film of the chunks that a recording has left")
                     ->check(CLI::ExistingDirectory.description(""))
                     ->type_name("DIR")
                     ->excludes(job);
  app->add_option("-o,--output", o->output,
                  "The film, an .mp4; default: the job's output.path, else its name with .mp4")
      ->type_name("OUT");
  app->add_flag("--overwrite", o->overwrite, "Replace OUT if it exists");
  add_time(app, "--duration", o->duration, "End after this long; default: at Ctrl-C")
      ->excludes(finish);
  add_chunk(app, o->chunk);
  app->add_flag("--keep", o->keep, "Keep the chunks, too");
  add_encoding(app, o->encoding);
  add_live(app, o->live);
  add_folders(app, "--allow-root", o->job.roots,
              "Let the job name its output below this folder, too");
  app->footer(
      "Ctrl-C ends the recording: the film is whole then.  A second one ends at once, and "
      "--finish\n"
      "makes the film later.\n\n"
      "Examples:\n"
      "  rostrum record cameras.json -o talk.mp4\n"
      "  rostrum record cameras.json --duration 1:30:00 --allow-host 192.168.1.20\n"
      "  rostrum record --finish talk.mp4.chunks\n");
  app->callback([&action, o, finish] {
    if (o->job.path.empty() && finish->count() == 0) throw CLI::RequiredError("JOB");
    // A source of the network needs it as long as it is recorded.
    const auto online = [o] { return o->opened && needs_network(o->opened->plan); };
    action.online = [o, online]() -> Result<void> {
      if (auto done = open_record(*o); !done) return done;
      return online() ? run_record(*o) : Result<void>{};
    };
    action.offline = [o, online] { return online() ? Result<void>{} : run_record(*o); };
  });
}

}  // namespace rostrum
