// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/render_files.h"

#include "core/findings.h"
#include "tools/media_folder.h"
#include "tools/output_file.h"
#include "tools/past_report.h"
#include "tools/terminal.h"
#include "tools/thumbnail_files.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

// Where the manifest names the film.
std::string film_pointer(const Job& job) { return job.manifest.output.pointer + "/path"; }

// A job says where its film goes only within its own folder and those that the user allows.
Result<std::string> declared_output(const RenderOptions& options, const Job& job,
                                    const std::string& declared, const std::string& pointer) {
  const auto path = fs::path{job.base_dir} / declared;
  std::error_code error;
  const auto folder = fs::weakly_canonical(path.parent_path(), error);
  auto roots = options.job.roots;
  roots.push_back(job.base_dir);
  for (const auto& root : roots) {
    const auto relative = folder.lexically_relative(fs::weakly_canonical(root, error));
    if (!relative.empty() && *relative.begin() != "..") return path.string();
  }
  return tl::unexpected(manifest_error(
      job.path, {{pointer, folder.string() + " lies outside " + job.base_dir +
                               "; allow it with --allow-root, or name it on the command line"}}));
}

void add_further(const RenderOptions& options, NamedOutput other, RenderFiles& files) {
  const auto path = other.output.path;
  const auto kind = other.output.kind;
  if (kind == OutputKind::stream) {
    auto& stream = files.streams.emplace_back(StreamPlaylist{path});
    for (const auto& rendition : other.output.renditions)
      stream.renditions.push_back(rendition.height);
    return;
  }
  if (options.audio_only)
    return say_warning(path + ": is left out: there is no picture with --audio-only");
  if (kind == OutputKind::film)
    return files.films.push_back({path, {film_container(path), other.output.fragmented}});
  files.thumbnails.push_back(std::move(other));
}

// The further outputs of the manifest, and the playlists of the command line, each once.
Result<void> name_further(const RenderOptions& options, const Job& job, RenderFiles& files) {
  const auto& declared = job.manifest.output.further;
  for (std::size_t i = 0; i < declared.size(); ++i) {
    NamedOutput other{declared[i], "/outputs/" + std::to_string(i + 1)};
    auto path = declared_output(options, job, other.output.path, other.pointer + "/path");
    if (!path) return tl::unexpected(path.error());
    other.output.path = std::move(*path);
    add_further(options, std::move(other), files);
  }
  for (const auto& path : options.streams)
    if (std::none_of(files.streams.begin(), files.streams.end(),
                     [&](const auto& stream) { return stream.path == path; }))
      files.streams.push_back({path});
  if (!files.streams.empty() &&
      files.sound_only.value_or(SoundContainer::mp4) != SoundContainer::mp4)
    return fail(Kind::usage, files.streams.front().path + ": is a playlist of an MP4; " +
                                 files.output + " is none: name it .m4a");
  files.stream_paths = stream_paths(files.streams, !files.sound_only);
  if (const auto path = playlist_of_a_part(files.streams, !files.sound_only); !path.empty())
    return fail(Kind::usage, path +
                                 ": is the playlist of a part of another stream, so it cannot be "
                                 "one of its own; give it another name");
  return {};
}

std::string natural_output(const Job& job) {
  // Beside a folder of media, not among them.
  if (is_folder_format(job.format)) return job.base_dir + ".mp4";
  return (fs::path{job.base_dir} / fs::path{job.path}.stem()).string() + ".mp4";
}

std::string with_ending(const std::string& path, const std::string& ending) {
  return fs::path{path}.replace_extension(ending).string();
}

const char* written(AudioCodec codec) {
  switch (codec) {
  case AudioCodec::opus:
    return "Opus";
  case AudioCodec::flac:
    return "FLAC";
  case AudioCodec::aac:
    break;
  }
  return "AAC";
}

Error wrong_ending(const RenderOptions& options, const Job& job, const std::string& path,
                   const std::string& why) {
  if (options.output.empty()) return manifest_error(job.path, {{film_pointer(job), path + why}});
  return {Kind::usage, path + why};
}

// Sound alone: the ending says the codec, unless the manifest does; then they must agree.
Result<RenderFiles> name_sound(const RenderOptions& options, Job& job, RenderFiles files,
                               bool named) {
  auto& codec = job.manifest.audio.codec;
  if (named && options.output.empty() && !is_sound_only(files.output)) named = false;
  if (!named) {
    const auto ending = usual_ending(codec.value_or(AudioCodec::aac));
    files.output = with_ending(files.output, ending);
  }
  files.sound_only = sound_container(files.output);
  if (!files.sound_only)
    return tl::unexpected(
        wrong_ending(options, job, files.output,
                     ": sound alone goes into .m4a (or .mp4), .opus (or .ogg) or .flac; name it " +
                         with_ending(files.output, usual_ending(codec.value_or(AudioCodec::aac)))));
  if (!codec) codec = codec_of_ending(files.output);
  if (!can_hold(*files.sound_only, *codec))
    return tl::unexpected(wrong_ending(
        options, job, files.output,
        std::string{": "} + written(*codec) + " does not go into such a file; name it " +
            with_ending(files.output, usual_ending(*codec)) + ", or change /audio/codec"));
  return files;
}

