// SPDX-License-Identifier: LGPL-2.1-or-later
// MTS Link records that were cut, and what their snapshots tell.
#include "core/import/mtslink.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rostrum {
namespace {

using Lines = std::vector<std::string>;

// The recording began at 1,000,000 s by the clock; the record is 100 s long.
std::string record(const Lines& events, const std::string& cuts) {
  std::string text = R"({"name":"Лекция","duration":100,"cuts":[)" + cuts + R"(],"eventLogs":[)";
  for (std::size_t i = 0; i < events.size(); ++i) text += (i ? ",{" : "{") + events[i] + "}";
  return text + "]}";
}

std::string cut(const std::string& from, const std::string& to) {
  return R"({"start":)" + from + R"(,"end":)" + to + "}";
}

const std::string kCut = cut("1000020", "1000050");  // half a minute, at 20 s

// `clock` is in seconds after the beginning; "" = the event does not say it.
std::string event(const std::string& module, const std::string& at, const std::string& clock,
                  const std::string& data) {
  const auto time =
      clock.empty() ? "" : R"("time":)" + std::to_string(1e6 + std::stod(clock)) + ",";
  return R"("module":")" + module + R"(","relativeTime":)" + at + "," + time + R"("data":)" + data;
}

std::string media(int id, const std::string& more = {}, int stream = 501) {
  const auto number = std::to_string(id);
  return R"({"id":)" + number + R"(,"url":")" + number + R"(.mp4",)" + more + R"("stream":{"id":)" +
         std::to_string(stream) + R"(,"conference":{"id":9001}}})";
}

std::string session(const std::string& at, const std::string& clock, int id = 1, int stream = 501) {
  return event("mediasession.add", at, clock, media(id, "", stream));
}

std::string lasts(const std::string& seconds, int id = 1) {
  return event("mediasession.update", "99", "",
               R"({"id":)" + std::to_string(id) + R"(,"duration":)" + seconds + "}");
}

std::string snapshot(const std::string& module, const std::string& at, const std::string& clock,
                     const std::string& state) {
  return event(module, at, clock, "{}") + R"(,"snapshot":{"data":{)" + state + "}}";
}

Imported import(const Lines& events, const std::string& cuts = {}) {
  const auto text = record(events, cuts);
  auto imported = import_mtslink(text);
  EXPECT_TRUE(imported) << text;
  return imported ? std::move(*imported) : Imported{};
}

// "start+duration in" of each clip of a track, in seconds; -1: no duration.
Lines clips(const Imported& imported, std::size_t track = 0) {
  Lines found;
  if (imported.manifest.tracks.size() <= track) return found;
  for (const auto& c : imported.manifest.tracks[track].clips) {
    char text[100];
    std::snprintf(text, sizeof text, "%g+%g in %g", to_seconds(c.start),
                  c.duration ? to_seconds(*c.duration) : -1, to_seconds(c.in));
    found.emplace_back(text);
  }
  return found;
}

TEST(MtsLinkCut, ASessionThatGoesOnThroughItGoesOnWhereTheRecordingDoes) {
  const auto imported = import({session("5", "5"), lasts("80")}, kCut);
  EXPECT_EQ(clips(imported), (Lines{"5+15 in 0", "20+35 in 45"}));
  EXPECT_EQ(imported.manifest.assets.size(), 1U);
  EXPECT_EQ(imported.manifest.duration, 100s);
  EXPECT_TRUE(imported.warnings.empty());
  EXPECT_EQ(clips(import({session("5", "5"), lasts("15")}, kCut)), (Lines{"5+15 in 0"}));
  EXPECT_EQ(clips(import({session("5", "5")}, kCut)), (Lines{"5+-1 in 0", "20+-1 in 45"}));
}

TEST(MtsLinkCut, ThereMayBeSeveral) {
  const auto cuts = cut("1000070", "1000080") + "," + kCut;
  EXPECT_EQ(
      clips(import({session("25", "55"), session("0", "0", 2, 502), lasts("30"), lasts("200", 2)},
                   cuts)),
      (Lines{"25+15 in 0", "40+5 in 25"}));
  EXPECT_EQ(clips(import({session("0", "0"), lasts("200")}, cuts)),
            (Lines{"0+20 in 0", "20+20 in 50", "40+60 in 80"}));
}

TEST(MtsLinkCut, WhatBeganInItIsEnteredAtTheRightMoment) {
  const auto start = event("eventsession.start", "0", "0", "{}");
  EXPECT_EQ(clips(import({start, session("20", "40"), lasts("30")}, kCut)), (Lines{"20+20 in 10"}));
  EXPECT_EQ(clips(import({start, session("20", "50"), lasts("30")}, kCut)), (Lines{"20+30 in 0"}));
}

TEST(MtsLinkCut, WhatEndedInItEndsThere) {
  const auto deleted = event("mediasession.delete", "20", "30", R"({"id":1})");
  EXPECT_EQ(clips(import({session("5", "5"), deleted}, kCut)), (Lines{"5+15 in 0"}));
  const auto inside = import({session("20", "25"), lasts("10"), session("0", "0", 2, 502)}, kCut);
  EXPECT_EQ(inside.manifest.tracks.size(), 1U);
  ASSERT_EQ(inside.warnings.size(), 1U);
  EXPECT_NE(inside.warnings[0].find("lies in what was cut out"), std::string::npos);
}

TEST(MtsLinkCut, AtTheBeginningMediaAreEnteredWhereItEnds) {
  const auto imported = import({session("0", "10"), lasts("100"), session("10", "70", 2, 502)},
                               cut("1000000", "1000060"));
  EXPECT_EQ(clips(imported), (Lines{"0+50 in 50"}));
  EXPECT_EQ(clips(imported, 1), (Lines{"10+-1 in 0"}));
}

TEST(MtsLinkCut, CannotBePlacedWithoutAClock) {
  const auto imported = import({session("5", ""), lasts("80")}, kCut);
  EXPECT_EQ(clips(imported), (Lines{"5+80 in 0"}));
  ASSERT_EQ(imported.warnings.size(), 1U);
  EXPECT_NE(imported.warnings[0].find("/cuts: no event says its time"), std::string::npos);
}

TEST(MtsLinkCut, OfAnotherShapeIsIgnoredWithAWarning) {
  for (const char* odd : {"7", "{}", R"({"start":1000050,"end":1000020})", R"({"start":"x"})"}) {
    const auto imported = import({session("5", "5"), lasts("80")}, odd);
    EXPECT_EQ(clips(imported), (Lines{"5+80 in 0"})) << odd;
    EXPECT_EQ(imported.warnings.size(), 1U) << odd;
  }
  std::string many = kCut;
  for (int i = 0; i < 1'000; ++i) many += "," + kCut;
  EXPECT_FALSE(import_mtslink(record({}, many)));
}

TEST(MtsLinkCut, TimesBeyondAllBoundsDoNoHarm) {
  const auto early = R"("mediasession":[)" + media(1, R"("time":1,"upTime":3600000,)") + "," +
                     media(2, R"("time":1,)", 502) + "]";
  for (const char* clock : {"2999000000", "1", "-999999"})
    for (const auto& cuts : {cut("1", "3999999999"), cut("1000050", "3999999999"), kCut}) {
      const auto imported =
          import({snapshot("eventsession.start", "3600000", clock, early),
                  session("-3600000", clock, 3, 503), session("90", "90", 4, 504)},
                 cuts);
      EXPECT_TRUE(parse_manifest(write_manifest(imported.manifest)));
    }
}

const std::string kPeople =
    R"("userlist":[{"role":"ADMIN","user":{"id":101,"nickname":"Anna"}}],)"
    R"("conference":[{"id":9001,"user":{"id":101},"hasAudio":false,"hasVideo":true}],)";

TEST(MtsLinkSnapshot, TellsWhatBeganBeforeTheRecord) {
  const auto imported = import(
      {snapshot("eventsession.start", "0", "0",
                kPeople + R"("mediasession":[)" + media(1, R"("upTime":12.5,)") + "]"),
       lasts("60"), event("conference.update", "10", "10", R"({"id":9001,"hasAudio":true})")});
  EXPECT_EQ(clips(imported), (Lines{"0+47.5 in 12.5"}));
  const auto& job = imported.manifest;
  EXPECT_EQ(job.tracks.at(0).clips.at(0).muted, (std::vector<Interval>{{0s, 10s}}));
  ASSERT_EQ(job.people.size(), 1U);
  EXPECT_EQ(job.people[0].name, "Anna");
  EXPECT_EQ(job.people[0].role, Role::presenter);
  EXPECT_TRUE(imported.warnings.empty());
}

TEST(MtsLinkSnapshot, AtTheEndOfACutTellsWhatBeganInIt) {
  const auto running = R"("mediasession":[)" + media(1, R"("upTime":45,)") + "," +
                       media(2, R"("time":1000040,)", 502) + "]";
  const auto imported = import(
      {session("5", "5"), lasts("80"), snapshot("cut.end", "20", "50", running), lasts("30", 2)},
      kCut);
  EXPECT_EQ(clips(imported), (Lines{"5+15 in 0", "20+35 in 45"}));  // once
  EXPECT_EQ(clips(imported, 1), (Lines{"20+20 in 10"}));
  EXPECT_TRUE(imported.warnings.empty());
}

TEST(MtsLinkSnapshot, MayStandBeforeTheEventsItRepeats) {
  const auto running = R"("mediasession":[)" + media(1, R"("upTime":3,)") + "]";
  EXPECT_EQ(clips(import({snapshot("cut.end", "20", "50", running), session("5", "35")})),
            (Lines{"5+-1 in 0"}));
  EXPECT_EQ(clips(import({snapshot("eventsession.start", "0", "0", running),
                          snapshot("cut.end", "20", "20", running)})),
            (Lines{"0+-1 in 3"}));
}

TEST(MtsLinkSnapshot, WithoutTheBeginningOfASessionItIsPlayedFromThereOn) {
  const auto imported =
      import({snapshot("eventsession.start", "0", "0", R"("mediasession":[)" + media(1) + "]")});
  EXPECT_EQ(clips(imported), (Lines{"0+-1 in 0"}));
  EXPECT_EQ(imported.warnings.size(), 1U);
}

TEST(MtsLinkSnapshot, OfAnotherShapeTellsNothing) {
  for (const char* odd : {R"("mediasession":7)", R"("mediasession":[7,null])", R"("userlist":{})",
                          R"("conference":"x")", R"("presentation":[{"isActive":false}])"}) {
    const auto imported = import({snapshot("eventsession.start", "0", "0", odd)});
    EXPECT_TRUE(imported.manifest.tracks.empty()) << odd;
    EXPECT_TRUE(imported.warnings.empty()) << odd;
  }
}

}  // namespace
}  // namespace rostrum
