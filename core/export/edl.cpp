// SPDX-License-Identifier: LGPL-2.1-or-later
// CMX 3600: a line for each event, with number, reel of at most 8 characters, channel, transition
// and four timecodes, source in and out, record in and out; outs are exclusive.  A dissolve is two
// lines of one number: what it comes from, of no length, and what it goes to.
#include "core/export/edl.h"

#include "core/export/shots.h"
#include "core/export/timecode.h"
#include "core/initials.h"
#include "core/shortened.h"

#include <algorithm>
#include <cstdio>
#include <set>
#include <utility>

namespace rostrum {

namespace {

constexpr std::size_t kReelBytes = 8;
constexpr std::int64_t kMostPerSecond = 100;  // of two digits
constexpr int kMostEvents = 999;              // of three
constexpr std::size_t kTitleBytes = 70;
constexpr const char* kBlack = "BL";

// What is on the record from a frame on.
struct Event {
  const Shot* shot = nullptr;  // nullptr: black
  FrameRange frames;
  std::int64_t dissolve = 0;  // frames, from its beginning on
};

// Reels by asset: letters and digits of its id, no two alike.
class Reels {
 public:
  const std::string& of(const std::string& asset) {
    const auto [known, added] = reels_.try_emplace(asset);
    if (added) known->second = unique(asset);
    return known->second;
  }

 private:
  std::string unique(const std::string& asset) {
    std::string name;
    for (const char c : asset) {
      const bool lower = c >= 'a' && c <= 'z';
      if (lower || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
        name += lower ? static_cast<char>(c - 'a' + 'A') : c;
    }
    if (name.empty()) name = "REEL";
    auto reel = name.substr(0, kReelBytes);
    for (int number = 2; !taken_.insert(reel).second; ++number) {
      const auto digits = std::to_string(number);
      reel = name.substr(0, kReelBytes - digits.size()) + digits;
    }
    return reel;
  }

  std::map<std::string, std::string> reels_;
  std::set<std::string> taken_{kBlack, "AX", "AUX"};  // these mean something
};

class Writer {
 public:
  Writer(const ExportSource& source, const Plan& plan)
      : source_{source}, plan_{plan}, timecode_{plan.grid.rate()}, shots_{largest_shots(plan)} {}

  std::string text() {
    const auto title = shortened(single_line(plan_.title), kTitleBytes);
    text_ = "TITLE: " + (title.empty() ? "rostrum" : title) +
            "\nFCM: " + (timecode_.drops() ? "DROP FRAME" : "NON-DROP FRAME") + "\n\n";
    const auto events = this->events();
    for (std::size_t i = 0; i < events.size(); ++i)
      write(static_cast<int>(i) + 1, i > 0 ? &events[i - 1] : nullptr, events[i]);
    count_ = events.size();
    return std::move(text_);
  }

  std::size_t count() const { return count_; }

 private:
  std::vector<Event> events() const {
    std::vector<Event> all;
    auto at = plan_.frames.first;
    for (const auto& shot : shots_) {
      if (shot.frames.first > at) add(all, {nullptr, {at, shot.frames.first}, 0});
      add(all, {&shot, shot.frames, 0});
      at = shot.frames.end;
    }
    if (at < plan_.frames.end) add(all, {nullptr, {at, plan_.frames.end}, 0});
    return all;
  }

  // What fades out before a change and in after it is one dissolve around the change.
  void add(std::vector<Event>& all, Event event) const {
    auto out = all.empty() || !all.back().shot ? 0 : all.back().shot->tile.fade_out;
    const auto in = event.shot ? event.shot->tile.fade_in : 0;
    if (event.shot)  // it begins as much earlier, where its medium has that
      out = std::clamp<std::int64_t>(source_frame(plan_, clip(*event.shot), event.frames.first), 0,
                                     out);
    if (out > 0) all.back().frames.end -= out;
    event.frames.first -= out;
    event.dissolve = out + in;
    all.push_back(event);
  }

  const PlannedClip& clip(const Shot& shot) const {
    return plan_.tracks[shot.tile.track].clips[shot.tile.clip];
  }

  std::string reel(const Event& event) {
    return event.shot ? reels_.of(clip(*event.shot).asset) : kBlack;
  }

  std::string name(const Event& event) const {
    if (!event.shot) return "black";
    const auto& shown = clip(*event.shot);
    auto name = file_title(source_.places.at(shown.asset).front());
    return shown.page == 1 ? name : name + ", page " + std::to_string(shown.page);
  }

  void line(int number, const Event& event, const char* how, FrameRange frames) {
    auto first = frames.first - event.frames.first;  // black has no time of its own
    if (event.shot) first = source_frame(plan_, clip(*event.shot), frames.first);
    first = std::clamp<std::int64_t>(first, 0, timecode_.frames_per_day() - 1 - frames.count());
    char head[40];
    std::snprintf(head, sizeof head, "%03d  %-8s V     %-8s ", number, reel(event).c_str(), how);
    const auto record = plan_.frames.first;
    text_ += head + timecode_.text(first) + " " + timecode_.text(first + frames.count()) + " " +
             timecode_.text(frames.first - record) + " " + timecode_.text(frames.end - record) +
             "\n";
  }

  void write(int number, const Event* before, const Event& event) {
    if (event.dissolve > 0) {
      const Event black{nullptr, {event.frames.first, event.frames.first}, 0};
      const auto& from = before ? *before : black;
      line(number, from, "C", {event.frames.first, event.frames.first});
      char how[16];
      std::snprintf(how, sizeof how, "D    %03d", static_cast<int>(event.dissolve));
      line(number, event, how, event.frames);
      text_ += "* FROM CLIP NAME: " + name(from) + "\n* TO CLIP NAME: " + name(event) + "\n";
    } else {
      line(number, event, "C", event.frames);
      if (event.shot) text_ += "* FROM CLIP NAME: " + name(event) + "\n";
    }
    if (!event.shot) return;
    const auto& shown = clip(*event.shot);
    text_ += "* SOURCE FILE: " + source_.places.at(shown.asset).front() + "\n";
    text_ += "* COMMENT: track " + single_line(plan_.tracks[event.shot->tile.track].id) + "\n";
  }

  const ExportSource& source_;
  const Plan& plan_;
  Timecode timecode_;
  std::vector<Shot> shots_;
  Reels reels_;
  std::string text_;
  std::size_t count_ = 0;
};

}  // namespace

Result<Exported> export_edl(const ExportSource& source, const Plan& plan) {
  const Timecode timecode{plan.grid.rate()};
  if (timecode.frames_per_second() > kMostPerSecond)
    return fail(Kind::usage, "an EDL counts at most " + std::to_string(kMostPerSecond) +
                                 " frames per second; the job's canvas has " +
                                 std::to_string(timecode.frames_per_second()));
  if (plan.frames.count() >= timecode.frames_per_day())
    return fail(Kind::usage, "the film is longer than the 24 hours that a timecode counts");
  Writer writer{source, plan};
  Exported made{writer.text(), {}};
  made.warnings.push_back(
      "an EDL has one picture: of each moment the largest is in it, and no sound, names, cards or "
      "logo");
  if (writer.count() > kMostEvents)
    made.warnings.push_back(std::to_string(writer.count()) +
                            " events: old systems read at most 999");
  const auto rate = plan.grid.rate();
  if (timecode.frames_per_second() * rate.den != rate.num && !timecode.drops())
    made.warnings.push_back("the timecode counts " + std::to_string(timecode.frames_per_second()) +
                            " frames to a second that has " + std::to_string(rate.num) + "/" +
                            std::to_string(rate.den));
  return made;
}

}  // namespace rostrum
