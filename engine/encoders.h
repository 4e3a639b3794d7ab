// SPDX-License-Identifier: LGPL-2.1-or-later
// The video encoders that there are profiles for, and what of them is installed.
#pragma once

#include "core/chunk_job.h"
#include "core/encoder_profiles.h"
#include "core/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace rostrum {

// Those of data/profiles, and what the *.json of these folders say besides (add_encoder(), by name
// of the file).  Every profile that a folder's file has a say in is held against the element, where
// that is installed.  Kind::manifest with all that is wrong; Kind::usage for a folder that cannot
// be read.
Result<std::vector<VideoEncoder>> load_encoders(const std::vector<std::string>& folders = {});

// What "auto" encodes: every player has H.264.
inline constexpr char kUsualCodec[] = "h264";

// The encoders that may render a film by that profile, best first: for "auto" all that are
// installed and of that codec, else the one that is named.  Kind::usage for a name or a profile
// that is not known, Kind::missing_component, naming the package, when none is installed.
Result<std::vector<VideoEncoder>> usable_encoders(const std::vector<VideoEncoder>& encoders,
                                                  const std::string& name,
                                                  const std::string& profile,
                                                  std::string_view codec = kUsualCodec);

// "encoder ! caps ! parser", which turns I420 frames tagged BT.709 into packets as MP4 holds them,
// aligned to access units.  What the profiles of data/profiles promise stands in docs/hardware.md.
// Loads the encoder's library, to tell its build.  Kind::manifest for settings that the element
// does not take.
Result<PictureCoding> picture_coding(const VideoEncoder& encoder, const std::string& profile);

}  // namespace rostrum
