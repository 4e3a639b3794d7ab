// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/output_file.h"

#include "engine/file.h"
#include "engine/interrupt.h"
#include "lib/gst_ptr.h"
#include "tools/terminal.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

fs::path folder_of(const fs::path& path) {
  const auto parent = path.parent_path();
  return parent.empty() ? "." : parent;
}

Result<void> check_folder(const fs::path& folder) {
  std::error_code error;
  const auto found = fs::status(folder, error);
  if (found.type() == fs::file_type::none)
    return fail(Kind::usage, folder.string() + ": cannot be looked at: " + error.message());
  if (!fs::is_directory(found))
    return fail(Kind::usage, folder.string() + ": no such folder; make it first");
  if (access(folder.c_str(), W_OK | X_OK) != 0)
    return fail(Kind::usage,
                folder.string() + ": this folder cannot be written to: " + std::strerror(errno));
  return {};
}

// The film is made under a longer, hidden name.
Result<void> check_name(const fs::path& out, const fs::path& folder) {
  constexpr long kLongestAddition = sizeof ".01234567.part";
  const long most = pathconf(folder.c_str(), _PC_NAME_MAX);
  const auto length = static_cast<long>(out.filename().native().size());
  if (length == 0) return fail(Kind::usage, out.string() + ": is no name of a file");
  if (most < 0 || length + kLongestAddition <= most) return {};
  return fail(Kind::usage, out.string() + ": this name is too long; the longest possible one has " +
                               std::to_string(most - kLongestAddition) + " bytes");
}

}  // namespace

TemporaryFile::TemporaryFile(const std::string& target, const std::string& suffix, int index)
    : target_{target}, index_{index} {
  const fs::path t = target;
  path_ = (folder_of(t) / ("." + t.filename().string() + suffix)).string();
  unlink(path_.c_str());
  Interrupt::remove_at_abort(index_, path_);
}

TemporaryFile::~TemporaryFile() { remove(); }

void TemporaryFile::remove() {
  if (path_.empty()) return;
  unlink(path_.c_str());
  Interrupt::remove_at_abort(index_, "");
  path_.clear();
}

Result<void> TemporaryFile::commit() {
  if (auto done = rename_durably(path_, target_); !done) return done;
  Interrupt::remove_at_abort(index_, "");
  path_.clear();
  return {};
}

Result<void> check_output(const std::string& path, const OutputCheck& check) {
  const fs::path out = path;
  const auto folder = folder_of(out);
  if (auto fine = check_folder(folder); !fine) return fine;
  if (auto fine = check_name(out, folder); !fine) return fine;
  std::error_code error;
  for (const auto& source : check.sources)
    if (fs::equivalent(out, source, error))
      return fail(Kind::usage, path + ": is read by this job, so it cannot be the output");
  const auto found = fs::status(out, error);
  if (found.type() == fs::file_type::none)
    return fail(Kind::usage, path + ": cannot be looked at: " + error.message());
  if (fs::is_directory(found)) return fail(Kind::usage, path + ": is a folder");
  if (fs::exists(found) && !fs::is_regular_file(found))
    return fail(Kind::usage, path + ": is a device or a pipe, not a file");
  if (fs::exists(found) && !check.overwrite)
    return fail(Kind::usage, path + ": exists already; --overwrite replaces it");
  const auto space = fs::space(folder, error);
  if (!error && static_cast<double>(space.available) < check.bytes)
    return fail(Kind::usage, folder.string() + ": only " +
                                 size_text(static_cast<double>(space.available)) +
                                 " are free, about " + size_text(check.bytes) + " are needed");
  return {};
}

std::string uri_of(const std::string& path) {
  const GCharPtr text{g_uri_escape_string(fs::path{path}.filename().c_str(), nullptr, FALSE)};
  return text.get();
}

Result<void> write_whole_file(const std::string& path, std::string_view text) {
  TemporaryFile temporary{path, ".part", 1};
  {
    std::ofstream file{temporary.path(), std::ios::binary};
    file << text;
    file.close();
    if (!file) return fail(Kind::usage, path + ": cannot be written: " + std::strerror(errno));
  }
  return temporary.commit();
}

}  // namespace rostrum
