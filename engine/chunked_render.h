// SPDX-License-Identifier: LGPL-2.1-or-later
// Plan -> finished chunks in the work directory, by as many workers as there are cores.
#pragma once

#include "core/chunk_job.h"
#include "core/media.h"
#include "core/plan.h"
#include "core/stems.h"
#include "engine/assemble.h"
#include "engine/media_files.h"
#include "engine/work_dir.h"

#include <functional>
#include <string>
#include <vector>

namespace rostrum {

struct ChunkedOptions {
  std::string program;  // the rostrum executable, for the workers
  int workers = 1;
  Nanoseconds stall_timeout{60'000'000'000};
  std::function<void(Nanoseconds done, Nanoseconds total)>
      on_progress;  // of work that is left to do
  // How many bytes of the film's chunks are finished: before the first worker starts, and twice a
  // second while they run.  An error ends the render.
  std::function<Result<void>(std::int64_t finished, bool begun)> on_look;
  // An encoder failed, and the film is begun again with the next one; a sentence.
  std::function<void(const std::string&)> on_other_encoder;
  // Something is done otherwise than planned; a sentence.
  std::function<void(const std::string&)> on_warning;
  bool pictures = true;  // else only the sound, for which no video encoder is needed
  std::vector<Stem> stems;
  MediaFiles files;  // opens the media
};

struct ChunkedStem {
  Stem stem;
  JoinedSound sound;
};

struct ChunkedFilm {
  std::vector<std::string> pictures;  // MP4 files of video, in order
  JoinedSound sound;
  std::vector<ChunkedStem> stems;
  std::vector<Substitution> substitutions;
  std::string encoder;             // of all pictures; "" = there are none
  int reused = 0;                  // chunks that were there already
  std::int64_t frames_copied = 0;  // of the pictures, as they are in a medium
  int rendered = 0;
};

// Renders what is not yet in `dir`.  `base` has everything of a chunk job but slice and output.
// All pictures of a film that are encoded come from one encoder.  Where that encoder fails and
// `base` names "auto", all pictures are rendered by the next. Fails like run_pool(), or like
// video_encoders(); finished chunks stay in `dir`.
Result<ChunkedFilm> render_chunks(const Plan& plan, const MediaMap& media, const ChunkJob& base,
                                  WorkDir& dir, const ChunkedOptions& options);

// How many workers the machine can feed: cores, bounded by the memory that is free.
int default_workers();

}  // namespace rostrum
