// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/system_places.h"

#include <fontconfig/fontconfig.h>
#include <glib.h>
#include <link.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <sstream>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

using Places = std::vector<std::string>;

constexpr const char* kSystem[] = {"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64",
                                   "/etc/ld.so.cache", "/etc/localtime", "/etc/timezone",
                                   // what processor and memory there are
                                   "/proc/cpuinfo", "/proc/meminfo", "/proc/sys/vm",
                                   "/sys/devices/system/cpu"};

// The folders of a variable like PATH.
void add_variable(Places& places, const char* name, char separator = ':') {
  const char* value = g_getenv(name);
  std::istringstream folders{value ? value : ""};
  for (std::string folder; std::getline(folders, folder, separator);)
    if (!folder.empty()) places.push_back(folder);
}

// Libraries need not be where the system has its own: a program may be built against others.
int add_library(dl_phdr_info* info, size_t, void* places) {
  const auto folder = fs::path{info->dlpi_name}.parent_path().string();
  if (!folder.empty() && folder != "/") static_cast<Places*>(places)->push_back(folder);
  return 0;
}

// The programs that read PDF, and libraries beside them, where they are not the system's.
void add_programs(Places& places) {
  for (const char* name : {"pdfinfo", "pdftocairo"}) {
    const std::unique_ptr<gchar, decltype(&g_free)> found{g_find_program_in_path(name), g_free};
    if (!found) continue;
    std::error_code error;
    const auto program = fs::canonical(found.get(), error);
    if (error) continue;
    places.emplace_back(found.get());
    places.push_back(program.string());
    places.push_back((program.parent_path().parent_path() / "lib").string());
  }
}

void add_list(Places& places, FcStrList* list) {
  if (!list) return;
  while (const FcChar8* path = FcStrListNext(list))
    places.emplace_back(reinterpret_cast<const char*>(path));
  FcStrListDone(list);
}

// What the system's configuration says; the fonts themselves are not looked at here.
void add_fonts(Places& places) {
  add_variable(places, "FONTCONFIG_PATH");
  add_variable(places, "FONTCONFIG_FILE");
  places.emplace_back("/etc/fonts");
  FcConfig* config = FcInitLoadConfig();
  if (!config) return;
  add_list(places, FcConfigGetFontDirs(config));
  add_list(places, FcConfigGetConfigDirs(config));
  add_list(places, FcConfigGetConfigFiles(config));
  add_list(places, FcConfigGetCacheDirs(config));
  FcConfigDestroy(config);
}

// What lies below another of them says nothing new.
Places without_nested(Places places) {
  std::sort(places.begin(), places.end());
  Places kept;
  for (auto& place : places)
    if (kept.empty() || !(place + "/").starts_with(kept.back() + "/"))
      kept.push_back(std::move(place));
  return kept;
}

Places find_places() {
  Places places;
  add_variable(places, kSystemPlaces, '\n');
  if (!places.empty()) return places;
  places.assign(std::begin(kSystem), std::end(kSystem));
  add_variable(places, "LD_LIBRARY_PATH");
  dl_iterate_phdr(add_library, &places);
  add_programs(places);
  add_fonts(places);
  std::erase(places, g_get_home_dir());
  return without_nested(std::move(places));
}

}  // namespace

const Places& system_places() {
  static const Places places = find_places();
  return places;
}

std::string system_places_text() {
  std::string text;
  for (const auto& place : system_places()) text += place + "\n";
  return text;
}

Places harmless_devices() { return {"/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"}; }

std::string registry_file() {
  for (const char* name : {"GST_REGISTRY_1_0", "GST_REGISTRY"})
    if (const char* file = g_getenv(name)) return file;
  std::error_code error;
  const auto folder = fs::path{g_get_user_cache_dir()} / "gstreamer-1.0";
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (entry.path().extension() == ".bin") return entry.path().string();  // one per architecture
  return folder.string();
}

Places gstreamer_places() {
  Places places{registry_file(), std::string{g_get_user_data_dir()} + "/gstreamer-1.0"};
  for (const char* name : {"GST_PLUGIN_PATH_1_0", "GST_PLUGIN_PATH", "GST_PLUGIN_SYSTEM_PATH_1_0",
                           "GST_PLUGIN_SYSTEM_PATH", "GST_PRESET_PATH"})
    add_variable(places, name);
  return places;
}

}  // namespace rostrum
