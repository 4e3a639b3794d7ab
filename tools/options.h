// SPDX-License-Identifier: LGPL-2.1-or-later
// The command line: words -> options of one command.
#pragma once

#include "core/result.h"
#include "tools/encoding.h"
#include "tools/fetched_job.h"
#include "tools/job.h"
#include "tools/live_options.h"
#include "tools/media_folder.h"
#include "tools/progress.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace rostrum {

struct PreviewSinks;

enum class VerifyMode { quick, full, off };

struct Listener;

// Of a page that shows a job.
struct WebOptions {
  bool wanted = false;
  std::uint16_t port = 0;                        // or the next that is free
  std::shared_ptr<Listener> listener = nullptr;  // once there is one
};

class RenderWindow;

// Of a window that plays what is finished of a film.
struct WindowOptions {
  bool wanted = false;
  std::string video_sink = "autovideosink";
  std::string audio_sink = "autoaudiosink";
  std::shared_ptr<RenderWindow> opened = nullptr;  // once it is
};

struct RenderOptions {
  JobOptions job;
  WebOptions web;
  WindowOptions window;
  std::string output;  // -o
  bool overwrite = false;
  int jobs = 0;      // workers at once; 0 = as many as the machine feeds
  std::string work;  // the work directory; "" = OUT.rostrum
  bool keep = false;
  std::optional<Nanoseconds> from;
  std::optional<Nanoseconds> to;
  std::string rate;  // "constant" or "variable"; "" = as the manifest says
  bool draft = false;
  bool audio_only = false;
  bool stems = false;                // also where the manifest does not ask for them
  std::vector<std::string> streams;  // playlists, besides those of the manifest
  bool fragmented = false;           // an MP4 in fragments, also where the manifest does not say so
  bool no_copy = false;              // sound is encoded even where it could be copied
  EncodingOptions encoding;
  std::string on_damage;
  VerifyMode verify = VerifyMode::quick;
  std::string report;  // "" = <output's stem>.report.json beside it
  ProgressMode progress = ProgressMode::automatic;
  Nanoseconds stall_timeout{60'000'000'000};
  NetworkOptions network;  // where the job is a link
};

struct PlanCommandOptions {
  JobOptions job;
  std::string rate;                       // as of RenderOptions
  std::vector<std::string> profile_dirs;  // for the graph
  bool json = false;
  bool dot = false;
  bool assets = false;
  std::optional<Nanoseconds> explain;
  std::string contact_sheet;  // the PNG to write; "" = none
  std::string waveform;       // likewise
  bool overwrite = false;     // that PNG
};

// A live job, opened.
struct LiveJob;

struct PreviewOptions {
  JobOptions job;
  WebOptions web;
  Nanoseconds at{0};
  std::string video_sink = "autovideosink";
  std::string audio_sink = "autoaudiosink";
  std::shared_ptr<PreviewSinks> sinks = {};  // after open_preview()
  LiveOptions live;
  std::shared_ptr<LiveJob> opened = {};  // of a live job: after open_preview()
};

struct RecordOptions {
  JobOptions job;
  std::string finish;  // a folder of chunks that is to become a film, instead of a job
  std::string output;  // -o
  bool overwrite = false;
  std::optional<Nanoseconds> duration;
  Nanoseconds chunk{10s};
  bool keep = false;  // the chunks
  EncodingOptions encoding;
  LiveOptions live;
  std::shared_ptr<LiveJob> opened = {};  // after open_record(); null with `finish`
};

struct ImportOptions {
  std::string format;
  std::string source;
  std::vector<std::string> roots;  // of a folder of media
  std::string slide_times;         // a file; "" = the one in the folder
  Nanoseconds slide_length = kUsualSlideLength;
  std::string output;  // "" = stdout
  bool overwrite = false;
};

struct VerifyCommandOptions {
  std::string path;
  std::string job;  // "" = only what the file says of itself
  std::optional<Nanoseconds> from;
  std::optional<Nanoseconds> to;
  std::string rate;      // as of RenderOptions
  bool no_copy = false;  // likewise
  bool audio_only = false;
  bool stem = false;
  std::vector<std::string> media_dirs;
  std::vector<std::string> roots;
  bool quick = false;
  bool json = false;
  std::string html;        // the page to write; "" = none
  bool overwrite = false;  // that page
};

struct GcOptions {
  std::string dir = ".";
  double older_than_hours = 0;
  double max_bytes = 0;  // keep the newest up to this much; 0 = keep none
  bool dry_run = false;
};

struct WorkerOptions {
  std::string spec;  // file with the chunk job
};

struct DoctorOptions {
  bool json = false;
  std::vector<std::string> profile_dirs;
  bool no_cache = false;
};

// Reads the words of the command line and runs the command; the exit status of the process.
int run_command_line(int argc, char** argv);

}  // namespace rostrum
