// SPDX-License-Identifier: LGPL-2.1-or-later
// Links to MTS Link records, and what its API answers.  docs/fetch.md describes both.
#pragma once

#include "core/fetch/url.h"

#include <optional>
#include <string>
#include <string_view>

namespace rostrum {

// The record that a link's path means, on whatever host:
// /[SEGMENT/]ORG/ROOM/record-new/EVENT[/record-file/FILE], or /EVENT/TOKEN of a link that was
// shared.
struct MtsLinkRecord {
  std::string event;
  std::string file;  // "" = the event as a whole

  // The API's path and query, on the link's own host.
  std::string api_target() const;
  // A name for the folder of what it holds.
  std::string name() const { return file.empty() ? event : event + "-" + file; }

  friend bool operator==(const MtsLinkRecord&, const MtsLinkRecord&) = default;
};

std::optional<MtsLinkRecord> mtslink_record(const Url& link);

// What the API says instead of a record, by its body or else by its status: a clause with its cure;
// nothing: it does not refuse.
std::optional<std::string> mtslink_refusal(std::string_view json, int status = 200);

}  // namespace rostrum
