// SPDX-License-Identifier: LGPL-2.1-or-later
// The files that a render writes: where they lie, and whether they may be written.
#pragma once

#include "core/output_kind.h"
#include "core/sound_file.h"
#include "core/stems.h"
#include "tools/options.h"
#include "tools/stream_files.h"

#include <string>
#include <vector>

namespace rostrum {

// The film in one more container.
struct FilmFile {
  std::string path;
  FilmForm form;
};

// An output of the manifest with its whole path.
struct NamedOutput {
  FurtherOutput output;
  std::string pointer;
};

struct RenderFiles {
  std::string output;  // the film, or its sound alone
  FilmForm form = {};  // of the film
  std::optional<SoundContainer> sound_only;
  std::string report;
  std::vector<Stem> stems;
  std::vector<std::string> stem_paths;       // of each stem
  std::vector<StreamPlaylist> streams;       // of the film
  std::vector<std::string> stream_paths;     // all files that belong to them
  std::vector<FilmFile> films;               // besides the first
  std::vector<NamedOutput> thumbnails;       // sheets and pictures of the film
  std::vector<std::string> thumbnail_paths;  // all files that belong to them
};

// The first of the job's films that is WebM; "" = none is.
std::string webm_of(const RenderFiles& files);

// Names the output, and sets the codec of the manifest's sound where only the output's ending says
// it.  Kind::usage, or Kind::manifest where the manifest names it: an ending that cannot hold what
// is to be in it, or a place outside the job's folders.
Result<RenderFiles> name_files(const RenderOptions& options, Job& job);

// Names the files of the stems, if they are wanted.  Kind::manifest: they are too long together.
Result<void> name_stems(RenderFiles& files, const Job& job, const Plan& plan);

// Names the files of the film's pictures.  Kind::manifest: one is to be of a time after the end.
Result<void> name_thumbnails(RenderFiles& files, const RenderOptions& options, const Job& job,
                             const Plan& plan);

// Before a render takes its time.
Result<void> check_files(const RenderOptions& options, const Job& job, const RenderFiles& files);

}  // namespace rostrum
