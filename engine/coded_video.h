// SPDX-License-Identifier: LGPL-2.1-or-later
// The coded pictures of a medium, for a film that may take them as they are.
#pragma once

#include "core/coded_video.h"

#include <gst/gst.h>

#include <optional>
#include <string>

namespace rostrum {

// Of an MP4 file whose only picture is H.264, but for its pictures; nothing where it is something
// else.  `coded` and `raw` are the caps before and behind its decoder, `first` is the medium's
// first timestamp.
std::optional<CodedVideo> coded_video(const std::string& path, const GstCaps* coded,
                                      const GstCaps* raw, Nanoseconds first);

// Adds the pictures, by the file's index; where that does not agree with `first`, it is unlike a
// film's.  Decodes nothing.
void list_pictures(const std::string& path, CodedVideo& video);

}  // namespace rostrum
