// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/media_folder.h"

#include "core/findings.h"
#include "core/import/folder.h"
#include "core/import/zoom.h"
#include "core/mp4_creation.h"
#include "core/utf8.h"
#include "engine/file.h"
#include "engine/interrupt.h"
#include "engine/input_file.h"
#include "tools/presentation.h"
#include "engine/recording_files.h"
#include "tools/terminal.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <optional>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

using Names = std::vector<std::string>;

constexpr const char* kTimes[] = {"times.txt", "times.csv"};
// What makes a folder a recording of another format.
constexpr const char* kLogs[] = {"job.json", "record.json", "events.xml", "manifest.xml"};

bool has(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_log(const std::string& path) {
  const fs::path name = path;
  return !name.has_parent_path() && name.extension() == ".json" &&
         name.stem().extension() != ".report";
}

bool is_text(std::string_view name) {
  const auto points = code_points(name);
  return std::none_of(points.begin(), points.end(),
                      [](char32_t c) { return is_control(c) || c == 0xfffd; });
}

// What is asked for, with all that is known of the folder.
class FolderReader {
 public:
  explicit FolderReader(const FolderImport& how) : how_{how} {
    std::error_code error;
    job_.path = how.path;
    while (job_.path.size() > 1 && job_.path.ends_with('/')) job_.path.pop_back();
    job_.base_dir = fs::absolute(job_.path, error).lexically_normal().string();
    if (job_.base_dir.size() > 1 && job_.base_dir.ends_with('/')) job_.base_dir.pop_back();
    folder_.name = fs::path{job_.base_dir}.filename().string();
    target_ = how.target.empty() ? job_.base_dir : how.target;
  }

  Result<Job> read() {
    list();
    if (auto done = add_presentations(); !done) return tl::unexpected(done.error());
    if (auto done = measure(); !done) return tl::unexpected(done.error());
    if (auto done = read_texts(); !done) return tl::unexpected(done.error());
    const auto format = choose();
    if (!format) return tl::unexpected(format.error());
    job_.format = *format;
    auto imported = *format == "zoom"     ? import_zoom(folder_)
                    : *format == "slides" ? import_slides(folder_, {}, how_.slide_length)
                                          : import_folder(folder_);
    if (!imported) return tl::unexpected(manifest_error(job_.path, imported.error()));
    for (const auto& note : imported->notes) say("rostrum: " + job_.path + ": " + note);
    job_.manifest = std::move(imported->manifest);
    move_manifest(job_.manifest, job_.base_dir, target_);
    std::move(imported->warnings.begin(), imported->warnings.end(),
              std::back_inserter(job_.warnings));
    return std::move(job_);
  }

 private:
  void list() {
    names_ = media_folder_files(job_.base_dir);
    std::sort(names_.begin(), names_.end(), natural_less);
    for (const auto& name : names_) {
      if (!is_text(name) || name.starts_with("file:") || name.starts_with("data:"))
        job_.warnings.push_back(in_quotes(name) + ": is no name that a job can have; not used");
      else if (std::find(std::begin(kTimes), std::end(kTimes), name) == std::end(kTimes))
        folder_.files.push_back({name, type_of(name)});
    }
  }

  // A presentation counts as the PDF that is made of it; one beside it of the same name goes first.
  Result<void> add_presentations() {
    for (auto file = folder_.files.begin(); file != folder_.files.end();) {
      if (file->type != FileType::presentation || how_.format == "zoom") {
        ++file;
        continue;
      }
      const fs::path deck = file->path;
      if (has(names_, fs::path{deck}.replace_extension(".pdf").string())) {
        say("rostrum: " + job_.path + ": " + in_quotes(file->path) +
            ": its PDF is used, which lies beside it");
        file = folder_.files.erase(file);
        continue;
      }
      const auto pdf = pdf_of(fs::path{job_.base_dir} / deck, job_.base_dir, how_.roots, target_);
      if (!pdf) return tl::unexpected(pdf.error());
      *file = {*pdf, FileType::pdf};
      ++file;
    }
    return {};
  }

  // Each medium is an asset of a job that does nothing with it.
  Result<void> measure() {
    Job job;
    job.path = job_.path;
    job.base_dir = job_.base_dir;
    for (const auto& file : folder_.files)
      if (file.type != FileType::other)
        job.manifest.assets.push_back({file.path, file.path, {}, {}});
    JobOptions options{how_.path, {}, how_.roots};
    options.roots.push_back(target_);
    const StopOnInterrupt stop;
    if (auto found = resolve(job, options, stop.token()); !found) return found;
    if (auto probed = probe(job, stop.token()); !probed) return probed;
    for (auto& file : folder_.files) {
      const auto found = job.media.find(file.path);
      if (found == job.media.end()) continue;
      file.media = found->second;
      file.created = created(job.files, file.media.path);
    }
    return {};
  }

  // As MP4 and MOV say it; nothing for what is neither, or cannot be opened.
  static std::optional<std::chrono::sys_seconds> created(const MediaFiles& files,
                                                         const std::string& path) {
    const auto file = files.open(path);
    const auto boxes = file ? outermost_boxes(*file, path) : tl::unexpected(file.error());
    if (!boxes) return {};
    const auto* moov = find_box(*boxes, mp4::fourcc("moov"));
    if (!moov) return {};
    const auto body = read_body(*file, *moov, path);
    return body ? mp4::creation_time(*body) : std::nullopt;
  }

  Result<void> read_texts() {
    for (auto& file : folder_.files) {
      if (!is_zoom_text(file.path)) continue;
      auto text = read_text(fs::path{job_.base_dir} / file.path);
      if (!text) return tl::unexpected(text.error());
      file.text = std::move(*text);
    }
    fs::path times = how_.slide_times;
    for (const char* name : kTimes)
      if (times.empty() && has(names_, name)) times = fs::path{job_.base_dir} / name;
    if (times.empty()) return {};
    auto text = read_text(times);
    if (!text) return tl::unexpected(text.error());
    folder_.times = SlideTimes{times.filename().string(), std::move(*text)};
    return {};
  }

  Result<std::string> choose() const {
    if (!how_.format.empty()) return how_.format;
    if (is_zoom(names_)) return "zoom";
    if (is_slides(folder_)) return "slides";
    const auto count = [&](FileType type) {
      return std::count_if(folder_.files.begin(), folder_.files.end(),
                           [&](const auto& file) { return file.type == type; });
    };
    const bool slides = count(FileType::pdf) + count(FileType::picture) > 0;
    if (slides && count(FileType::film) == 0)
      return fail(Kind::usage,
                  job_.path +
                      ": which sound belongs to which slide is not clear; name the sounds "
                      "like the slides, by number, or say what the folder is: `rostrum "
                      "import slides` or `rostrum import folder`");
    return "folder";
  }

  const FolderImport& how_;
  Job job_;
  std::string target_;
  Names names_;  // of all files
  MediaFolder folder_;
};

}  // namespace

