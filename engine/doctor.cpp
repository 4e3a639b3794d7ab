// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/doctor.h"

#include "core/scripts.h"
#include "engine/components.h"
#include "engine/doctor_protection.h"
#include "engine/system_places.h"
#include "engine/text_layout.h"
#include "lib/gst_ptr.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

struct Needed {
  const char* element;
  const char* what_for;
  bool required;
};

constexpr std::array kElements = std::to_array<Needed>({
    {"filesrc", "read files", true},
    {"decodebin", "find the right decoders", true},
    {"appsink", "take decoded frames", true},
    {"compositor", "compose the picture", true},
    {"audiomixer", "mix the sound", true},
    {"audioconvert", "convert sound", true},
    {"audioresample", "convert sample rates", true},
    {"videoconvertscale", "convert and scale pictures", true},
    {"videoflip", "turn pictures of telephones upright", true},
    {"qtdemux", "read MP4 and MOV", true},
    {"matroskademux", "read WebM and Matroska", true},
    {"h264parse", "read and write H.264", true},
    {"aacparse", "read and write AAC", true},
    {"mp4mux", "write MP4", true},
    {"splitmuxsink", "write chunks", true},
    {"avenc_aac", "encode sound", true},
    {"jpegdec", "read JPEG slides", true},
    {"pngdec", "read PNG slides", true},
    {"webpdec", "read WebP slides", false},
    {"rsvgdec", "read SVG slides", false},
    {"tsdemux", "read MPEG transport streams", false},
    {"mpegpsdemux", "read MPEG program streams", false},
    {"avidemux", "read AVI", false},
    {"flvdemux", "read FLV", false},
    {"oggdemux", "read Ogg", false},
    {"wavparse", "read WAV", false},
    {"audiocheblimit", "high-pass of voices", false},
    {"webrtcdsp", "noise suppression of voices", false},
});

struct Codec {
  const char* name;
  const char* caps;
  bool required;
};

constexpr std::array kCodecs = std::to_array<Codec>({
    {"H.264", "video/x-h264", true},
    {"AAC", "audio/mpeg, mpegversion=4", true},
    {"VP8", "video/x-vp8", true},
    {"VP9", "video/x-vp9", true},
    {"Opus", "audio/x-opus", true},
    {"H.265", "video/x-h265", false},
    {"AV1", "video/x-av1", false},
    {"MPEG-2", "video/mpeg, mpegversion=2, systemstream=false", false},
    {"MPEG-4", "video/mpeg, mpegversion=4, systemstream=false", false},
    {"Theora", "video/x-theora", false},
    {"MP3", "audio/mpeg, mpegversion=1, layer=3", false},
    {"Vorbis", "audio/x-vorbis", false},
    {"FLAC", "audio/x-flac", false},
});

std::string install(std::string_view package) {
  return package.empty() ? "" : "apt install " + std::string{package};
}

bool exists(const char* element) { return adopt(gst_element_factory_find(element)) != nullptr; }

DoctorItem examine_element(const Needed& needed) {
  const bool found = exists(needed.element);
  return {"elements",      needed.element,
          found,           needed.required,
          needed.what_for, found ? "" : install(package_of_element(needed.element))};
}

DoctorItem examine_codec(const Codec& codec) {
  const auto caps = adopt(gst_caps_from_string(codec.caps));
  auto* all =
      gst_element_factory_list_get_elements(GST_ELEMENT_FACTORY_TYPE_DECODER, GST_RANK_MARGINAL);
  auto* fit = gst_element_factory_list_filter(all, caps.get(), GST_PAD_SINK, FALSE);
  std::string names;
  for (auto* node = fit; node; node = node->next)
    names += (names.empty() ? "" : ", ") + std::string{GST_OBJECT_NAME(node->data)};
  gst_plugin_feature_list_free(fit);
  gst_plugin_feature_list_free(all);
  const auto* type = gst_structure_get_name(gst_caps_get_structure(caps.get(), 0));
  return {"decoders",     codec.name, !names.empty(),
          codec.required, names,      names.empty() ? install(package_of_caps(type)) : ""};
}

void examine_encoders(std::vector<DoctorItem>& items) {
  const bool x264 = exists("x264enc");
  items.push_back({"encoders", "x264enc", x264, true, "encode H.264 on the processor",
                   x264 ? "" : install(package_of_element("x264enc"))});
  const bool openh264 = exists("openh264enc");
  items.push_back({"encoders", "openh264enc", openh264, false, "encode H.264 where x264enc fails",
                   openh264 ? "" : install(package_of_element("openh264enc"))});
}

// The families that draw a script's sample in a film; a script for which there is none is not drawn
// as boxes: its letters are left out.
void examine_fonts(std::vector<DoctorItem>& items) {
  for (const auto& script : common_scripts()) {
    const std::string sample{script.sample};
    const bool found = undrawable(sample).empty();
    std::string families;
    for (const auto& font : found ? fonts_of(sample) : std::vector<std::string>{}) {
      const auto family = font.substr(0, font.find('\t'));
      if (families.find(family) == families.npos)
        families += (families.empty() ? "" : ", ") + family;
    }
    items.push_back({"fonts", std::string{script.name}, found, false,
                     found ? families : "no font with these letters: they are left out of names",
                     found ? "" : install(script.package)});
  }
}

