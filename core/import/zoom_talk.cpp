// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/zoom_talk.h"

#include "core/initials.h"
#include "core/json_member.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

namespace rostrum::zoom {

namespace {

constexpr std::size_t kLongestName = 128;  // bytes
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::size_t kMostTalks = 100'000;

std::string_view without_mark(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return text;
}

// The member's text on one line; "" for anything else.
std::string text_in(const Json& value, const char* key) {
  constexpr std::size_t kMostBytes = 4096;
  return single_line(text_of(value, key, kMostBytes));
}

std::string_view next_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::optional<Interval> cue_times(std::string_view line) {
  constexpr std::string_view kArrow = " --> ";
  const auto arrow = line.find(kArrow);
  if (arrow == line.npos) return {};
  auto rest = line.substr(arrow + kArrow.size());
  rest = rest.substr(0, rest.find_first_of(" \t"));  // settings follow
  const auto from = parse_time(line.substr(0, arrow));
  const auto to = parse_time(rest);
  if (!from || !to || *from < 0ns || *to <= *from) return {};
  return Interval{*from, *to};
}

std::string speaker_of(std::string_view line) {
  const auto colon = line.find(": ");
  if (colon == line.npos || colon == 0 || colon > kLongestName) return {};
  return single_line(std::string{line.substr(0, colon)});
}

void add_users(const Json& entry, Interval when, std::vector<Talk>& talks) {
  const auto users = entry.find("users");
  if (users == entry.end() || !users->is_array()) return;
  for (const auto& user : *users)
    if (auto name = text_in(user, "username"); !name.empty() && talks.size() < kMostTalks)
      talks.push_back({std::move(name), when});
}

}  // namespace

tl::expected<std::vector<Talk>, Problems> read_timeline(std::string_view json, Nanoseconds end) {
  Findings findings;
  const auto document = read_json(without_mark(json), findings);
  if (!document) return tl::unexpected{findings.take()};
  const auto timeline = document->is_object() ? document->find("timeline") : document->end();
  if (timeline == document->end() || !timeline->is_array())
    return tl::unexpected{Problems{{"/timeline", "expected an array of who speaks when"}}};
  std::vector<std::optional<Nanoseconds>> times;
  for (const auto& entry : *timeline) times.push_back(parse_time(text_in(entry, "ts")));
  std::vector<Talk> talks;
  auto to = end;
  for (std::size_t i = times.size(); i-- > 0;) {
    if (!times[i] || *times[i] < 0ns || *times[i] >= to) continue;
    add_users((*timeline)[i], {*times[i], to}, talks);
    to = *times[i];
  }
  std::reverse(talks.begin(), talks.end());
  return talks;
}

tl::expected<std::vector<Talk>, Problems> read_transcript(std::string_view vtt) {
  vtt = without_mark(vtt);
  if (!vtt.starts_with("WEBVTT"))
    return tl::unexpected{Problems{{"", "does not begin with WEBVTT"}}};
  std::vector<Talk> talks;
  std::optional<Interval> when;
  while (!vtt.empty() && talks.size() < kMostTalks) {
    const auto line = next_line(vtt);
    if (const auto times = cue_times(line)) {
      when = times;
    } else if (when) {
      if (auto name = speaker_of(line); !name.empty()) talks.push_back({std::move(name), *when});
      when.reset();  // only the first line of a cue names who speaks
    }
  }
  return talks;
}

}  // namespace rostrum::zoom
