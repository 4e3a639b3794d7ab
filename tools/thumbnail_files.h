// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures of the film: sheets of small ones with WebVTT, and single ones.
#pragma once

#include "core/plan.h"
#include "tools/output_file.h"
#include "tools/render_files.h"

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace rostrum {

// The files of one output of that kind, in the order in which they get their names: what others
// name comes first.
std::vector<std::string> thumbnail_paths(const FurtherOutput& output, const Plan& plan);

// All of them under temporary names, until they are whole.
class ThumbnailFiles {
 public:
  // `suffix` and the first `index` are those of TemporaryFile.
  ThumbnailFiles(const std::vector<NamedOutput>& outputs, const Plan& plan,
                 const std::string& suffix, int index);

  // Writes them from the finished film, an MP4.  Errors as write_thumbnails().
  Result<void> write(const std::string& film, const std::stop_token& stop);
  Result<void> commit();

 private:
  // Of one output.
  struct Files {
    FurtherOutput output;
    std::vector<std::unique_ptr<TemporaryFile>> files;
  };

  Result<void> write_text(const Files& sheet) const;

  const Plan& plan_;
  std::vector<Files> all_;
};

}  // namespace rostrum