void examine_pdf(std::vector<DoctorItem>& items) {
  const GCharPtr program{g_find_program_in_path("pdftocairo")};
  items.push_back({"elements", "pdftocairo", program != nullptr, false, "read PDF decks",
                   program ? "" : install("poppler-utils")});
}

std::string in_gib(std::uintmax_t bytes) {
  const auto tenths = bytes / ((1ULL << 30) / 10);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " GiB";
}

void examine_machine(std::vector<DoctorItem>& items, const std::string& work_dir) {
  constexpr std::uintmax_t kEnoughDisk = 1ULL << 30;
  constexpr std::uintmax_t kEnoughMemory = 1ULL << 30;
  std::error_code error;
  const auto space = fs::space(work_dir.empty() ? "." : work_dir, error);
  const auto disk = error ? 0 : space.available;
  items.push_back({"machine", "disk", disk >= kEnoughDisk, false,
                   error ? work_dir + ": " + error.message() : in_gib(disk) + " free",
                   disk >= kEnoughDisk ? "" : "free some space, or write elsewhere with -o"});
  const auto memory = static_cast<std::uintmax_t>(sysconf(_SC_PHYS_PAGES)) *
                      static_cast<std::uintmax_t>(sysconf(_SC_PAGESIZE));
  items.push_back({"machine", "memory", memory >= kEnoughMemory, false, in_gib(memory),
                   memory >= kEnoughMemory ? "" : "at least 1 GiB is advised"});
  const auto cores = std::max(1U, std::thread::hardware_concurrency());
  items.push_back({"machine", "cores", true, false, std::to_string(cores), ""});
}

void examine_gstreamer(std::vector<DoctorItem>& items) {
  guint major = 0;
  guint minor = 0;
  guint micro = 0;
  guint nano = 0;
  gst_version(&major, &minor, &micro, &nano);
  const bool recent = major > 1 || (major == 1 && minor >= 22);
  items.push_back(
      {"machine", "GStreamer", recent, true,
       std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(micro),
       recent ? "" : "GStreamer 1.22 or newer is needed"});
}

// Without its cache every worker would look through all plugins again, which takes most of a
// second.
void examine_registry(std::vector<DoctorItem>& items) {
  const auto file = registry_file();
  std::error_code error;
  const bool warm = fs::is_regular_file(file, error);
  items.push_back({"machine", "plugin registry", warm, false,
                   warm ? "cached" : "cannot be kept in " + file,
                   warm ? "" : "set GST_REGISTRY to a file that can be written"});
}

}  // namespace

DoctorReport examine(const std::string& work_dir) {
  DoctorReport report;
  for (const auto& element : kElements) report.items.push_back(examine_element(element));
  examine_pdf(report.items);
  for (const auto& codec : kCodecs) report.items.push_back(examine_codec(codec));
  examine_encoders(report.items);
  examine_fonts(report.items);
  examine_protection(report.items);
  examine_gstreamer(report.items);
  examine_registry(report.items);
  examine_machine(report.items, work_dir);
  return report;
}

bool DoctorReport::ok() const {
  return std::all_of(items.begin(), items.end(),
                     [](const auto& item) { return item.ok || !item.required; });
}

std::string DoctorReport::to_text(bool color) const {
  constexpr const char* kGreen = "\033[32m";
  constexpr const char* kYellow = "\033[33m";
  constexpr const char* kRed = "\033[31m";
  std::string text;
  std::string group;
  for (const auto& item : items) {
    if (item.group != group) text += (text.empty() ? "" : "\n") + item.group + "\n";
    group = item.group;
    const char* mark = item.ok ? "ok     " : item.required ? "MISSING" : "absent ";
    const char* paint = item.ok ? kGreen : item.required ? kRed : kYellow;
    text += "  " + (color ? paint + std::string{mark} + "\033[0m" : mark) + "  " + item.name;
    text +=
        std::string(item.name.size() < 18 ? 18 - item.name.size() : 0, ' ') + "  " + item.detail;
    text += item.cure.empty() ? "\n" : "  -> " + item.cure + "\n";
  }
  text += encoders_text(encoders);
  return text + (ok() ? "\neverything that is required is there\n"
                      : "\nsomething that is required is missing\n");
}

std::string DoctorReport::to_json() const {
  auto list = nlohmann::ordered_json::array();
  for (const auto& item : items)
    list.push_back({{"group", item.group},
                    {"name", item.name},
                    {"ok", item.ok},
                    {"required", item.required},
                    {"detail", item.detail},
                    {"cure", item.cure}});
  return nlohmann::ordered_json{
             {"ok", ok()}, {"items", std::move(list)}, {"encoders", encoders_json(encoders)}}
             .dump(2) +
         "\n";
}

}  // namespace rostrum