// The containers of the films, and what sound all of them can hold.
Result<void> settle_form(const RenderOptions& options, Job& job, RenderFiles& files) {
  const auto container = film_container(files.output);
  const bool mp4 = container == FilmContainer::mp4;
  if (options.fragmented && !mp4)
    return fail(Kind::usage, files.output + ": only an MP4 is in fragments; name it " +
                                 with_ending(files.output, ".mp4") + ", or drop --fragmented");
  files.form = {container, mp4 && (options.fragmented || job.manifest.output.fragmented)};
  const auto webm = webm_of(files);
  auto& codec = job.manifest.audio.codec;
  const auto usual = webm.empty() ? AudioCodec::aac : AudioCodec::opus;
  if (!codec && usual != usual_codec(job.manifest.output)) codec = usual;
  if (webm.empty() || !codec || can_hold(FilmContainer::webm, *codec)) return {};
  return fail(Kind::usage, webm + ": WebM holds Opus only, and " + job.path +
                               ":/audio/codec says " + name_of(*codec) +
                               ": change that, or name the film " + with_ending(webm, ".mkv"));
}

// No file of the render is another one.
Result<void> check_distinct(const RenderFiles& files) {
  std::vector<std::pair<std::string, const char*>> all{{files.output, "the film"}};
  for (const auto& path : files.stem_paths) all.emplace_back(path, "a stem");
  for (const auto& path : files.stream_paths) all.emplace_back(path, "a part of a stream");
  for (const auto& film : files.films) all.emplace_back(film.path, "a further film");
  for (const auto& path : files.thumbnail_paths) all.emplace_back(path, "a picture of the film");
  all.emplace_back(files.report, "the report");
  std::map<fs::path, const char*> taken;
  std::error_code error;
  for (const auto& [path, what] : all)
    if (const auto [other, is_new] = taken.emplace(fs::weakly_canonical(path, error), what);
        !is_new)
      return fail(Kind::usage, path + ": is " + other->second + ", so it cannot be " + what);
  return {};
}

}  // namespace

std::string webm_of(const RenderFiles& files) {
  if (files.form.container == FilmContainer::webm) return files.output;
  for (const auto& film : files.films)
    if (film.form.container == FilmContainer::webm) return film.path;
  return {};
}

Result<RenderFiles> name_files(const RenderOptions& options, Job& job) {
  RenderFiles files;
  const bool declared = options.output.empty() && !job.manifest.output.path.empty();
  if (declared) {
    auto path = declared_output(options, job, job.manifest.output.path, film_pointer(job));
    if (!path) return tl::unexpected(path.error());
    files.output = *path;
  } else {
    files.output = options.output.empty() ? natural_output(job) : options.output;
  }
  const bool named = declared || !options.output.empty();
  if (options.audio_only) {
    auto sound = name_sound(options, job, std::move(files), named);
    if (!sound) return sound;
    files = std::move(*sound);
  } else if (is_sound_only(files.output)) {
    return tl::unexpected(wrong_ending(options, job, files.output,
                                       ": such a file holds no picture; name the film " +
                                           with_ending(files.output, ".mp4") +
                                           ", or say --audio-only"));
  }
  if (auto named_all = name_further(options, job, files); !named_all)
    return tl::unexpected(named_all.error());
  if (!options.audio_only)
    if (auto fine = settle_form(options, job, files); !fine) return tl::unexpected(fine.error());
  files.report = options.report.empty() ? report_path(files.output) : options.report;
  return files;
}

Result<void> name_stems(RenderFiles& files, const Job& job, const Plan& plan) {
  if (!job.manifest.output.stems) return {};
  files.stems = stems_of(plan, job.media);
  if (const auto why = too_long(files.stems, plan); !why.empty())
    return tl::unexpected(
        manifest_error(job.path, {{job.manifest.output.pointer + "/stems", why}}));
  const auto film = fs::path{files.output};
  for (const auto& stem : files.stems)
    files.stem_paths.push_back((film.parent_path() / (film.stem().string() + "." + stem.name +
                                                      usual_ending(stem.format.codec)))
                                   .string());
  return {};
}

Result<void> name_thumbnails(RenderFiles& files, const RenderOptions& options, const Job& job,
                             const Plan& plan) {
  const Interval part{plan.grid.start(plan.frames.first), plan.grid.start(plan.frames.end)};
  for (const auto& [output, pointer] : files.thumbnails) {
    for (auto& path : thumbnail_paths(output, plan)) files.thumbnail_paths.push_back(path);
    if (output.kind != OutputKind::picture || (part.from <= output.at && output.at < part.to))
      continue;
    if (!options.from && !options.to)
      return tl::unexpected(manifest_error(
          job.path, {{pointer + "/at", "the film ends at " + format_time(part.to)}}));
    say_warning(output.path + ": " + format_time(output.at) +
                " is not rendered; it shows the frame that is nearest");
  }
  return {};
}

Result<void> check_files(const RenderOptions& options, const Job& job, const RenderFiles& files) {
  constexpr double kReportBytes = 1e5;
  OutputCheck how{options.overwrite, 0, files_read(job)};  // its room is looked at with its chunks'
  if (auto fine = check_output(files.output, how); !fine) return fine;
  for (const auto& paths : {files.stem_paths, files.stream_paths, files.thumbnail_paths})
    for (const auto& path : paths)
      if (auto fine = check_output(path, how); !fine) return fine;
  for (const auto& film : files.films)
    if (auto fine = check_output(film.path, how); !fine) return fine;
  if (auto fine = check_distinct(files); !fine) return fine;
  if (!options.report.empty()) how.bytes = kReportBytes;        // else it is little beside the film
  how.overwrite = options.overwrite || options.report.empty();  // its own goes with the film
  return check_output(files.report, how);
}

}  // namespace rostrum
