// SPDX-License-Identifier: LGPL-2.1-or-later
// The files that a render writes: where they lie, and whether they may be written.
#pragma once

#include "core/sound_file.h"
#include "core/stems.h"
#include "tools/options.h"

#include <string>
#include <vector>

namespace rostrum {

struct RenderFiles {
  std::string output;  // the film, or its sound alone
  std::optional<SoundContainer> sound_only;
  std::string report;
  std::vector<Stem> stems;
  std::vector<std::string> stem_paths;    // of each stem
  std::vector<std::string> streams;       // playlists of the film
  std::vector<std::string> stream_paths;  // all files that belong to them
};

// Names the output, and sets the codec of the manifest's sound where only the output's ending says
// it.  Kind::usage, or Kind::manifest where the manifest names it: an ending that cannot hold what
// is to be in it, or a place outside the job's folders.
Result<RenderFiles> name_files(const RenderOptions& options, Job& job);

// Names the files of the stems, if they are wanted.  Kind::manifest: they are too long together.
Result<void> name_stems(RenderFiles& files, const Job& job, const Plan& plan);

// Before a render takes its time.
Result<void> check_files(const RenderOptions& options, const Job& job, const RenderFiles& files);

}  // namespace rostrum
