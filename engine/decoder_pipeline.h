// SPDX-License-Identifier: LGPL-2.1-or-later
// What the elements of a pipeline that decodes a medium tell about it.
#pragma once

#include <gst/gst.h>

namespace rostrum {

// Does any pad still move data by itself?
bool has_running_task(GstElement* pipeline);

// Are the packets cut by the demuxer, each time elsewhere, because the format has none?
bool cuts_packets(GstElement* pipeline);

// Does it read a container?  Else a bare stream, whose parser may know no times.
bool has_demuxer(GstElement* pipeline);

// Are packets of one stream, by its coding, of different lengths?
bool packets_vary(GstElement* pipeline);

}  // namespace rostrum
