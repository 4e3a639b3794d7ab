// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/bigbluebutton_log.h"

#include "core/import/bigbluebutton_people.h"
#include "core/import/xml_text.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

namespace rostrum::bigbluebutton {

namespace {

constexpr std::size_t kNamed = 12;  // event names in the line about what is not used
constexpr std::size_t kKindsCounted = 10'000;
constexpr std::size_t kKindBytes = 64;
constexpr std::int64_t kLastPage = 99'999;
constexpr std::string_view kPod = "DEFAULT_PRESENTATION_POD";

// An event that says when the recording of a file begins or ends.
struct MediumEvent {
  Source source;
  const char* field;  // holds the file's name or its path on the server
  bool begins;
};

const MediumEvent* medium_event(std::string_view name) {
  static const std::unordered_map<std::string_view, MediumEvent> known{
      {"StartRecordingEvent", {Source::conference, "filename", true}},
      {"StopRecordingEvent", {Source::conference, "filename", false}},
      {"AudioTrackPublishedEvent", {Source::microphone, "filename", true}},
      {"AudioTrackUnpublishedEvent", {Source::microphone, "filename", false}},
      {"StartWebcamShareEvent", {Source::camera, "stream", true}},
      {"StopWebcamShareEvent", {Source::camera, "stream", false}},
      {"StartWebRTCShareEvent", {Source::camera, "filename", true}},
      {"StopWebRTCShareEvent", {Source::camera, "filename", false}},
      {"DeskshareStartedEvent", {Source::screen, "file", true}},
      {"DeskshareStoppedEvent", {Source::screen, "file", false}},
      {"StartWebRTCDesktopShareEvent", {Source::screen, "filename", true}},
      {"StopWebRTCDesktopShareEvent", {Source::screen, "filename", false}}};
  const auto found = known.find(name);
  return found == known.end() ? nullptr : &found->second;
}

// What says nothing that the film could show.
bool is_bookkeeping(std::string_view name) {
  static const std::set<std::string_view> known{
      "ParticipantLeftEvent",        "EndAndKickAllEvent",
      "GenerateSlideEvent",          "ConversionCompletedEvent",
      "CreatePresentationPodEvent",  "SetPresenterInPodEvent",
      "SetPresentationDownloadable", "PadCreatedEvent"};
  return known.contains(name);
}

class LogReader {
 public:
  LogReader(const EventLog& events, Warnings& warnings) : events_{events}, warnings_{warnings} {}

  Log read() {
    log_.title = events_.title();
    log_.epoch = events_.epoch();
    log_.duration = events_.duration();
    for (const auto& event : events_.events()) take(event);
    report_unused();
    if (!named_cameras_)  // before 0.9 only the users' status says when a camera is on
      for (auto& medium : by_status_) log_.media.push_back(std::move(medium));
    for (auto& medium : log_.media)
      if (medium.source == Source::camera && medium.user.empty())
        medium.user = people_.of_stream(medium.name);
    std::stable_sort(log_.media.begin(), log_.media.end(),
                     [](const Medium& a, const Medium& b) { return a.start < b.start; });
    log_.marked = marks_.until(log_.duration);
    log_.moderators_only = moderators_only_.until(log_.duration);
    log_.users = people_.take(log_.duration);
    for (auto& medium : log_.media) medium.user = people_.first_id(medium.user);
    return std::move(log_);
  }

 private:
  using Handler = void (LogReader::*)(const Event&);

  void take(const Event& event) {
    static const std::unordered_map<std::string_view, Handler> handlers{
        {"ParticipantStatusChangeEvent", &LogReader::status},
        {"SharePresentationEvent", &LogReader::share},
        {"GotoSlideEvent", &LogReader::go_to},
        {"RemovePresentationEvent", &LogReader::remove},
        {"RecordStatusEvent", &LogReader::mark},
        {"MeetingConfigurationEvent", &LogReader::cameras_of_viewers},
        {"WebcamsOnlyForModeratorEvent", &LogReader::cameras_of_viewers}};
    if (const auto* what = medium_event(event.name)) return medium(event, *what);
    if (people_.take(event)) return;
    if (const auto found = handlers.find(event.name); found != handlers.end())
      return (this->*found->second)(event);
    if (!is_bookkeeping(event.name)) count_unused(event.name);
  }

  void count_unused(std::string_view name) {
    name = name.substr(0, kKindBytes);
    if (const auto known = unused_.find(name); known != unused_.end())
      ++known->second;
    else if (unused_.size() < kKindsCounted)
      unused_.emplace(name, 1);
  }

  void skip(const Event& event, const std::string& why) {
    warnings_.add(why, pointer_to(event) + ": " + why + "; the event is skipped");
  }

  void medium(const Event& event, const MediumEvent& what) {
    const auto name = file_name(event.raw(what.field));
    if (name.empty()) return skip(event, "a recording without the name of a file");
    const auto key = folder_of(what.source) + ("/" + name);
    named_cameras_ = named_cameras_ || what.source == Source::camera;
    log_.names_sound =
        log_.names_sound || what.source == Source::conference || what.source == Source::microphone;
    if (!what.begins) return end(event, key);
    if (!running_.try_emplace(key, log_.media.size()).second)
      return skip(event, "a recording that has begun already");
    auto source = what.source;
    if (source == Source::microphone && event.text("source") == "screen_share_audio")
      source = Source::shared_sound;
    log_.media.push_back({source, name, event.text("userId"), event.at, {}});
  }

