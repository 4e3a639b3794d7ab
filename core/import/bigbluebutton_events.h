// SPDX-License-Identifier: LGPL-2.1-or-later
// The events of a BigBlueButton recording's events.xml.  Internal to the importer.
#pragma once

#include "core/import/warnings.h"
#include "core/result.h"
#include "core/timeline.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace rostrum::bigbluebutton {

struct Event {
  std::size_t number = 0;  // among all events of the document, from 1
  std::string_view name;
  Nanoseconds at{0};  // since the log's first event
  pugi::xml_node node;

  // The text of a child, on one line and at most that long; "" when there is none.
  std::string text(const char* child, std::size_t bytes = 256) const;
  // The same as it is.
  std::string raw(const char* child) const { return node.child(child).text().get(); }
  bool is_true(const char* child) const { return text(child) == "true"; }
};

// "/recording/event[17]": for messages.
std::string pointer_to(const Event& event);

// The last component of a path on the server; "" for what cannot be the name of a file.
std::string file_name(const std::string& path);

class EventLog {
 public:
  // Fails for what is no XML, no log, or a log beyond the limits.
  static tl::expected<EventLog, Problems> parse(std::string_view xml, Warnings& warnings);

  std::string title() const;
  std::int64_t epoch() const { return epoch_; }  // the first event's timestamp, milliseconds
  Nanoseconds duration() const { return events_.back().at; }
  const std::vector<Event>& events() const { return events_; }  // by time, at least one

 private:
  Problems read(std::string_view xml, Warnings& warnings);
  Problems read_events(pugi::xml_node root, Warnings& warnings);

  std::unique_ptr<pugi::xml_document> document_ = std::make_unique<pugi::xml_document>();
  std::int64_t epoch_ = 0;
  std::vector<Event> events_;
};

}  // namespace rostrum::bigbluebutton
