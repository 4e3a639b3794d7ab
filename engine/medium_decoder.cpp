// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/medium_decoder.h"

#include "engine/clip_decoder.h"
#include "engine/packet_decoder.h"

#include <utility>

namespace rostrum {

std::unique_ptr<MediumDecoder> open_decoder(const std::string& path, Wanted wanted,
                                            Nanoseconds from,
                                            std::shared_ptr<DecoderSignal> signal) {
  if (wanted == Wanted::audio)
    if (auto decoder = PacketDecoder::open(path, from, signal)) return decoder;
  return std::make_unique<ClipDecoder>(path, wanted, from, std::move(signal));
}

}  // namespace rostrum
