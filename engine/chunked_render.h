// SPDX-License-Identifier: LGPL-2.1-or-later
// Plan -> finished chunks in the work directory, by as many workers as there are cores.
#pragma once

#include "core/chunk_job.h"
#include "core/encoder_fallback.h"
#include "core/media.h"
#include "core/plan.h"
#include "core/render_order.h"
#include "core/stems.h"
#include "engine/assemble.h"
#include "engine/media_files.h"
#include "engine/work_dir.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace rostrum {

// Of the work that is left to do; first when it begins, with nothing done.
using RenderProgress = std::function<void(Nanoseconds done, Nanoseconds total)>;

struct ChunkedOptions {
  std::string program;  // the rostrum executable, for the workers
  int workers = 1;
  Nanoseconds stall_timeout{60'000'000'000};
  RenderProgress on_progress;
  // How many bytes of the film's chunks are finished: before the first worker starts, and twice a
  // second while they run.  An error ends the render.
  std::function<Result<void>(std::int64_t finished, bool begun)> on_look;
  // An encoder failed and the next one goes on, or something else is done otherwise than planned; a
  // sentence.
  std::function<void(const std::string&)> on_warning;
  // The work directory says from here on what this film is made of.
  std::function<void()> on_listed = {};
  std::string job = {};  // a digest of what is rendered, for whoever watches the work directory
  bool pictures = true;  // else only the sound, for which no video encoder is needed
  std::vector<PictureCoding> codings;  // of pictures, best first; see picture_coding()
  int sessions = 0;                    // of one encoder with a device at once; 0 = as many as begin
  std::vector<Stem> stems;
  MediaFiles files;  // opens the media
  RenderOrder order = RenderOrder::longest_first;
};

struct ChunkedStem {
  Stem stem;
  JoinedSound sound;
};

struct ChunkedFilm {
  std::vector<PicturePart> pictures;                 // MP4 files of video, in order
  std::vector<std::vector<PicturePart>> renditions;  // likewise, of each of the plan's
  JoinedSound sound;
  std::vector<ChunkedStem> stems;
  std::vector<Substitution> substitutions;
  std::string encoder;  // that was used last; "" = there are no pictures, or all are copied
  std::map<std::string, int> encoders;  // chunks of each
  std::vector<EncoderFailure> failures;
  std::map<std::string, int> sessions;  // limits that were found, by encoder
  int reused = 0;                       // chunks that were there already
  std::int64_t frames_copied = 0;       // of the pictures, as they are in a medium
  std::int64_t frames_held = 0;         // that are not coded, for the picture before them stays
  int rendered = 0;
};

// Renders what is not yet in `dir`.  `base` has everything of a chunk job but slice and output.
// A chunk whose encoder fails is rendered by the next of the codings, and so are all that are begun
// after it.
// Fails like run_pool(); finished chunks stay in `dir`.
Result<ChunkedFilm> render_chunks(const Plan& plan, const MediaMap& media, const ChunkJob& base,
                                  WorkDir& dir, const ChunkedOptions& options);

// How many workers the machine can feed: cores, bounded by the memory that is free.
int default_workers();

}  // namespace rostrum
