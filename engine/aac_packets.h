// SPDX-License-Identifier: LGPL-2.1-or-later
// The packets of an MP4's sound of AAC, read by the file's index.
#pragma once

#include "core/mp4_aac.h"
#include "engine/file.h"
#include "lib/gst_ptr.h"

#include <optional>
#include <string>

namespace rostrum {

class AacPackets {
 public:
  // Nothing where mp4::AacTrack finds nothing, or the file cannot be read.
  static std::optional<AacPackets> open(const std::string& path);

  const mp4::AacTrack& track() const { return track_; }
  GstPtr<GstCaps> caps() const;
  // The next one is that.
  void go_to(std::size_t packet);
  // With the times of the track's own; null at the end of what is heard or of the file.
  GstPtr<GstBuffer> next();
  // Whether the last one was null because the file that holds it could not be read.
  bool failed() const { return failed_; }

 private:
  AacPackets(File file, mp4::AacTrack track) : file_{std::move(file)}, track_{std::move(track)} {}

  File file_;
  mp4::AacTrack track_;
  std::size_t next_ = 0;
  bool discontinuous_ = true;
  bool failed_ = false;
  // What was read ahead of the next packet.
  mp4::Bytes bytes_;
  std::size_t at_ = 0;
};

}  // namespace rostrum
