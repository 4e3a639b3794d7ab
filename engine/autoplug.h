// SPDX-License-Identifier: LGPL-2.1-or-later
// Which elements may open a user's medium.
#pragma once

#include <gst/gst.h>

namespace rostrum {

enum class Wanted { video, audio, any };

// Makes a `decodebin` plug only what may_open_media() names (core/media_elements.h).  Streams
// other than the wanted ones are exposed undecoded.  Decoders get one thread.
void restrict_autoplug(GstElement* decodebin, Wanted wanted);

// The same of a `uridecodebin` that opens a live source: also what unpacks RTP
// (may_unpack_stream()).
void restrict_live_autoplug(GstElement* uridecodebin, Wanted wanted);

}  // namespace rostrum
