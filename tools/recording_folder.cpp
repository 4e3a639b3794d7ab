// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/recording_folder.h"

#include "core/chunk_journal.h"
#include "engine/input_file.h"
#include "engine/live_recording.h"
#include "tools/output_file.h"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

constexpr char kTitle[] = "recording.json";  // what the film needs besides its chunks

File locked(const std::string& folder) {
  File file{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  return file.fd() >= 0 && flock(file.fd(), LOCK_EX | LOCK_NB) == 0 ? std::move(file) : File{};
}

Error taken(const std::string& folder) {
  return {Kind::usage, folder + ": is being recorded, or made into a film, by another rostrum"};
}

// As chunksink names its files, also those that are not whole.
bool is_ours(const std::string& name) {
  return name == kTitle || name.starts_with("chunk-") || name.starts_with(".chunk-");
}

}  // namespace

std::string how_to_finish(const std::string& folder) {
  return "`rostrum record --finish " + folder + "` makes the film of it";
}

Result<RecordingFolder> RecordingFolder::make(const std::string& path, const std::string& title) {
  std::error_code error;
  if (fs::exists(path, error)) {
    if (fs::is_directory(path, error) && locked(path).fd() < 0) return tl::unexpected(taken(path));
    return fail(Kind::usage, path + ": holds a recording that was not finished; " +
                                 how_to_finish(path) + ", or remove the folder");
  }
  if (!fs::create_directory(path, error))
    return fail(Kind::usage, path + ": cannot be made: " + error.message());
  RecordingFolder made{path, locked(path)};
  if (made.lock_.fd() < 0) return tl::unexpected(taken(path));
  const nlohmann::json known{{"title", title}};
  const auto text = known.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  if (auto done = write_whole_file((fs::path{path} / kTitle).string(), text + "\n"); !done)
    return tl::unexpected(done.error());
  return made;
}

Result<RecordingFolder> RecordingFolder::open(const std::string& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return fail(Kind::usage, path + ": there is no such folder");
  RecordingFolder found{path, locked(path)};
  if (found.lock_.fd() < 0) return tl::unexpected(taken(path));
  return found;
}

std::string RecordingFolder::title() const {
  const auto text = read_text(fs::path{path_} / kTitle);
  if (!text) return {};
  const auto known = nlohmann::json::parse(*text, nullptr, false);
  const auto title = known.is_object() ? known.find("title") : known.end();
  return title != known.end() && title->is_string() ? title->get<std::string>() : std::string{};
}

bool RecordingFolder::holds(const std::string& path) const {
  std::error_code error;
  const auto folder = fs::canonical(path_, error);
  const auto parent = fs::weakly_canonical(fs::absolute(path, error).parent_path(), error);
  return std::mismatch(folder.begin(), folder.end(), parent.begin(), parent.end()).first ==
         folder.end();
}

std::size_t RecordingFolder::chunks() const {
  const auto text = read_text(record_pattern(path_) + ".journal");
  return text ? read_journal(*text).records.size() : 0;
}

void RecordingFolder::remove() {
  std::error_code error;
  std::vector<fs::path> ours;
  for (const auto& entry : fs::directory_iterator{path_, error})
    if (is_ours(entry.path().filename().string()) && entry.is_regular_file(error))
      ours.push_back(entry.path());
  for (const auto& file : ours) fs::remove(file, error);
  fs::remove(path_, error);  // not while something is in it
}

}  // namespace rostrum
