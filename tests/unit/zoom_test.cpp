// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/zoom.h"

#include "core/import/zoom_talk.h"
#include "media_folder.h"

namespace rostrum::test {
namespace {

constexpr char kTimeline[] = R"({"timeline": [
  {"ts": "00:00:01.500", "users": [{"username": "Anna Petrova", "multiple_people": false, "user_id": "1"}]},
  {"ts": "00:00:04.000", "users": []},
  {"ts": "00:00:05.000", "users": [{"username": "Boris"}, {"username": "Anna Petrova"}]},
  {"ts": "later", "users": [{"username": "Nobody"}]}]})";

constexpr char kTranscript[] =
    "WEBVTT\r\n\r\n1\r\n00:00:01.000 --> 00:00:03.000\r\nAnna Petrova: Good morning\r\nBoris: "
    "is\r\n"
    "\r\n2\r\n00:03.500 --> 00:04.000 align:start\r\nBoris: Hello\r\n\r\n3\r\n"
    "00:00:06.000 --> 00:00:05.000\r\nCarl: no\r\n";

Imported import(std::vector<FolderFile> files) { return whole(import_zoom(folder_of(files))); }

FolderFile without_sound(FolderFile file) {
  file.media.audio.reset();
  return file;
}

const std::string kStart = "GMT20260131-120000_Recording";

TEST(Zoom, RecordingsAreKnownByTheirNames) {
  for (const auto& names : std::vector<Lines>{{kStart + "_1280x720.mp4"},
                                              {"GMT20260131-120000_Weekly-sync_gallery_1x1.mp4"},
                                              {kStart + ".m4a"},
                                              {"zoom_0.mp4"},
                                              {"video1234567.mp4", "audio1234567.m4a"},
                                              {"double_click_to_convert_01.zoom"}})
    EXPECT_TRUE(is_zoom(names)) << names[0];
  for (const auto& names :
       std::vector<Lines>{{"video1.mp4"}, {"chat.txt"}, {"x/zoom_0.mp4"}, {"audio1.m4a"}, {}})
    EXPECT_FALSE(is_zoom(names));
}

TEST(Zoom, OneOfTheCloudsPicturesIsTakenWithItsSound) {
  const auto imported = import(
      {film_file(kStart + "_avo_640x360.mp4", 10s), film_file(kStart + "_gvo_640x360.mp4", 10s),
       film_file(kStart + "_gallery_640x360.mp4", 10s), film_file(kStart + "_640x360.mp4", 10s),
       film_file(kStart + "_as_640x360.mp4", 10s), sound_file(kStart + ".m4a", 10s),
       other_file(kStart + "newChat.txt"), other_file(kStart + ".cc.vtt")});
  const auto& job = imported.manifest;
  EXPECT_EQ(tracks_of(job), Lines{"picture: " + kStart + "_640x360.mp4@00:00.000"});
  EXPECT_TRUE(job.tracks[0].clips[0].muted.empty());
  EXPECT_EQ(job.canvas.width, 640);
  EXPECT_EQ(job.canvas.height, 360);
  EXPECT_EQ(job.duration, 10s);
  EXPECT_EQ(imported.notes.size(), 6U);
  EXPECT_TRUE(mentions(imported.warnings, "the chat; it is not used"));
  EXPECT_TRUE(mentions(imported.warnings, "captions; it is not used"));
}

TEST(Zoom, TheNextBestPictureIsTaken) {
  Lines views{"_as", "_gallery", "_gvo", "_avo"};
  const auto chosen = [&](Nanoseconds shared) {
    std::vector<FolderFile> files;
    for (const auto& view : views)
      files.push_back(film_file(kStart + view + "_640x360.mp4", view == "_as" ? shared : 10s));
    return tracks_of(import(files).manifest)[0];
  };
  EXPECT_EQ(chosen(10s), "picture: " + kStart + "_gallery_640x360.mp4@00:00.000");
  std::erase(views, "_gallery");
  EXPECT_EQ(chosen(9500ms), "picture: " + kStart + "_as_640x360.mp4@00:00.000");
  EXPECT_EQ(chosen(5s), "picture: " + kStart + "_gvo_640x360.mp4@00:00.000");
  std::erase(views, "_gvo");
  EXPECT_EQ(chosen(5s), "picture: " + kStart + "_avo_640x360.mp4@00:00.000");
}

TEST(Zoom, ASilentPictureHasTheSoundOfAll) {
  const auto job = import({without_sound(film_file("zoom_0.mp4", 10s)),
                           sound_file("audio_only.m4a", 10s), other_file("playback.m3u")})
                       .manifest;
  EXPECT_EQ(tracks_of(job),
            (Lines{"picture: zoom_0.mp4@00:00.000", "sound: audio_only.m4a@00:00.000"}));
}

