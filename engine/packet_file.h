// SPDX-License-Identifier: LGPL-2.1-or-later
// An MP4 file of this program's own whose packets are decoded elsewhere.
#pragma once

#include "engine/file.h"
#include "lib/gst_ptr.h"

#include <memory>
#include <string>

namespace rostrum {

// Of its picture and its sound; null where it has none.
struct TrackCaps {
  GstPtr<GstCaps> picture;
  GstPtr<GstCaps> sound;
};

// What GStreamer's demuxer says of a file, of whatever codecs.  Takes seconds where the machine is
// busy.
TrackCaps demuxed_caps(const std::string& path);

class PacketFile {
 public:
  // Kind::media where it cannot be opened or has no index.  `caps`: what is known of it.
  static Result<std::shared_ptr<const PacketFile>> open(const std::string& path,
                                                        const TrackCaps& caps);

  mp4::View moov() const { return moov_; }
  GstPtr<GstCaps> caps(bool sound) const {
    return retain((sound ? caps_.sound : caps_.picture).get());
  }
  // Null where the file has less.
  GstPtr<GstBuffer> read(std::uint64_t offset, std::uint32_t size) const;

 private:
  PacketFile(File file, mp4::Bytes moov, const TrackCaps& caps);

  File file_;
  mp4::Bytes moov_;
  TrackCaps caps_;
};

}  // namespace rostrum
