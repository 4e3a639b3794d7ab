// SPDX-License-Identifier: LGPL-2.1-or-later
// Which of GStreamer's elements may open a user's medium.
#pragma once

#include <string_view>

namespace rostrum {

// Whether an element of this name reads nothing but the medium that it is given, and is of use for
// recordings: demuxers, parsers, decoders.  Not those that follow playlists or references to other
// files or URLs, that read files of their own (instruments of MIDI), that emulate machines (music
// of computer games), or that depend on the hardware.
bool may_open_media(std::string_view element);

// Whether it takes media out of packets of RTP, and does nothing else.
bool may_unpack_stream(std::string_view element);

}  // namespace rostrum
