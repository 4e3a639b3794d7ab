// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/driver_version.h"

#include <glib.h>
#include <sys/utsname.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

// Drivers that come with the kernel have its version.
constexpr const char* kVersions[] = {"/proc/driver/nvidia/version", "/sys/module/nvidia/version",
                                     "/sys/module/i915/version", "/sys/module/xe/version",
                                     "/sys/module/amdgpu/version"};
constexpr const char* kDevices[] = {"/dev/dri/renderD", "/dev/nvidia"};

std::vector<std::string> devices(const std::string& beginning) {
  std::vector<std::string> found;
  std::error_code error;
  fs::directory_iterator entry{fs::path{beginning}.parent_path(), error};
  for (; !error && entry != fs::end(entry); entry.increment(error))
    if (entry->path().string().starts_with(beginning)) found.push_back(entry->path().string());
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

std::string driver_versions() {
  utsname system{};
  uname(&system);
  auto text = std::string{system.release} + "\n";
  for (const char* path : kVersions) {
    std::ifstream file{path};
    for (std::string line; std::getline(file, line);) text += line + "\n";
  }
  for (const auto& device : video_devices()) text += device + "\n";
  const char* va_driver = g_getenv("LIBVA_DRIVER_NAME");
  return text + (va_driver ? va_driver : "") + "\n";
}

std::vector<std::string> video_devices() {
  std::vector<std::string> all;
  for (const char* beginning : kDevices)
    for (auto& device : devices(beginning)) all.push_back(std::move(device));
  return all;
}

std::vector<std::string> driver_places() {
  return {"/dev/dri", "/sys/class/drm", "/sys/dev/char", "/sys/devices", "/proc/driver/nvidia"};
}

bool has_device(const std::string& beginning) { return !devices(beginning).empty(); }

}  // namespace rostrum
