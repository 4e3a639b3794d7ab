// SPDX-License-Identifier: LGPL-2.1-or-later
// Where the system keeps what every program needs: libraries, fonts, time zone; and programs that
// are started.
#pragma once

#include <string>
#include <vector>

namespace rostrum {

// Folders and files to read for libraries and fonts, wherever those of this process are, and no
// folder of the user's but that of fonts.  Found once; any thread.
const std::vector<std::string>& system_places();

// They are taken from this variable where it is set: to read the configuration of the fonts takes
// longer than all else that confines a worker.
inline constexpr char kSystemPlaces[] = "ROSTRUM_SYSTEM_PLACES";
std::string system_places_text();

// Devices that hold nothing.
std::vector<std::string> harmless_devices();

// The file in which GStreamer keeps what it knows of its plugins.
std::string registry_file();

// Folders with GStreamer's plugins and settings, and the registry.
std::vector<std::string> gstreamer_places();

}  // namespace rostrum
