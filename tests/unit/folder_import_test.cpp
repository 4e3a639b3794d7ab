// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/folder.h"
#include "core/import/name_guess.h"
#include "core/mp4_creation.h"
#include "media_folder.h"

namespace rostrum::test {
namespace {

Imported import(std::vector<FolderFile> files, std::optional<SlideTimes> times = {}) {
  auto folder = folder_of(std::move(files));
  folder.times = std::move(times);
  return whole(import_folder(folder));
}

std::string person_of(const std::string& path) {
  std::string name;
  for (const auto& word : guess_from_name(path).words) name += (name.empty() ? "" : " ") + word;
  return name;
}

Nanoseconds time_of_day(const std::string& path) {
  const auto time = guess_from_name(path).time;
  if (!time) return -1s;
  EXPECT_EQ(std::chrono::floor<std::chrono::days>(*time),
            std::chrono::sys_days{std::chrono::year{2026} / 1 / 31})
      << path;
  return *time - std::chrono::floor<std::chrono::days>(*time);
}

TEST(NameGuess, WordsSayWhatAMediumIs) {
  using enum TrackKind;
  for (const auto& [path, kind] :
       std::vector<std::pair<std::string, TrackKind>>{{"anna-camera.mp4", camera},
                                                      {"cam1.mov", camera},
                                                      {"Screen Recording.mp4", screen},
                                                      {"Экран Бориса.mkv", screen},
                                                      {"МИКРОФОН.wav", microphone},
                                                      {"anna/audio.m4a", microphone},
                                                      {"Slide 3.png", slides},
                                                      {"background_music.mp3", audio}})
    EXPECT_EQ(guess_from_name(path).kind, kind) << path;
  EXPECT_FALSE(guess_from_name("scam.mp4").kind);
  EXPECT_FALSE(guess_from_name("x.camera").kind);
}

TEST(NameGuess, TheRestIsAPerson) {
  EXPECT_EQ(person_of("anna-camera.mp4"), "anna");
  EXPECT_EQ(person_of("Анна Петрова (камера) 02.mp4"), "Анна Петрова");
  EXPECT_EQ(person_of("Boris/screen_20260131_120000.mp4"), "Boris");
  EXPECT_EQ(person_of("Guest 2 mic.wav"), "Guest 2");
  EXPECT_EQ(person_of("VID_20260131_120000.mp4"), "");
  EXPECT_EQ(person_of("presenter cam part 2.mp4"), "");
  EXPECT_TRUE(guess_from_name("presenter cam part 2.mp4").presenter);
  EXPECT_EQ(guess_from_name("presenter cam part 2.mp4").part, 2);
  EXPECT_EQ(guess_from_name("cam pt3.mp4").part, 3);
}

TEST(NameGuess, TimesAreFoundInTheirUsualForms) {
  const auto noon = 12h + 34min + 56s;
  for (const char* path :
       {"anna_20260131_123456.mp4", "VID-20260131-123456.mp4", "20260131T123456Z.mp4",
        "20260131123456.mp4", "2026-01-31 12-34-56.mkv", "2026-01-31_12.34.56 anna.mkv",
        "2026-01-31T12:34:56+03:00.mkv", "Screen Recording 2026-01-31 at 12.34.56.mov",
        "Screen Recording 2026-01-31 at 12.34.56\u202fPM.mov", "2026.01.31 - 12.34.56.mp4"})
    EXPECT_EQ(time_of_day(path), noon) << path;
  EXPECT_EQ(time_of_day("PXL_20260131_123456789.mp4"), noon + 789ms);
  EXPECT_EQ(time_of_day("Screenshot 2026-01-31 at 1.02.03 PM.png"), 13h + 2min + 3s);
  EXPECT_EQ(time_of_day("2026-01-31 at 12.00.00 AM.png"), 0s);
  for (const char* path : {"2026-01-31.mp4", "20261331_123456.mp4", "120260131_123456.mp4",
                           "20260131_256000.mp4", "123456789012345678.mp4", "anna.mp4"})
    EXPECT_FALSE(guess_from_name(path).time) << path;
}

TEST(Folder, ThoseOfOnePersonBelongTogetherAndVoicesAreNotDoubled) {
  const auto imported =
      import({film_file("Anna camera.mp4", 10s), film_file("Boris camera.mp4", 8s),
              sound_file("anna mic.wav", 9s), film_file("anna screen.mp4", 5s, false)});
  const auto& job = imported.manifest;
  ASSERT_EQ(job.people.size(), 2U);
  EXPECT_EQ(job.people[0].name, "Anna");
  EXPECT_EQ(job.people[1].name, "Boris");
  EXPECT_EQ(tracks_of(job), (Lines{"camera-Anna: Anna camera.mp4@00:00.000",
                                   "microphone-Anna: anna mic.wav@00:00.000",
                                   "screen-Anna: anna screen.mp4@00:00.000",
                                   "camera-Boris: Boris camera.mp4@00:00.000"}));
  EXPECT_EQ(job.tracks[0].clips[0].muted, (std::vector<Interval>{{0s, 9s}}));
  EXPECT_TRUE(job.tracks[3].clips[0].muted.empty());
  EXPECT_EQ(job.duration, 10s);
  EXPECT_EQ(imported.notes.size(), 4U);
  EXPECT_TRUE(mentions(imported.notes,
                       "\"Anna camera.mp4\": camera of \"Anna\" (its name says \"camera\"), from "
                       "0:00:00.000 (for want of times); its sound is off"));
}

TEST(Folder, TimesInNamesPlaceTheMedia) {
  const auto job =
      import({film_file("cam 20260131_120000.mp4", 4s), film_file("cam 20260131_120005.mp4", 4s),
              film_file("cam 20260131_120008.mp4", 4s), sound_file("mic 20260131_115958.wav", 30s)})
          .manifest;
  EXPECT_EQ(tracks_of(job), (Lines{"microphone: mic 20260131_115958.wav@00:00.000",
                                   "camera: cam 20260131_120000.mp4@00:02.000 cam "
                                   "20260131_120005.mp4@00:07.000",
                                   "camera-2: cam 20260131_120008.mp4@00:10.000"}));
}

TEST(Folder, CreationTimesPlaceTheMediaWhereNamesDoNot) {
  auto one = film_file("a.mp4", 4s);
  auto two = film_file("b.mp4", 4s);
  one.created = std::chrono::sys_seconds{1'700'000'007s};
  two.created = std::chrono::sys_seconds{1'700'000'000s};
  const auto imported = import({one, two, sound_file("mic.wav", 5s)});
  EXPECT_EQ(tracks_of(imported.manifest),
            (Lines{"camera-b: b.mp4@00:00.000", "microphone: mic.wav@00:00.000",
                   "camera-a: a.mp4@00:07.000"}));
  EXPECT_TRUE(mentions(imported.notes, "from 0:00:07.000 (by the times of creation"));
  EXPECT_TRUE(mentions(imported.notes, "(for want of a time)"));
}

TEST(Folder, TimesOfTwoDaysAreNotUsed) {
  const auto imported =
      import({film_file("cam 20260131_120000.mp4", 4s), film_file("cam 20260202_120000.mp4", 4s)});
  EXPECT_TRUE(mentions(imported.warnings, "more than a day apart"));
  EXPECT_EQ(imported.manifest.duration, 4s);
}

TEST(Folder, PartsFollowEachOther) {
  const auto job = import({film_file("cam part 10.mp4", 1s), film_file("cam part 2.mp4", 2s),
                           film_file("cam part 1.mp4", 3s)})
                       .manifest;
  EXPECT_EQ(tracks_of(job), Lines{"camera: cam part 1.mp4@00:00.000 cam part 2.mp4@00:03.000 cam "
                                  "part 10.mp4@00:05.000"});
}

TEST(Folder, WordsOfTheMeetingAreNoPerson) {
  const auto job =
      import({film_file("Weekly anna.mp4", 4s), sound_file("weekly Boris.wav", 4s)}).manifest;
  ASSERT_EQ(job.people.size(), 2U);
  EXPECT_EQ(job.people[0].name, "anna");
  EXPECT_EQ(job.people[1].name, "Boris");
}

TEST(Folder, PicturesAreSlidesAtTheirTimes) {
  const auto imported =
      import({film_file("cam 20260131_120000.mp4", 60s), picture_file("slide 20260131_120010.png"),
              picture_file("slide 20260131_120030.png")});
  EXPECT_EQ(tracks_of(imported.manifest)[1],
            "slides: slide 20260131_120010.png#1@00:10.000 slide 20260131_120030.png#1@00:30.000");
  EXPECT_EQ(imported.manifest.tracks[1].clips[1].duration, 30s);
}

TEST(Folder, ADeckNeedsTimes) {
  const auto without = import({film_file("cam.mp4", 60s), deck_file("deck.pdf", 3)});
  EXPECT_TRUE(mentions(without.warnings, "when 2 of 3 slides are shown"));
  EXPECT_EQ(tracks_of(without.manifest)[1], "slides: deck.pdf#1@00:00.000");
  const auto with = import({film_file("cam.mp4", 60s), deck_file("deck.pdf", 3)},
                           SlideTimes{"times.txt", "5\n10\n90"});
  EXPECT_EQ(tracks_of(with.manifest)[1],
            "slides: deck.pdf#1@00:05.000 deck.pdf#2@00:10.000 deck.pdf#3@01:30.000");
  EXPECT_EQ(with.manifest.duration, 91s);
}

TEST(Folder, MusicGivesWayToVoices) {
  const auto job = import({film_file("anna.mp4", 9s), sound_file("music.mp3", 5s)}).manifest;
  EXPECT_EQ(job.tracks[1].kind, TrackKind::audio);
  EXPECT_TRUE(job.tracks[1].duck);
}

TEST(Folder, WhatIsNotUsedIsSaid) {
  auto broken = film_file("broken.mp4", 0s);
  broken.media.problem = "it is empty";
  const auto imported = import(
      {film_file("anna.mp4", 9s), broken, other_file("notes.txt"), deck_file("sub/deck.pdf", 2)});
  for (const char* name : {"broken.mp4", "notes.txt", "sub/deck.pdf"})
    EXPECT_TRUE(mentions(imported.warnings, name)) << name;
  EXPECT_FALSE(import_folder(folder_of({other_file("notes.txt")})));
}

mp4::Bytes movie_header(int version, std::uint64_t created) {
  mp4::Writer writer;
  writer.full_box(mp4::fourcc("mvhd"), version, 0, [&] {
    writer.word(version, created);
    writer.zeros(96);
  });
  return writer.release();
}

TEST(CreationTime, CountsFrom1904) {
  const auto seconds =
      std::chrono::sys_seconds{std::chrono::sys_days{std::chrono::year{2026} / 1 / 31}};
  const auto epoch = std::chrono::sys_days{std::chrono::year{1904} / 1 / 1};
  const auto count = static_cast<std::uint64_t>((seconds - epoch) / 1s);
  for (const int version : {0, 1})
    EXPECT_EQ(mp4::creation_time(movie_header(version, count)), seconds);
  EXPECT_FALSE(mp4::creation_time(movie_header(0, 0)));
  EXPECT_FALSE(mp4::creation_time(movie_header(1, ~0ULL)));
  EXPECT_FALSE(mp4::creation_time({}));
}

}  // namespace
}  // namespace rostrum::test
