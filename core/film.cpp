// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/film.h"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace rostrum {

namespace {

// Time scales of containers are coarser than ns: 1/90000 s and worse.
constexpr Nanoseconds kGridTolerance = 1ms;
// A packet of sound more or less in the header: see mp4_rewrite.cpp.
constexpr Nanoseconds kHeaderTolerance = 25ms;

class Judge {
 public:
  // What the next ones are about.
  void look_at(const char* check) { check_ = check; }
  void say(bool ok, const std::string& right, const std::string& wrong) {
    findings_.push_back({ok, ok ? right : wrong, check_});
  }
  void warn(const std::string& text) { findings_.push_back({true, text, check_, Weight::warning}); }
  template <typename T>
  void equal(const std::optional<T>& expected, const T& found, const std::string& what) {
    if (expected)
      say(found == *expected, text(found) + " " + what,
          text(found) + " " + what + " instead of " + text(*expected));
  }
  std::vector<Finding> take() { return std::move(findings_); }

 private:
  static std::string text(Size s) {
    return std::to_string(s.width) + "x" + std::to_string(s.height);
  }
  static std::string text(Fraction f) {
    return std::to_string(f.num) + "/" + std::to_string(f.den);
  }
  template <typename T>
  static std::string text(T number) {
    return std::to_string(number);
  }

  const char* check_ = "";
  std::vector<Finding> findings_;
};

std::string seconds(Nanoseconds t) {
  std::ostringstream out;
  out << to_seconds(t) << " s";
  return out.str();
}

std::string milliseconds(Nanoseconds t) {
  std::ostringstream out;
  out << static_cast<double>(t.count()) / 1e6 << " ms";
  return out.str();
}

void judge_decoding(Judge& judge, const FilmVideo& v) {
  if (v.sampled > 0)
    judge.say(v.frames == v.sampled, "sampled frames can be decoded",
              "only " + std::to_string(v.frames) + " of " + std::to_string(v.sampled) +
                  " sampled frames can be decoded");
  else
    judge.say(v.frames == v.packets, "every frame can be decoded",
              std::to_string(v.frames) + " frames were decoded from " + std::to_string(v.packets) +
                  " packets");
}

void judge_frames(Judge& judge, std::int64_t frames, const Expected& expected) {
  if (!expected.frames) return;
  const auto count = std::to_string(frames) + " frames";
  auto wrong = count + " instead of " + std::to_string(*expected.frames);
  if (expected.rate) {
    const FrameGrid grid{*expected.rate};
    wrong += ": the picture lasts " + format_time(grid.start(frames)) + " instead of " +
             format_time(grid.start(*expected.frames));
  }
  judge.say(frames == *expected.frames, count, wrong);
}

// Where the film differs from what of its frames is to be there; "" = nowhere.
std::string frame_out_of_place(const FilmVideo& v, const Expected& expected) {
  const auto& coded = expected.coded;
  const auto [found, planned] =
      std::mismatch(v.places.begin(), v.places.end(), coded.begin(), coded.end());
  const FrameGrid grid{v.rate};
  if (planned != coded.end() && (found == v.places.end() || *planned < *found))
    return "the frame at " + seconds(grid.start(*planned)) + " is missing";
  if (found != v.places.end())
    return "there is a frame at " + seconds(grid.start(*found)) +
           ", where the one before it was to stay";
  return {};
}

void judge_holes(Judge& judge, const FilmVideo& v, const Expected& expected) {
  const auto missing =
      std::to_string(v.holes) + " frames are missing, the first at " + seconds(v.first_hole);
  if (!expected.coded.empty()) {
    const auto wrong = frame_out_of_place(v, expected);
    judge.say(wrong.empty(), "frames are left out only where planned", wrong);
  } else if (v.uneven && !expected.frames) {
    judge.warn(std::to_string(v.holes) + " frames are left out, the first at " +
               seconds(v.first_hole) + ": the one before stays");
  } else {
    judge.say(v.holes == 0, "no frame is missing", missing);
  }
}

void judge_video(Judge& judge, const FilmVideo& v, const Expected& expected) {
  judge.look_at("decoding");
  judge_decoding(judge, v);
  judge.look_at("streams");
  judge_frames(judge, v.sampled > 0 ? v.packets : v.frames, expected);
  judge.equal(expected.size, v.size, "pixels");
  judge.equal(expected.rate, v.rate, "frames per second");
  judge.look_at("times");
  judge.say(v.first == 0ns, "the picture starts at 0", "the picture starts at " + seconds(v.first));
  judge.say(v.increasing, "timestamps increase", "timestamps repeat or run backward");
  if (v.rate.num == 0) return;
  judge.say(v.off_grid <= kGridTolerance, "every frame is in its place",
            "a frame is " + milliseconds(v.off_grid) + " from its place");
  judge_holes(judge, v, expected);
}

void judge_audio(Judge& judge, const FilmAudio& a, const Expected& expected) {
  judge.look_at("streams");
  judge.equal(expected.samples, a.samples, "samples of sound");
  judge.equal(expected.channels, a.channels, a.channels == 1 ? "channel" : "channels");
  judge.look_at("times");
  judge.say(a.first == 0ns, "the sound starts at 0", "the sound starts at " + seconds(a.first));
  judge.say(a.longest_hole <= kGridTolerance, "the sound has no holes",
            "the sound has a hole of " + milliseconds(a.longest_hole));
}

void judge_picture_there(Judge& judge, const Film& film, const Expected& expected) {
  const bool there = film.video.has_value();
  if (!expected.picture)
    judge.say(there || film.audio, there ? "there is a picture" : "there is sound alone",
              "there is neither picture nor sound");
  else if (*expected.picture)
    judge.say(there, "there is a picture", "there is no picture");
  else
    judge.say(!there, "there is no picture, as meant", "there is a picture where none was to be");
}

void judge_together(Judge& judge, const Film& film) {
  if (film.video && film.audio) {
    const Nanoseconds apart = std::chrono::abs(film.video->end - film.audio->end);
    const Nanoseconds frame = film.video->end - film.video->last;
    judge.say(apart <= frame, "picture and sound end together",
              "the sound ends " + milliseconds(apart) +
                  (film.audio->end < film.video->end ? " before" : " after") + " the picture");
  }
  const Nanoseconds off = std::chrono::abs(film.declared - film.duration);
  const auto skipped = film.audio ? film.audio->skipped : 0ns;  // the header may count it
  judge.say(
      off <= kHeaderTolerance + skipped, "the duration is " + seconds(film.duration),
      "the header says " + seconds(film.declared) + ", the tracks last " + seconds(film.duration));
}

void judge_chapters(Judge& judge, const Film& film, const Expected& expected) {
  judge.equal(expected.chapters, film.chapters.size(), "chapters");
  if (film.chapters.empty()) return;
  const bool ordered =
      std::is_sorted(film.chapters.begin(), film.chapters.end(),
                     [](const Chapter& a, const Chapter& b) { return a.start < b.start; });
  judge.say(film.chapters.front().start == 0ns && ordered, "the chapters are in order",
            "the chapters do not start at 0 or are not in order");
  judge.say(film.chapters_agree, "both lists of chapters agree",
            "the two lists of chapters do not agree");
}

}  // namespace

