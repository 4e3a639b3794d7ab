// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/options.h"

#include "core/fetch/url.h"
#include "core/file_ending.h"
#include "core/findings.h"
#include "core/output_kind.h"
#include "core/sound_file.h"
#include "core/streaming.h"
#include "engine/sandbox.h"
#include "tools/command_line.h"
#include "tools/commands/commands.h"
#include "tools/network_options.h"
#include "tools/terminal.h"
#include "tools/web/web_options.h"
#include "tools/window/window_options.h"

#include <gst/gst.h>
#include <CLI/CLI.hpp>

#include <cmath>
#include <exception>
#include <map>

namespace rostrum {

void add_folders(CLI::App* app, const std::string& name, std::vector<std::string>& target,
                 const std::string& help) {
  app->add_option(name, target, help)
      ->allow_extra_args(false)
      ->check(CLI::ExistingDirectory.description(""))
      ->type_name("DIR");
}

void add_job(CLI::App* app, JobOptions& job, const std::string& what) {
  app->add_option("JOB", job.path, what)->required();
  add_folders(app, "--media", job.media_dirs,
              "Folder with local copies of remote media, by file name");
  add_folders(app, "--allow-root", job.roots, "Let the job use files below this folder, too");
}

CLI::Option* add_time(CLI::App* app, const std::string& name, std::optional<Nanoseconds>& target,
                      const std::string& help) {
  const auto parse = [&target](const std::string& text) {
    target = parse_time(text);
    if (!target) throw CLI::ValidationError(text, "is no time; write seconds or h:mm:ss.mmm");
  };
  return app->add_option_function<std::string>(name, parse, help)->type_name("TIME");
}

namespace {

std::string check_amount(const std::string& text) {
  char* end = nullptr;
  const double value = g_ascii_strtod(text.c_str(), &end);
  const bool fine = end != text.c_str() && *end == '\0' && std::isfinite(value) && value >= 0;
  return fine ? "" : text + " is no number from 0 on";
}

std::string check_png(const std::string& name) {
  return has_ending(name, ".png") ? "" : name + " is no name of a PNG: it does not end in .png";
}

std::string check_stream(const std::string& name) {
  return stream_kind(name) ? "" : name + " ends neither in .m3u8 (HLS) nor in .mpd (DASH)";
}

// Before anything is fetched or looked into.
void check_output_name(const std::string& name, bool sound_only) {
  auto why = sound_only            ? why_no_sound(name)
             : is_sound_only(name) ? in_quotes(name) +
                                         " holds no picture: name the film .mp4, or say "
                                         "--audio-only"
                                   : why_no_output(name);
  if (why.empty()) return;
  if (stream_kind(name)) why += "; --stream names a playlist of it";
  throw CLI::ValidationError("--output", why);
}

CLI::Option* add_rate(CLI::App* app, std::string& rate, const std::string& help) {
  return app->add_option("--rate", rate, help)
      ->check(CLI::IsMember({"constant", "variable"}).description(""))
      ->type_name("RATE");
}

constexpr char kProfileDirHelp[] = "Folder with encoding profiles of one's own";

constexpr char kNoCacheHelp[] =
    "Test again which encoders work, instead of using the remembered result";
// How patiently something is awaited, and how it is shown.
void add_patience(CLI::App* app, Nanoseconds& stall_timeout, ProgressMode& progress) {
  const std::map<std::string, ProgressMode> looks{{"auto", ProgressMode::automatic},
                                                  {"bar", ProgressMode::bar},
                                                  {"json", ProgressMode::json},
                                                  {"none", ProgressMode::none}};
  app->add_option("--progress", progress, "auto, bar, json (NDJSON on stdout) or none")
      ->transform(CLI::CheckedTransformer(looks).description(""))
      ->type_name("HOW");
  const auto stall = [&stall_timeout](double seconds) {
    stall_timeout = from_seconds(seconds).value_or(stall_timeout);
  };
  app->add_option_function<double>("--stall-timeout", stall,
                                   "Give up after this long without progress; default 60")
      ->check(CLI::Range(1.0, 86400.0).description(""))
      ->type_name("SECONDS");
}

using RenderOptionsPtr = std::shared_ptr<RenderOptions>;

CLI::Option* add_sound(CLI::App* app, const RenderOptionsPtr& o) {
  auto* only =
      app->add_flag("--audio-only", o->audio_only,
                    "Only the sound, into .m4a, .opus or .flac, as OUT's ending or the job says");
  app->add_flag("--stems", o->stems, "Beside OUT, the sound of each person in a file of its own");
  app->add_option("--stream", o->streams,
                  "Also a playlist for players that fetch parts: .m3u8 (HLS) or .mpd (DASH)")
      ->allow_extra_args(false)
      ->check(check_stream)
      ->type_name("FILE");
  app->add_flag("--fragmented", o->fragmented,
                "OUT, an MP4, in movie fragments: it can be played while it is copied or cut off");
  app->add_flag("--no-copy", o->no_copy,
                "Encode pictures and sound even where they could be copied as they are");
  return only;
}

void add_encoding(CLI::App* app, const RenderOptionsPtr& o) {
  add_rate(app, o->rate, "constant, or variable: leave out frames where nothing moves");
  app->add_flag("--draft", o->draft, "360 lines and the fastest encoding, for a quick look");
  app->add_option("--profile", o->encoding.profile,
                  "Encoding profile: quality, balanced, fast, draft, or one of --profile-dir")
      ->type_name("NAME");
  app->add_option("--encoder", o->encoding.encoder,
                  "Video encoder: auto, or one that `rostrum doctor` lists")
      ->type_name("NAME");
  add_folders(app, "--profile-dir", o->encoding.profile_dirs, kProfileDirHelp);
  app->add_flag("--no-cache", o->encoding.no_cache, kNoCacheHelp);
  app->add_option("--encoder-sessions", o->encoding.sessions,
                  "At most so many workers encode on a GPU at once; default: as many as it accepts")
      ->check(CLI::Range(1, 256).description(""))
      ->type_name("N");
  app->add_option("--on-damage", o->on_damage, "What to do about media that cannot be played")
      ->check(CLI::IsMember({"substitute", "fail"}));
}

// What is checked and reported, and how patiently.
void add_checks(CLI::App* app, const RenderOptionsPtr& o) {
  const std::map<std::string, VerifyMode> modes{
      {"quick", VerifyMode::quick}, {"full", VerifyMode::full}, {"off", VerifyMode::off}};
  app->add_option("--verify", o->verify,
                  "How to check the film before it gets its name: quick, full or off")
      ->transform(CLI::CheckedTransformer(modes).description(""))
      ->type_name("MODE");
  app->add_option("--report", o->report,
                  "The report to write; default: OUT's name with .report.json")
      ->type_name("FILE");
  add_patience(app, o->stall_timeout, o->progress);
  add_web(app, o->web, "Show the job, and how the render goes on, in a browser on this machine");
}

// What needs the network.
Result<void> begin_render(RenderOptions& o) {
  if (o.window.wanted)
    if (auto done = open_render_window(o.window); !done) return done;
  if (o.web.wanted)
    if (auto done = listen_for(o.web); !done) return done;
  return is_remote(o.job.path) ? fetch_for_render(o) : Result<void>{};
}

void add_render(CLI::App& root, Action& action) {
  auto* app = root.add_subcommand("render", "Render a job into one film");
  auto o = std::make_shared<RenderOptions>();
  add_job(app, o->job, "Manifest, record, a folder that holds one, or a link");
  app->add_option(
         "-o,--output", o->output,
         "The film: .mp4, .mkv or .webm; default: the manifest's output.path, else the job's "
         "name with .mp4, beside it")
      ->type_name("OUT");
  app->add_flag("--overwrite", o->overwrite, "Replace OUT, and FILE of --report, if they exist");
  app->add_option("--jobs", o->jobs, "Workers at once; default: as many as cores and memory allow")
      ->check(CLI::Range(1, 256).description(""))
      ->type_name("N");
  app->add_option("--work", o->work, "Folder for finished chunks; default: OUT with .rostrum")
      ->type_name("DIR");
  app->add_flag("--keep", o->keep,
                "Keep the finished chunks, so that an edited job renders only what changed");
  add_time(app, "--from", o->from, "Render from this time of the job on");
  add_time(app, "--to", o->to, "Render up to this time of the job");
  auto* sound_only = add_sound(app, o);
  add_encoding(app, o);
  add_checks(app, o);
  add_render_window(app, o->window)->excludes(sound_only);
  add_network(app, o->network);
  app->footer(
      "Examples:\n"
      "  rostrum render record.json -o webinar.mp4\n"
      "  rostrum render lecture/\n"
      "  rostrum render recordings/monday --from 10:00 --to 12:30 --draft\n"
      "  rostrum render record.json --audio-only -o webinar.opus\n"
      "  rostrum render https://my.mts-link.ru/12345678/987654321/record-new/123456789\n");
  app->callback([&action, o] {
    if (!o->output.empty()) check_output_name(o->output, o->audio_only);
    if (o->draft) o->encoding.profile = "draft";
    action.online = [o] { return begin_render(*o); };
    action.offline = [o] { return run_render(*o); };
  });
}

void add_plan(CLI::App& root, Action& action) {
  auto* app = root.add_subcommand("plan", "Show what would be rendered, without rendering");
  auto o = std::make_shared<PlanCommandOptions>();
  add_job(app, o->job);
  auto* json = app->add_flag("--json", o->json, "The whole plan as canonical JSON");
  auto* explain =
      add_time(app, "--explain", o->explain, "Who is seen and heard at this time, and why");
  auto* dot = app->add_flag("--dot", o->dot, "The pipeline as a Graphviz graph");
  auto* assets = app->add_flag("--assets", o->assets,
                               "Every asset, where it was found and what is wrong with it");
  auto* sheet = app->add_option("--contact-sheet", o->contact_sheet,
                                "Write a small picture of every scene, with its time and names")
                    ->check(check_png)
                    ->type_name("FILE.png");
  auto* wave = app->add_option("--waveform", o->waveform,
                               "Write a picture of the sound: who is heard when, and how loudly")
                   ->check(check_png)
                   ->type_name("FILE.png");
  app->add_flag("--overwrite", o->overwrite, "Replace FILE.png if it exists");
  add_rate(app, o->rate, "constant or variable, as for render");
  add_folders(app, "--profile-dir", o->profile_dirs, kProfileDirHelp);
  json->excludes(explain, dot, assets, sheet, wave);
  explain->excludes(dot, assets, sheet, wave);
  dot->excludes(assets, sheet, wave);
  assets->excludes(sheet, wave);
  sheet->excludes(wave);
  app->footer(
      "Examples:\n"
      "  rostrum plan record.json --explain 12:34\n"
      "  rostrum plan record.json --contact-sheet webinar.png\n"
      "  rostrum plan record.json --waveform sound.png\n"
      "  rostrum plan record.json --dot | dot -Tsvg > graph.svg\n");
  app->callback([&action, o] { action.offline = [o] { return run_plan(*o); }; });
}

void add_fetch(CLI::App& root, Action& action) {
  auto* app = root.add_subcommand("fetch", "Bring a job's remote media here");
  auto o = std::make_shared<FetchOptions>();
  app->add_option("JOB", o->source, "Manifest, record, a folder that holds one, or a link")
      ->required();
  app->add_option("-o,--output", o->dir,
                  "Folder for job.json and media/; default: the job's name, beside it")
      ->type_name("DIR");
  app->add_flag("--overwrite", o->overwrite, "Replace DIR/job.json if it is another job");
  add_network(app, o->network);
  add_patience(app, o->stall_timeout, o->progress);
  app->footer(
      "Examples:\n"
      "  rostrum fetch https://my.mts-link.ru/12345678/987654321/record-new/123456789\n"
      "  rostrum fetch record.json -o monday\n"
      "  ROSTRUM_COOKIE=\"$(cat cookie)\" rostrum fetch LINK -o monday\n");
  app->callback([&action, o] { action.online = [o] { return run_fetch(*o); }; });
}

void add_verify(CLI::App& root, Action& action) {
  auto* app = root.add_subcommand("verify", "Measure what is really in a film");
  auto o = std::make_shared<VerifyCommandOptions>();
  app->add_option("OUT", o->path, "The film")->required();
  auto* job = app->add_option("--job", o->job, "Hold the film against this job")->type_name("JOB");
  auto* alone =
      app->add_flag("--audio-only", o->audio_only,
                    "OUT is to be the job's sound alone; .m4a, .opus and .flac always are");
  app->add_flag("--stem", o->stem, "OUT is to be one of the job's stems")
      ->needs(job)
      ->excludes(alone);
  alone->needs(job);
  add_time(app, "--from", o->from, "OUT is the job from this time on, as for render")->needs(job);
  add_time(app, "--to", o->to, "OUT is the job up to this time")->needs(job);
  add_rate(app, o->rate, "OUT was rendered with --rate constant or variable")->needs(job);
  app->add_flag("--no-copy", o->no_copy, "OUT was rendered with --no-copy")->needs(job);
  add_folders(app, "--media", o->media_dirs, "As for render");
  add_folders(app, "--allow-root", o->roots, "As for render");
  app->add_flag("--quick", o->quick, "Read all packets, decode only samples of them");
  app->add_flag("--json", o->json, "The figures as JSON");
  app->add_option("--html", o->html, "Write a page with pictures, a timeline and the loudness, too")
      ->type_name("FILE");
  app->add_flag("--overwrite", o->overwrite, "Replace FILE if it exists");
  app->footer(
      "Examples:\n"
      "  rostrum verify webinar.mp4\n"
      "  rostrum verify webinar.mp4 --job record.json --html webinar.html\n"
      "  rostrum verify part.mp4 --job record.json --from 10:00 --to 12:30\n");
  app->callback([&action, o] { action.offline = [o] { return run_verify(*o); }; });
}

void add_doctor(CLI::App& root, Action& action) {
  auto* app = root.add_subcommand("doctor", "Check what this machine has and lacks");
  auto o = std::make_shared<DoctorOptions>();
  app->add_flag("--json", o->json, "The findings as JSON");
  add_folders(app, "--profile-dir", o->profile_dirs, kProfileDirHelp);
  app->add_flag("--no-cache", o->no_cache, kNoCacheHelp);
  app->footer("Examples:\n  rostrum doctor\n  rostrum doctor --json --no-cache\n");
  app->callback([&action, o] { action.offline = [o] { return run_doctor(*o); }; });
}

void add_gc(CLI::App& root, Action& action) {
  auto* app = root.add_subcommand("gc", "Remove the work directories that renders left behind");
  auto o = std::make_shared<GcOptions>();
  app->add_option("DIR", o->dir, "Folder to look in for *.rostrum; default: the current one");
  app->add_option("--older-than", o->older_than_hours, "Only those unchanged for so many hours")
      ->check(check_amount)
      ->type_name("HOURS");
  app->add_option_function<double>(
         "--max-size", [o](double megabytes) { o->max_bytes = megabytes * 1e6; },
         "Remove the oldest until so much is left")
      ->check(check_amount)
      ->type_name("MB");
  app->add_flag("--dry-run", o->dry_run, "Only say what would be removed");
  app->footer("Example:\n  rostrum gc recordings --older-than 24 --dry-run\n");
  app->callback([&action, o] { action.offline = [o] { return run_gc(*o); }; });
}

void add_worker(CLI::App& root, Action& action) {
  auto* app = root.add_subcommand("worker", "")->group("");  // hidden: started by render
  auto o = std::make_shared<WorkerOptions>();
  app->add_option("SPEC", o->spec)->required();
  app->add_option("PARENT")->required();  // read in main(), before anything else
  app->callback([&action, o] {
    action.confined = true;
    action.offline = [o] { return run_worker(*o); };
  });
}

void add_builds(CLI::App& root, Action& action) {
  auto* app = root.add_subcommand("builds", "")->group("");  // hidden: started by render
  app->callback([&action] {
    action.confined = true;
    action.offline = [] { return run_builds(); };
  });
}

// An exception is a mistake of the tool, but says more than a crash.
Result<void> run(const Action& action) {
  try {
    if (action.online)
      if (auto done = action.online(); !done) return done;
    if (!action.offline) return {};
    // Media are decoded from here on.
    if (!action.confined && !leave_network())
      return fail(Kind::internal,
                  "the network cannot be given up; ROSTRUM_SANDBOX=off goes on with it");
    return action.offline();
  } catch (const std::exception& error) {
    return fail(Kind::internal, std::string{"internal error: "} + error.what());
  }
}

void say_usage(const CLI::App& app, const std::string& problem, const std::string& first) {
  const auto commands = app.get_subcommands();
  if (!commands.empty()) {
    say_error(problem);
    say("see `rostrum " + commands.front()->get_name() + " --help`");
    return;
  }
  say_error(first.empty() ? "a command is missing"
                          : "there is no " + std::string{first[0] == '-' ? "option" : "command"} +
                                " \"" + printable(first) + "\"");
  say("see `rostrum --help`");
}

int finish(const Result<void>& result) {
  if (result) return 0;
  say_error(result.error().message);
  return exit_code(result.error().kind);
}

}  // namespace

int run_command_line(int argc, char** argv) {
  CLI::App app{"rostrum: makes one film of the recording of a webinar"};
  app.set_version_flag("--version", "rostrum " ROSTRUM_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Exit status: 0 complete, 1 internal error, 2 usage, 3 invalid manifest, 4 a component is\n"
      "missing, 5 media unusable, 6 verification failed, 130 interrupted.\n"
      "`rostrum COMMAND --help` has each command's options and examples.");
  Action action;
  for (auto* add : {add_render, add_plan, add_preview, add_record, add_import, add_export,
                    add_fetch, add_verify, add_doctor, add_gc, add_worker, add_builds, add_window})
    add(app, action);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Help and version are "errors" with status 0 in this library.
    if (error.get_exit_code() == 0) return app.exit(error);
    say_usage(app, error.what(), argc > 1 ? argv[1] : "");
    return exit_code(Kind::usage);
  }
  return finish(run(action));
}

}  // namespace rostrum
