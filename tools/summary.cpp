// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/summary.h"

#include "core/mp4_chapters.h"
#include "core/plan_scenes.h"
#include "core/slice.h"
#include "core/still_frames.h"
#include "tools/estimates.h"
#include "tools/expected_film.h"
#include "tools/terminal.h"

#include <algorithm>
#include <cstdio>
#include <numeric>
#include <optional>
#include <set>

namespace rostrum {

namespace {

std::string counted(std::size_t n, const char* one, const char* many) {
  return std::to_string(n) + " " + (n == 1 ? one : many);
}

std::size_t people_heard_or_seen(const Plan& plan) {
  std::set<std::string> people;
  for (const auto& track : plan.tracks)
    for (const auto& clip : track.clips)
      if (!track.person.empty() && (clip.has_video || clip.has_audio)) people.insert(track.person);
  return people.size();
}

std::size_t slide_count(const Plan& plan) {
  std::set<std::pair<std::string, int>> slides;
  for (const auto& track : plan.tracks)
    if (track.kind == TrackKind::slides)
      for (const auto& clip : track.clips) slides.emplace(clip.asset, clip.page);
  return slides.size();
}

struct ClipOfTrack {
  unsigned track = 0;
  unsigned clip = 0;
};

std::optional<ClipOfTrack> read_pointer(const Plan& plan, const std::string& pointer) {
  ClipOfTrack at;
  if (std::sscanf(pointer.c_str(), "/tracks/%u/clips/%u", &at.track, &at.clip) != 2) return {};
  return at.track < plan.tracks.size() ? std::optional{at} : std::nullopt;
}

// Whether the layout counts on the clip's picture at that time.
bool is_laid_out(const Plan& plan, ClipOfTrack at, Nanoseconds when) {
  const auto& clips = plan.tracks[at.track].clips;
  return std::any_of(clips.begin(), clips.end(), [&](const PlannedClip& c) {
    if (c.declared != at.clip) return false;
    const auto seen = visible_intervals(c);
    return std::any_of(seen.begin(), seen.end(), [&](auto& i) { return i.contains(when); });
  });
}

}  // namespace

std::string summary(const Job& job, const Plan& plan, const RenderFiles& files) {
  const auto missing = std::count_if(job.media.begin(), job.media.end(),
                                     [](const auto& m) { return !m.second.usable(); });
  const auto rate = plan.grid.rate();
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%.0f s", std::max(1.0, estimated_seconds(plan, files)));
  return (plan.title.empty() ? job.path : plan.title) + ": " +
         counted(people_heard_or_seen(plan), "person", "people") + ", " +
         counted(slide_count(plan), "slide", "slides") + ", " +
         format_time(plan.grid.start(plan.frames.count())) + " of " +
         (files.sound_only
              ? "sound"
              : std::to_string(plan.canvas.width) + "x" + std::to_string(plan.canvas.height) +
                    " at " + std::to_string(rate.num) + "/" + std::to_string(rate.den) + " fps") +
         "; " +
         (missing == 0 ? "all " + std::to_string(job.media.size()) + " media usable"
                       : std::to_string(missing) + " of " + std::to_string(job.media.size()) +
                             " media not usable") +
         "; expect about " + size_text(estimated_bytes(job, plan, files)) + " in " + seconds;
}

std::string stand_in(const Plan& plan, const Substitution& s) {
  if (!s.fallback.empty()) return "fallback";
  if (s.what == "broken") return "what can be decoded of it";
  if (s.pointer.starts_with("/logo")) return "nothing";
  const auto at = read_pointer(plan, s.pointer);
  if (!at) return "black";
  switch (plan.tracks[at->track].kind) {
  case TrackKind::slides:
    return "a plain slide";
  case TrackKind::microphone:
  case TrackKind::audio:
    return "silence";
  case TrackKind::camera:
  case TrackKind::screen:
    break;
  }
  return is_laid_out(plan, *at, s.when.from) ? "black" : "nothing";
}

std::string describe(const Job& job, const Plan& plan, const Substitution& s) {
  const auto instead =
      s.fallback.empty() ? stand_in(plan, s) : "its fallback \"" + s.fallback + "\"";
  return job.path + (s.pointer.empty() ? "" : ":" + s.pointer) + ": asset \"" + s.asset +
         "\" is replaced by " + instead + " from " + format_time(s.when.from) + " to " +
         format_time(s.when.to) + ": " + s.why;
}

std::string result_line(const Report& report) {
  const double wall = std::accumulate(report.timings.begin(), report.timings.end(), 0.0,
                                      [](double sum, const auto& t) { return sum + t.second; });
  char speed[48];
  std::snprintf(speed, sizeof speed, "%.1f s, %.1f times real time", wall, report.seconds / wall);
  auto text = report.output + ": " +
              format_time(Nanoseconds{static_cast<std::int64_t>(report.seconds * 1e9)}) + ", " +
              size_text(report.bytes) + ", rendered in " + speed +
              (report.verified ? ", verified" : ", not verified");
  if (report.seconds_copied > 0) {
    char share[48];
    std::snprintf(share, sizeof share, ", %.0f %% of the picture copied",
                  100 * report.seconds_copied / report.seconds);
    text += share;
  }
  if (report.frames_held > 0)
    text += ", " + std::to_string(report.frames_coded) + " frames encoded and " +
            std::to_string(report.frames_held) + " held";
  if (report.sound_copied) text += ", sound copied";
  if (!report.stems.empty()) text += ", " + counted(report.stems.size(), "stem", "stems");
  if (!report.substitutions.empty())
    text += "; " + counted(report.substitutions.size(), "substitution", "substitutions");
  if (!report.silent.empty())
    text += "; " + counted(report.silent.size(), "clip is", "clips are") +
            " silent where sound was expected";
  return text;
}

Expected expected_film(const Plan& plan) {
  Expected film;
  film.picture = true;
  film.frames = plan.frames.count();
  if (!plan.stills.empty()) {
    film.coded = coded_frames(plan);
    for (auto& frame : film.coded) frame -= plan.frames.first;
    film.frames = std::ssize(film.coded);
  }
  film.rate = plan.grid.rate();
  film.size = plan.canvas;
  film.samples = sample_count(plan);
  film.channels = plan.sound.channels;
  film.chapters =
      mp4::playable_chapters(plan.chapters, plan.grid.start(plan.frames.count()), plan.title)
          .size();
  return film;
}

namespace {

const char* word_of(Weight weight) {
  switch (weight) {
  case Weight::right:
    return "ok      ";
  case Weight::warning:
    return "warning ";
  case Weight::substituted:
    return "instead ";
  case Weight::wrong:
    return "WRONG   ";
  }
  return "";
}

}  // namespace

std::string findings_text(const VerifyReport& report, bool all) {
  std::string text;
  for (const auto& finding : report.findings)
    if (all || !finding.ok) text += word_of(finding.weight) + finding.text + "\n";
  return text;
}

}  // namespace rostrum
