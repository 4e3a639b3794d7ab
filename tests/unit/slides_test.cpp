// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/slides.h"

#include "core/import/slide_times.h"
#include "media_folder.h"

namespace rostrum::test {
namespace {

Imported import(std::vector<FolderFile> files, std::optional<SlideTimes> times = {}) {
  auto folder = folder_of(std::move(files));
  folder.times = std::move(times);
  return whole(import_slides(folder));
}

TEST(FileNames, AreOrderedAsPeopleCount) {
  const Lines sorted{"",     "01.png", "1.png", "2.PNG", "2a.png", "10.png",
                     "a1.b", "A1b2.c", "a1b10", "a02",   "a10",    "я"};
  auto mixed = sorted;
  std::reverse(mixed.begin(), mixed.end());
  std::sort(mixed.begin(), mixed.end(), natural_less);
  EXPECT_EQ(mixed, sorted);
}

TEST(FileNames, HaveATypeByTheirEnding) {
  EXPECT_EQ(type_of("a/b.MP4"), FileType::film);
  EXPECT_EQ(type_of("b.Opus"), FileType::sound);
  EXPECT_EQ(type_of(".mp4"), FileType::other);
  EXPECT_EQ(type_of("mp4"), FileType::other);
  EXPECT_EQ(type_of("deck.pptx"), FileType::presentation);
}

TEST(FileNames, HaveNumbersAndSmallLetters) {
  EXPECT_EQ(numbers_in("Лекция 3, slide007-0"), (std::vector<std::int64_t>{3, 7, 0}));
  EXPECT_EQ(numbers_in("12345678901234567890"), (std::vector<std::int64_t>{345678901234567890}));
  EXPECT_EQ(lower_case("ЁЛКА Ab"), "ёлка ab");
}

TEST(Slides, EachStandsAsLongAsItsVoiceAndAPause) {
  const auto imported = import(
      {deck_file("deck.pdf", 3), sound_file("voice 1.mp3", 4s), sound_file("voice 3.mp3", 2s)});
  EXPECT_EQ(tracks_of(imported.manifest),
            (Lines{"slides: deck.pdf#1@00:00.000 deck.pdf#2@00:04.500 deck.pdf#3@00:09.500",
                   "voice: voice 1.mp3@00:00.000 voice 3.mp3@00:09.500"}));
  EXPECT_EQ(imported.manifest.duration, 12s);
  EXPECT_EQ(imported.manifest.title, "Лекция");
  EXPECT_EQ(imported.manifest.chapters, ChapterSource::slides);
  EXPECT_TRUE(imported.warnings.empty());
}

TEST(Slides, PicturesStandInNaturalOrder) {
  const auto imported =
      import({picture_file("10.png"), picture_file("2.png"), picture_file("1.png")});
  EXPECT_EQ(tracks_of(imported.manifest),
            Lines{"slides: 1.png#1@00:00.000 2.png#1@00:05.000 10.png#1@00:10.000"});
  EXPECT_EQ(imported.manifest.duration, 15s);
}

TEST(Slides, VoicesAreMatchedByNameBeforeNumber) {
  const auto job = import({picture_file("a.png"), picture_file("b.png"), picture_file("c.png"),
                           sound_file("C.wav", 1s), sound_file("1.wav", 2s)})
                       .manifest;
  EXPECT_EQ(tracks_of(job)[1], "voice: 1.wav@00:00.000 C.wav@00:07.500");
}

TEST(Slides, NumbersOfPicturesAreTheirs) {
  const auto job = import({picture_file("slide0.png"), picture_file("slide1.png"),
                           sound_file("v0.wav", 1s), sound_file("v1.wav", 1s)})
                       .manifest;
  EXPECT_EQ(tracks_of(job)[1], "voice: v0.wav@00:00.000 v1.wav@00:01.500");
}

TEST(Slides, OfSeveralNumbersTheOneThatTellsIsTaken) {
  const auto job = import({deck_file("deck.pdf", 2), sound_file("lecture 3 slide 2.wav", 1s),
                           sound_file("lecture 3 slide 1.wav", 1s)})
                       .manifest;
  EXPECT_EQ(tracks_of(job)[1],
            "voice: lecture 3 slide 1.wav@00:00.000 lecture 3 slide 2.wav@00:01.500");
}

TEST(Slides, AsManyVoicesAsSlidesGoInOrder) {
  const auto job =
      import({deck_file("deck.pdf", 2), sound_file("intro.wav", 1s), sound_file("main.wav", 1s)})
          .manifest;
  EXPECT_EQ(tracks_of(job)[1], "voice: intro.wav@00:00.000 main.wav@00:01.500");
}

TEST(Slides, WithoutTimesOneSoundIsSharedEqually) {
  const auto imported = import({deck_file("deck.pdf", 4), sound_file("talk.mp3", 10s)});
  EXPECT_EQ(tracks_of(imported.manifest),
            (Lines{"slides: deck.pdf#1@00:00.000 deck.pdf#2@00:02.500 deck.pdf#3@00:05.000 "
                   "deck.pdf#4@00:07.500",
                   "voice: talk.mp3@00:00.000"}));
  EXPECT_TRUE(mentions(imported.notes, "one sound for all slides"));
}

TEST(Slides, TimesSayWhatIsShownWhen) {
  const auto imported = import({deck_file("deck.pdf", 3), sound_file("talk.mp3", 20s)},
                               SlideTimes{"times.txt", "# when\r\n0:01\n2.5 # soon\n\n8,1\n"});
  EXPECT_EQ(tracks_of(imported.manifest),
            (Lines{"slides: deck.pdf#1@00:01.000 deck.pdf#2@00:02.500 deck.pdf#1@00:08.000",
                   "voice: talk.mp3@00:00.000"}));
  EXPECT_EQ(imported.manifest.duration, 20s);
}

TEST(Slides, AVoiceThatRunsIntoTheNextIsCutWithAWarning) {
  const auto imported =
      import({deck_file("deck.pdf", 2), sound_file("1.wav", 9s), sound_file("2.wav", 1s)},
             SlideTimes{"times.txt", "0\n5\n"});
  EXPECT_TRUE(mentions(imported.warnings, "\"1.wav\": is cut at 0:00:05.000"));
  EXPECT_EQ(imported.manifest.duration, 6500ms);
}

TEST(Slides, WhatIsNotUsedIsSaid) {
  const auto imported =
      import({deck_file("deck.pdf", 1), picture_file("logo.png"), sound_file("1.wav", 1s),
              sound_file("7.wav", 1s), film_file("a.mp4", 1s), other_file("notes.doc")});
  for (const char* name : {"logo.png", "7.wav", "a.mp4", "notes.doc"})
    EXPECT_TRUE(mentions(imported.warnings, name)) << name;
  EXPECT_EQ(imported.warnings.size(), 4U);
}

TEST(Slides, WithoutSlidesThereIsNoJob) {
  FolderFile broken = deck_file("deck.pdf", 0);
  broken.media.problem = "it is empty";
  const auto refused = import_slides(folder_of({broken}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), (Problems{{"/deck.pdf", "it is empty"}}));
  EXPECT_FALSE(import_slides(folder_of({sound_file("1.wav", 1s)})));
}

TEST(Slides, FoldersOfSlidesAreKnown) {
  EXPECT_TRUE(is_slides(folder_of({deck_file("deck.pdf", 2), sound_file("talk.wav", 1s)})));
  EXPECT_TRUE(is_slides(folder_of({picture_file("a.png")})));
  EXPECT_FALSE(is_slides(folder_of({picture_file("a.png"), film_file("a.mp4", 1s)})));
  EXPECT_FALSE(is_slides(folder_of(
      {picture_file("cover.png"), sound_file("anna.wav", 1s), sound_file("boris.wav", 1s)})));
}

TEST(SlideTimes, EveryWrongLineIsNamed) {
  const auto cues =
      read_slide_times({"times.csv", "time,slide\n0\nsoon\n-1\n0\n3,x\n4,9\n5,2\n6\n"}, 2);
  ASSERT_FALSE(cues);
  Lines places;
  for (const auto& problem : cues.error()) places.push_back(problem.pointer);
  EXPECT_EQ(places, (Lines{"/times.csv:3", "/times.csv:4", "/times.csv:5", "/times.csv:6",
                           "/times.csv:7", "/times.csv:9"}));
  EXPECT_FALSE(read_slide_times({"times.txt", "\n# nothing\n"}, 2));
}

}  // namespace
}  // namespace rostrum::test
