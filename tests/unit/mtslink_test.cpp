// SPDX-License-Identifier: LGPL-2.1-or-later
// The rules of docs/formats.md for MTS Link records, one test each.
#include "core/import/mtslink.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace rostrum {
namespace {

// A record of 100 s out of events without their braces.
std::string record(const std::vector<std::string>& events) {
  std::string text = R"({"name":"Лекция","duration":100,"eventLogs":[)";
  for (std::size_t i = 0; i < events.size(); ++i) text += (i ? ",{" : "{") + events[i] + "}";
  return text + "]}";
}

std::string event(const std::string& module, const std::string& at, const std::string& data) {
  return R"("module":")" + module + R"(","relativeTime":)" + at + R"(,"data":)" + data;
}

std::string session(int id, const std::string& at, const std::string& url, int stream = 501,
                    const std::string& what = R"("conference":{"id":9001})") {
  return event("mediasession.add", at,
               R"({"id":)" + std::to_string(id) + R"(,"url":")" + url + R"(","stream":{"id":)" +
                   std::to_string(stream) + "," + what + "}}");
}

std::string lasts(int id, const std::string& seconds) {
  return event("mediasession.update", "99",
               R"({"id":)" + std::to_string(id) + R"(,"duration":)" + seconds + "}");
}

std::string conference(const std::string& module, const std::string& at, const std::string& more) {
  return event("conference." + module, at, R"({"id":9001,)" + more + "}");
}

std::string slide(const std::string& at, int number, const std::string& url) {
  return event("presentation.update", at,
               R"({"fileReference":{"slide":{"number":)" + std::to_string(number) + R"(,"url":")" +
                   url + R"("}}})");
}

Imported import_text(const std::string& text) {
  auto imported = import_mtslink(text);
  EXPECT_TRUE(imported) << text;
  if (!imported) return {};
  const auto again = parse_manifest(write_manifest(imported->manifest));
  EXPECT_TRUE(again) << (again ? "" : again.error()[0].pointer + ": " + again.error()[0].message);
  EXPECT_EQ(again ? write_manifest(*again) : "", write_manifest(imported->manifest));
  return std::move(*imported);
}

Imported import(const std::vector<std::string>& events) { return import_text(record(events)); }

using Spans = std::vector<std::pair<Nanoseconds, Nanoseconds>>;  // start, duration; -1 ns: absent

Spans spans(const Track& track) {
  Spans found;
  for (const auto& clip : track.clips) found.push_back({clip.start, clip.duration.value_or(-1ns)});
  return found;
}

// Of a record with one track of one clip, which must be the case.
Clip only_clip(const Imported& imported) {
  EXPECT_EQ(imported.manifest.tracks.size(), 1U);
  if (imported.manifest.tracks.empty()) return {};
  EXPECT_EQ(imported.manifest.tracks[0].clips.size(), 1U);
  return imported.manifest.tracks[0].clips.empty() ? Clip{} : imported.manifest.tracks[0].clips[0];
}

TEST(MtsLink, IsRecognisedByItsEventLog) {
  EXPECT_TRUE(is_mtslink(R"({"eventLogs":[]})"));
  EXPECT_TRUE(is_mtslink("\xef\xbb\xbf{\"eventLogs\":3}")) << "byte order mark";
  for (const char* other : {"", "[]", R"({"rostrum":1})", R"({"eventLogs":[)", "\"eventLogs\""})
    EXPECT_FALSE(is_mtslink(other)) << other;
}

TEST(MtsLink, WritesItsChoicesIntoTheJob) {
  const auto job = import({session(1, "0", "a.mp4")}).manifest;
  EXPECT_EQ(job.title, "Лекция");
  EXPECT_EQ(job.duration, 100s);
  EXPECT_FALSE(job.canvas.automatic);
  EXPECT_EQ(job.canvas.width, 1280);
  EXPECT_EQ(job.canvas.height, 720);
  EXPECT_EQ(job.canvas.rate, (Fraction{25, 1}));
  EXPECT_EQ(job.layout.policy, Policy::webinar);
  EXPECT_EQ(job.chapters, ChapterSource::none);
  EXPECT_EQ(import({slide("1", 1, "1.jpg")}).manifest.chapters, ChapterSource::slides);
}

