// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures of a finished film, as JPEG.
#pragma once

#include "core/result.h"
#include "core/thumbnail_sheet.h"

#include <stop_token>
#include <string>
#include <vector>

namespace rostrum {

struct SheetFiles {
  ThumbnailSheets sheets;
  std::vector<std::string> paths;  // of each sheet
};

struct PictureFile {
  std::int64_t frame = 0;  // of the film
  Size size;
  std::string path;
};

// Writes them all in one pass over the film, an MP4 with an index.  Kind::usage where a file cannot
// be written, Kind::missing_component without GStreamer's JPEG encoder, others as see_frames().
Result<void> write_thumbnails(const std::string& film, const FrameGrid& grid,
                              const std::vector<SheetFiles>& sheets,
                              const std::vector<PictureFile>& pictures,
                              const std::stop_token& stop = {});

}  // namespace rostrum
