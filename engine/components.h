// SPDX-License-Identifier: LGPL-2.1-or-later
// Which Debian package brings an element or a decoder, and GStreamer's errors in plain words.
#pragma once

#include <gst/gst.h>

#include <string>
#include <string_view>

namespace rostrum {

// "" if unknown.
std::string_view package_of_element(std::string_view element);
// Of what reads or decodes media of these caps ("video/x-h264").
std::string_view package_of_caps(std::string_view caps);

// "the element x264enc is missing (Debian package gstreamer1.0-plugins-ugly)".
std::string missing_element(std::string_view element);
// A plugin that a medium would need.
struct MissingPlugin {
  std::string caps;      // of what it would read, "video/x-h264"; "" if it is an element
  std::string sentence;  // "it needs a plugin that is missing: H.264 decoder (Debian package ...)"
};

// Of a message for which gst_is_missing_plugin_message().
MissingPlugin read_missing_plugin(GstMessage* message);

// What is wrong with a medium, as a clause: "it is no medium that can be read".
std::string describe_error(const GError* error);

}  // namespace rostrum
