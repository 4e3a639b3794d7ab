// SPDX-License-Identifier: LGPL-2.1-or-later
// What of a medium's sound is listened to, and how a worker is told.
#pragma once

#include "core/intervals.h"
#include "core/sound_clock.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rostrum {

// What of a file is listened to, and for what.
struct Listening {
  bool loudness = false;        // also SoundLevels::loudness
  double high_pass = 0;         // Hz: loudness and peaks are those of what is above; 0 = of all
  bool mono = false;            // and those of the mean of both channels, as of one
  bool equal_channels = false;  // both channels are the same: one is measured
  SoundClock clock = {};        // by which the medium's sound is played
  std::optional<std::vector<Interval>> parts = std::nullopt;

  friend bool operator==(const Listening&, const Listening&) = default;
};

inline constexpr char kListeningJobEnding[] = ".listen";  // of the file that holds one

// The media are the worker's descriptors, in order.
struct ListeningJob {
  struct Medium {
    Nanoseconds duration{0};
    Listening listening;

    friend bool operator==(const Medium&, const Medium&) = default;
  };
  std::vector<Medium> media;

  friend bool operator==(const ListeningJob&, const ListeningJob&) = default;
};

std::string listening_job_json(const ListeningJob& job);
// Nothing for any other text.
std::optional<ListeningJob> parse_listening_job(std::string_view json);

}  // namespace rostrum
