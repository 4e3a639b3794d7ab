// SPDX-License-Identifier: LGPL-2.1-or-later
// H.264 whose parameter sets change on the way: they stand before each key frame instead of in the
// index only.  Section numbers are those of ISO/IEC 14496-15.
#pragma once

#include "core/mp4_box.h"

#include <optional>

namespace rostrum::mp4 {

// The sample description of one part of a film.
struct AvcDescription {
  Bytes others;          // the 'stsd' box without its 'avcC': must be alike in all parts
  Bytes parameter_sets;  // as they stand in a sample, each behind its length
  std::uint8_t level = 0;
};

// Nothing unless it is one 'avc1' whose NAL units have lengths of four bytes.
std::optional<AvcDescription> read_avc(View stsd);

// The same description as 'avc3', of the highest level of all parts; `stsd` is one that read_avc()
// reads.
Bytes as_avc3(View stsd, std::uint8_t level);

}  // namespace rostrum::mp4
