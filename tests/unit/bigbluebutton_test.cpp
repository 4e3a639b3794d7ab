// SPDX-License-Identifier: LGPL-2.1-or-later
// The rules of docs/formats.md for BigBlueButton recordings, one test each.
#include "bigbluebutton_log.h"

namespace rostrum::test {
namespace {

std::string join(const std::string& id, const std::string& name,
                 const std::string& role = "VIEWER") {
  return bbb_event(0, "ParticipantJoinEvent",
                   field("userId", id) + field("name", name) + field("role", role));
}

std::string presenter(int at, const std::string& id) {
  return bbb_event(at, "AssignPresenterEvent", field("userid", id) + field("name", "N" + id));
}

std::string talking(int at, const std::string& participant, bool on) {
  return bbb_event(at, "ParticipantTalkingEvent",
                   field("participant", participant) + field("talking", on ? "true" : "false"));
}

std::string share(int at, const std::string& deck) {
  return bbb_event(at, "SharePresentationEvent",
                   field("presentationName", deck) + field("share", "true"));
}

std::string go_to(int at, int slide) {
  return bbb_event(at, "GotoSlideEvent", field("slide", std::to_string(slide)));
}

std::string mark(int at, bool on) {
  return bbb_event(at, "RecordStatusEvent", field("status", on ? "true" : "false"));
}

std::string medium(int at, const std::string& name, const std::string& file,
                   const char* key = "filename", const std::string& more = {}) {
  return bbb_event(at, name, field(key, file) + more);
}

const Track* track(const Manifest& job, const std::string& id) {
  for (const auto& t : job.tracks)
    if (t.id == id) return &t;
  ADD_FAILURE() << "no track " << id;
  return nullptr;
}

std::string uri(const Manifest& job, const Clip& clip) {
  const auto* asset = job.asset(clip.asset);
  return asset ? asset->uri : "";
}

// "uri page start duration in" of each clip, in seconds.
std::vector<std::string> clips(const Manifest& job, const std::string& id) {
  std::vector<std::string> found;
  const auto* t = track(job, id);
  if (!t) return found;
  for (const auto& c : t->clips) {
    char text[200];
    std::snprintf(text, sizeof text, "%s:%d %g+%g in %g", uri(job, c).c_str(), c.page,
                  to_seconds(c.start), c.duration ? to_seconds(*c.duration) : -1.0,
                  to_seconds(c.in));
    found.emplace_back(text);
  }
  return found;
}

TEST(BigBlueButton, IsRecognisedByItsRootElement) {
  EXPECT_TRUE(is_bigbluebutton("<recording>"));
  EXPECT_TRUE(is_bigbluebutton("\xef\xbb\xbf <?xml version='1.0'?>\n<events>"));
  for (const char* other : {"", "x<recording>", "{\"eventLogs\":[]}", "<svg/>"})
    EXPECT_FALSE(is_bigbluebutton(other)) << other;
}

TEST(BigBlueButton, WritesItsChoicesIntoTheJob) {
  const auto job = import_events(Lines{}).manifest;
  EXPECT_EQ(job.title, "Лекция");
  EXPECT_EQ(job.duration, 100s);
  EXPECT_EQ(job.layout.policy, Policy::webinar);
  EXPECT_EQ(job.layout.speaker.source, SpeakerSource::levels);
  EXPECT_EQ(job.chapters, ChapterSource::none);
  EXPECT_TRUE(job.tracks.empty());
}

TEST(BigBlueButton, TheTitleIsTheMeetingsNameWhereverTheVersionHasIt) {
  const auto title = [](const std::string& head) {
    return import_bbb("<recording>" + head + bbb_event(0, "A") + bbb_event(1000, "B") +
                      "</recording>")
        .manifest.title;
  };
  EXPECT_EQ(title("<head><title>Fred's\n meeting</title></head>"), "Fred's meeting");
  EXPECT_EQ(title("<metadata meetingName='Home Room'/>"), "Home Room");
  EXPECT_EQ(title("<metadata title='Ecosystem'/>"), "Ecosystem");
  EXPECT_EQ(title(""), "");
}

TEST(BigBlueButton, TheConferenceIsOneTrackOfItsRecordings) {
  const auto job =
      import_events({medium(10'000, "StartRecordingEvent", "/var/freeswitch/meetings/a.wav"),
                     medium(30'000, "StopRecordingEvent", "/var/freeswitch/meetings/a.wav"),
                     medium(40'000, "StartRecordingEvent", "/var/freeswitch/meetings/b.wav")},
                    {"audio/a.wav", "audio/b.opus"})
          .manifest;
  EXPECT_EQ(clips(job, "conference"),
            (Lines{"audio/a.wav:1 10+20 in 0", "audio/b.opus:1 40+-1 in 0"}));
  EXPECT_EQ(track(job, "conference")->kind, TrackKind::microphone);
  EXPECT_EQ(track(job, "conference")->person, "");
}

TEST(BigBlueButton, SoundThatNoEventNamesBeginsWhenItsNameSays) {
  const std::string text =
      "<events><event timestamp='1302878840566' eventname='A'/>"
      "<event timestamp='1302878954297' eventname='B'/></events>";
  const auto job = import_bbb(text, {"audio/x-1302878866527.wav", "audio/y-1302878840565.wav",
                                     "audio/z-1302878999999.wav", "audio/w.wav"})
                       .manifest;
  EXPECT_EQ(clips(job, "conference"), (Lines{"audio/x-1302878866527.wav:1 25.961+-1 in 0"}));
}

TEST(BigBlueButton, ACameraIsFoundByItsStreamInAnyFolderOfVideo) {
  const auto job = import_events({join("w_1", "Anna"),
                                  medium(5'000, "StartWebcamShareEvent", "low-w_1-99", "stream"),
                                  medium(9'000, "StopWebcamShareEvent", "low-w_1-99", "stream")},
                                 {"video/meeting/low-w_1-99.flv"})
                       .manifest;
  EXPECT_EQ(clips(job, "camera-w_1"), (Lines{"video/meeting/low-w_1-99.flv:1 5+4 in 0"}));
  EXPECT_EQ(track(job, "camera-w_1")->person, "user-w_1");
  ASSERT_EQ(job.people.size(), 1U);
  EXPECT_EQ(job.people[0].name, "Anna");
}

TEST(BigBlueButton, WebRtcEventsNameTheFileAndTheUser) {
  const auto job =
      import_events({join("w_1", "Anna"), join("w_2", "Boris"),
                     medium(1'000, "StartWebRTCShareEvent", "/var/kurento/m/high-w_2-7.webm"),
                     medium(2'000, "StartWebRTCShareEvent", "/x/cam.webm", "filename",
                            field("userId", "w_1")),
                     medium(3'000, "AudioTrackPublishedEvent", "/x/mic.webm", "filename",
                            field("userId", "w_1") + field("source", "microphone")),
                     medium(4'000, "AudioTrackPublishedEvent", "/x/tab.webm", "filename",
                            field("userId", "w_1") + field("source", "screen_share_audio")),
                     medium(5'000, "StartWebRTCDesktopShareEvent", "/x/desk.webm"),
                     medium(6'000, "StopWebRTCDesktopShareEvent", "/x/desk.webm"),
                     medium(7'000, "AudioTrackUnpublishedEvent", "/x/tab.webm")})
          .manifest;
  EXPECT_EQ(clips(job, "camera-w_2"), (Lines{"video/high-w_2-7.webm:1 1+-1 in 0"}));
  EXPECT_EQ(clips(job, "camera-w_1"), (Lines{"video/cam.webm:1 2+-1 in 0"}));
  EXPECT_EQ(clips(job, "microphone-w_1"), (Lines{"audio/mic.webm:1 3+-1 in 0"}));
  EXPECT_EQ(clips(job, "shared-sound-w_1"), (Lines{"audio/tab.webm:1 4+3 in 0"}));
  EXPECT_EQ(clips(job, "screen"), (Lines{"deskshare/desk.webm:1 5+1 in 0"}));
}

TEST(BigBlueButton, AnOldLogTellsOfCamerasInTheUsersStatus) {
  const auto status = [](int at, const std::string& what, const std::string& value) {
    return bbb_event(at, "ParticipantStatusChangeEvent",
                     field("userId", "1") + field("status", what) + field("value", value));
  };
  const auto old =
      import_events({status(0, "presenter", "true"), status(30'000, "streamName", "160x120-1-77"),
                     status(30'100, "hasStream", "true"), status(50'000, "streamName", ""),
                     status(50'100, "hasStream", "false")})
          .manifest;
  EXPECT_EQ(clips(old, "camera-1"), (Lines{"video/160x120-1-77.flv:1 30.1+20 in 0"}));
  const auto later =
      import_events({join("1", "A"), status(1'000, "hasStream", "true,stream=320x240-1-5"),
                     status(2'000, "hasStream", "false,stream=320x240-1-5")});
  EXPECT_EQ(clips(later.manifest, "camera-1"), (Lines{"video/320x240-1-5.flv:1 1+1 in 0"}));
  const auto both = import_events({join("1", "A"), status(1'000, "hasStream", "true,stream=cam"),
                                   medium(3'000, "StartWebcamShareEvent", "cam-99", "stream")});
  EXPECT_EQ(clips(both.manifest, "camera-1"), (Lines{"video/cam-99.flv:1 3+-1 in 0"}));
}

TEST(BigBlueButton, CamerasOfOneUserAtTheSameTimeAreTracksOfTheirOwn) {
  const auto job =
      import_events({join("u", "U"), medium(1'000, "StartWebRTCShareEvent", "/x/q-u-1.webm"),
                     medium(2'000, "StartWebRTCShareEvent", "/x/q-u-2.webm"),
                     medium(3'000, "StopWebRTCShareEvent", "/x/q-u-1.webm"),
                     medium(3'000, "StartWebRTCShareEvent", "/x/q-u-3.webm")})
          .manifest;
  EXPECT_EQ(clips(job, "camera-u"),
            (Lines{"video/q-u-1.webm:1 1+2 in 0", "video/q-u-3.webm:1 3+-1 in 0"}));
  EXPECT_EQ(clips(job, "camera-u-2"), (Lines{"video/q-u-2.webm:1 2+-1 in 0"}));
}

TEST(BigBlueButton, SlidesStandUntilTheNextAndADeckRemembersItsPage) {
  const auto job = import_events({share(10'000, "deck"), go_to(20'000, 2), go_to(30'000, 2),
                                  share(40'000, "late"), share(60'000, "deck")},
                                 {"presentation/deck/deck.pdf", "presentations/late/other.pdf"})
                       .manifest;
  EXPECT_EQ(clips(job, "slides"), (Lines{"presentation/deck/deck.pdf:1 10+10 in 0",
                                         "presentation/deck/deck.pdf:3 20+20 in 0",
                                         "presentations/late/other.pdf:1 40+20 in 0",
                                         "presentation/deck/deck.pdf:3 60+40 in 0"}));
  EXPECT_EQ(job.chapters, ChapterSource::slides);
}

TEST(BigBlueButton, ADeckMayBeOnePictureOrPicturesOfItsPages) {
  const auto job =
      import_events({share(0, "photo"), share(1'000, "pngs"), share(2'000, "thumbs"),
                     go_to(3'000, 4), share(4'000, "gone")},
                    {"presentation/photo/photo.jpeg", "presentation/pngs/pngs/slide-1.png",
                     "presentation/pngs/thumbnails/thumb-1.png",
                     "presentation/thumbs/thumbnails/thumb-5.png"})
          .manifest;
  EXPECT_EQ(clips(job, "slides"), (Lines{"presentation/photo/photo.jpeg:1 0+1 in 0",
                                         "presentation/pngs/pngs/slide-1.png:1 1+1 in 0",
                                         "presentation/thumbs/thumbs.pdf:1 2+1 in 0",
                                         "presentation/thumbs/thumbnails/thumb-5.png:1 3+1 in 0",
                                         "presentation/gone/gone.pdf:1 4+96 in 0"}));
}

TEST(BigBlueButton, OtherPodsAndOtherDecksPagesDoNotChangeTheSlide) {
  const auto in = [](const std::string& deck, int slide, const std::string& pod) {
    return bbb_event(5'000, "GotoSlideEvent",
                     field("slide", std::to_string(slide)) + field("presentationName", deck) +
                         field("podId", pod));
  };
  const auto job = import_events({share(0, "a"), in("b", 7, "DEFAULT_PRESENTATION_POD"),
                                  in("a", 5, "ANOTHER"), share(9'000, "b")})
                       .manifest;
  EXPECT_EQ(clips(job, "slides"),
            (Lines{"presentation/a/a.pdf:1 0+9 in 0", "presentation/b/b.pdf:8 9+91 in 0"}));
}

TEST(BigBlueButton, APresentationCanBeTakenAway) {
  const auto job = import_events({share(0, "a"), bbb_event(3'000, "SharePresentationEvent",
                                                           field("presentationName", "a") +
                                                               field("share", "false"))})
                       .manifest;
  EXPECT_EQ(clips(job, "slides"), (Lines{"presentation/a/a.pdf:1 0+3 in 0"}));
}

TEST(BigBlueButton, WhoPresentedLongestIsThePresenterElseTheFirstModerator) {
  const auto role = [](const Imported& imported) {
    std::string found;
    for (const auto& p : imported.manifest.people)
      found += p.name + (p.role == Role::presenter ? "! " : " ");
    return found;
  };
  EXPECT_EQ(role(import_events({join("1", "A", "MODERATOR"), join("2", "B"), presenter(0, "1"),
                                presenter(30'000, "2")})),
            "B! ");
  EXPECT_EQ(role(import_events({join("1", "A"), join("2", "B", "MODERATOR")})), "B! ");
  EXPECT_EQ(role(import_events({presenter(0, "1")})), "N1! ") << "named by that event alone";
}

TEST(BigBlueButton, TalkIsKeptAndSaysWhoSpeaks) {
  const auto joined = [](const std::string& participant, const std::string& caller,
                         const std::string& name) {
    return bbb_event(0, "ParticipantJoinedEvent",
                     field("participant", participant) + field("callernumber", caller) +
                         field("callername", name));
  };
  const auto job =
      import_events({join("w_1", "A"), join("w_2", "B"), join("w_3", "C"), join("w_4", "D"),
                     joined("7", "w_1_2-bbbID-A", "A"), joined("8", "B", "B"),
                     talking(1'000, "7", true), talking(2'000, "8", true),
                     talking(3'000, "7", false), talking(4'000, "w_3", true),
                     talking(5'000, "9", true),
                     bbb_event(6'000, "ParticipantMutedEvent",
                               field("participant", "8") + field("muted", "true")),
                     bbb_event(7'000, "ParticipantLeftEvent", field("participant", "9"))})
          .manifest;
  EXPECT_EQ(job.layout.speaker.source, SpeakerSource::log);
  ASSERT_EQ(job.people.size(), 4U) << "D has no sound, no camera and does not present";
  EXPECT_EQ(job.people[0].talking, (std::vector<Interval>{{1s, 3s}}));
  EXPECT_EQ(job.people[1].talking, (std::vector<Interval>{{2s, 6s}})) << "until muted";
  EXPECT_EQ(job.people[2].talking, (std::vector<Interval>{{4s, 100s}})) << "to the end of the log";
  EXPECT_EQ(job.people[3].id, "user-voice-9") << "of nobody who joined";
  EXPECT_EQ(job.people[3].talking, (std::vector<Interval>{{5s, 7s}}));
}

TEST(BigBlueButton, WhoJoinsAgainIsTheSamePerson) {
  const auto joins = [](int at, const std::string& id, const std::string& account,
                        const std::string& name) {
    return bbb_event(at, "ParticipantJoinEvent",
                     field("userId", id) + field("externalUserId", account) + field("name", name) +
                         field("role", "VIEWER"));
  };
  const auto camera = [](int from, int to, const std::string& id) {
    const auto who = field("userId", id);
    const auto file = id + ".webm";
    return medium(from, "StartWebRTCShareEvent", file, "filename", who) +
           medium(to, "StopWebRTCShareEvent", file, "filename", who);
  };
  const auto job =
      import_events({joins(0, "w_a", "gl-1", "Anna"), joins(0, "w_b", "gl-2", "Boris"),
                     camera(1'000, 20'000, "w_a"), talking(5'000, "w_a", true),
                     talking(8'000, "w_a", false), joins(30'000, "w_c", "gl-1", "Anna"),
                     presenter(30'000, "w_c"), camera(31'000, 60'000, "w_c"),
                     talking(40'000, "w_c", true), talking(50'000, "w_c", false),
                     joins(70'000, "w_d", "gl-1", "Guest"), camera(71'000, 80'000, "w_d")})
          .manifest;
  ASSERT_EQ(job.people.size(), 2U);
  EXPECT_EQ(job.people[0].name, "Anna");
  EXPECT_EQ(job.people[0].role, Role::presenter);
  EXPECT_EQ(job.people[0].talking, (std::vector<Interval>{{5s, 8s}, {40s, 50s}}));
  EXPECT_EQ(job.people[1].name, "Guest");  // one account for all guests
  ASSERT_EQ(job.tracks.size(), 2U);
  EXPECT_EQ(job.tracks[0].person, job.people[0].id);
  EXPECT_EQ(job.tracks[0].clips.size(), 2U);
  EXPECT_EQ(job.tracks[1].person, job.people[1].id);
}

TEST(BigBlueButton, TheFilmIsWhatTheRecordingButtonMarked) {
  const auto imported = import_events(
      {medium(0, "StartRecordingEvent", "a.wav"), share(5'000, "deck"), mark(10'000, true),
       go_to(15'000, 1), mark(20'000, false), talking(22'000, "x", true), go_to(30'000, 2),
       go_to(35'000, 1), mark(60'000, true), talking(65'000, "x", false),
       medium(70'000, "StopRecordingEvent", "a.wav")});
  const auto& job = imported.manifest;
  EXPECT_EQ(job.duration, 50s) << "10 to 20 and 60 to the end";
  EXPECT_EQ(clips(job, "conference"),
            (Lines{"audio/a.wav:1 0+10 in 10", "audio/a.wav:1 10+10 in 60"}));
  EXPECT_EQ(clips(job, "slides"), (Lines{"presentation/deck/deck.pdf:1 0+5 in 0",
                                         "presentation/deck/deck.pdf:2 5+45 in 0"}))
      << "one slide over the cut";
  ASSERT_EQ(job.people.size(), 1U);
  EXPECT_EQ(job.people[0].talking, (std::vector<Interval>{{10s, 15s}}));
  ASSERT_EQ(imported.warnings.size(), 1U);
  EXPECT_EQ(imported.warnings[0],
            "/recording: the film is what the recording button marked: 2 parts, 0:00:50.000 of "
            "0:01:40.000");
}

TEST(BigBlueButton, ViewersCamerasAreHiddenWhileOnlyModeratorsSawThem) {
  const auto only = [](int at, bool on) {
    return bbb_event(at, "WebcamsOnlyForModeratorEvent",
                     field("webacmsOnlyForModerator", on ? "true" : "false"));
  };
  const auto job = import_events({join("1", "A", "MODERATOR"), join("2", "B"), only(20'000, true),
                                  only(30'000, false),
                                  medium(10'000, "StartWebcamShareEvent", "q-1-5", "stream"),
                                  medium(10'000, "StartWebcamShareEvent", "q-2-5", "stream")})
                       .manifest;
  EXPECT_TRUE(track(job, "camera-1")->clips[0].hidden.empty());
  EXPECT_EQ(track(job, "camera-2")->clips[0].hidden, (std::vector<Interval>{{20s, 30s}}));
}

TEST(BigBlueButton, WhatIsNotUsedIsCountedInOneLine) {
  const auto imported = import_events(
      {bbb_event(1'000, "PublicChatEvent"), bbb_event(2'000, "PublicChatEvent"),
       bbb_event(2'000, "PollStartedRecordEvent"), bbb_event(3'000, "GenerateSlideEvent")});
  EXPECT_EQ(imported.warnings, (Lines{"/recording: events that are not used: 2 PublicChatEvent, "
                                      "1 PollStartedRecordEvent"}));
}

TEST(BigBlueButton, EventsAreTakenByTheirTime) {
  const auto job = import_events({go_to(20'000, 3), share(10'000, "deck")}).manifest;
  EXPECT_EQ(clips(job, "slides"), (Lines{"presentation/deck/deck.pdf:1 10+10 in 0",
                                         "presentation/deck/deck.pdf:4 20+80 in 0"}));
}

TEST(BigBlueButton, UrisAreRewritten) {
  const auto imported =
      import_bigbluebutton(bbb_log({medium(0, "StartRecordingEvent", "a.wav")}), {},
                           [](const std::string& uri) { return "rec/" + uri; });
  ASSERT_TRUE(imported);
  EXPECT_EQ(imported->manifest.assets[0].uri, "rec/audio/a.wav");
}

}  // namespace
}  // namespace rostrum::test