TEST(Zoom, SoundAloneIsAJobToo) {
  EXPECT_EQ(tracks_of(import({sound_file(kStart + ".m4a", 10s)}).manifest),
            Lines{"sound: " + kStart + ".m4a@00:00.000"});
}

TEST(Zoom, EverybodysOwnSoundTakesThePlaceOfThatOfAll) {
  const auto imported =
      import({film_file("video1987654.mp4", 10s), sound_file("audio1987654.m4a", 10s),
              sound_file("Audio Record/audioAnnaPetrova11987654.m4a", 10s),
              sound_file("Audio Record/audioBoris21987654.m4a", 9500ms)});
  const auto& job = imported.manifest;
  EXPECT_EQ(tracks_of(job),
            (Lines{"picture: video1987654.mp4@00:00.000",
                   "voice-Anna-Petrova: Audio Record/audioAnnaPetrova11987654.m4a@00:00.000",
                   "voice-Boris: Audio Record/audioBoris21987654.m4a@00:00.000"}));
  EXPECT_EQ(job.tracks[0].clips[0].muted, (std::vector<Interval>{{0s, 10s}}));
  ASSERT_EQ(job.people.size(), 2U);
  EXPECT_EQ(job.people[0].name, "Anna Petrova");
  EXPECT_EQ(job.tracks[1].person, job.people[0].id);
}

TEST(Zoom, WhereItIsNotKnownWhenVoicesBeginTheSoundOfAllIsHeard) {
  const auto imported = import({film_file("video1987654.mp4", 10s),
                                sound_file("Audio Record/audioAnna11987654.m4a", 10s),
                                sound_file("Audio Record/audioBoris21987654.m4a", 7s)});
  EXPECT_EQ(tracks_of(imported.manifest), Lines{"picture: video1987654.mp4@00:00.000"});
  EXPECT_TRUE(imported.manifest.tracks[0].clips[0].muted.empty());
  EXPECT_TRUE(mentions(imported.warnings, "lasts 0:00:07.000 of 0:00:10.000"));
}

TEST(Zoom, PartsFollowEachOther) {
  const auto job = import({film_file("zoom_10.mp4", 1s), film_file("zoom_2.mp4", 2s),
                           film_file("zoom_0.mp4", 3s)})
                       .manifest;
  EXPECT_EQ(tracks_of(job),
            Lines{"picture: zoom_0.mp4@00:00.000 zoom_2.mp4@00:03.000 zoom_10.mp4@00:05.000"});
}

TEST(Zoom, TheTimelineSaysWhoTalks) {
  const auto imported = import({film_file(kStart + "_640x360.mp4", 10s),
                                other_file(kStart + ".timeline.json", kTimeline),
                                other_file(kStart + ".transcript.vtt", kTranscript)});
  const auto& people = imported.manifest.people;
  ASSERT_EQ(people.size(), 2U);
  EXPECT_EQ(people[0].name, "Anna Petrova");
  EXPECT_EQ(people[0].talking, (std::vector<Interval>{{1500ms, 4s}, {5s, 10s}}));
  EXPECT_EQ(people[1].name, "Boris");
  EXPECT_EQ(people[1].talking, (std::vector<Interval>{{5s, 10s}}));
  EXPECT_EQ(imported.manifest.layout.speaker.source, SpeakerSource::log);
  EXPECT_TRUE(mentions(imported.notes, "the transcript, not needed"));
}

TEST(Zoom, SoDoesTheTranscript) {
  const auto job = import({film_file(kStart + "_640x360.mp4", 10s),
                           film_file("GMT20260131-130000_Recording_640x360.mp4", 10s),
                           other_file("GMT20260131-130000_Recording.transcript.vtt", kTranscript)})
                       .manifest;
  ASSERT_EQ(job.people.size(), 2U);
  EXPECT_EQ(job.people[0].talking, (std::vector<Interval>{{11s, 13s}}));
  EXPECT_EQ(job.people[1].talking, (std::vector<Interval>{{13500ms, 14s}}));
}

TEST(Zoom, WrongTextsAreWarnings) {
  for (const char* text : {"", "{", "[]", "{\"timeline\": 3}"}) {
    const auto imported =
        import({film_file(kStart + "_640x360.mp4", 10s), other_file("timeline.json", text)});
    EXPECT_TRUE(mentions(imported.warnings, "timeline.json")) << text;
  }
  EXPECT_FALSE(zoom::read_transcript("1\n00:00:01.000 --> 00:00:03.000\nAnna: x"));
}

TEST(Zoom, WhatIsNotConvertedIsNamed) {
  const auto refused = import_zoom(folder_of({other_file("double_click_to_convert_01.zoom")}));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error()[0].message.find("open it on the computer with Zoom"),
            std::string::npos);
}

}  // namespace
}  // namespace rostrum::test
