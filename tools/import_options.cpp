// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/command_line.h"
#include "tools/commands/commands.h"
#include "tools/export_options.h"
#include "tools/import_formats.h"
#include "tools/options.h"

#include <CLI/CLI.hpp>

#include <map>
#include <memory>

namespace rostrum {

namespace {

// Of folders of media.
void add_folder_import(CLI::App* app, const std::shared_ptr<ImportOptions>& o) {
  add_folders(app, "--allow-root", o->roots, "Of a folder: links may lead below this one, too");
  app->add_option("--slide-times", o->slide_times,
                  "When slides are shown, a time a line; default: times.txt of the folder")
      ->type_name("FILE");
  const auto length = [o](double seconds) { o->slide_length = *from_seconds(seconds); };
  app->add_option_function<double>("--seconds-per-slide", length,
                                   "Length of slides that have no voice; default 5")
      ->check(CLI::Range(0.04, 3600.0).description(""))
      ->type_name("SECONDS");
}

}  // namespace

void add_import(CLI::App& root, Action& action) {
  auto* app =
      root.add_subcommand("import", "Turn a recording or a folder of media into a manifest");
  auto o = std::make_shared<ImportOptions>();
  std::vector<std::string> names;
  for (const auto& format : import_formats()) names.push_back(format.name);
  auto* list = app->add_flag("--list")->description("Only list the formats");
  auto* format = app->add_option("FORMAT", o->format, "One of those that --list names")
                     ->check(CLI::IsMember(names).description(""))
                     ->excludes(list);
  auto* source = app->add_option("SOURCE", o->source, "The record, or the folder that holds it")
                     ->excludes(list);
  app->add_option("-o,--output", o->output, "The manifest to write; default: stdout")
      ->type_name("JOB");
  app->add_flag("--overwrite", o->overwrite, "Replace JOB if it exists");
  add_folder_import(app, o);
  app->footer(
      "Examples:\n  rostrum import mtslink record.json -o job.json\n"
      "  rostrum import bigbluebutton recording/ -o job.json\n"
      "  rostrum import slides lecture/ --seconds-per-slide 8 -o job.json\n"
      "  rostrum import zoom \"2026-01-31 Weekly\" -o job.json\n"
      "  rostrum import otio edited.otio -o job.json\n"
      "  rostrum import --list\n");
  app->callback([&action, o, list, format, source] {
    action.offline = list_import_formats;
    if (list->count() > 0) return;
    for (const auto* needed : {format, source})
      if (needed->count() == 0) throw CLI::RequiredError(needed->get_name());
    action.offline = [o] { return run_import(*o); };
  });
}

void add_export(CLI::App& root, Action& action) {
  auto* app = root.add_subcommand("export", "Turn a job into a project of an editor");
  auto o = std::make_shared<ExportOptions>();
  const std::map<std::string, ExportFormat> formats{
      {"otio", ExportFormat::otio}, {"edl", ExportFormat::edl}, {"xges", ExportFormat::xges}};
  app->add_option("FORMAT", o->format, "otio (OpenTimelineIO), edl (CMX 3600) or xges (GES)")
      ->required()
      ->transform(CLI::CheckedTransformer(formats).description(""))
      ->type_name("");
  add_job(app, o->job);
  app->add_option("-o,--output", o->output, "The project to write; default: stdout")
      ->type_name("FILE");
  app->add_flag("--overwrite", o->overwrite, "Replace FILE if it exists");
  app->footer(
      "Examples:\n"
      "  rostrum export otio job.json -o webinar.otio\n"
      "  rostrum export edl record.json -o webinar.edl\n"
      "  rostrum export xges job.json -o webinar.xges\n");
  app->callback([&action, o] { action.offline = [o] { return run_export(*o); }; });
}

}  // namespace rostrum
