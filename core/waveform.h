// SPDX-License-Identifier: LGPL-2.1-or-later
// The picture of a job's sound: who is heard when and how loudly, and where it is more than fits.
// A pure function of the plan and the measured media.
#pragma once

#include "core/plan.h"
#include "core/speaker.h"

#include <optional>
#include <string>
#include <vector>

namespace rostrum {

// One column of a row, or the loudest of what falls into it.
struct WaveformColumn {
  float level = kSilence;  // dBFS, RMS of 0.1 s with all gains
  bool present = false;    // there is sound to play, muted or not
  bool muted = false;      // all of it
  bool talks = false;
  bool clipped = false;  // the medium reaches full scale

  friend bool operator==(const WaveformColumn&, const WaveformColumn&) = default;
};

// A person, or a track that is nobody's.
struct WaveformRow {
  std::string name;
  Nanoseconds talk{0};  // in all
  std::vector<WaveformColumn> columns;
};

// Of the sum of all rows.
struct ProgrammeColumn {
  std::optional<double> loudness;  // LUFS, of the 3 s around it (EBU Tech 3341, short-term)
  double limited = 0;              // dB that the peaks are over the limiter's ceiling

  friend bool operator==(const ProgrammeColumn&, const ProgrammeColumn&) = default;
};

struct Waveform {
  Nanoseconds length{0};
  std::vector<WaveformRow> rows;  // people in the order of their tracks, then the other tracks
  std::vector<ProgrammeColumn> programme;
  std::optional<double> integrated;  // LUFS, as planned; nothing for silence
  double range = 0;                  // LU
};

// Needs levels, loudness and peaks of all media that are heard.  `recorded`: the same media with
// their peaks before any filter and mix, which alone tell whether a medium is clipped.
Waveform make_waveform(const Plan& plan, const Manifest& manifest, const MediaMap& media,
                       const MediaMap& recorded, std::size_t columns);

// The distance of the marks of a time axis: the least round one, of 0.1 s or more, at which no more
// than `most` (at least 1) follow the first.
Nanoseconds axis_step(Nanoseconds length, std::size_t most);

}  // namespace rostrum
