// SPDX-License-Identifier: LGPL-2.1-or-later
// Small timelines of OpenTimelineIO for tests.
#pragma once

#include "core/import/otio.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace rostrum::test {

using Json = nlohmann::ordered_json;

inline Json otio_time(double value, double rate = 25) {
  return {{"OTIO_SCHEMA", "RationalTime.1"}, {"rate", rate}, {"value", value}};
}

inline Json otio_range(double start, double duration, double rate = 25) {
  return {{"OTIO_SCHEMA", "TimeRange.1"},
          {"start_time", otio_time(start, rate)},
          {"duration", otio_time(duration, rate)}};
}

inline Json otio_file(const std::string& url) {
  return {{"OTIO_SCHEMA", "ExternalReference.1"}, {"target_url", url}};
}

// `start`, `duration` in frames of 25 a second.
inline Json otio_clip(const std::string& url, double start, double duration) {
  return {{"OTIO_SCHEMA", "Clip.1"},
          {"name", url},
          {"media_reference", otio_file(url)},
          {"source_range", otio_range(start, duration)}};
}

inline Json otio_gap(double duration) {
  return {{"OTIO_SCHEMA", "Gap.1"}, {"source_range", otio_range(0, duration)}};
}

inline Json otio_transition(double before, double after) {
  return {{"OTIO_SCHEMA", "Transition.1"},
          {"transition_type", "SMPTE_Dissolve"},
          {"in_offset", otio_time(before)},
          {"out_offset", otio_time(after)}};
}

inline Json otio_track(const std::string& kind, const std::vector<Json>& children) {
  return {{"OTIO_SCHEMA", "Track.1"}, {"name", kind}, {"kind", kind}, {"children", children}};
}

inline Json otio_timeline(const std::vector<Json>& tracks) {
  return {{"OTIO_SCHEMA", "Timeline.1"},
          {"name", "Edit"},
          {"tracks", {{"OTIO_SCHEMA", "Stack.1"}, {"children", tracks}}}};
}

// The manifest must survive being written and read.
inline Imported import_timeline(const Json& timeline) {
  auto imported = import_otio(timeline.dump());
  if (!imported) {
    for (const auto& problem : imported.error())
      ADD_FAILURE() << problem.pointer << ": " << problem.message;
    return {};
  }
  const auto text = write_manifest(imported->manifest);
  const auto again = parse_manifest(text);
  EXPECT_EQ(again ? write_manifest(*again) : "", text);
  return std::move(*imported);
}

}  // namespace rostrum::test
