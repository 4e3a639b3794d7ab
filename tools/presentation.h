// SPDX-License-Identifier: LGPL-2.1-or-later
// Presentations of office programs, which LibreOffice makes into PDF.
#pragma once

#include "core/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace rostrum {

// Path of the PDF of a presentation, in the folder NAME.slides of `target`; one that is there and
// newer than the presentation is taken as it is.  The presentation must lie, links followed, below
// `base` or one of the roots.  Kind::missing_component without LibreOffice, Kind::media if it
// fails.
Result<std::string> pdf_of(const std::filesystem::path& presentation, const std::string& base,
                           const std::vector<std::string>& roots, const std::string& target);

}  // namespace rostrum
