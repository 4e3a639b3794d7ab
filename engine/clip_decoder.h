// SPDX-License-Identifier: LGPL-2.1-or-later
// Decodes one stream of one local file in a pipeline of its own, so that an error, a hang or an odd
// clock in there stays in there.
#pragma once

#include "engine/medium_decoder.h"

namespace rostrum {

class ClipDecoder final : public MediumDecoder {
 public:
  // Starts to open the file; its first sample will stand at or before `from` (medium's time), or be
  // the medium's first.  Returns at once.
  ClipDecoder(std::string path, Wanted wanted, Nanoseconds from,
              std::shared_ptr<DecoderSignal> signal);
  // Closes in the background.
  ~ClipDecoder() override;

  Pull pull(Nanoseconds limit, GstPtr<GstSample>& sample) override;
  void seek(Nanoseconds from) override;
  const std::string& path() const override;
  DecoderFailure failure() const override;
  bool unusable() const override;
  GstVideoOrientationMethod orientation() const override;
  std::optional<FirstSound> first_sound() const override;
  Nanoseconds time_of(GstSample* sample) const override;
  Nanoseconds end_of_last(Nanoseconds pts) const override;

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace rostrum
