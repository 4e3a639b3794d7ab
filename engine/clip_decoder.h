// SPDX-License-Identifier: LGPL-2.1-or-later
// Decodes one stream of one local file in a pipeline of its own, so that an error, a hang or an odd
// clock in there stays in there.
#pragma once

#include "core/timeline.h"
#include "engine/autoplug.h"
#include "engine/decoder_signal.h"
#include "engine/sound_conform.h"
#include "lib/gst_ptr.h"

#include <gst/video/video.h>

#include <memory>
#include <optional>
#include <string>

namespace rostrum {

struct DecoderFailure {
  std::string what;  // as in Substitution::what
  std::string why;
};

class ClipDecoder {
 public:
  // Starts to open the file; its first sample will stand at or before `from` (medium's time), or be
  // the medium's first.  Returns at once.
  ClipDecoder(std::string path, Wanted wanted, Nanoseconds from,
              std::shared_ptr<DecoderSignal> signal);
  // Closes in the background.
  ~ClipDecoder();
  ClipDecoder(const ClipDecoder&) = delete;
  ClipDecoder& operator=(const ClipDecoder&) = delete;

  enum class Pull { sample, ended, failed, flushing, nothing };
  // The next decoded sample; `nothing` after a Patience of `limit` without one and without any
  // packet from the demuxer.  All that was decoded comes before `failed`.
  Pull pull(Nanoseconds limit, GstPtr<GstSample>& sample);
  // Start again elsewhere, as if opened there.  Only after a `sample`, and not after `failed`.
  void seek(Nanoseconds from);

  const std::string& path() const;
  DecoderFailure failure() const;
  // After `failed`: not one sample could be decoded, and never will be.
  bool unusable() const;
  // How the picture has to be turned to be seen upright.
  GstVideoOrientationMethod orientation() const;
  // The medium's first sound, from which its packets follow each other; nothing for pictures.
  // Only after a `sample`.
  std::optional<FirstSound> first_sound() const;
  // Of a sample's buffer, counted from the medium's first timestamp; kNoTime if it has none.
  Nanoseconds time_of(GstSample* sample) const;
  // After `ended`: where the last frame, which stands at `pts`, ends by the container; kNoTime if
  // it does not say.
  Nanoseconds end_of_last(Nanoseconds pts) const;

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace rostrum
