// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/mtslink_clips.h"

#include "core/findings.h"

#include <algorithm>
#include <utility>

namespace rostrum::mtslink {

namespace {

// Where a session stands on the record's axis before the record and its neighbours cut it.
struct Span {
  std::size_t session;
  Nanoseconds start;
  std::optional<Nanoseconds> end;
};

void warn(Warnings& warnings, const Session& session, const std::string& what) {
  warnings.add("session|" + what,
               pointer_to("/eventLogs", session.event) + ": the session " + what);
}

std::optional<Nanoseconds> end_of(const Session& session, Warnings& warnings) {
  if (session.duration) return session.start + *session.duration;
  if (!session.deleted) return {};
  if (*session.deleted > session.start) return session.deleted;
  warn(warnings, session, "is deleted before it begins; its medium's own length is used");
  return {};
}

std::vector<Span> spans_of(const Stream& stream, Warnings& warnings) {
  std::vector<Span> spans;
  for (std::size_t i = 0; i < stream.sessions.size(); ++i)
    spans.push_back({i, stream.sessions[i].start, end_of(stream.sessions[i], warnings)});
  std::stable_sort(spans.begin(), spans.end(),
                   [](const Span& a, const Span& b) { return a.start < b.start; });
  return spans;
}

}  // namespace

std::vector<Placed> place_sessions(const Stream& stream, Nanoseconds record, Warnings& warnings) {
  std::vector<Placed> placed;
  const auto spans = spans_of(stream, warnings);
  for (std::size_t i = 0; i < spans.size(); ++i) {
    auto [index, start, end] = spans[i];
    const auto& session = stream.sessions[index];
    auto limit = record;
    if (i + 1 < spans.size() && spans[i + 1].start < limit) limit = spans[i + 1].start;
    const Placed clip{index, std::max(start, 0ns), std::max(-start, 0ns), {}, limit};
    if (start >= record || (end && *end <= 0ns)) {
      warn(warnings, session, "lies outside the record; it is left out");
    } else if (clip.start >= limit) {
      warn(warnings, session, "begins together with the next one of its stream; it is left out");
    } else {
      if (end && *end > limit && limit < record)
        warn(warnings, session, "is cut where the next one of its stream begins");
      placed.push_back(clip);
      if (end) placed.back().duration = std::min(*end, limit) - clip.start;
    }
  }
  return placed;
}

std::vector<Interval> off_intervals(const Conference& conference, bool audio, Interval within) {
  std::vector<Interval> off;
  bool on = true;
  Nanoseconds since{0};
  const auto add = [&](Nanoseconds until) {
    const Interval part{std::max(since, within.from), std::min(until, within.to)};
    if (!on && !part.empty()) off.push_back(part);
  };
  for (const auto& change : conference.switches) {
    const auto& state = audio ? change.audio : change.video;
    if (!state || *state == on) continue;
    add(change.at);
    on = *state;
    since = change.at;
  }
  add(within.to);
  return off;
}

bool never_video(const Conference& conference) {
  bool said = false;
  for (const auto& change : conference.switches) {
    if (change.video.value_or(false)) return false;
    said = said || change.video.has_value();
  }
  return said;
}

std::vector<ShownSlide> shown_slides(const std::vector<SlideChange>& changes, Nanoseconds record) {
  std::vector<ShownSlide> shown;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const auto from = std::max(changes[i].at, 0ns);
    const auto to = i + 1 < changes.size() ? std::clamp(changes[i + 1].at, 0ns, record) : record;
    if (changes[i].url.empty() || to <= from) continue;
    if (!shown.empty() && shown.back().url == changes[i].url && shown.back().when.to == from)
      shown.back().when.to = to;
    else
      shown.push_back({changes[i].url, changes[i].number, {from, to}});
  }
  return shown;
}

}  // namespace rostrum::mtslink
