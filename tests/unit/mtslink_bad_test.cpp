// SPDX-License-Identifier: LGPL-2.1-or-later
// Records that are not as they should be: one warning each and the rest is used, or a problem with
// its pointer.
#include "core/import/mtslink.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rostrum {
namespace {

constexpr auto kGood =
    R"({"module":"mediasession.add","relativeTime":5,)"
    R"("data":{"id":1,"url":"a.mp4","stream":{"id":501,"conference":{"id":9}}}})";

std::string record(const std::string& events, const std::string& duration = "100") {
  return R"({"name":"x","duration":)" + duration + R"(,"eventLogs":[)" + events + "]}";
}

std::vector<std::string> warnings(const std::string& text) {
  const auto imported = import_mtslink(text);
  EXPECT_TRUE(imported) << text;
  if (!imported) return {};
  EXPECT_TRUE(parse_manifest(write_manifest(imported->manifest))) << text;
  return imported->warnings;
}

TEST(BadRecord, IsAProblemWithItsPointer) {
  const struct {
    const char* text;
    std::vector<std::string> pointers;
  } table[] = {
      {"", {""}},
      {"{", {""}},
      {"[]", {""}},
      {"\"eventLogs\"", {""}},
      {R"({"name":"\xff","eventLogs":[]})", {""}},
      {R"({})", {"/duration", "/eventLogs"}},
      {R"({"name":7,"duration":"soon","eventLogs":{}})", {"/name", "/duration", "/eventLogs"}},
      {R"({"duration":0,"eventLogs":[]})", {"/duration"}},
      {R"({"duration":-5,"eventLogs":[]})", {"/duration"}},
      {R"({"duration":1e9,"eventLogs":[]})", {"/duration"}},
      {R"({"duration":true,"eventLogs":[]})", {"/duration"}},
      {R"({"duration":"5 s","eventLogs":[]})", {"/duration"}},
      {R"({"duration":5,"eventLogs":null})", {"/eventLogs"}},
  };
  for (const auto& row : table) {
    const auto imported = import_mtslink(row.text);
    ASSERT_FALSE(imported) << row.text;
    std::vector<std::string> pointers;
    for (const auto& problem : imported.error()) pointers.push_back(problem.pointer);
    EXPECT_EQ(pointers, row.pointers) << row.text;
  }
}

TEST(BadRecord, NestedWithoutEndIsRefused) {
  const std::string deep(100'000, '[');
  EXPECT_FALSE(import_mtslink(deep));
  EXPECT_FALSE(is_mtslink(deep));
  EXPECT_FALSE(import_mtslink(record(R"({"module":"x","data":)" + deep)));
}

TEST(BadRecord, WithMoreThanAMillionEventsIsRefused) {
  std::string events = "0";
  for (int i = 0; i < 1'000'000; ++i) events += ",0";
  const auto imported = import_mtslink(record(events));
  ASSERT_FALSE(imported);
  EXPECT_EQ(imported.error().at(0).pointer, "/eventLogs");
}

TEST(OddRecord, NumbersMayBeText) {
  const auto imported = import_mtslink(
      "\xef\xbb\xbf" + record(R"({"module":"mediasession.add","relativeTime":"5.5",)"
                              R"("data":{"id":"1","url":"a.mp4","stream":{"id":"501"}}},)"
                              R"({"module":"mediasession.update","data":{"id":1,"duration":"9"}})",
                              R"("100")"));
  ASSERT_TRUE(imported);
  EXPECT_TRUE(imported->warnings.empty());
  EXPECT_EQ(imported->manifest.duration, 100s);
  EXPECT_EQ(imported->manifest.tracks.at(0).id, "camera-501");
  EXPECT_EQ(imported->manifest.tracks[0].clips.at(0).start, 5'500ms);
  EXPECT_EQ(imported->manifest.tracks[0].clips[0].duration, 9s);
}

// Each is one warning that names its event; what stands beside it is still imported.
TEST(OddEvent, IsSkippedWithAWarning) {
  const char* table[] = {
      "7",
      "null",
      "[]",
      "{}",
      R"({"module":5})",
      R"({"module":"mediasession.add","relativeTime":true,"data":{}})",
      R"({"module":"mediasession.add","relativeTime":"soon","data":{}})",
      R"({"module":"mediasession.add","relativeTime":1e300,"data":{}})",
      R"({"module":"mediasession.add"})",
      R"({"module":"mediasession.add","data":[]})",
      R"({"module":"mediasession.add","data":{"id":7}})",
      R"({"module":"mediasession.add","data":{"id":7,"url":5}})",
      R"({"module":"mediasession.add","data":{"id":7,"url":""}})",
      R"({"module":"mediasession.add","data":{"id":7,"url":"a\u0000b"}})",
      R"({"module":"mediasession.add","data":{"id":7,"url":"rtmp://x/a.mp4"}})",
      R"({"module":"mediasession.update","data":{"id":1,"duration":-1}})",
      R"({"module":"mediasession.update","data":{"id":1,"duration":0}})",
      R"({"module":"mediasession.update","data":{"id":1,"duration":[]}})",
      R"({"module":"mediasession.update","data":{"id":8,"duration":5}})",
      R"({"module":"mediasession.delete","relativeTime":9,"data":{"id":8}})",
      R"({"module":"mediasession.delete","relativeTime":2,"data":{"id":1}})",
      R"({"module":"conference.add","data":{"hasAudio":true}})",
      R"({"module":"conference.update","data":{"id":9,"hasAudio":"no"}})",
      R"({"module":"conference.update","data":"x"})",
      R"({"module":"presentation.update","data":{}})",
      R"({"module":"presentation.update","data":{"fileReference":{"slide":{"number":1}}}})",
      R"({"module":"participation.rename","data":{"user":{"id":1}}})",
      R"({"module":"userlist.online","data":[{"role":"ADMIN"}]})",
      R"({"module":"userlist.online","data":5})",
      R"({"module":"chat.add","data":{"text":"hello"}})",
      R"({"module":"chat.add","data":{"url":"picture.png"}})",
  };
  for (const char* odd : table) {
    const auto text = record(std::string{kGood} + "," + odd);
    const auto found = warnings(text);
    EXPECT_EQ(found.size(), 1U) << odd;
    const auto imported = import_mtslink(text);
    ASSERT_TRUE(imported) << odd;
    ASSERT_EQ(imported->manifest.tracks.size(), 1U) << odd;
    EXPECT_EQ(imported->manifest.tracks[0].clips.at(0).duration, std::nullopt) << odd;
    if (found.size() == 1) {
      EXPECT_NE(found[0].find("/eventLogs/"), std::string::npos) << found[0];
    }
  }
}

TEST(OddEvent, ThatIsRepeatedIsCounted) {
  std::string events = kGood;
  for (int i = 0; i < 22; ++i) events += R"(,{"module":"mediasession.add","data":{"id":7}})";
  for (int i = 0; i < 40; ++i) events += R"(,{"module":"chat.add","data":{}})";
  const auto found = warnings(record(events));
  ASSERT_EQ(found.size(), 7U);
  EXPECT_EQ(found[0], "/eventLogs/1: mediasession.add without a url; the event is skipped");
  EXPECT_EQ(found[5], "… and 17 more of this kind");
  EXPECT_EQ(found[6], "/eventLogs/23: events \"chat.add\" are not used");
}

TEST(OddEvent, OfManyModulesDoesNotFloodTheUser) {
  std::string events = kGood;
  for (int i = 0; i < 500; ++i)
    events += R"(,{"module":"userlist.)" + std::to_string(i) + R"(","data":5},{"module":"m)" +
              std::to_string(i) + R"(","data":5})";
  EXPECT_EQ(warnings(record(events)).size(), 5U + 1U + 20U + 1U);
}

TEST(OddSession, WithoutAStreamIsATrackOfItsOwn) {
  const auto add = [](const char* id) {
    return std::string{R"({"module":"mediasession.add","data":{"id":)"} + id +
           R"(,"url":"b.mp4"}})";
  };
  const auto imported = import_mtslink(record(add("4") + "," + add("null") + "," + add("null")));
  ASSERT_TRUE(imported);
  ASSERT_EQ(imported->manifest.tracks.size(), 3U);
  EXPECT_EQ(imported->manifest.tracks[0].id, "camera-4");
  EXPECT_EQ(imported->manifest.tracks[1].id, "camera-other");
  EXPECT_EQ(imported->manifest.tracks[2].id, "camera-other-2");
}

TEST(OddSession, AnnouncedTwiceTakesTheUpdatesThatFollow) {
  const std::string again = R"({"module":"mediasession.add","relativeTime":50,)"
                            R"("data":{"id":1,"url":"b.mp4","stream":{"id":501}}})";
  const auto lasts = [](const char* seconds) {
    return std::string{R"({"module":"mediasession.update","data":{"id":1,"duration":)"} + seconds +
           "}}";
  };
  const auto imported =
      import_mtslink(record(kGood + ("," + lasts("10")) + "," + again + "," + lasts("20")));
  ASSERT_TRUE(imported);
  const auto& clips = imported->manifest.tracks.at(0).clips;
  ASSERT_EQ(clips.size(), 2U);
  EXPECT_EQ(clips[0].duration, 10s);
  EXPECT_EQ(clips[1].duration, 20s);
}

TEST(OddIds, AreReadableAndDistinct) {
  const auto add = [](const std::string& stream) {
    return R"({"module":"mediasession.add","data":{"url":")" + stream +
           R"(.mp4","stream":{"id":")" + stream + R"("}}})";
  };
  const auto imported = import_mtslink(record(add("a b") + "," + add("a/b") + "," + add("ж") + "," +
                                              add("a-b-2") + "," + add(std::string(300, 'x'))));
  ASSERT_TRUE(imported);
  std::vector<std::string> ids;
  for (const auto& track : imported->manifest.tracks) ids.push_back(track.id);
  EXPECT_EQ(ids, (std::vector<std::string>{"camera-a-b", "camera-a-b-2", "camera", "camera-a-b-2-2",
                                           "camera-" + std::string(40, 'x')}));
}

}  // namespace
}  // namespace rostrum
