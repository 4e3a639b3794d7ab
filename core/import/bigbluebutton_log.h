// SPDX-License-Identifier: LGPL-2.1-or-later
// What a BigBlueButton recording's event log says, as plain values.  Internal to the importer.
#pragma once

#include "core/import/bigbluebutton_events.h"
#include "core/import/warnings.h"
#include "core/timeline.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rostrum::bigbluebutton {

enum class Source { conference, microphone, shared_sound, camera, screen };

// The folder of the recording that holds such files.
const char* folder_of(Source source);

// One recorded file.  Times are since the log's first event.
struct Medium {
  Source source = Source::conference;
  std::string name;  // of the file, without a path; of some cameras without its ending
  std::string user;  // id; "" = not known
  Nanoseconds start{0};
  std::optional<Nanoseconds> end;  // absent: its end was not logged
};

// The slide from `at` on.
struct SlideChange {
  Nanoseconds at{0};
  std::string deck;  // "" = taken away
  int page = 1;
};

struct User {
  std::string id;
  std::string name;
  bool moderator = false;
  std::vector<Interval> presenting;
  std::vector<Interval> talking;
};

struct Log {
  std::string title;
  std::int64_t epoch = 0;  // the first event's timestamp, milliseconds
  Nanoseconds duration{0};
  std::vector<Medium> media;              // in the order of their beginning
  std::vector<SlideChange> slides;        // by time
  std::vector<User> users;                // in the order of their appearance
  std::vector<Interval> marked;           // what the recording button marked; empty: no marks
  std::vector<Interval> moderators_only;  // when only moderators saw the viewers' cameras
  bool names_sound = false;               // some event names a file of sound
};

Log read_log(const EventLog& events, Warnings& warnings);

}  // namespace rostrum::bigbluebutton
