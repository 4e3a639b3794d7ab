// SPDX-License-Identifier: LGPL-2.1-or-later
// Media whose names or creation times say what they are -> manifest.  docs/formats.md describes
// what is taken for what.
#pragma once

#include "core/import/imported.h"
#include "core/import/media_folder.h"
#include "core/result.h"

namespace rostrum {

// Every guess becomes a note, what is not used a warning.
tl::expected<Imported, Problems> import_folder(const MediaFolder& folder,
                                               const UriRewriter& uri_for = {});

}  // namespace rostrum
