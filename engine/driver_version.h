// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

namespace rostrum {

// What on this machine decides whether its video hardware works, besides plugins and libraries: the
// kernel, its drivers' versions, and the devices that there are.  A line each.
std::string driver_versions();

// The files of video hardware that there are, and what its drivers read besides.
std::vector<std::string> video_devices();
std::vector<std::string> driver_places();

// Whether there is a file whose name begins so: "/dev/dri/renderD".
bool has_device(const std::string& beginning);

}  // namespace rostrum
