// SPDX-License-Identifier: LGPL-2.1-or-later
// BigBlueButton logs that are wrong, or meant to do harm.
#include "bigbluebutton_log.h"

namespace rostrum::test {
namespace {

std::string start(const std::string& file) {
  return bbb_event(1'000, "StartRecordingEvent", field("filename", file));
}

Problems refused(const std::string& text) {
  const auto imported = import_bigbluebutton(text, {});
  EXPECT_FALSE(imported) << text.substr(0, 200);
  return imported ? Problems{} : imported.error();
}

TEST(BigBlueButtonBad, WhatIsNoLogIsRefusedWithAReason) {
  for (const auto& [text, says] : std::vector<std::pair<std::string, std::string>>{
           {"", "is no XML"},
           {"<recording>", "is no XML"},
           {"<recording/>", "holds no event"},
           {"<svg/>", "expected an event log"},
           {"<recording><event eventname='A'/></recording>", "holds no event with a timestamp"},
           {"<recording>" + bbb_event(0, "A") + "</recording>", "the same timestamp"},
           {"<recording><event timestamp='0'/><event timestamp='3600000001'/></recording>",
            "more than 1000 hours"}}) {
    const auto problems = refused(text);
    ASSERT_EQ(problems.size(), 1U) << text;
    EXPECT_NE(problems[0].message.find(says), std::string::npos) << problems[0].message;
  }
}

TEST(BigBlueButtonBad, SizeTagsAndDepthAreLimited) {
  EXPECT_EQ(refused(std::string((std::size_t{64} << 20) + 1, ' ')).size(), 1U);
  std::string many = "<recording>";
  for (int i = 0; i < 2'000'001; ++i) many += "<a/><b/>";
  EXPECT_NE(refused(many + "</recording>")[0].message.find("4,000,000"), std::string::npos);
  std::string open = "<recording>";
  std::string close;
  for (int i = 0; i < 100'000; ++i) open += "<a>", close += "</a>";
  EXPECT_NE(refused(open + close + "</recording>")[0].message.find("deeper than 16"),
            std::string::npos);
}

TEST(BigBlueButtonBad, EntitiesOfTheDocumentAreNotExpanded) {
  const auto imported = import_bigbluebutton(
      "<!DOCTYPE recording [<!ENTITY a SYSTEM 'file:///etc/passwd'><!ENTITY b 'bbbb'>]>"
      "<recording><meeting name='x&a;&b;&amp;'/>" +
          bbb_event(0, "A") + bbb_event(1, "B") + "</recording>",
      {});
  ASSERT_TRUE(imported);
  EXPECT_EQ(imported->manifest.title, "x&a;&b;&");
}

TEST(BigBlueButtonBad, EventsWithoutATimestampAreSkipped) {
  const auto imported = import_events(Lines(3, "<event timestamp='soon' eventname='A'/>"));
  ASSERT_EQ(imported.warnings.size(), 3U);
  EXPECT_EQ(imported.warnings[0], "/recording/event[2]: without a timestamp; the event is skipped");
}

TEST(BigBlueButtonBad, NamesNeverBecomePaths) {
  const auto job = import_events({start("/etc/../../passwd"), start("a/.."), start("."), start(""),
                                  start("x&#1;y"), start("\xff"), start(std::string(300, 'a')),
                                  bbb_event(2'000, "SharePresentationEvent",
                                            field("presentationName", "../../../etc/shadow"))})
                       .manifest;
  ASSERT_EQ(job.assets.size(), 2U);
  EXPECT_EQ(job.assets[0].uri, "audio/passwd");
  EXPECT_EQ(job.assets[1].uri, "presentation/shadow/shadow.pdf");
}

TEST(BigBlueButtonBad, FilesThatStepOutOfTheFolderAreNotFound) {
  const auto job = import_events({start("a.wav")}, {"audio/../../a.wav", "a.wav"}).manifest;
  ASSERT_EQ(job.assets.size(), 1U);
  EXPECT_EQ(job.assets[0].uri, "audio/a.wav");
}

TEST(BigBlueButtonBad, NamesAreCleanUtf8) {
  const auto job = import_events({bbb_event(0, "AssignPresenterEvent",
                                            field("userid", "\xc3(") + field("name", "A\xff\nB"))})
                       .manifest;
  ASSERT_EQ(job.people.size(), 1U);
  EXPECT_EQ(job.people[0].name, "A\xef\xbf\xbd B");
}

TEST(BigBlueButtonBad, EndsWithoutABeginningAndSecondBeginningsAreSkipped) {
  const auto imported =
      import_events({start("a.wav"), start("a.wav"),
                     bbb_event(3'000, "StopRecordingEvent", field("filename", "b.wav")),
                     bbb_event(4'000, "GotoSlideEvent", field("slide", "-1")),
                     bbb_event(4'000, "GotoSlideEvent", field("slide", "2"))});
  EXPECT_EQ(imported.warnings,
            (Lines{"/recording/event[3]: a recording that has begun already; the event is skipped",
                   "/recording/event[4]: the end of a recording whose beginning is not logged; "
                   "the event is skipped",
                   "/recording/event[5]: no number of a slide; the event is skipped",
                   "/recording/event[6]: a slide of no presentation; the event is skipped"}));
  ASSERT_EQ(imported.manifest.tracks.size(), 1U);
  EXPECT_EQ(imported.manifest.tracks[0].clips.size(), 1U);
}

TEST(BigBlueButtonBad, MoreThanAManifestHoldsIsRefused) {
  Lines media;
  for (int i = 0; i < 10'001; ++i) media.push_back(start(std::to_string(i)));
  EXPECT_NE(refused(bbb_log(media))[0].message.find("10000 recorded files"), std::string::npos);
  Lines slides{bbb_event(0, "SharePresentationEvent", field("presentationName", "d"))};
  for (int i = 0; i < 100'200; ++i)
    slides.push_back(bbb_event(i, "GotoSlideEvent", field("slide", std::to_string(i % 2))));
  EXPECT_NE(refused(bbb_log(slides))[0].message.find("more than 100000 clips"), std::string::npos);
}

TEST(BigBlueButtonBad, SlidesBehindMoreThanAManifestHoldsAreNotLookedAt) {
  Lines events;
  const auto talk = [&](int at, const char* on) {
    events.push_back(
        bbb_event(at, "ParticipantTalkingEvent", field("participant", "7") + field("talking", on)));
  };
  for (int i = 0; i < 100'001; ++i) talk(2 * i, "true"), talk(2 * i + 1, "false");
  for (int i = 0; i < 2; ++i)  // one slide twice
    events.push_back(bbb_event(i, "SharePresentationEvent",
                               field("presentationName", "d") + field("share", "true")));
  EXPECT_NE(refused(bbb_log(events))[0].message.find("more than 100000 clips"), std::string::npos);
}

// Everybody's camera over every one of very many marks, and hidden as often.
TEST(BigBlueButtonBad, ManyMarksAndMediaEndSoon) {
  Lines events;
  for (int i = 0; i < 9'000; ++i)
    events.push_back(bbb_event(0, "StartWebcamShareEvent", field("stream", std::to_string(i))));
  for (int i = 0; i < 50'000; ++i) {
    const auto on =
        field(i % 2 ? "status" : "webcamsOnlyForModerator", i / 2 % 2 ? "true" : "false");
    events.push_back(
        bbb_event(i, i % 2 ? "RecordStatusEvent" : "WebcamsOnlyForModeratorEvent", on));
  }
  EXPECT_NE(refused(bbb_log(events))[0].message.find("more than"), std::string::npos);
}

}  // namespace
}  // namespace rostrum::test
