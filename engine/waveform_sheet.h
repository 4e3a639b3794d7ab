// SPDX-License-Identifier: LGPL-2.1-or-later
// The job's sound on one page: a row for each person and track, and the programme's loudness.
#pragma once

#include "core/result.h"
#include "core/waveform.h"

#include <string>

namespace rostrum {

inline constexpr std::size_t kWaveformColumns = 1400;  // of a row, each a pixel wide
inline constexpr std::size_t kMostWaveformRows = 200;

struct WaveformFacts {
  std::string title;
  std::optional<double> wanted;  // LUFS
  double ceiling = -1;           // dBTP
};

// The page as a PNG.  Rows beyond the most are left out, those who talk least first, and counted in
// the header.
Result<std::string> draw_waveform(const Waveform& waveform, const WaveformFacts& facts);

}  // namespace rostrum
