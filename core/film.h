// SPDX-License-Identifier: LGPL-2.1-or-later
// What was measured in a finished film, and whether that is right.  Measuring is engine/verify.h;
// judging is pure.
#pragma once

#include "core/layout.h"
#include "core/plan.h"
#include "core/timeline.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rostrum {

struct FilmVideo {
  std::string codec;        // "H.264 High"
  Size size;                // of the decoded picture
  Fraction rate{0, 1};      // as declared; 0/1 = not constant or unknown
  std::string format;       // of the decoded picture: "I420"
  std::string colorimetry;  // "bt709"
  std::int64_t packets = 0;
  std::int64_t frames = 0;    // decoded; of a quick look the sampled ones
  std::int64_t sampled = 0;   // frames that a quick look tried to decode; 0 = all were decoded
  bool increasing = true;     // timestamps, strictly
  Nanoseconds first{0};       // start of the first frame
  Nanoseconds last{0};        // start of the last frame
  Nanoseconds end{0};         // end of the last frame
  Nanoseconds off_grid{0};    // greatest distance of a frame from its place n / rate
  std::int64_t holes = 0;     // frames that are missing between others
  Nanoseconds first_hole{0};  // where, if there are any
  std::vector<std::int64_t> places = {};  // of the frames on the grid: n of n / rate
  bool uneven = false;                    // by the index, they last differently long
};

struct FilmAudio {
  std::string codec;  // "MPEG-4 AAC"
  int rate = 0;
  int channels = 0;
  std::int64_t packets = 0;
  std::int64_t samples = 0;  // that are played: without priming and padding
  bool decoded = false;      // counted after decoding, not from the packets' times
  Nanoseconds first{0};
  Nanoseconds end{0};
  Nanoseconds longest_hole{0};  // between two packets
  Nanoseconds skipped{0};       // before `first`, by the edit list
};

struct Film {
  Nanoseconds duration{0};   // of the longest track
  Nanoseconds declared{0};   // by the file's header
  bool index_first = false;  // can be played while it arrives
  std::optional<FilmVideo> video;
  std::optional<FilmAudio> audio;
  std::vector<Chapter> chapters;
  bool chapters_agree = true;       // the two ways they are written in
  std::vector<std::string> errors;  // sentences, while reading and decoding
};

// What a film is to be; absent = anything.
struct Expected {
  std::optional<std::int64_t> frames;
  std::optional<Fraction> rate;
  std::optional<Size> size;
  std::optional<std::int64_t> samples;  // 0 = no sound
  std::optional<std::size_t> chapters;
  std::optional<int> channels = std::nullopt;
  // Absent: there must be something, to see or to hear.
  std::optional<bool> picture = std::nullopt;
  // Of a film in which frames are left out, the numbers of those that are there, from 0.
  std::vector<std::int64_t> coded = {};
};

enum class Weight { right, warning, substituted, wrong };
// "right" and so on, as in the JSON.
const char* weight_name(Weight weight);

struct Finding {
  bool ok = false;  // not Weight::wrong
  std::string text;
  std::string check = {};  // what was looked at: a word of docs/verify.md
  Weight weight = ok ? Weight::right : Weight::wrong;
  std::optional<Interval> when = std::nullopt;  // time of the film
};

// Never empty: what was found right is said, too.
std::vector<Finding> judge(const Film& film, const Expected& expected);

struct FilmPictures;
struct FilmSound;
struct Comparison;

// What else was looked at; null: was not.
struct FilmLooks {
  const FilmPictures* pictures = nullptr;
  const FilmSound* sound = nullptr;
  const Comparison* comparison = nullptr;
};

// The figures and the findings as one JSON object.
std::string film_json(const Film& film, const std::vector<Finding>& findings,
                      const FilmLooks& looks = {});

// Whether a timestamp sequence is strictly increasing and where it leaves the grid of a rate; sets
// increasing, first, last, end, off_grid, holes, first_hole and places of `video`.  `times` in
// order of presentation.
void measure_times(const std::vector<Nanoseconds>& times, Fraction rate, FilmVideo& video);

}  // namespace rostrum
