// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/disk.h"

#include "tools/terminal.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

namespace rostrum {

namespace {

Result<void> check(const std::vector<DiskNeed>& needs, Kind kind) {
  constexpr double kLeast = 32 << 10;  // bytes: less is full
  for (const auto& need : needs) {
    std::error_code error;
    const auto space = std::filesystem::space(need.folder, error);
    const auto free = static_cast<double>(space.available);
    const double needed = std::max(need.bytes, kLeast);
    if (!error && free < needed)
      return fail(kind, need.folder + ": the disk is too full: only " + size_text(free) +
                            " are free, about " + size_text(needed) + " are needed");
  }
  return {};
}

}  // namespace

DiskPlaces disk_places(const std::string& work, const std::string& out) {
  struct stat a {};
  struct stat b {};
  const bool known = stat(work.c_str(), &a) == 0 && stat(out.c_str(), &b) == 0;
  return {work, out, known && a.st_dev == b.st_dev};
}

Result<void> check_room(const DiskPlaces& places, double expected, double finished) {
  return check(disk_needs(places, expected, finished), Kind::usage);
}

Result<void> check_room_left(const DiskPlaces& places, double finished) {
  return check(disk_needs(places, finished, finished), Kind::internal);
}

}  // namespace rostrum
