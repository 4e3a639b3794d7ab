// SPDX-License-Identifier: LGPL-2.1-or-later
// What `rostrum export` is asked for.
#pragma once

#include "tools/job.h"

#include <string>

namespace rostrum {

enum class ExportFormat { otio, edl, xges };

struct ExportOptions {
  ExportFormat format = ExportFormat::otio;
  JobOptions job;
  std::string output;  // "" = stdout
  bool overwrite = false;
};

Result<void> run_export(const ExportOptions& options);

}  // namespace rostrum
