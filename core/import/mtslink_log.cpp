// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/mtslink_log.h"

#include "core/findings.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace rostrum::mtslink {

namespace {

constexpr std::size_t kUrlBytes = 8192;
constexpr std::size_t kNameBytes = 4096;
constexpr std::size_t kIdBytes = 256;
constexpr std::size_t kMostRunning = 100'001;  // one more than a manifest may hold
constexpr std::size_t kModulesNamed = 20;
constexpr std::size_t kModulesCounted = 10'000;

struct Event {
  std::size_t index;  // in eventLogs
  std::string module;
  Nanoseconds at;
  const Json& data;
  std::optional<Nanoseconds> clock = {};
  bool snapshot = false;  // its data was so already

  Moment moment() const { return {at, clock}; }
};

// An id as text, for numbers and strings alike; "" when there is none.
std::string id_of(const Json& value, std::string_view key = "id") {
  const auto* found = member(value, key);
  if (!found) return {};
  if (found->is_number_unsigned()) return std::to_string(found->get<std::uint64_t>());
  if (found->is_number_integer()) return std::to_string(found->get<std::int64_t>());
  return text_of(value, key, kIdBytes);
}

// The id of the object in that member.
std::string id_in(const Json& value, std::string_view key) {
  const auto* found = member(value, key);
  return found ? id_of(*found) : std::string{};
}

std::string name_in(const Json& user) {
  auto name = text_of(user, "nickname", kNameBytes);
  if (!name.empty()) return name;
  name = text_of(user, "name", kNameBytes / 2 - 1);
  const auto second = text_of(user, "secondName", kNameBytes / 2);
  return name.empty() || second.empty() ? name + second : name + " " + second;
}

class LogReader {
 public:
  explicit LogReader(Warnings& warnings) : warnings_{warnings} {}

  Log read(const Json& events) {
    for (std::size_t i = 0; i < events.size(); ++i) event(i, events[i]);
    for (const auto& event : running_)
      if (!is_announced(event)) session(event);
    for (const auto& change : changes_) apply(change);
    for (auto& medium : others_) add_other(std::move(medium));
    const auto by_time = [](const auto& a, const auto& b) { return a.at < b.at; };
    for (auto& [id, conference] : log_.conferences)
      std::stable_sort(conference.switches.begin(), conference.switches.end(), by_time);
    std::stable_sort(log_.slides.begin(), log_.slides.end(), by_time);
    leave_other_decks();
    return std::move(log_);
  }

 private:
  using Handler = void (LogReader::*)(const Event&);

  // mediasession.update or .delete; it may stand before the session's own event.
  struct Change {
    std::size_t event;
    std::string module;
    std::string session;
    std::optional<Nanoseconds> duration;
    std::optional<Moment> deleted;
  };

  struct Place {
    std::size_t stream;
    std::size_t session;
  };

  void skip(std::size_t index, const std::string& module, const std::string& why) {
    warnings_.add(module + "|" + why,
                  pointer_to("/eventLogs", index) + ": " + why + "; the event is skipped");
  }

  void event(std::size_t index, const Json& value) {
    if (!value.is_object()) return skip(index, "", "not an object");
    auto module = text_of(value, "module", kIdBytes);
    if (module.empty()) return skip(index, "", "no module");
    Nanoseconds at{0};
    if (const auto* time = member(value, "relativeTime")) {
      const auto seconds = seconds_of(*time);
      if (!seconds) return skip(index, "", "relativeTime is no time in seconds");
      at = *seconds;
    }
    static const Json nothing;
    const auto* data = member(value, "data");
    const auto* time = member(value, "time");
    const auto clock = time ? clock_of(*time) : std::nullopt;
    if (clock) log_.moments.push_back({at, clock});
    const auto* snapshot = member(value, "snapshot");
    if (const auto* state = snapshot ? member(*snapshot, "data") : nullptr)
      take_snapshot({index, module, at, *state, clock, true});
    dispatch({index, std::move(module), at, data ? *data : nothing, clock});
  }

  // What is so already when the film begins or goes on after a cut.
  void take_snapshot(const Event& event) {
    const auto each = [&](const char* key, auto take) {
      const auto* items = member(event.data, key);
      if (!items || !items->is_array()) return;
      for (const auto& item : *items)
        if (item.is_object())
          take(Event{event.index, event.module, event.at, item, event.clock, true});
    };
    each("userlist", [&](const Event& e) { participation(e, e.data); });
    each("conference", [&](const Event& e) { conference(e); });
    each("mediasession", [&](const Event& e) { run(e); });
    each("presentation", [&](const Event& e) {
      if (flag(e, "isActive") == true) slide(e);
    });
  }

  // A session of a snapshot; of one that is in several the first counts.
  void run(const Event& event) {
    const auto id = id_of(event.data);
    const auto key = id.empty() ? "u" + url_of(event.data) : "i" + id;
    if (running_.size() < kMostRunning && known_running_.insert(key).second)
      running_.push_back(event);
  }

