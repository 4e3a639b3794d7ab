// SPDX-License-Identifier: LGPL-2.1-or-later
// The coded pictures of a medium, for a film that may take them as they are.
#pragma once

#include "core/coded_video.h"

#include <gst/gst.h>

#include <optional>
#include <string>

namespace rostrum {

// Of an MP4 file whose only picture is H.264, by its index; nothing where it is something else, or
// where `zero`, the medium's first timestamp, does not agree with that.  `coded` and `raw` are the
// caps before and behind its decoder.
std::optional<CodedVideo> coded_video(const std::string& path, const GstCaps* coded,
                                      const GstCaps* raw, Nanoseconds zero);

}  // namespace rostrum
