// SPDX-License-Identifier: LGPL-2.1-or-later
// What a probing worker is told, and what it says: a line of JSON when it begins a medium, and one
// when it has found what is in it.
#pragma once

#include "core/media.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rostrum {

inline constexpr char kProbeJobEnding[] = ".probe";  // of the file that holds one

// The media are the worker's descriptors, in order.
struct ProbeJob {
  std::size_t media = 0;
  Nanoseconds time{0};  // wall clock, per medium

  friend bool operator==(const ProbeJob&, const ProbeJob&) = default;
};

std::string probe_job_json(const ProbeJob& job);
std::optional<ProbeJob> parse_probe_job(std::string_view json);

struct ProbeReport {
  std::size_t medium = 0;          // its number among those of the job
  std::optional<MediaInfo> found;  // nothing: it is only begun

  friend bool operator==(const ProbeReport&, const ProbeReport&) = default;
};

// Of a medium all that probe() finds but its path, which the worker does not know, and the list of
// its coded pictures.
std::string probe_report_json(const ProbeReport& report);
// Nothing for any other line: a decoder that was taken over may say anything.
std::optional<ProbeReport> parse_probe_report(std::string_view line);

}  // namespace rostrum
