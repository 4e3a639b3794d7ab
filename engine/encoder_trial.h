// SPDX-License-Identifier: LGPL-2.1-or-later
// Whether an encoder really encodes: that its element is installed says little.
#pragma once

#include "core/chunk_job.h"
#include "core/trial_job.h"

#include <string>

namespace rostrum {

struct EncoderTrial {
  bool works = false;
  double rate = 0;      // frames per second
  std::string reason;   // why it does not work
  bool lasting = true;  // it would be the same next time
};

struct TrialOptions {
  std::string program;    // the rostrum executable, whose worker tries
  std::string folder;     // where it may write; "" = there is none
  bool use_cache = true;  // also to remember what comes of it
  int frames = kTrialFrames;
};

// So long may a trial take, each rendition as long as the film: a device that needs more is of no
// use, and a processor that is busy is none the worse for that.
Nanoseconds trial_limit(const PictureCoding& coding);

// Encodes frames at that size and rate, and in the coding's renditions, in a process of its own and
// decodes them.  Blocks.
EncoderTrial try_encoder(const PictureCoding& coding, Size canvas, FrameGrid grid,
                         const TrialOptions& options);

// SHA-256 of all that a trial depends on: what is encoded and how, the builds of plugin and
// library, drivers and devices.
std::string trial_key(const ChunkJob& job);

}  // namespace rostrum
