// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/film.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>

namespace rostrum {
namespace {

std::vector<Nanoseconds> times(const std::vector<int>& frames, Fraction rate) {
  std::vector<Nanoseconds> t;
  for (const int n : frames) t.push_back(FrameGrid{rate}.start(n));
  return t;
}

TEST(MeasureTimes, OfAWholeFilm) {
  FilmVideo v;
  measure_times(times({0, 1, 2, 3}, {30000, 1001}), {30000, 1001}, v);
  EXPECT_TRUE(v.increasing);
  EXPECT_EQ(v.first, 0ns);
  EXPECT_EQ(v.last, 100'100'000ns);
  EXPECT_EQ(v.end, 133'466'666ns);
  EXPECT_EQ(v.off_grid, 0ns);
  EXPECT_EQ(v.holes, 0);
}

TEST(MeasureTimes, FindsHolesDisorderAndFramesOutOfPlace) {
  FilmVideo v;
  measure_times(times({0, 1, 4, 5, 7}, {25, 1}), {25, 1}, v);
  EXPECT_EQ(v.holes, 3);
  EXPECT_EQ(v.first_hole, 80ms);

  FilmVideo twice;
  measure_times(times({0, 1, 1, 2}, {25, 1}), {25, 1}, twice);
  EXPECT_FALSE(twice.increasing);

  FilmVideo late;
  measure_times({0ms, 40ms, 87ms, 120ms}, {25, 1}, late);
  EXPECT_EQ(late.off_grid, 7ms);
  EXPECT_TRUE(late.increasing);

  FilmVideo free;
  measure_times({0ms, 40ms, 87ms}, {0, 1}, free);
  EXPECT_EQ(free.off_grid, 0ns);
  EXPECT_EQ(free.end, 87ms);
}

Film good_film() {
  Film film;
  film.duration = film.declared = 3s;
  film.video = FilmVideo{.codec = "H.264",
                         .size = {1280, 720},
                         .rate = {25, 1},
                         .format = "I420",
                         .colorimetry = "bt709",
                         .packets = 75,
                         .frames = 75,
                         .last = 2960ms,
                         .end = 3s};
  film.audio = FilmAudio{
      .codec = "AAC", .rate = 48000, .channels = 2, .packets = 142, .samples = 144000, .end = 3s};
  film.chapters = {{0s, "a"}, {1s, "b"}};
  return film;
}

const Expected kExpected{.frames = 75,
                         .rate = Fraction{25, 1},
                         .size = Size{1280, 720},
                         .samples = 144000,
                         .chapters = 2};

int failures(const Film& film, const Expected& expected) {
  const auto findings = judge(film, expected);
  return static_cast<int>(
      std::count_if(findings.begin(), findings.end(), [](const Finding& f) { return !f.ok; }));
}

TEST(Judge, EachFaultIsFound) {
  EXPECT_EQ(failures(good_film(), kExpected), 0);
  EXPECT_EQ(failures(good_film(), {}), 0);
  struct Case {
    const char* what;
    std::function<void(Film&)> spoil;
  };
  const std::vector<Case> cases = {
      {"a frame less", [](Film& f) { f.video->frames = f.video->packets = 74; }},
      {"a frame lost in decoding", [](Film& f) { f.video->packets = 76; }},
      {"size", [](Film& f) { f.video->size.width = 640; }},
      {"rate",
       [](Film& f) {
         f.video->rate = {24, 1};
       }},
      {"picture late", [](Film& f) { f.video->first = 40ms; }},
      {"disorder", [](Film& f) { f.video->increasing = false; }},
      {"off grid", [](Film& f) { f.video->off_grid = 2ms; }},
      {"hole", [](Film& f) { f.video->holes = 1; }},
      {"a sample less", [](Film& f) { --f.audio->samples; }},
      {"sound late", [](Film& f) { f.audio->first = 80ms; }},
      {"hole in sound", [](Film& f) { f.audio->longest_hole = 21ms; }},
      {"sound longer", [](Film& f) { f.audio->end += 41ms; }},
      {"header", [](Film& f) { f.declared += 26ms; }},
      {"chapters", [](Film& f) { f.chapters.pop_back(); }},
      {"chapters late", [](Film& f) { f.chapters[0].start = 1ms; }},
      {"chapters disagree", [](Film& f) { f.chapters_agree = false; }},
      {"an error", [](Film& f) { f.errors.push_back("it is broken"); }},
      {"no sound", [](Film& f) { f.audio.reset(); }},
  };
  for (const Case& c : cases) {
    Film film = good_film();
    c.spoil(film);
    EXPECT_EQ(failures(film, kExpected), 1) << c.what;
  }
}

TEST(Judge, SoundMayBeForbidden) {
  Expected silent = kExpected;
  silent.samples = 0;
  EXPECT_GT(failures(good_film(), silent), 0);
  Film film = good_film();
  film.audio.reset();
  EXPECT_EQ(failures(film, silent), 0);
}

TEST(Judge, FramesMayBeLeftOutOnlyWherePlanned) {
  Film film = good_film();
  Expected held = kExpected;
  held.coded = {0, 1, 2, 25, 50, 51, 52};
  held.frames = std::ssize(held.coded);
  film.video->packets = film.video->frames = std::ssize(held.coded);
  film.video->holes = 46;
  film.video->places = held.coded;
  EXPECT_EQ(failures(film, held), 0);
  for (const auto& wrong : std::vector<std::vector<std::int64_t>>{{0, 1, 2, 26, 50, 51, 52},
                                                                  {0, 1, 2, 24, 50, 51, 52},
                                                                  {0, 1, 2, 25, 50, 51},
                                                                  {0, 1, 2, 25, 50, 51, 52, 53}}) {
    film.video->places = wrong;
    EXPECT_EQ(failures(film, held), 1) << wrong.size() << " " << wrong[3];
  }
  held.coded.clear();
  EXPECT_EQ(failures(film, held), 1);  // of a constant rate
  film.video->uneven = true;
  EXPECT_EQ(failures(film, held), 1);
  held.frames.reset();
  EXPECT_EQ(failures(film, held), 0);  // of a film that one knows nothing of
}

TEST(Judge, SoundAloneIsRightWhereNoPictureIsToBe) {
  Film sound = good_film();
  sound.video.reset();
  EXPECT_EQ(failures(sound, {}), 0);
  Expected alone;
  alone.picture = false;
  alone.channels = 2;
  EXPECT_EQ(failures(sound, alone), 0);
  EXPECT_EQ(failures(good_film(), alone), 1);
  alone.picture = true;
  EXPECT_EQ(failures(sound, alone), 1);
  alone.picture = false;
  alone.channels = 1;
  EXPECT_EQ(failures(sound, alone), 1);
}

TEST(Judge, AFilmWithoutPictureIsWrong) { EXPECT_GT(failures(Film{}, {}), 0); }

TEST(FilmJson, HoldsTheFigures) {
  Film film = good_film();
  film.chapters[1].title = "\xff";  // no UTF-8
  const auto json = nlohmann::json::parse(film_json(film, judge(film, kExpected)));
  EXPECT_TRUE(json["ok"]);
  EXPECT_EQ(json["video"]["frames"], 75);
  EXPECT_EQ(json["audio"]["samples"], 144000);
  EXPECT_EQ(json["duration"], 3.0);
  EXPECT_EQ(json["chapters"].size(), 2U);
}

}  // namespace
}  // namespace rostrum
