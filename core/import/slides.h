// SPDX-License-Identifier: LGPL-2.1-or-later
// A deck or pictures, and a voice for each slide -> manifest.  docs/formats.md describes what is
// taken for what.
#pragma once

#include "core/import/imported.h"
#include "core/import/media_folder.h"
#include "core/result.h"

namespace rostrum {

// How long a slide stands that has neither a voice nor a time.
inline constexpr Nanoseconds kUsualSlideLength = 5s;
// How long a slide stands on after its voice.
inline constexpr Nanoseconds kPauseAfterVoice = 500ms;

// Whether the folder holds slides, no films, and only sound that can be told whose it is.
bool is_slides(const MediaFolder& folder);

tl::expected<Imported, Problems> import_slides(const MediaFolder& folder,
                                               const UriRewriter& uri_for = {},
                                               Nanoseconds slide_length = kUsualSlideLength);

}  // namespace rostrum