  // Of what has an event of its own once is enough.
  bool is_announced(const Event& event) const {
    const auto id = id_of(event.data);
    return id.empty() ? announced_.contains(url_of(event.data)) : sessions_.contains(id);
  }

  void dispatch(const Event& event) {
    static const std::unordered_map<std::string_view, Handler> handlers{
        {"conference.add", &LogReader::conference},
        {"conference.update", &LogReader::conference},
        {"conference.delete", &LogReader::nothing},
        {"mediasession.add", &LogReader::session},
        {"mediasession.update", &LogReader::session_update},
        {"mediasession.delete", &LogReader::session_delete},
        {"presentation.update", &LogReader::slide},
        {"presentation.delete", &LogReader::no_slide},
        {"presentation.remove", &LogReader::no_slide},
        {"participation.rename", &LogReader::rename},
        {"eventsession.start", &LogReader::nothing},
        {"cut.start", &LogReader::nothing},
        {"cut.end", &LogReader::nothing}};
    if (event.module.starts_with("userlist.")) return userlist(event);
    const auto found = handlers.find(event.module);
    if (found == handlers.end()) return other(event);
    if (!event.data.is_object() && found->second != &LogReader::no_slide &&
        found->second != &LogReader::nothing)
      return skip(event.index, event.module, event.module + " without an object as data");
    (this->*found->second)(event);
  }

  void nothing(const Event&) {}

  void userlist(const Event& event) {
    if (event.data.is_object()) return participation(event, event.data);
    if (!event.data.is_array())
      return skip(event.index, "userlist", "a user list that is no array");
    for (const auto& item : event.data) participation(event, item);
  }

  void participation(const Event& event, const Json& item) {
    const auto* user = member(item, "user");
    const auto id = user ? id_of(*user) : std::string{};
    if (!user || id.empty())
      return skip(event.index, "userlist", "a user list's entry without a user's id");
    auto& known = user_named(id, *user);
    const auto role = text_of(item, "role", kIdBytes);
    known.presenter = known.presenter || role == "ADMIN" || role == "LECTURER";
    if (const auto participation = id_of(item); !participation.empty())
      participations_[participation] = id;
  }

  User& user_named(const std::string& id, const Json& user) {
    auto& known = log_.users[id];
    if (auto name = name_in(user); !name.empty()) known.name = std::move(name);
    return known;
  }

  void rename(const Event& event) {
    auto id = id_in(event.data, "user");
    if (id.empty()) id = id_of(event.data, "userId");
    if (id.empty()) id = id_of(event.data);
    if (const auto found = participations_.find(id);
        found != participations_.end() && !log_.users.contains(id))
      id = found->second;
    auto name = name_in(event.data);
    if (const auto* user = member(event.data, "user"); user && name.empty()) name = name_in(*user);
    if (id.empty() || name.empty())
      return skip(event.index, event.module, "participation.rename without a user and a name");
    log_.users[id].renamed = std::move(name);
  }

  void conference(const Event& event) {
    const auto id = id_of(event.data);
    if (id.empty()) return skip(event.index, event.module, event.module + " without an id");
    auto& conference = log_.conferences[id];
    if (const auto* user = member(event.data, "user")) {
      if (auto who = id_of(*user); !who.empty()) {
        user_named(who, *user);
        conference.user = std::move(who);
      }
    }
    conference.switches.push_back({event.at, flag(event, "hasAudio"), flag(event, "hasVideo")});
  }

  std::optional<bool> flag(const Event& event, const char* key) {
    const auto* value = member(event.data, key);
    if (!value) return {};
    if (value->is_boolean()) return value->get<bool>();
    if (value->is_number_integer()) {
      const auto number = value->get<std::int64_t>();
      if (number == 0 || number == 1) return number == 1;
    }
    warnings_.add(key, pointer_to("/eventLogs", event.index) + "/data/" + key +
                           ": neither true nor false; it is ignored");
    return {};
  }

  // The direct file, else its playlist.
  static std::string url_of(const Json& session) {
    auto url = text_of(session, "url", kUrlBytes + 1);
    return url.empty() ? text_of(session, "hlsUrl", kUrlBytes + 1) : url;
  }

  // For how long a session of a snapshot has been on, as it says itself.
  static void read_beginning(const Event& event, Session& session) {
    session.snapshot = event.snapshot;
    if (!event.snapshot) return;
    const auto* up = member(event.data, "upTime");
    const auto* time = member(event.data, "time");
    session.up_time = up ? seconds_of(*up) : std::nullopt;
    if (session.up_time && *session.up_time < 0ns) session.up_time.reset();
    session.began = time ? clock_of(*time) : std::nullopt;
  }