std::vector<Finding> judge(const Film& film, const Expected& expected) {
  Judge judge;
  judge.look_at("decoding");
  for (const std::string& error : film.errors) judge.say(false, {}, error);
  if (film.errors.empty()) judge.say(true, "no errors while reading", {});
  judge.look_at("streams");
  judge_picture_there(judge, film, expected);
  if (film.video) judge_video(judge, *film.video, expected);
  judge.look_at("streams");
  if (expected.samples)
    judge.say(film.audio.has_value() == (*expected.samples > 0),
              film.audio ? "there is sound" : "there is no sound, as meant",
              film.audio ? "there is sound where none was to be" : "there is no sound");
  if (film.audio) judge_audio(judge, *film.audio, expected);
  judge.look_at("times");
  judge_together(judge, film);
  judge.look_at("chapters");
  judge_chapters(judge, film, expected);
  return judge.take();
}

void measure_times(const std::vector<Nanoseconds>& times, Fraction rate, FilmVideo& video) {
  if (times.empty()) return;
  video.first = times.front();
  video.last = video.end = times.back();
  const bool constant = rate.num > 0 && rate.den > 0;
  const FrameGrid grid{constant ? rate : Fraction{1, 1}};
  std::int64_t previous = -1;
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (i > 0 && times[i] <= times[i - 1]) video.increasing = false;
    if (!constant) continue;
    const std::int64_t n = grid.frames(std::max(times[i], Nanoseconds{0}));  // the nearest
    video.off_grid =
        std::max(video.off_grid, Nanoseconds{std::chrono::abs(times[i] - grid.start(n))});
    if (i > 0 && n > previous + 1) {
      if (video.holes == 0) video.first_hole = grid.start(previous + 1);
      video.holes += n - previous - 1;
    }
    video.places.push_back(n);
    previous = n;
  }
  if (constant) video.end = grid.start(previous + 1);
}

}  // namespace rostrum
