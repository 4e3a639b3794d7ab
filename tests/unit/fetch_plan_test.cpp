// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/fetch/fetch_plan.h"
#include "core/fetch/fetch_rounds.h"
#include "core/import/mtslink_link.h"

#include <gtest/gtest.h>

namespace rostrum {
namespace {

const HostRules kRules{.domains = {}, .hosts = {"a.org"}};

FetchPlan planned(std::vector<Asset> assets, const std::string& there = {}) {
  Manifest job;
  job.assets = std::move(assets);
  return plan_fetch(std::move(job), kRules, [&](const std::string& uri) { return uri == there; });
}

std::string name(const char* asset, const char* url) {
  return "media/" + file_name_for(asset, *parse_url(url));
}

TEST(FetchPlan, FetchesWhatIsRemoteAndKeepsItsUrl) {
  const auto plan =
      planned({{"x", "https://a.org/1.mp4", {}, "ab"}, {"y", "y.mp4", {"z.mp4"}, ""}});
  const auto path = name("x", "https://a.org/1.mp4");
  ASSERT_EQ(plan.assets.size(), 1u);
  EXPECT_EQ(plan.assets[0].id, "x");
  EXPECT_EQ(plan.assets[0].sha256, "ab");
  EXPECT_EQ(plan.assets[0].places, (std::vector<RemoteFile>{{"https://a.org/1.mp4", path}}));
  EXPECT_EQ(plan.job.assets[0].uri, path);
  EXPECT_EQ(plan.job.assets[0].alternatives, std::vector<std::string>{"https://a.org/1.mp4"});
  EXPECT_EQ(plan.job.assets[1].uri, "y.mp4");
  EXPECT_EQ(plan.job.assets[1].alternatives, std::vector<std::string>{"z.mp4"});
}

TEST(FetchPlan, OfAFetchedJobIsTheSameJob) {
  const auto once = planned({{"x", "https://a.org/1.mp4", {"https://a.org/2.mp4", "l.mp4"}, ""}});
  const auto twice = planned(once.job.assets);
  EXPECT_EQ(once.job.assets[0].uri, twice.job.assets[0].uri);
  EXPECT_EQ(once.job.assets[0].alternatives, twice.job.assets[0].alternatives);
  EXPECT_EQ(once.assets[0].places, twice.assets[0].places);
}

TEST(FetchPlan, FetchesNothingForAnAssetThatIsHere) {
  EXPECT_TRUE(planned({{"x", "x.mp4", {"https://a.org/1.mp4"}, ""}}, "x.mp4").assets.empty());
  EXPECT_EQ(planned({{"x", "x.mp4", {"https://a.org/1.mp4"}, ""}}).assets.size(), 1u);
}

TEST(FetchPlan, ListsEveryHostThatIsNotAllowed) {
  const auto plan = planned({{"x", "https://b.org/1", {"https://c.org/1"}, ""},
                             {"y", "http://a.org/1", {}, ""},
                             {"z", "https://d.org/1", {"https://a.org/1"}, ""}});
  ASSERT_EQ(plan.problems.size(), 3u);
  EXPECT_EQ(plan.problems[0].pointer, "/assets/x/uri");
  EXPECT_EQ(plan.problems[1].pointer, "/assets/x/alternatives/0");
  EXPECT_EQ(plan.problems[2].pointer, "/assets/y/uri");
  ASSERT_EQ(plan.assets.size(), 1u);  // one place of z is enough
  EXPECT_EQ(plan.assets[0].places.size(), 1u);
}

TEST(FetchPlan, PlaylistsBecomeFiles) {
  const auto plan = planned({{"x", "https://a.org/p.m3u8?q", {}, ""},
                             {"y", "https://a.org/y.mp4", {"https://a.org/p.m3u8"}, ""}});
  ASSERT_EQ(plan.assets.size(), 2u);
  const auto& place = plan.assets[0].places.at(0);
  EXPECT_TRUE(place.hls);
  EXPECT_EQ(place.path.substr(place.path.size() - 4), ".mp4");
  EXPECT_EQ(plan.job.assets[0].uri, place.path);
  EXPECT_EQ(plan.job.assets[0].alternatives, std::vector<std::string>{"https://a.org/p.m3u8?q"});
  EXPECT_FALSE(plan.assets[1].places.at(0).hls);
  EXPECT_TRUE(plan.assets[1].places.at(1).hls);
}

TEST(FetchPlan, APlaylistHasNoHash) {
  const auto plan = planned({{"x", "https://a.org/p.m3u8", {}, "ab"}});
  EXPECT_NE(plan.assets.at(0).problem.find("sha256"), std::string::npos);
  EXPECT_TRUE(plan.assets[0].places.empty());
}

TEST(FetchPlan, AFileMayTurnOutToBeCalledOtherwise) {
  auto plan = planned({{"x", "https://a.org/p.m3u8", {}, ""}});
  rename_file(plan, plan.assets[0].places[0], "media/x.mkv");
  EXPECT_EQ(plan.job.assets[0].uri, "media/x.mkv");
  EXPECT_EQ(plan.job.assets[0].alternatives, std::vector<std::string>{"https://a.org/p.m3u8"});
}

TEST(FetchPlan, FetchesOneUrlOnce) {
  const auto plan = planned({{"x", "https://a.org/1", {}, ""}, {"y", "https://a.org/1", {}, ""}});
  EXPECT_EQ(plan.job.assets[0].uri, plan.job.assets[1].uri);
  EXPECT_EQ(FetchRounds{plan.assets}.next().size(), 1u);
}

TEST(FileName, IsReadableAndHarmless) {
  EXPECT_EQ(name("cam-1", "https://a.org/x/h.mp4").substr(0, 12), "media/cam-1.");
  EXPECT_TRUE(name("cam-1", "https://a.org/x/h.mp4?a=b").ends_with(".mp4"));
  EXPECT_NE(name("s", "https://a.org/1.jpg"), name("s", "https://a.org/2.jpg"));
  EXPECT_NE(name("s", "https://a.org/1.jpg?v=1"), name("s", "https://a.org/1.jpg?v=2"));
  EXPECT_TRUE(name("../../etc", "https://a.org/").starts_with("media/_._.._etc."));
  EXPECT_TRUE(name("Анна\n1", "https://a.org/h.sh%41").starts_with("media/Анна_1."));
  EXPECT_EQ(name("a", "https://a.org/x.%2e").find('%'), std::string::npos);
  EXPECT_LT(name(std::string(300, 'x').c_str(), "https://a.org/h.mp4").size(), 110u);
}

TEST(FetchRounds, TryTheNextPlaceWhereOneFails) {
  const RemoteFile first{"u1", "p1"};
  const RemoteFile second{"u2", "p2"};
  FetchRounds rounds{
      {{"x", "", {first, second}, ""}, {"y", "hash", {second}, ""}, {"z", "", {}, "no"}}};
  ASSERT_EQ(rounds.next().size(), 2u);
  EXPECT_EQ(rounds.next()[1].sha256, "hash");
  rounds.take(second, "");
  rounds.take(first, "404");
  ASSERT_EQ(rounds.next().size(), 1u);
  EXPECT_EQ(rounds.next()[0].place, second);
  rounds.take(second, "");
  EXPECT_TRUE(rounds.next().empty());
  ASSERT_EQ(rounds.missing().size(), 1u);
  EXPECT_EQ(rounds.missing()[0].asset, "z");
  ASSERT_EQ(rounds.replaced().size(), 1u);
  EXPECT_EQ(rounds.replaced()[0].text, "u2 is taken, for 404");
}

TEST(FetchRounds, NameEveryReasonOfWhatCannotBeHad) {
  FetchRounds rounds{{{"x", "", {{"u1", "p1"}, {"u2", "p2"}}, ""}}};
  rounds.take({"u1", "p1"}, "404");
  rounds.take({"u2", "p2"}, "410");
  ASSERT_EQ(rounds.missing().size(), 1u);
  EXPECT_EQ(rounds.missing()[0].text, "404; 410");
}

TEST(FetchRounds, TryTheNextPlaceWhereOneLacksSomething) {
  const RemoteFile first{"u1", "p1"};
  const RemoteFile second{"u2", "p2"};
  FetchRounds rounds{{{"x", "", {first, second}, ""},
                      {"only", "", {first}, ""},
                      {"sure", "hash", {first, second}, ""}}};
  rounds.take(first, "");
  ASSERT_EQ(rounds.doubts().size(), 1u);
  EXPECT_EQ(rounds.doubts()[0].asset, "x");
  rounds.judge("x", "it is silent");
  ASSERT_EQ(rounds.next().size(), 1u);
  EXPECT_EQ(rounds.next()[0].place, second);
  rounds.take(second, "");
  ASSERT_EQ(rounds.doubts().size(), 1u);  // it may be no better
  rounds.judge("x", "");
  EXPECT_TRUE(rounds.doubts().empty());
  EXPECT_TRUE(rounds.next().empty());
  EXPECT_EQ(rounds.taken()[0].place, second);
  EXPECT_EQ(rounds.replaced()[0].text, "u2 is taken, for p1: it is silent");
  EXPECT_TRUE(rounds.missing().empty());
}

TEST(FetchRounds, WhereNoneIsBetterTheFirstStays) {
  const RemoteFile first{"u1", "p1"};
  const RemoteFile second{"u2", "p2"};
  for (const bool had : {true, false}) {
    FetchRounds rounds{{{"x", "", {first, second}, ""}}};
    rounds.take(first, "");
    rounds.judge("x", "it is silent");
    rounds.take(second, had ? "" : "404");
    if (had) rounds.judge("x", "it is silent, too");
    EXPECT_TRUE(rounds.next().empty());
    EXPECT_TRUE(rounds.doubts().empty());
    EXPECT_TRUE(rounds.missing().empty());
    EXPECT_EQ(rounds.taken()[0].place, first);
    EXPECT_TRUE(rounds.replaced()[0].text.starts_with("u1 stays, though: p1: it is silent; "));
  }
}

TEST(FetchPlan, WhatIsTakenIsNamedFirst) {
  Manifest job;
  job.assets = {{"x", "1", {"2", "3"}, "", {}}};
  const auto before = write_manifest(job);
  put_first(job, "x", "3");
  EXPECT_EQ(job.assets[0].uri, "3");
  EXPECT_EQ(job.assets[0].alternatives, (std::vector<std::string>{"1", "2"}));
  EXPECT_TRUE(same_but_for_order(before, write_manifest(job)));
  job.assets[0].uri = "4";
  EXPECT_FALSE(same_but_for_order(before, write_manifest(job)));
  EXPECT_FALSE(same_but_for_order("{", "{"));
}

std::string api(const char* path) {
  const auto record = mtslink_record(*parse_url("https://my.mts-link.ru" + std::string{path}));
  return record ? record->api_target() + " " + record->name() : "";
}

TEST(MtsLinkLink, LeadsToTheApi) {
  constexpr const char* kEvent = "/api/eventsessions/789/record?withoutCuts=false 789";
  EXPECT_EQ(api("/12/34/record-new/789"), kEvent);
  EXPECT_EQ(api("/j/12/34/record-new/789/"), kEvent);
  EXPECT_EQ(api("/12/34/record-new/789?lang=ru#t"), kEvent);
  EXPECT_EQ(api("/12/34/record-new/789/0a1b2c3d4e5f-_"), kEvent);  // shared
  EXPECT_EQ(api("/j/12/34/record-new/789/record-file/55"),
            "/api/event-sessions/789/record-files/55/flow?withoutCuts=false 789-55");
}

TEST(MtsLinkLink, IsNoOtherPath) {
  for (const char* path :
       {"/", "/record-new/789", "/12/record-new/789", "/a/b/c/d/record-new/789",
        "/12/34/record-new/", "/12/34/record-new/x", "/12/34/record-new/7/8",
        "/12/34/record-new/7/0a1b2c3d%2e", "/12/34/record-new/7/record-file/",
        "/12/34/record-new/7/record-file/x", "/12/34/record-new/7/record-file/8/9",
        "/12//record-new/7", "/12/34/record/789", "/12/34/record-new/123456789012345678901"})
    EXPECT_EQ(api(path), "") << path;
}

TEST(MtsLinkApi, SaysWhatIsNeeded) {
  EXPECT_NE(mtslink_refusal(R"({"error":{"code":403,"message":"no"}})")->find("sessionId"),
            std::string::npos);
  EXPECT_NE(mtslink_refusal(R"({"error":{"code":404}})")->find("no such record"),
            std::string::npos);
  EXPECT_EQ(mtslink_refusal(R"({"error":{"code":500,"message":"busy"}})"),
            "the service refuses with code 500: \"busy\"");
  EXPECT_EQ(mtslink_refusal(R"({"error":"x"})"), "the service refuses");
  EXPECT_NE(mtslink_refusal("<html>", 401)->find("sessionId"), std::string::npos);
  EXPECT_EQ(mtslink_refusal("", 410), "the service refuses with code 410");
  EXPECT_FALSE(mtslink_refusal(R"({"eventLogs":[]})"));
  EXPECT_FALSE(mtslink_refusal("<html>"));
  EXPECT_FALSE(mtslink_refusal("[]"));
}

}  // namespace
}  // namespace rostrum
