// SPDX-License-Identifier: LGPL-2.1-or-later
// Decodes one stream of one local file.
#pragma once

#include "core/plan.h"
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

// Of sound that is decoded before what is wanted: codecs need some packets before the first that is
// right (AAC 1, Opus 80 ms, MP3's reservoir).
inline constexpr Nanoseconds kSoundPreroll{200'000'000};

struct DecoderFailure {
  std::string what;  // as in Substitution::what
  std::string why;
};

class MediumDecoder {
 public:
  MediumDecoder() = default;
  virtual ~MediumDecoder() = default;
  MediumDecoder(const MediumDecoder&) = delete;
  MediumDecoder& operator=(const MediumDecoder&) = delete;

  enum class Pull { sample, ended, failed, flushing, nothing };
  // The next decoded sample; `nothing` after a Patience of `limit` without one and without any
  // packet from the demuxer.  All that was decoded comes before `failed`.
  virtual Pull pull(Nanoseconds limit, GstPtr<GstSample>& sample) = 0;
  // Start again elsewhere, as if opened there.  Only after a `sample`, and not after `failed`.
  virtual void seek(Nanoseconds from) = 0;

  virtual const std::string& path() const = 0;
  virtual DecoderFailure failure() const = 0;
  // After `failed`: not one sample could be decoded, and never will be.
  virtual bool unusable() const = 0;
  // How the picture has to be turned to be seen upright.
  virtual GstVideoOrientationMethod orientation() const = 0;
  // The medium's first sound, from which its packets follow each other; nothing for pictures.
  // Only after a `sample`.
  virtual std::optional<FirstSound> first_sound() const = 0;
  // Of a sample's buffer, counted from the medium's first timestamp; kNoTime if it has none.
  virtual Nanoseconds time_of(GstSample* sample) const = 0;
  // After `ended`: where the last frame, which stands at `pts`, ends by the container; kNoTime if
  // it does not say.
  virtual Nanoseconds end_of_last(Nanoseconds pts) const = 0;
};

// Starts to open the file; its first sample will stand at or before `from` (medium's time), or be
// the medium's first.  Sound that can be read without a pipeline (engine/packet_decoder.h) is.
std::unique_ptr<MediumDecoder> open_decoder(const std::string& path, Wanted wanted,
                                            Nanoseconds from,
                                            std::shared_ptr<DecoderSignal> signal);

}  // namespace rostrum
