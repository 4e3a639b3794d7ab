// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/mtslink_clips.h"

#include "core/findings.h"

#include <algorithm>
#include <utility>

namespace rostrum::mtslink {

namespace {

// Where a session stands in the recording before the record and its neighbours cut it.
struct Span {
  std::size_t session;
  Nanoseconds start;
  std::optional<Nanoseconds> end;
};

void warn(Warnings& warnings, const Session& session, const std::string& what) {
  warnings.add("session|" + what,
               pointer_to("/eventLogs", session.event) + ": the session " + what);
}

// A session of a snapshot has been on for a while.
Nanoseconds start_of(const Session& session, const Axis& axis, Warnings& warnings) {
  const auto told = axis.recorded(session.start, true);
  if (session.up_time) return told - *session.up_time;
  const auto began = session.began ? axis.recorded(*session.began) : std::nullopt;
  if (began) return std::min(*began, told);
  if (session.snapshot)
    warn(warnings, session, "of a snapshot does not say when it began; it is played from there on");
  return told;
}

std::optional<Nanoseconds> end_of(const Session& session, Nanoseconds start, const Axis& axis,
                                  Warnings& warnings) {
  if (session.duration) return start + *session.duration;
  if (!session.deleted) return {};
  if (const auto end = axis.recorded(*session.deleted, false); end > start) return end;
  warn(warnings, session, "is deleted before it begins; its medium's own length is used");
  return {};
}

std::vector<Span> spans_of(const Stream& stream, const Axis& axis, Warnings& warnings) {
  std::vector<Span> spans;
  for (std::size_t i = 0; i < stream.sessions.size(); ++i) {
    const auto start = start_of(stream.sessions[i], axis, warnings);
    spans.push_back({i, start, end_of(stream.sessions[i], start, axis, warnings)});
  }
  std::stable_sort(spans.begin(), spans.end(),
                   [](const Span& a, const Span& b) { return a.start < b.start; });
  return spans;
}

// What of it is on film, up to `limit` at most.
void place(const Span& span, Nanoseconds limit, const Axis& axis, std::vector<Placed>& placed) {
  const Interval whole{std::max(span.start, axis.begin()),
                       span.end ? std::min(*span.end, limit) : limit};
  for (const auto& [log, film] : axis.film().pieces(whole)) {
    if (log.from - span.start > std::chrono::hours{kLongestHours})
      continue;  // no medium is so long
    const auto length = log.to - log.from;
    placed.push_back({span.session, film, log.from - span.start, {}, film + length});
    if (span.end) placed.back().duration = length;
  }
}

}  // namespace

std::vector<Placed> place_sessions(const Stream& stream, const Axis& axis, Warnings& warnings) {
  std::vector<Placed> placed;
  const auto spans = spans_of(stream, axis, warnings);
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const auto& [index, start, end] = spans[i];
    const auto& session = stream.sessions[index];
    auto limit = axis.end();
    if (i + 1 < spans.size() && spans[i + 1].start < limit) limit = spans[i + 1].start;
    const auto before = placed.size();
    if (start >= axis.end() || (end && *end <= axis.begin())) {
      warn(warnings, session, "lies outside the record; it is left out");
    } else if (std::max(start, axis.begin()) >= limit) {
      warn(warnings, session, "begins together with the next one of its stream; it is left out");
    } else {
      if (end && *end > limit && limit < axis.end())
        warn(warnings, session, "is cut where the next one of its stream begins");
      place(spans[i], limit, axis, placed);
      if (placed.size() == before)
        warn(warnings, session, "lies in what was cut out; it is left out");
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
