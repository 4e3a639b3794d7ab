// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/film_check.h"

#include "core/picture_probes.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>

namespace rostrum {

namespace {

constexpr std::size_t kMostOfOneKind = 12;  // findings: of a wholly wrong film the first say it all
constexpr Nanoseconds kAround = 500ms;      // what is damaged is not so to the frame

std::string at_text(Interval when) {
  if (when.to - when.from < 1s) return "at " + format_time(when.from);
  return "from " + format_time(when.from) + " to " + format_time(when.to);
}

std::string number(double value, const char* format) {
  char text[32];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string late_text(Nanoseconds lag) {
  const auto amount = std::abs(to_seconds(lag));
  return (amount < 1 ? number(1000 * amount, "%.0f ms") : number(amount, "%.2f s")) +
         (lag > 0ns ? " late" : " early");
}

class Comparer {
 public:
  Comparer(const Plan& plan, const Comparison& found) : plan_{plan}, found_{found} {}

  std::vector<Finding> judge() {
    judge_black();
    judge_frozen();
    judge_seen();
    judge_picture_lags();
    judge_heard();
    judge_sound_lags();
    for (const auto& s : found_.substitutions) say_substituted(s);
    return std::move(findings_);
  }

 private:
  Nanoseconds origin() const { return plan_.grid.start(plan_.frames.first); }
  Interval film_time(Interval job) const { return {job.from - origin(), job.to - origin()}; }
  Interval time_of(FrameRange frames) const {
    return film_time({plan_.grid.start(frames.first), plan_.grid.start(frames.end)});
  }
  const SceneTile& tile_of(std::size_t scene, std::size_t tile) const {
    return plan_.scenes[scene].tiles[tile];
  }
  const PlannedClip& clip_of(const SceneTile& tile) const {
    return plan_.tracks[tile.track].clips[tile.clip];
  }
  bool is_slide(const SceneTile& tile) const {
    return plan_.tracks[tile.track].kind == TrackKind::slides;
  }

  // `when`: time of the film.
  bool substituted(const std::string& asset, Interval when) const {
    return std::any_of(found_.substitutions.begin(), found_.substitutions.end(),
                       [&](const auto& s) {
                         const auto there = film_time(s.when);
                         return s.asset == asset && there.from - kAround < when.to &&
                                when.from < there.to + kAround;
                       });
  }
  bool voice_substituted(const std::vector<std::size_t>& tracks, Interval when) const {
    for (const auto track : tracks)
      for (const auto& clip : plan_.tracks[track].clips)
        if (substituted(clip.asset, when)) return true;
    return false;
  }

  void say(const char* check, Weight weight, const std::string& text,
           std::optional<Interval> when = {}) {
    auto& count = said_[check];
    if (weight == Weight::wrong && ++count > kMostOfOneKind) return;
    if (when) {
      when->from = std::max(when->from, 0ns);
      when->to = std::max(when->to, when->from);
    }
    findings_.push_back({weight != Weight::wrong, text, check, weight, when});
  }

  // That all is right is said only of what was looked into.
  static std::string of_the_longest(const Stretches& stretches) {
    if (stretches.looked_into == stretches.found) return {};
    return " (of " + std::to_string(stretches.found) + " stretches the " +
           std::to_string(stretches.looked_into) + " longest were looked into)";
  }

  void judge_black() {
    for (const auto& black : found_.black) {
      const auto& tile = tile_of(black.scene, black.tile);
      // One tile that was to be seen is enough.
      if (is_black(black.when) || substituted(clip_of(tile).asset, black.when)) continue;
      black_.push_back(black.when);
      say("black", Weight::wrong,
          at_text(black.when) + " the film is black, where " + name_of_tile(plan_, tile) +
              " was to be seen",
          black.when);
    }
    if (found_.every_frame && said_["black"] == 0)
      say("black", Weight::right,
          "the film is black only where planned" + of_the_longest(found_.dark));
  }

  bool is_black(Interval when) const {
    return std::any_of(black_.begin(), black_.end(),
                       [&](const auto& b) { return b.from < when.to && when.from < b.to; });
  }

  void judge_frozen() {
    std::map<std::size_t, Interval> said;  // by track: a tile may be found to be so in two ways
    for (const auto& frozen : found_.frozen) {
      const auto& tile = tile_of(frozen.scene, frozen.tile);
      if (is_black(frozen.when) || substituted(clip_of(tile).asset, frozen.when)) continue;
      auto& before = said[tile.track];
      if (before.from < frozen.when.to && frozen.when.from < before.to) continue;
      before = frozen.when;
      say("frozen", Weight::wrong,
          at_text(frozen.when) + " " + name_of_tile(plan_, tile) +
              " stands still, though its recording moves",
          frozen.when);
    }
    if (found_.every_frame && said_["frozen"] == 0)
      say("frozen", Weight::right,
          "nothing stands still that was to move" + of_the_longest(found_.still));
  }

  std::string what_is_wrong(const SeenTile& seen) const {
    const auto name = name_of_tile(plan_, tile_of(seen.scene, seen.tile));
    if (!seen.instead.empty()) return seen.instead + " is shown instead of " + name;
    if (seen.black) return name + " is black";
    return name + " is not what is seen in its place";
  }

  void judge_seen() {
    std::size_t wrong = 0;
    std::size_t judged = 0;
    // by what is wrong: looks that follow each other are one finding
    std::map<std::string, Interval> open;
    const auto close = [&](const std::string& what, Interval when) {
      const bool slide = what.find(" is shown instead of page ") != std::string::npos;
      say(slide ? "slides" : "pictures", Weight::wrong, at_text(when) + " " + what, when);
    };
    for (const auto& seen : found_.seen) {
      const auto& tile = tile_of(seen.scene, seen.tile);
      const auto when = time_of(seen.frames);
      if (is_black(when) || substituted(clip_of(tile).asset, when)) continue;
      ++judged;
      const bool bad = seen.match.unlike || !seen.instead.empty();
      const auto name = name_of_tile(plan_, tile);
      for (auto it = open.begin(); it != open.end();) {
        const bool over = !bad && it->first.find(name) != std::string::npos;
        if (over) close(it->first, it->second);
        it = over ? open.erase(it) : std::next(it);
      }
      if (!bad) continue;
      ++wrong;
      auto& run = open.try_emplace(what_is_wrong(seen), when).first->second;
      run.to = std::max(run.to, when.to);
    }
    for (const auto& [what, when] : open) close(what, when);
    const auto of = std::to_string(wrong) + " of " + std::to_string(judged);
    if (judged >= kMany && 2 * wrong > judged)
      say("job", Weight::wrong, "this is not a film of this job: " + of + " pictures are others");
    if (judged > 0 && wrong == 0)
      say("pictures", Weight::right,
          std::to_string(judged) + " looks at tiles show what their sources show");
  }
  static constexpr std::size_t kMany = 4;

  struct Lag {
    Nanoseconds at;  // time of the film
    Nanoseconds lag;
  };

  // Lags of one kind, by time: those that follow each other and agree are one finding.
  void judge_lags(const char* check, const std::string& what, std::vector<Lag> lags,
                  Nanoseconds limit, Nanoseconds agree) {
    std::stable_sort(lags.begin(), lags.end(), [](auto a, auto b) { return a.at < b.at; });
    bool any = false;
    for (std::size_t i = 0; i < lags.size();) {
      std::size_t end = i + 1;
      if (std::chrono::abs(lags[i].lag) <= limit) {
        ++i;
        continue;
      }
      while (end < lags.size() && std::chrono::abs(lags[end].lag) > limit &&
             std::chrono::abs(lags[end].lag - lags[end - 1].lag) <= agree)
        ++end;
      if (end - i > 1 || lags.size() == 1) {
        any = true;
        say_late(check, what, lags, i, end);
      }
      i = end;
    }
    if (!any && !lags.empty())
      say(check, Weight::right,
          what + " is in step with its sources at " + std::to_string(lags.size()) + " places");
  }

  void say_late(const char* check, const std::string& what, const std::vector<Lag>& lags,
                std::size_t first, std::size_t end) {
    std::vector<Nanoseconds> values;
    for (auto i = first; i < end; ++i) values.push_back(lags[i].lag);
    std::sort(values.begin(), values.end());
    const auto lag = values[values.size() / 2];
    const Interval when{lags[first].at, lags[end - 1].at};
    auto text =
        (end == lags.size() && first == 0 ? std::string{"all through"}
         : end == lags.size()             ? "from " + format_time(when.from) + " on"
                              : "from " + format_time(when.from) + " to " + format_time(when.to)) +
        " " + what + " is " + late_text(lag);
    if (first > 0 && lag < -kMissing)
      text += ": about as much is missing between " + format_time(lags[first - 1].at) + " and " +
              format_time(when.from);
    const auto drift = lags[end - 1].lag - lags[first].lag;
    if (std::chrono::abs(drift) > kSoundInStep)
      text += " (" + late_text(lags[first].lag) + " at first, " + late_text(lags[end - 1].lag) +
              " at last)";
    const bool alone = lags.size() == 1;
    if (alone) text += ", at the only place that tells";
    say(check, alone ? Weight::warning : Weight::wrong, text, when);
  }
  static constexpr Nanoseconds kMissing = 200ms;

  void judge_picture_lags() {
    std::vector<Lag> lags;
    for (const auto& seen : found_.seen) {
      const auto when = time_of(seen.frames);
      if (!seen.match.certain || substituted(clip_of(tile_of(seen.scene, seen.tile)).asset, when))
        continue;
      const auto frames = plan_.grid.start(std::abs(seen.match.lag));
      lags.push_back({when.from, seen.match.lag < 0 ? -frames : frames});
    }
    const auto frame = plan_.grid.start(1);
    judge_lags("picture-in-step", "the picture", std::move(lags),
               std::max(kInStep * frame, 2 * kSoundInStep) + frame / 2, 3 * frame);
  }

  void judge_sound_lags() {
    std::vector<Lag> lags;
    for (const auto& heard : found_.heard)
      if (heard.lag && !voice_substituted(heard.tracks, film_time(heard.when)))
        lags.push_back({film_time(heard.when).from, heard.lag->lag});
    judge_lags("sound-in-step", "the sound", std::move(lags), kSoundInStep, 25ms);
  }

  void judge_heard() {
    if (!found_.sound) return;
    for (const auto& fault : found_.sound->faults) {
      const auto when = film_time(fault.when);
      if (voice_substituted(fault.tracks, when)) continue;
      const auto who = "\"" + fault.voice + "\"";
      if (fault.kind == SoundFault::Kind::lost)
        say("voices", Weight::wrong,
            at_text(when) + " " + who + " is not heard, or far too quietly", when);
      else if (fault.kind == SoundFault::Kind::loud)
        say("voices", Weight::wrong, at_text(when) + " it is far louder than " + who + " was to be",
            when);
      else
        say("silence", Weight::wrong,
            at_text(when) + " there is sound where nobody was to be heard", when);
    }
    if (said_["voices"] == 0 && !found_.sound->voices.empty())
      say("voices", Weight::right, "everybody is heard who was to be");
    if (said_["silence"] == 0)
      say("silence", Weight::right, "there is silence where nobody was to be heard");
  }

  void say_substituted(const Substitution& s) {
    const auto when = film_time(s.when);
    say("substitutions", Weight::substituted,
        at_text(when) + " \"" + s.asset + "\" is substituted: " + s.why, when);
  }

  const Plan& plan_;
  const Comparison& found_;
  std::map<std::string, std::size_t> said_;  // what is wrong, by check
  std::vector<Interval> black_;              // what of it was said
  std::vector<Finding> findings_;
};

constexpr Nanoseconds kLongStill = 60s;  // of a whole film without a plan: slides stand for long
constexpr std::int64_t kAudiblyClipped = 480;  // samples, 10 ms in all: less is a click or two
constexpr std::int64_t kMuchClipped = 48000;   // a second in all

Finding judge_clipping(const Clipping& clipping, bool planned) {
  if (clipping.samples < kAudiblyClipped) return {true, "the sound is not clipped", "clipping"};
  const auto first = clipping.where.front();
  const auto text = number(static_cast<double>(clipping.samples) / 48, "%.0f ms") +
                    " of the sound are at full scale, the first at " + format_time(first.from);
  const bool wrong = planned && clipping.samples > kMuchClipped;
  return {!wrong, text, "clipping", wrong ? Weight::wrong : Weight::warning, first};
}

}  // namespace

std::vector<Finding> judge_comparison(const Plan& plan, const Comparison& comparison) {
  return Comparer{plan, comparison}.judge();
}

std::vector<Finding> judge_content(const FilmPictures* pictures, const FilmSound* sound,
                                   bool planned) {
  std::vector<Finding> findings;
  if (pictures && !planned) {
    for (const auto& when : pictures->black)
      findings.push_back(
          {true, at_text(when) + " the film is black", "black", Weight::warning, when});
    for (const auto& still : pictures->still)
      if (still.when.to - still.when.from >= kLongStill)
        findings.push_back(
            {true, at_text(still.when) + " nothing moves", "frozen", Weight::warning, still.when});
  }
  if (!sound) return findings;
  findings.push_back(judge_clipping(sound->clipping, planned));
  if (!planned && sound->loudness.integrated)
    findings.push_back({true,
                        "the programme has " + number(*sound->loudness.integrated, "%.1f LUFS"),
                        "loudness"});
  return findings;
}

Finding judge_loudness(const ProgrammeLoudness& found, double wanted) {
  // What a limiter takes is only estimated before; over 6 LU something else is wrong.
  constexpr double kUnnoticed = 1;
  constexpr double kFar = 6;
  if (!found.integrated) return {true, "the programme is silent", "loudness", Weight::warning};
  const auto off = std::abs(*found.integrated - wanted);
  const auto text = "the programme has " + number(*found.integrated, "%.1f LUFS") +
                    (off > kUnnoticed ? " instead of " + number(wanted, "%.1f") : std::string{});
  if (off > kFar) return {false, text, "loudness"};
  return {true, text, "loudness", off > kUnnoticed ? Weight::warning : Weight::right};
}

const char* verdict_of(const std::vector<Finding>& findings) {
  const auto any = [&](Weight weight) {
    return std::any_of(findings.begin(), findings.end(),
                       [&](const Finding& f) { return f.weight == weight; });
  };
  if (any(Weight::wrong)) return "failed";
  return any(Weight::substituted) ? "complete with substitutions" : "complete";
}

}  // namespace rostrum