TEST(MtsLink, ARecordWithoutAnyMediumHasNoClips) {
  const auto imported = import(std::vector<std::string>{});
  EXPECT_TRUE(imported.manifest.tracks.empty());
  EXPECT_TRUE(imported.warnings.empty());
}

TEST(MtsLink, ASessionLastsAsItsLastUpdateSaysWhereverItStands) {
  EXPECT_EQ(
      only_clip(import({session(1, "5", "a.mp4"), lasts(1, "20"), lasts(1, "30.5")})).duration,
      30'500ms);
  EXPECT_EQ(only_clip(import({lasts(1, "7"), session(1, "5", "a.mp4")})).duration, 7s);
}

TEST(MtsLink, ASessionWithoutUpdateEndsWhenItIsDeletedElseWithItsMedium) {
  const auto deleted = event("mediasession.delete", "12", R"({"id":1})");
  EXPECT_EQ(only_clip(import({session(1, "5", "a.mp4"), deleted})).duration, 7s);
  EXPECT_EQ(only_clip(import({session(1, "5", "a.mp4"), deleted, lasts(1, "3")})).duration, 3s);
  EXPECT_EQ(only_clip(import({session(1, "5", "a.mp4")})).duration, std::nullopt);
}

TEST(MtsLink, OneStreamIsOneTrackWithManySessions) {
  const auto job =
      import({session(1, "5", "a.mp4"), session(2, "6", "x.mp4", 502), session(3, "40", "b.mp4"),
              lasts(1, "10"), lasts(2, "80"), lasts(3, "20")})
          .manifest;
  ASSERT_EQ(job.tracks.size(), 2U);
  EXPECT_EQ(job.tracks[0].id, "camera-501");
  EXPECT_EQ(spans(job.tracks[0]), (Spans{{5s, 10s}, {40s, 20s}}));
  EXPECT_EQ(job.tracks[1].id, "camera-502");
  EXPECT_EQ(job.asset(job.tracks[0].clips[1].asset)->uri, "b.mp4");
}

TEST(MtsLink, OfOverlappingSessionsTheLaterCutsTheEarlier) {
  const auto imported =
      import({session(2, "30", "b.mp4"), session(1, "10", "a.mp4"), session(3, "50", "c.mp4"),
              session(4, "50", "d.mp4"), lasts(1, "40"), lasts(2, "5"), lasts(3, "1")});
  EXPECT_EQ(spans(imported.manifest.tracks.at(0)), (Spans{{10s, 20s}, {30s, 5s}, {50s, -1ns}}));
  EXPECT_EQ(imported.manifest.asset(imported.manifest.tracks[0].clips[2].asset)->uri, "d.mp4");
  EXPECT_EQ(imported.warnings.size(), 2U);
}

TEST(MtsLink, TheRecordCutsSessionsAtBothEnds) {
  const auto late = only_clip(import({session(1, "90", "a.mp4"), lasts(1, "500")}));
  EXPECT_EQ(late.duration, 10s);
  const auto early = only_clip(import({session(1, "-3", "a.mp4"), lasts(1, "10")}));
  EXPECT_EQ(early.start, 0s);
  EXPECT_EQ(early.in, 3s);
  EXPECT_EQ(early.duration, 7s);
  const auto outside =
      import({session(1, "100", "a.mp4"), session(2, "-9", "b.mp4"), lasts(2, "9")});
  EXPECT_TRUE(outside.manifest.tracks.empty());
  EXPECT_EQ(outside.warnings.size(), 2U);
}

TEST(MtsLink, OnlyASharedScreenIsAScreen) {
  const auto job = import({conference("add", "0", R"("hasAudio":false,"hasVideo":true)"),
                           session(1, "0", "muted.mp4"),
                           session(2, "0", "s.mp4", 502, R"("screensharing":{"id":7001})")})
                       .manifest;
  ASSERT_EQ(job.tracks.size(), 2U);
  EXPECT_EQ(job.tracks[0].kind, TrackKind::camera);
  EXPECT_EQ(job.tracks[1].kind, TrackKind::screen);
  EXPECT_EQ(job.tracks[1].id, "screen-502");
}

TEST(MtsLink, AConferenceThatNeverHasVideoIsAMicrophone) {
  const auto add = conference("add", "0", R"("hasAudio":true,"hasVideo":false)");
  const auto job = import({add, session(1, "0", "a.mp4")}).manifest;
  EXPECT_EQ(job.tracks.at(0).kind, TrackKind::microphone);
  EXPECT_EQ(job.tracks[0].id, "microphone-501");
  EXPECT_TRUE(job.tracks[0].clips[0].hidden.empty());
  const auto later = conference("update", "20", R"("hasVideo":true)");
  EXPECT_EQ(import({add, session(1, "0", "a.mp4"), later}).manifest.tracks.at(0).kind,
            TrackKind::camera);
  EXPECT_EQ(import({session(1, "0", "a.mp4")}).manifest.tracks.at(0).kind, TrackKind::camera)
      << "nothing is known about it";
}

TEST(MtsLink, MicrophoneAndCameraSwitchFromTheirTimeOn) {
  const auto clip = only_clip(import({
      session(1, "10", "a.mp4"),
      lasts(1, "60"),
      conference("add", "10", R"("hasAudio":true,"hasVideo":false)"),
      conference("update", "50", R"("hasAudio":false)"),
      conference("update", "30", R"("hasVideo":true)"),  // out of order
      conference("update", "55.5", R"("hasAudio":true)"),
      conference("update", "69", R"("hasAudio":false,"hasVideo":false)"),
  }));
  EXPECT_EQ(clip.muted, (std::vector<Interval>{{50s, 55'500ms}, {69s, 70s}}));
  EXPECT_EQ(clip.hidden, (std::vector<Interval>{{10s, 30s}, {69s, 70s}}));
}

TEST(MtsLink, AMuteIsSharedOutToTheClipsItTouches) {
  const auto job = import({conference("add", "0", R"("hasAudio":true)"), session(1, "0", "a.mp4"),
                           lasts(1, "30"), session(2, "50", "b.mp4"), session(3, "80", "c.mp4"),
                           conference("update", "20", R"("hasAudio":false)"),
                           conference("update", "60", R"("hasAudio":true)"),
                           conference("update", "75", R"("hasAudio":0)")})
                       .manifest;
  ASSERT_EQ(job.tracks.at(0).clips.size(), 3U);
  EXPECT_EQ(job.tracks[0].clips[0].muted, (std::vector<Interval>{{20s, 30s}}));
  EXPECT_EQ(job.tracks[0].clips[1].muted, (std::vector<Interval>{{50s, 60s}, {75s, 80s}}));
  EXPECT_EQ(job.tracks[0].clips[2].muted, (std::vector<Interval>{{80s, 100s}}));
}

TEST(MtsLink, AnUpdateNeverWorksBackwards) {
  const auto clip = only_clip(import({conference("add", "0", R"("hasAudio":true,"hasVideo":true)"),
                                      session(1, "0", "a.mp4"), lasts(1, "40"),
                                      conference("update", "50", R"("hasAudio":false)")}));
  EXPECT_TRUE(clip.muted.empty());
}

TEST(MtsLink, PeopleHaveNamesAndRoles) {
  const auto user = [](int id, const std::string& names, const std::string& role) {
    return R"({"role":")" + role + R"(","user":{"id":)" + std::to_string(id) + names + "}}";
  };
  std::vector<std::string> events{
      event("userlist.online", "0",
            "[" + user(1, R"(,"nickname":"Анна","name":"A")", "ADMIN") + "," +
                user(2, R"(,"name":"Boris","secondName":"Godunov")", "GUEST") + "]"),
      event("userlist.update", "3", user(3, "", "LECTURER")),
      event("participation.rename", "9", R"({"user":{"id":2},"nickname":"Борис"})"),
      event("userlist.online", "10", "[" + user(1, "", "GUEST") + "]")};
  for (int id = 1; id <= 4; ++id) {
    const auto n = std::to_string(id);
    events.push_back(
        event("conference.add", "0", R"({"id":)" + n + R"(,"user":{"id":)" + n + "}}"));
    events.push_back(session(id, "0", n + ".mp4", id, R"("conference":{"id":)" + n + "}"));
  }
  const auto job = import(events).manifest;
  const struct {
    const char* id;
    const char* name;
    Role role;
  } table[] = {{"user-1", "Анна", Role::presenter},
               {"user-2", "Борис", Role::participant},
               {"user-3", "user-3", Role::presenter},
               {"user-4", "user-4", Role::participant}};
  ASSERT_EQ(job.people.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(job.people[i].id, table[i].id);
    EXPECT_EQ(job.people[i].name, table[i].name);
    EXPECT_EQ(job.people[i].role, table[i].role);
    EXPECT_EQ(job.tracks.at(i).person, table[i].id);
  }
}

TEST(MtsLink, SlidesStandUntilTheNextPresentationEvent) {
  const auto job =
      import({slide("9.5", 1, "deck-a/1.jpg"), slide("20", 2, "deck-a/2.jpg"),
              event("presentation.delete", "30", "{}"), slide("40", 1, "deck-b/1.jpg"),
              event("presentation.remove", "50", "null"), slide("60", 1, "deck-a/1.jpg")})
          .manifest;
  ASSERT_EQ(job.tracks.size(), 1U);
  EXPECT_EQ(job.tracks[0].id, "slides");
  EXPECT_EQ(job.tracks[0].kind, TrackKind::slides);
  EXPECT_EQ(spans(job.tracks[0]), (Spans{{9'500ms, 10'500ms}, {20s, 10s}, {40s, 10s}, {60s, 40s}}));
  ASSERT_EQ(job.assets.size(), 3U) << "two decks may both have a slide 1";
  EXPECT_EQ(job.asset(job.tracks[0].clips[2].asset)->uri, "deck-b/1.jpg");
  EXPECT_EQ(job.tracks[0].clips[3].asset, job.tracks[0].clips[0].asset);
  EXPECT_EQ(job.assets[0].id, "slide-1");
  EXPECT_EQ(job.assets[2].id, "slide-1-2");
}

TEST(MtsLink, ADeckThatIsNotActiveAnyMoreIsTakenAway) {
  const auto deck = [](const std::string& at, int id, bool active) {
    const auto file = std::to_string(id);
    return event("presentation.update", at,
                 R"({"isActive":)" + std::string{active ? "true" : "false"} +
                     R"(,"fileReference":{"file":{"id":)" + file +
                     R"(},"slide":{"number":1,"url":")" + file + R"(.jpg"}}})");
  };
  const auto job = import({deck("10", 1, true), deck("20", 1, false), deck("30", 2, true),
                           deck("30.5", 1, false), deck("40", 3, true),
                           event("presentation.update", "50", R"({"isActive":false})")})
                       .manifest;
  EXPECT_EQ(spans(job.tracks.at(0)), (Spans{{10s, 10s}, {30s, 10s}, {40s, 10s}}));
  EXPECT_TRUE(import({deck("10", 1, false)}).manifest.tracks.empty());
}

TEST(MtsLink, RepeatsOfOneSlideAreOneSlide) {
  const auto job =
      import({slide("10", 1, "1.jpg"), slide("20", 1, "1.jpg"), slide("30", 9, "9.jpg"),
              slide("30", 2, "2.jpg"), slide("40", 2, "2.jpg"), slide("120", 3, "3.jpg")})
          .manifest;
  EXPECT_EQ(spans(job.tracks.at(0)), (Spans{{10s, 20s}, {30s, 70s}}));
  EXPECT_EQ(job.assets.size(), 2U) << "shown for no time, or after the end";
}

TEST(MtsLink, APlaylistIsTakenWhereThereIsNoFile) {
  const auto of = [](const std::string& urls) {
    const auto job =
        import({event("mediasession.add", "1", R"({"id":1,)" + urls + R"(,"stream":{"id":5}})")})
            .manifest;
    return job.assets.empty() ? "" : job.assets[0].uri;
  };
  EXPECT_EQ(of(R"("hlsUrl":"https://x/a.m3u8")"), "https://x/a.m3u8");
  EXPECT_EQ(of(R"("url":"","hlsUrl":"https://x/a.m3u8")"), "https://x/a.m3u8");
  EXPECT_EQ(of(R"("url":"https://x/a.mp4","hlsUrl":"https://x/a.m3u8")"), "https://x/a.mp4");
}

TEST(MtsLink, OneUrlIsOneAsset) {
  const auto job =
      import({session(1, "0", "a.mp4"), lasts(1, "9"), session(2, "20", "a.mp4")}).manifest;
  ASSERT_EQ(job.assets.size(), 1U);
  EXPECT_EQ(job.assets[0].id, "camera-501-1");
  EXPECT_EQ(job.tracks[0].clips[1].asset, "camera-501-1");
}

TEST(MtsLink, TheTwinOfAMediumIsItsAlternative) {
  const std::string direct =
      "https://events-storage.webinar.ru/api-storage/files/wowza/2024/01/a.mp4";
  const std::string playlist =
      "https://events-delivery-records.webinar.ru/record/2024/01/a.mp4/playlist.m3u8";
  const auto twins = [](const std::string& url) {
    return import({session(1, "0", url)}).manifest.assets.at(0).alternatives;
  };
  EXPECT_EQ(twins(direct), std::vector<std::string>{playlist});
  EXPECT_EQ(twins(playlist), std::vector<std::string>{direct});
  for (const char* other : {"https://events-storage.webinar.ru/api-storage/files/wowza/.mp4",
                            "https://events-storage.webinar.ru/api-storage/files/wowza/a.webm",
                            "https://example.org/a.mp4", "a.mp4"})
    EXPECT_TRUE(twins(other).empty()) << other;
}

TEST(MtsLink, UrisAreRewrittenAsTheCallerWishes) {
  const auto imported =
      import_mtslink(record({session(1, "0", "file:///r/a.mp4"), slide("1", 1, "file:///r/1.jpg")}),
                     [](const std::string& url) { return url.substr(10); });
  ASSERT_TRUE(imported);
  EXPECT_EQ(imported->manifest.assets.at(0).uri, "a.mp4");
  EXPECT_EQ(imported->manifest.assets.at(1).uri, "1.jpg");
}

TEST(MtsLink, AMediumOfAnotherModuleIsASessionOfUnknownLength) {
  const auto other = [](const char* url) {
    return event("recordFile.add", "7", std::string{R"({"url":")"} + url + R"("})");
  };
  const auto clip = only_clip(import({other("x/Extra.MP4?token=1")}));
  EXPECT_EQ(clip.start, 7s);
  EXPECT_EQ(clip.duration, std::nullopt);
  EXPECT_EQ(import({other("x.webm"), other("x.webm"), other("y.m3u8")}).manifest.tracks.size(), 2U);
  for (const char* not_media : {"x.jpg", "x.pdf", "https://example.org/mp4", "a.mp4"})
    EXPECT_EQ(import({other(not_media), session(1, "0", "a.mp4")}).manifest.tracks.size(), 1U)
        << not_media;
}

TEST(MtsLink, TheSameLogGivesTheSameJob) {
  const auto text = record({session(1, "0", "a.mp4"), slide("3", 1, "1.jpg"),
                            session(2, "5", "b.mp4", 502, R"("screensharing":{"id":1})")});
  EXPECT_EQ(write_manifest(import_text(text).manifest), write_manifest(import_text(text).manifest));
}

}  // namespace
}  // namespace rostrum
