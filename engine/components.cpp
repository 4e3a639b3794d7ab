// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/components.h"

#include "lib/gst_ptr.h"

#include <gst/pbutils/missing-plugins.h>

#include <array>
#include <utility>

namespace rostrum {

namespace {

using Row = std::pair<std::string_view, std::string_view>;

constexpr std::string_view kCore = "libgstreamer1.0-0";
constexpr std::string_view kBase = "gstreamer1.0-plugins-base";
constexpr std::string_view kGood = "gstreamer1.0-plugins-good";
constexpr std::string_view kBad = "gstreamer1.0-plugins-bad";
constexpr std::string_view kUgly = "gstreamer1.0-plugins-ugly";
constexpr std::string_view kLibav = "gstreamer1.0-libav";

constexpr std::array kElements = std::to_array<Row>({
    {"filesrc", kCore},      {"fakesink", kCore},       {"queue", kCore},
    {"multiqueue", kCore},   {"capsfilter", kCore},     {"decodebin", kBase},
    {"appsrc", kBase},       {"appsink", kBase},        {"compositor", kBase},
    {"audiomixer", kBase},   {"audioconvert", kBase},   {"audioresample", kBase},
    {"videoconvert", kBase}, {"videoscale", kBase},     {"videoconvertscale", kBase},
    {"opusdec", kBase},      {"vorbisdec", kBase},      {"oggdemux", kBase},
    {"theoradec", kBase},    {"qtdemux", kGood},        {"mp4mux", kGood},
    {"splitmuxsink", kGood}, {"matroskademux", kGood},  {"flvdemux", kGood},
    {"wavparse", kGood},     {"avidemux", kGood},       {"videoflip", kGood},
    {"jpegdec", kGood},      {"pngdec", kGood},         {"vp8dec", kGood},
    {"vp9dec", kGood},       {"mpg123audiodec", kGood}, {"audiocheblimit", kGood},
    {"webrtcdsp", kBad},     {"webpdec", kBad},         {"rsvgdec", kBad},
    {"tsdemux", kBad},       {"h264parse", kBad},       {"h265parse", kBad},
    {"av1parse", kBad},      {"av1dec", kBad},          {"mpegpsdemux", kBad},
    {"aacparse", kGood},     {"x264enc", kUgly},        {"openh264enc", kBad},
    {"nvh264enc", kBad},     {"vah264enc", kBad},       {"vah264lpenc", kBad},
    {"qsvh264enc", kBad},    {"v4l2h264enc", kGood},    {"vaapih264enc", "gstreamer1.0-vaapi"},
    {"rtspsrc", kGood},      {"srtsrc", kBad},          {"v4l2src", kGood},
    {"x265enc", kBad},       {"vp9enc", kGood},         {"av1enc", kBad},
    {"svtav1enc", kBad},     {"vp9parse", kBad},        {"jpegenc", kGood},
});

constexpr std::array kCaps = std::to_array<Row>({
    {"video/quicktime", kGood},  {"video/x-matroska", kGood}, {"video/webm", kGood},
    {"audio/x-matroska", kGood}, {"audio/webm", kGood},       {"video/x-msvideo", kGood},
    {"video/x-flv", kGood},      {"audio/x-wav", kGood},      {"audio/x-flac", kGood},
    {"application/ogg", kBase},  {"audio/ogg", kBase},        {"video/ogg", kBase},
    {"audio/x-vorbis", kBase},   {"audio/x-opus", kBase},     {"video/x-theora", kBase},
    {"video/mpegts", kBad},      {"video/mpeg", kLibav},      {"audio/mpeg", kLibav},
    {"video/x-vp8", kGood},      {"video/x-vp9", kGood},      {"video/x-av1", kBad},
    {"image/jpeg", kGood},       {"image/png", kGood},        {"image/webp", kBad},
    {"image/svg+xml", kBad},
});

std::string_view look_up(const auto& table, std::string_view key) {
  for (const auto& [name, package] : table)
    if (name == key) return package;
  return {};
}

std::string in_package(std::string_view package) {
  return package.empty() ? "" : " (Debian package " + std::string{package} + ")";
}

}  // namespace

std::string_view package_of_element(std::string_view element) {
  if (element.starts_with("av") && element.find('_') != element.npos) return kLibav;
  return look_up(kElements, element);
}

std::string_view package_of_caps(std::string_view caps) {
  const auto package = look_up(kCaps, caps);
  const bool medium = caps.starts_with("video/") || caps.starts_with("audio/");
  return package.empty() && medium ? kLibav : package;  // libav decodes all the rest
}

std::string missing_element(std::string_view element) {
  return "the element " + std::string{element} + " is missing" +
         in_package(package_of_element(element));
}

MissingPlugin read_missing_plugin(GstMessage* message) {
  const auto* s = gst_message_get_structure(message);
  const char* type = gst_structure_get_string(s, "type");
  const auto* detail = gst_structure_get_value(s, "detail");
  const GCharPtr description{gst_missing_plugin_message_get_description(message)};
  MissingPlugin missing;
  std::string_view package;
  if (g_strcmp0(type, "element") == 0 && detail && G_VALUE_HOLDS_STRING(detail)) {
    package = package_of_element(g_value_get_string(detail));
  } else if (detail && GST_VALUE_HOLDS_CAPS(detail)) {
    const auto* caps = gst_value_get_caps(detail);
    missing.caps = gst_structure_get_name(gst_caps_get_structure(caps, 0));
    package = package_of_caps(missing.caps);
  }
  missing.sentence =
      "it needs a plugin that is missing: " + std::string{description.get()} + in_package(package);
  return missing;
}

std::string describe_error(const GError* error) {
  if (error->domain == GST_STREAM_ERROR) {
    switch (error->code) {
    case GST_STREAM_ERROR_TYPE_NOT_FOUND:
    case GST_STREAM_ERROR_WRONG_TYPE:
      return "it is no medium that can be read";
    case GST_STREAM_ERROR_CODEC_NOT_FOUND:
      return "it needs a decoder that is missing";
    case GST_STREAM_ERROR_DEMUX:
      return "it is damaged: its container cannot be read";
    case GST_STREAM_ERROR_DECODE:
      return "it is damaged: it cannot be decoded";
    default:
      break;
    }
  }
  return error->message;
}

}  // namespace rostrum
