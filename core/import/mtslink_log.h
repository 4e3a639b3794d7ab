// SPDX-License-Identifier: LGPL-2.1-or-later
// The event log of an MTS Link record as plain values.  Internal to the importer.
#pragma once

#include "core/import/warnings.h"
#include "core/json_member.h"
#include "core/timeline.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rostrum::mtslink {

// When an event happened: on the film's time, which may lie outside of it, and by the clock.
struct Moment {
  Nanoseconds at{0};
  std::optional<Nanoseconds> clock = {};  // since 1970
};

// One recorded file of a stream.
struct Session {
  std::string id;  // "" for a medium that no mediasession announces
  std::string url;
  std::string conference;                    // "" = none
  Moment start = {};                         // when the log told of it
  std::optional<Nanoseconds> duration = {};  // of the last mediasession.update
  std::optional<Moment> deleted = {};        // when mediasession.delete came
  std::size_t event = 0;                     // index into eventLogs
  // Of a snapshot, in which it is on already: for how long, or since when by the clock.
  std::optional<Nanoseconds> up_time = {};
  std::optional<Nanoseconds> began = {};
  bool snapshot = false;
};

struct Stream {
  std::string id;  // "" for a medium that no mediasession announces
  bool screen = false;
  std::string user;  // who shares the screen, when the log says so
  std::vector<Session> sessions;
};

// Microphone and camera of a conference from `at` on; absent: as before.
struct Switch {
  Nanoseconds at{0};
  std::optional<bool> audio;
  std::optional<bool> video;
};

struct Conference {
  std::string user;
  std::vector<Switch> switches;  // by time
};

struct User {
  std::string name;
  std::string renamed;  // by participation.rename
  bool presenter = false;
};

// The deck from `at` on; "" = taken away.
struct SlideChange {
  Nanoseconds at{0};
  std::string url;
  std::string number;     // as the log has it; may be ""
  std::string deck = {};  // id of its file; "" = not known
};

struct Log {
  std::vector<Stream> streams;                                 // in the order of the log
  std::map<std::string, Conference, std::less<>> conferences;  // by id
  std::map<std::string, User, std::less<>> users;              // by id
  std::vector<SlideChange> slides;                             // by time
  std::vector<Moment> moments;                                 // those with a clock
};

// Seconds as a number or as a numeric string; nothing for anything else.
std::optional<Nanoseconds> seconds_of(const Json& value);

// Seconds since 1970 likewise.
std::optional<Nanoseconds> clock_of(const Json& value);

// A path, or a file:, http: or https: URL.
bool is_place(const std::string& url);

bool looks_like_medium(const std::string& url);

// The other place of the same content: direct MP4 <-> HLS; "" when there is none.
std::string twin_of(const std::string& url);

// Reads `events` (an array); what has another shape is skipped with a warning.
Log read_log(const Json& events, Warnings& warnings);

}  // namespace rostrum::mtslink
