// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/work_dir.h"

#include "tools/commands/commands.h"
#include "tools/terminal.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

struct LeftOver {
  fs::path path;
  double bytes = 0;
  double age = 0;  // hours since its journal changed
};

double age_of(const fs::path& path) {
  std::error_code error;
  const auto changed = fs::last_write_time(path, error);
  if (error) return 0;
  const std::chrono::duration<double, std::ratio<3600>> age =
      fs::file_time_type::clock::now() - changed;
  return std::max(0.0, age.count());  // the clock may have been set back
}

// A work directory is a folder named *.rostrum that holds a lock and a folder of chunks.
bool is_work_dir(const fs::path& path) {
  std::error_code error;
  return path.extension() == ".rostrum" && fs::is_regular_file(path / "lock", error) &&
         fs::is_directory(path / "chunks", error);
}

LeftOver measure(const fs::path& path) {
  LeftOver found{path, 0, age_of(path / "chunks")};
  std::error_code error;
  for (const auto& file : fs::recursive_directory_iterator(path, error))
    if (file.is_regular_file(error)) found.bytes += static_cast<double>(file.file_size(error));
  return found;
}

std::vector<LeftOver> left_overs(const fs::path& dir) {
  std::vector<LeftOver> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(dir, error))
    if (!entry.is_symlink() && is_work_dir(entry.path())) found.push_back(measure(entry.path()));
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.age > b.age; });
  return found;
}

}  // namespace

Result<void> run_gc(const GcOptions& options) {
  std::error_code error;
  if (!fs::is_directory(options.dir, error))
    return fail(Kind::usage, options.dir + ": no such folder");
  auto found = left_overs(options.dir);
  double total = 0;
  for (const auto& f : found) total += f.bytes;
  for (const auto& f : found) {
    if (f.age < options.older_than_hours || (options.max_bytes > 0 && total <= options.max_bytes))
      continue;
    auto dir = WorkDir::lock(f.path.string());
    if (!dir) {
      say_warning(dir.error().message);
      continue;
    }
    if (!options.dry_run) dir->remove();
    total -= f.bytes;
    std::printf("%s %s (%s, %.1f h old)\n", options.dry_run ? "would remove" : "removed",
                printable(f.path.string()).c_str(), size_text(f.bytes).c_str(), f.age);
  }
  return {};
}

}  // namespace rostrum
