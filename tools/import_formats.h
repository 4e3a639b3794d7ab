// SPDX-License-Identifier: LGPL-2.1-or-later
// What can be imported.
#pragma once

#include "core/result.h"

#include <string>
#include <vector>

namespace rostrum {

struct ImportFormat {
  std::string name;
  std::string about;  // a line
};

std::vector<ImportFormat> import_formats();

// `import --list`: to stdout.
Result<void> list_import_formats();

}  // namespace rostrum
