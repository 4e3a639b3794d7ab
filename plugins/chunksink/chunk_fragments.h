// SPDX-License-Identifier: LGPL-2.1-or-later
// Fragmented MP4 on its way from the muxer into a chunk's file, and read back from it.
#pragma once

#include "core/mp4_fragment.h"
#include "core/result.h"
#include "lib/gst_ptr.h"

#include <gst/gst.h>

#include <cstdint>
#include <string>
#include <utility>

namespace rostrum {

// Puts what mp4mux writes on the chunk's time axis.  The muxer's thread only.
class ChunkFragments {
 public:
  // When its tracks begin, and by how much decoding precedes presentation there (see
  // mp4::FragmentTimes); both must be known before the muxer has anything to write.
  ChunkFragments(mp4::FragmentTimes::TimeOf start, mp4::FragmentTimes::TimeOf delay)
      : start_{std::move(start)}, delay_{std::move(delay)} {}

  // Sees to everything that leaves this pad; it must outlive the pad's data flow.
  void attach(GstPad* pad);

 private:
  GstPadProbeReturn pass(GstPad* pad, GstPadProbeInfo* info);
  // False: it cannot be placed.
  bool rewrite(GstPadProbeInfo* info, const mp4::BoxHeader& box, mp4::View bytes);

  mp4::FragmentTimes times_;
  const mp4::FragmentTimes::TimeOf start_;
  const mp4::FragmentTimes::TimeOf delay_;
  std::uint64_t payload_ = 0;  // bytes of a media data box that are still to come
};

// How a player is to read the file of a chunk.
struct FragmentedFile {
  std::uint64_t init_bytes = 0;  // before the first fragment
  std::uint64_t media_bytes = 0;
  Nanoseconds start{0};  // presentation time of its first track
};
Result<FragmentedFile> read_fragmented(const std::string& path);

}  // namespace rostrum