  void session(const Event& event) {
    Session session{.id = id_of(event.data),
                    .url = url_of(event.data),
                    .conference = {},
                    .start = event.moment(),
                    .event = event.index};
    read_beginning(event, session);
    if (session.url.empty() || session.url.size() > kUrlBytes)
      return skip(event.index, event.module, "mediasession.add without a url");
    if (!is_place(session.url))
      return skip(event.index, event.module,
                  "a url that is neither a path nor file:, http: or https:");
    const auto* stream = member(event.data, "stream");
    const bool screen = stream && !id_in(*stream, "screensharing").empty();
    auto id = stream ? id_of(*stream) : std::string{};
    if (stream) session.conference = id_in(*stream, "conference");
    // Without a stream's id there is nothing that would join sessions.
    auto key = id.empty() ? "e" + std::to_string(event.index) : (screen ? "s" : "c") + id;
    if (id.empty()) id = session.id;
    const auto [found, added] = streams_.try_emplace(std::move(key), log_.streams.size());
    if (added) log_.streams.push_back({std::move(id), screen, {}, {}});
    auto& target = log_.streams[found->second];
    if (const auto* sharing = screen ? member(*stream, "screensharing") : nullptr)
      if (target.user.empty()) target.user = id_in(*sharing, "user");
    announced_.insert(session.url);
    if (!session.id.empty())
      sessions_[session.id].push_back({found->second, target.sessions.size()});
    target.sessions.push_back(std::move(session));
  }

  void session_update(const Event& event) {
    const auto* duration = member(event.data, "duration");
    if (!duration) return;  // something else about the session changed
    const auto seconds = seconds_of(*duration);
    if (!seconds || *seconds <= 0ns)
      return skip(event.index, event.module, "a duration that is no time above 0");
    changes_.push_back({event.index, event.module, id_of(event.data), seconds, {}});
  }

  void session_delete(const Event& event) {
    changes_.push_back({event.index, event.module, id_of(event.data), {}, event.moment()});
  }

  void apply(const Change& change) {
    const auto found = sessions_.find(change.session);
    if (found == sessions_.end())
      return skip(change.event, change.module, change.module + " of a session nobody announced");
    // An id that was announced again: the event means the one announced last before it.
    auto place = found->second.front();
    for (const auto& next : found->second)
      if (at(next).event < change.event) place = next;
    if (change.duration) at(place).duration = change.duration;
    if (change.deleted) at(place).deleted = change.deleted;
  }

  Session& at(const Place& place) { return log_.streams[place.stream].sessions[place.session]; }

  // A deck that is not shown any more does not take another one away.
  void leave_other_decks() {
    std::string shown;
    std::erase_if(log_.slides, [&](const SlideChange& change) {
      const bool other =
          change.url.empty() && !change.deck.empty() && !shown.empty() && change.deck != shown;
      if (!other) shown = change.deck;
      return other;
    });
  }

  void slide(const Event& event) {
    const auto* file = member(event.data, "fileReference");
    auto deck = file ? id_in(*file, "file") : std::string{};
    if (flag(event, "isActive") == false) {
      log_.slides.push_back({event.at, {}, {}, std::move(deck)});
      return;
    }
    const auto* slide = file ? member(*file, "slide") : nullptr;
    auto url = slide ? text_of(*slide, "url", kUrlBytes + 1) : std::string{};
    if (!slide || url.empty() || url.size() > kUrlBytes || !is_place(url))
      return skip(event.index, event.module, "presentation.update without a slide's url");
    announced_.insert(url);
    log_.slides.push_back({event.at, std::move(url), id_of(*slide, "number"), std::move(deck)});
  }

  void no_slide(const Event& event) { log_.slides.push_back({event.at, {}, {}}); }

  void other(const Event& event) {
    auto url = text_of(event.data, "url", kUrlBytes + 1);
    if (!url.empty() && url.size() <= kUrlBytes && is_place(url) && looks_like_medium(url)) {
      Session medium;
      medium.url = std::move(url);
      medium.start = event.moment();
      medium.event = event.index;
      others_.push_back(std::move(medium));
    } else if (unused_.size() < kModulesCounted && unused_.insert(event.module).second) {
      warnings_.add("|unused",
                    pointer_to("/eventLogs", event.index) + ": events " + in_quotes(event.module) +
                        " are not used",
                    kModulesNamed);
    }
  }

  // A medium of another module: a stream of its own, unless it is known already.
  void add_other(Session medium) {
    const auto twin = twin_of(medium.url);
    if ((!twin.empty() && announced_.contains(twin)) || !announced_.insert(medium.url).second)
      return;
    warnings_.add("|other", pointer_to("/eventLogs", medium.event) +
                                ": a medium that no session announces; it is played from there on");
    log_.streams.push_back({{}, false, {}, {std::move(medium)}});
  }

  Warnings& warnings_;
  Log log_;
  std::vector<Change> changes_;                                   // in the order of the log
  std::vector<Session> others_;                                   // media of other modules
  std::vector<Event> running_;                                    // sessions of snapshots
  std::unordered_set<std::string> known_running_;                 // their ids or URLs
  std::unordered_map<std::string, std::size_t> streams_;          // key -> index
  std::unordered_map<std::string, std::vector<Place>> sessions_;  // by id
  std::unordered_map<std::string, std::string> participations_;   // id -> user
  std::unordered_set<std::string> announced_;                     // URLs
  std::set<std::string> unused_;                                  // modules
};

}  // namespace

Log read_log(const Json& events, Warnings& warnings) { return LogReader{warnings}.read(events); }

}  // namespace rostrum::mtslink
