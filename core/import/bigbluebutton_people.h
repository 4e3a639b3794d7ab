// SPDX-License-Identifier: LGPL-2.1-or-later
// Who is in a BigBlueButton meeting, presents and talks.  Internal to the importer.
#pragma once

#include "core/import/bigbluebutton_log.h"

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace rostrum::bigbluebutton {

// Something that events turn on and off.
class Switched {
 public:
  void set(bool on, Nanoseconds at);
  // When it was on; what is still on ends there.
  std::vector<Interval> until(Nanoseconds end);

 private:
  std::optional<Nanoseconds> since_;
  std::vector<Interval> on_;
};

class People {
 public:
  // Whether the event tells of people and of nothing else.
  bool take(const Event& event);
  // A camera's stream and whose it is.
  void has_stream(const std::string& stream, const std::string& user) { streams_[stream] = user; }
  // The id of the user of a camera; "" when nothing tells.
  std::string of_stream(const std::string& name) const;
  // All of them, in the order of their appearance; who joined several times is one.
  std::vector<User> take(Nanoseconds end);
  // After take(): the id of its user for each that they had.
  std::string first_id(const std::string& id) const;

 private:
  // A participant of the voice conference, which has numbers of its own in older versions.
  struct Voice {
    std::string participant;
    std::string caller;  // "Anna", or "w_abc_1-bbbID-Anna"
    std::string name;
    Switched talking;
  };

  using Handler = void (People::*)(const Event&);

  void join(const Event& event);
  void assign(const Event& event);
  void call(const Event& event);
  void talk(const Event& event);
  void mute(const Event& event);
  void leave(const Event& event);
  void status(const Event& event);
  void present(const std::string& id, Nanoseconds at);
  void join_again();
  User& user(const std::string& id);
  Voice& voice(const Event& event);
  // The user behind a voice; one of its own where the log does not say.
  User& user_of(const Voice& voice);

  std::vector<User> users_;
  std::unordered_map<std::string, std::size_t> by_id_;     // index into users_
  std::unordered_map<std::string, std::string> accounts_;  // id -> external id
  std::unordered_map<std::string, std::string> first_id_;  // of who joined again
  std::unordered_map<std::string, std::size_t> by_name_;   // index into users_; in take() only
  std::vector<Voice> voices_;
  std::unordered_map<std::string, std::size_t> by_participant_;  // index into voices_
  std::unordered_map<std::string, std::string> streams_;         // stream -> user
  std::string presenter_;                                        // id; "" = nobody
  Nanoseconds presents_since_{0};
};

}  // namespace rostrum::bigbluebutton
