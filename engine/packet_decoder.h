// SPDX-License-Identifier: LGPL-2.1-or-later
// Decodes the sound of media whose index tells all: packets are read by it and decoded in the
// thread of who asks.  The samples, their times and their ends are those of GStreamer's demuxer and
// the same decoder, at a small part of what a pipeline costs to open, to seek in and to run.
#pragma once

#include "engine/aac_packets.h"
#include "engine/medium_decoder.h"
#include "engine/packet_codec.h"

namespace rostrum {

class PacketDecoder final : public MediumDecoder {
 public:
  // Null where the medium is not such a one, its first packets do not decode to what the index
  // says, or another decoder would be taken for it.
  static std::unique_ptr<PacketDecoder> open(const std::string& path, Nanoseconds from,
                                             std::shared_ptr<DecoderSignal> signal);

  Pull pull(Nanoseconds limit, GstPtr<GstSample>& sample) override;
  void seek(Nanoseconds from) override;
  const std::string& path() const override { return path_; }
  DecoderFailure failure() const override { return failure_.value_or(DecoderFailure{}); }
  bool unusable() const override { return false; }
  GstVideoOrientationMethod orientation() const override { return GST_VIDEO_ORIENTATION_IDENTITY; }
  std::optional<FirstSound> first_sound() const override { return first_; }
  Nanoseconds time_of(GstSample* sample) const override;
  Nanoseconds end_of_last(Nanoseconds) const override { return kNoTime; }

 private:
  PacketDecoder(std::string path, AacPackets packets, std::unique_ptr<PacketCodec> codec,
                std::shared_ptr<DecoderSignal> signal);
  // As the demuxer does when it is sought in; `time` is the medium's with its zero.
  void start_at(Nanoseconds time);
  // False when there is no such beginning.
  bool decode_first();
  void feed();
  bool flushing() const;

  const std::string path_;
  const std::shared_ptr<DecoderSignal> signal_;
  AacPackets packets_;
  const std::unique_ptr<PacketCodec> codec_;
  std::optional<FirstSound> first_;
  std::optional<DecoderFailure> failure_;
  bool ended_ = false;  // nothing more goes in
};

}  // namespace rostrum