  void end(const Event& event, const std::string& key) {
    const auto found = running_.find(key);
    if (found == running_.end())
      return skip(event, "the end of a recording whose beginning is not logged");
    log_.media[found->second].end = event.at;
    running_.erase(found);
  }

  // A user's status: presenter and role are the people's; a camera may be told of here alone.
  void status(const Event& event) {
    const auto what = event.text("status");
    const auto user = event.text("userId");
    const auto value = event.raw("value");
    if (what == "streamName" && !value.empty()) streams_[user] = file_name(value);
    if (what != "hasStream") return;
    constexpr std::string_view kStream = "stream=";
    if (const auto stream = value.find(kStream); stream != value.npos)
      streams_[user] = file_name(value.substr(stream + kStream.size()));
    const auto name = streams_[user];
    if (const auto running = on_by_status_.find(user); running != on_by_status_.end()) {
      by_status_[running->second].end = event.at;
      on_by_status_.erase(running);
    }
    if (!value.starts_with("true") || name.empty()) return;
    people_.has_stream(name, user);
    on_by_status_[user] = by_status_.size();
    by_status_.push_back({Source::camera, name, user, event.at, {}});
  }

  static bool in_other_pod(const Event& event) {
    const auto pod = event.text("podId");
    return !pod.empty() && pod != kPod;
  }

  void show(Nanoseconds at) {
    const auto page = pages_.find(deck_);
    log_.slides.push_back({at, deck_, page == pages_.end() ? 1 : page->second});
  }

  void share(const Event& event) {
    if (in_other_pod(event)) return;
    const auto deck = file_name(event.raw("presentationName"));
    if (deck.empty()) return skip(event, "a presentation without a name");
    if (event.text("share") == "false") return take_away(deck, event.at);
    deck_ = deck;
    show(event.at);
  }

  void go_to(const Event& event) {
    if (in_other_pod(event)) return;
    const auto slide = whole_number(event.text("slide"));
    auto deck = file_name(event.raw("presentationName"));
    if (deck.empty()) deck = deck_;
    if (!slide || *slide < 0 || *slide > kLastPage) return skip(event, "no number of a slide");
    if (deck.empty()) return skip(event, "a slide of no presentation");
    if (deck_.empty()) deck_ = deck;
    pages_[deck] = static_cast<int>(*slide) + 1;
    if (deck == deck_) show(event.at);
  }

  void remove(const Event& event) {
    if (!in_other_pod(event)) take_away(file_name(event.raw("presentationName")), event.at);
  }

  void take_away(const std::string& deck, Nanoseconds at) {
    if (deck != deck_) return;
    deck_.clear();
    log_.slides.push_back({at, {}, 1});
  }

  void mark(const Event& event) { marks_.set(event.is_true("status"), event.at); }

  void cameras_of_viewers(const Event& event) {
    // One version misspells it.
    const bool only =
        event.is_true("webcamsOnlyForModerator") || event.is_true("webacmsOnlyForModerator");
    moderators_only_.set(only, event.at);
  }

  void report_unused() {
    if (unused_.empty()) return;
    std::vector<std::pair<std::size_t, std::string>> counts;
    for (const auto& [name, count] : unused_) counts.emplace_back(count, name);
    std::stable_sort(counts.begin(), counts.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::string list;
    for (std::size_t i = 0; i < std::min(counts.size(), kNamed); ++i)
      list += (i ? ", " : "") + std::to_string(counts[i].first) + " " + counts[i].second;
    if (counts.size() > kNamed)
      list += " and " + std::to_string(counts.size() - kNamed) + " more kinds";
    warnings_.add("unused", "/recording: events that are not used: " + list);
  }

  const EventLog& events_;
  Warnings& warnings_;
  Log log_;
  People people_;
  std::unordered_map<std::string, std::size_t> running_;  // folder/name -> index into media
  bool named_cameras_ = false;
  std::vector<Medium> by_status_;                              // cameras, as users' status has them
  std::unordered_map<std::string, std::size_t> on_by_status_;  // user -> index into by_status_
  std::unordered_map<std::string, std::string> streams_;       // user -> camera's stream
  std::string deck_;                                           // on show; "" = none
  std::unordered_map<std::string, int> pages_;                 // deck -> page shown last
  Switched marks_;
  Switched moderators_only_;
  std::map<std::string, std::size_t, std::less<>> unused_;
};

}  // namespace

const char* folder_of(Source source) {
  switch (source) {
  case Source::conference:
  case Source::microphone:
  case Source::shared_sound:
    return "audio";
  case Source::camera:
    return "video";
  case Source::screen:
    return "deskshare";
  }
  return "";
}

Log read_log(const EventLog& events, Warnings& warnings) {
  return LogReader{events, warnings}.read();
}

}  // namespace rostrum::bigbluebutton
