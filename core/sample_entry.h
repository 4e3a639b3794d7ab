// SPDX-License-Identifier: LGPL-2.1-or-later
// How the samples of a track are coded, as an MP4's index says it (ISO/IEC 14496-12, 8.5.2).
#pragma once

#include "core/mp4_box.h"

#include <optional>
#include <string>

namespace rostrum::mp4 {

// The first entry of a track's sample description.
struct SampleEntry {
  FourCc type = 0;  // 'avc1', 'hvc1', 'vp09', 'av01', 'mp4a', …
  View fields;      // before its boxes
  View boxes;

  // The body of the box of that type.
  std::optional<View> box(FourCc type) const;
};

// `trak` is the body of the box.  Nothing when it is broken.
std::optional<SampleEntry> sample_entry(View trak);

// Width and height of an entry of pictures (12.1.3).
struct EntrySize {
  int width = 0;
  int height = 0;
};
EntrySize entry_size(const SampleEntry& entry);

// Its name for playlists (RFC 6381, 3.3): "avc1.64001F", "hvc1.1.6.L93.B0", "vp09.00.31.08".
std::string codec_parameter(const SampleEntry& entry);

}  // namespace rostrum::mp4
