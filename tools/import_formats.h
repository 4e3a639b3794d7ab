// SPDX-License-Identifier: LGPL-2.1-or-later
// What can be imported.
#pragma once

#include "core/result.h"
#include "engine/job.h"

#include <vector>

namespace rostrum {

std::vector<ImportFormat> import_formats();

// `import --list`: to stdout.
Result<void> list_import_formats();

}  // namespace rostrum
