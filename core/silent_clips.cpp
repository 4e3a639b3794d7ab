// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/silent_clips.h"

#include "core/intervals.h"
#include "core/plan_scenes.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace rostrum {

namespace {

constexpr Nanoseconds kLeastOpen = 60s;  // unmuted, where no log says who talks
constexpr Nanoseconds kLeastTalk = 1s;   // where one does

std::vector<Interval> common(const std::vector<Interval>& a, const std::vector<Interval>& b) {
  return difference(a, difference(a, b));
}

Nanoseconds total(const std::vector<Interval>& list) {
  Nanoseconds sum{0};
  for (const auto& i : list) sum += i.to - i.from;
  return sum;
}

class Expectation {
 public:
  Expectation(const Manifest& manifest, const MediaMap& media)
      : manifest_{manifest}, media_{media} {
    for (const auto& person : manifest.people) logged_ = logged_ || !person.talking.empty();
    for (const auto& track : manifest.tracks)
      if (track.kind == TrackKind::microphone) microphones_.insert(track.person);
  }

  std::map<std::string, ExpectedSound> find() {
    for (std::size_t t = 0; t < manifest_.tracks.size(); ++t)
      if (heard(manifest_.tracks[t]))
        for (std::size_t c = 0; c < manifest_.tracks[t].clips.size(); ++c) look_at(t, c);
    for (const auto& [asset, span] : spans_)
      if (span.talk < kLeastTalk && span.open < kLeastOpen) found_.erase(asset);
    return std::move(found_);
  }

 private:
  struct Spans {
    Nanoseconds talk{0};
    Nanoseconds open{0};
  };

  // Whoever has a microphone of their own need not be heard by the camera.
  bool heard(const Track& track) const {
    switch (track.kind) {
    case TrackKind::microphone:
    case TrackKind::audio:
      return true;
    case TrackKind::camera:
      return track.person.empty() || !microphones_.contains(track.person);
    case TrackKind::screen:
    case TrackKind::slides:
      break;
    }
    return false;
  }

  // When they talk, where that is known.
  std::optional<std::vector<Interval>> talk_of(const Track& track) const {
    const auto* person = manifest_.person(track.person);
    if (!logged_ || !person) return {};
    return merged(person->talking);
  }

  Interval whole(const Track& track, std::size_t c) const {
    const auto& clip = track.clips[c];
    const auto& info = media_.find(clip.asset)->second;
    auto end = clip.start + std::max(info.duration - clip.in, 0ns);
    if (clip.duration) end = std::min(end, clip.start + *clip.duration);
    if (c + 1 < track.clips.size()) end = std::min(end, track.clips[c + 1].start);
    if (manifest_.duration) end = std::min(end, *manifest_.duration);
    return {clip.start, end};
  }

  void look_at(std::size_t t, std::size_t c) {
    const auto& track = manifest_.tracks[t];
    const auto& clip = track.clips[c];
    const auto known = media_.find(clip.asset);
    if (known == media_.end() || !known->second.usable() || known->second.pages > 0) return;
    auto open = subtract(whole(track, c), clip.muted);
    const auto talk = talk_of(track);
    if (talk) open = common(open, *talk);
    if (total(open) == 0ns) return;
    auto& span = spans_[clip.asset];
    (talk ? span.talk : span.open) += total(open);
    auto& found = found_[clip.asset];
    for (const auto& i : open)
      found.in_medium.push_back({i.from - clip.start + clip.in, i.to - clip.start + clip.in});
    found.clips.push_back(
        {clip.asset, "/tracks/" + std::to_string(t) + "/clips/" + std::to_string(c), open});
  }

  const Manifest& manifest_;
  const MediaMap& media_;
  bool logged_ = false;                // somebody's talk
  std::set<std::string> microphones_;  // of whom
  std::map<std::string, ExpectedSound> found_;
  std::map<std::string, Spans> spans_;
};

std::string text_of(const std::vector<Interval>& times) {
  constexpr std::size_t kMost = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(times.size(), kMost); ++i)
    text += (i > 0 ? ", " : "") + format_time(times[i].from) + " to " + format_time(times[i].to);
  if (times.size() > kMost) text += " and " + std::to_string(times.size() - kMost) + " times more";
  return text;
}

}  // namespace

std::map<std::string, ExpectedSound> expected_sound(const Manifest& manifest,
                                                    const MediaMap& media) {
  return Expectation{manifest, media}.find();
}

bool all_silent(std::span<const std::int16_t> levels) {
  return !levels.empty() && std::all_of(levels.begin(), levels.end(),
                                        [](auto level) { return level <= kDigitalSilence; });
}

void find_silent_clips(Plan& plan, const Manifest& manifest, const MediaMap& media) {
  if (std::none_of(media.begin(), media.end(), [](const auto& m) { return m.second.silent; }))
    return;
  const std::vector<Interval> part{
      {plan.grid.start(plan.frames.first), plan.grid.start(plan.frames.end)}};
  for (const auto& [asset, expected] : expected_sound(manifest, media)) {
    if (!media.find(asset)->second.silent) continue;
    for (auto clip : expected.clips) {
      clip.expected = common(clip.expected, part);
      if (clip.expected.empty()) continue;
      plan.warnings.push_back(clip.pointer + ": asset \"" + asset +
                              "\": expected sound, found digital silence from " +
                              text_of(clip.expected));
      plan.silent.push_back(std::move(clip));
    }
  }
}

}  // namespace rostrum
