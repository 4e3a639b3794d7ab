// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/worker_sandbox.h"

#include "core/chunk_job.h"
#include "engine/driver_version.h"
#include "engine/sandbox.h"
#include "engine/system_places.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

// The files behind the descriptors that the parent left open.
std::vector<int> inherited_files() {
  std::vector<int> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator{"/proc/self/fd", error}) {
    const int fd = std::atoi(entry.path().filename().c_str());
    struct stat s {};
    if (fd > STDERR_FILENO && fstat(fd, &s) == 0 && S_ISREG(s.st_mode)) found.push_back(fd);
  }
  return found;
}

// What the parent wrote: nothing of a medium has been looked at yet.
bool encodes_by_device(const std::string& spec) {
  std::ifstream file{spec, std::ios::binary};
  const auto job = parse_chunk_job(std::string{std::istreambuf_iterator<char>{file}, {}});
  return job && job->coding.hardware;
}

// ORC makes a file for the code that it compiles, where it may; and GStreamer would look through
// all its plugins for changes, which the parent has just done.
void set_environment(const std::string& folder) {
  setenv("TMPDIR", folder.c_str(), 1);
  setenv("GST_REGISTRY_UPDATE", "no", 1);
}

}  // namespace

Result<void> confine_worker(const std::string& spec) {
  if (!sandbox_wanted()) return {};
  std::error_code error;
  const auto folder = fs::absolute(spec, error).parent_path().string();
  set_environment(folder);
  FileRules rules{system_places(), {folder}, harmless_devices(), inherited_files()};
  if (encodes_by_device(spec)) {
    for (auto& device : video_devices()) rules.devices.push_back(std::move(device));
    for (auto& place : driver_places()) rules.read.push_back(std::move(place));
  }
  rules.read.emplace_back("/proc/self");
  for (auto& place : gstreamer_places()) rules.read.push_back(std::move(place));
  if (Sandbox{rules}.enter()) return {};
  return fail(Kind::internal,
              "the worker could not be confined; ROSTRUM_SANDBOX=off renders without");
}

}  // namespace rostrum