const std::vector<ImportFormat>& folder_formats() {
  static const std::vector<ImportFormat> formats{
      {"slides", "a folder of slides (PDF, presentation, pictures) and a voice for each"},
      {"folder", "a folder of media whose names or creation times say what they are"},
      {"zoom", "the folder of a Zoom recording, local or from the cloud"}};
  return formats;
}

bool is_folder_format(const std::string& format) {
  const auto& formats = folder_formats();
  return std::any_of(formats.begin(), formats.end(),
                     [&](const ImportFormat& known) { return known.name == format; });
}

bool is_media_folder(const std::string& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return false;
  const auto names = media_folder_files(path);
  if (std::any_of(std::begin(kLogs), std::end(kLogs),
                  [&](const char* log) { return has(names, log); }))
    return false;
  if (is_zoom(names)) return true;
  return std::none_of(names.begin(), names.end(), is_log) &&
         std::any_of(names.begin(), names.end(),
                     [](const auto& name) { return type_of(name) != FileType::other; });
}

Result<Job> import_media_folder(const FolderImport& how) {
  const auto found = look_at(how.path);
  if (!found) return tl::unexpected(found.error());
  if (!fs::is_directory(*found))
    return fail(Kind::usage, how.path + ": is no folder; a format of folders needs one");
  Interrupt::install();
  return FolderReader{how}.read();
}

}  // namespace rostrum
