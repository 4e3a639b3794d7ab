// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/bigbluebutton_events.h"

#include "core/import/xml_text.h"
#include "core/initials.h"
#include "core/shortened.h"
#include "core/utf8.h"

#include <algorithm>

namespace rostrum::bigbluebutton {

namespace {

constexpr std::size_t kMostEvents = 1'000'000;
constexpr std::size_t kTitleBytes = 4096;
constexpr std::size_t kNameBytes = 255;                              // what a file system takes
constexpr std::int64_t kLongest = std::int64_t{1000} * 3600 * 1000;  // milliseconds
constexpr std::int64_t kLatest = std::int64_t{1} << 53;

Problems one(std::string message) { return {{"", std::move(message)}}; }

}  // namespace

std::string Event::text(const char* child, std::size_t bytes) const {
  return shortened(single_line(node.child(child).text().get()), bytes);
}

std::string pointer_to(const Event& event) {
  return "/recording/event[" + std::to_string(event.number) + "]";
}

std::string file_name(const std::string& path) {
  const auto name = path.substr(path.rfind('/') + 1);
  const auto points = code_points(name);
  const bool clean = std::none_of(points.begin(), points.end(),
                                  [](char32_t c) { return is_control(c) || c == 0xfffd; });
  if (!clean || name.size() > kNameBytes || name == "." || name == "..") return {};
  return name;
}

tl::expected<EventLog, Problems> EventLog::parse(std::string_view xml, Warnings& warnings) {
  EventLog log;
  auto problems = log.read(xml, warnings);
  if (!problems.empty()) return tl::unexpected{std::move(problems)};
  return log;
}

Problems EventLog::read(std::string_view xml, Warnings& warnings) {
  if (auto problem = load_xml(*document_, xml, "event log")) return one(std::move(*problem));
  const auto root = document_->document_element();
  const std::string_view name = root.name();
  if (name != "recording" && name != "events")
    return one("expected an event log of BigBlueButton: <recording> or <events>");
  return read_events(root, warnings);
}

Problems EventLog::read_events(pugi::xml_node root, Warnings& warnings) {
  std::size_t number = 0;
  std::vector<std::int64_t> times;
  for (const auto node : root.children("event")) {
    Event event{++number, node.attribute("eventname").value(), {}, node};
    const auto time = whole_number(node.attribute("timestamp").value());
    if (!time || *time < 0 || *time > kLatest) {
      warnings.add("timestamp", pointer_to(event) + ": without a timestamp; the event is skipped");
      continue;
    }
    if (events_.size() == kMostEvents) return {{"/recording", "more than 1,000,000 events"}};
    events_.push_back(event);
    times.push_back(*time);
  }
  if (events_.empty()) return {{"/recording", "holds no event with a timestamp"}};
  const auto [first, last] = std::minmax_element(times.begin(), times.end());
  epoch_ = *first;
  if (*last - *first > kLongest) return {{"/recording", "its events span more than 1000 hours"}};
  if (*last == *first) return {{"/recording", "all its events have the same timestamp"}};
  for (std::size_t i = 0; i < events_.size(); ++i)
    events_[i].at = std::chrono::milliseconds{times[i] - epoch_};
  std::stable_sort(events_.begin(), events_.end(),
                   [](const Event& a, const Event& b) { return a.at < b.at; });
  return {};
}

std::string EventLog::title() const {
  const auto root = document_->document_element();
  for (const auto* text :
       {root.child("meeting").attribute("name").value(),
        root.child("metadata").attribute("meetingName").value(),
        root.child("metadata").attribute("title").value(), root.child("head").child_value("title")})
    if (auto title = single_line(text); !title.empty()) return shortened(title, kTitleBytes);
  return {};
}

}  // namespace rostrum::bigbluebutton
