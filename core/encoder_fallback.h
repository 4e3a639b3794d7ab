// SPDX-License-Identifier: LGPL-2.1-or-later
// By which encoder a film's chunks are rendered when encoders fail.
#pragma once

#include "core/chunk_job.h"

#include <string>
#include <utility>
#include <vector>

namespace rostrum {

// What is told of one.
struct EncoderFailure {
  std::string encoder;
  FrameRange frames;  // of the chunk
  std::string why;
  std::string instead;  // the encoder of that chunk, and of all that are begun after it
};

class EncoderFallback {
 public:
  // Best first.
  explicit EncoderFallback(std::vector<PictureCoding> codings) : codings_{std::move(codings)} {}

  bool empty() const { return codings_.empty(); }
  // Of chunks that are begun now.  Not of an empty one, as sound alone has it.
  const PictureCoding& current() const { return codings_[at_]; }
  // This encoder failed; it is not used again.  False when there is none behind it.
  bool leave(const std::string& encoder) {
    if (empty()) return false;
    if (encoder != current().encoder) return true;  // another chunk's failure came before
    if (at_ + 1 == codings_.size()) return false;
    ++at_;
    return true;
  }

 private:
  std::vector<PictureCoding> codings_;
  std::size_t at_ = 0;
};

}  // namespace rostrum
