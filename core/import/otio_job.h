// SPDX-License-Identifier: LGPL-2.1-or-later
// A job's JSON out of an OpenTimelineIO timeline and what an export kept in it.  Internal to the
// importer.
#pragma once

#include "core/import/imported.h"
#include "core/import/otio_timeline.h"
#include "core/import/warnings.h"
#include "core/json_text.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace rostrum::otio {

struct MadeJob {
  Json job;
  // Where each track, and each of its clips, stands in the timeline: for messages.
  struct Place {
    std::string track;
    std::vector<std::string> clips;
  };
  std::vector<Place> places;
};

MadeJob make_job(const Timeline& timeline, Warnings& warnings, const UriRewriter& uri_for);

}  // namespace rostrum::otio
