// SPDX-License-Identifier: LGPL-2.1-or-later
// An MP4 file of this program's own whose packets are decoded elsewhere.
#pragma once

#include "engine/file.h"
#include "lib/gst_ptr.h"

#include <memory>
#include <string>

namespace rostrum {

class PacketFile {
 public:
  // Kind::media where it cannot be opened or has no index.
  static Result<std::shared_ptr<const PacketFile>> open(const std::string& path);

  mp4::View moov() const { return moov_; }
  // What GStreamer's demuxer says of its picture or its sound, of whatever codec; null where it
  // finds none.
  GstPtr<GstCaps> caps(bool sound) const { return retain((sound ? sound_ : picture_).get()); }
  // Null where the file has less.
  GstPtr<GstBuffer> read(std::uint64_t offset, std::uint32_t size) const;

 private:
  PacketFile(File file, mp4::Bytes moov);

  File file_;
  mp4::Bytes moov_;
  GstPtr<GstCaps> picture_;
  GstPtr<GstCaps> sound_;
};

}  // namespace rostrum
