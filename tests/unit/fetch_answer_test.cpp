// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/fetch/answer.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace rostrum {
namespace {

using How = DownloadFailure::How;
constexpr std::uint64_t kLargest = 10'000;

AnswerHead head(int status, std::initializer_list<const char*> lines) {
  AnswerHead result;
  result.status = status;
  for (const char* line : lines) read_header(result, line);
  return result;
}

// "take FROM/TOTAL", or how it is refused
std::string judged(const AnswerHead& answer, const PartHead& part = {}, bool hashed = false) {
  const auto verdict = judge_answer(answer, part, kLargest, hashed);
  if (const auto* body = std::get_if<TakeBody>(&verdict))
    return "take " + std::to_string(body->from) + "/" +
           (body->total ? std::to_string(*body->total) : "*");
  constexpr const char* kNames[] = {"connection", "status", "changed", "final"};
  return kNames[static_cast<int>(std::get<RefuseBody>(verdict).failure.how)];
}

const PartHead kPart{100, 500, "\"v1\"", "Tue, 14 Nov 2023 22:13:20 GMT"};

TEST(Answer, ReadsItsHead) {
  const auto read =
      head(206, {"Content-Length: 400\r\n", "ETAG:\"v1\"", "last-modified: yesterday \r\n",
                 "Content-Range: bytes 100-499/500\r\n", "no header"});
  EXPECT_EQ(read.length, 400u);
  EXPECT_EQ(read.etag, "\"v1\"");
  EXPECT_EQ(read.last_modified, "yesterday");
  EXPECT_EQ(read.range, (ContentRange{100, 499, 500}));
  EXPECT_FALSE(read.framed);
  EXPECT_TRUE(head(200, {"Transfer-Encoding: Chunked"}).framed);
  EXPECT_EQ(head(206, {"Content-Range: bytes 0-9/*"}).range, (ContentRange{0, 9, {}}));
}

TEST(Answer, WithAFalseNumberSaysNothing) {
  for (const char* line :
       {"Content-Range: bytes 9-0/10", "Content-Range: bytes 0-10/10", "Content-Range: bytes */10",
        "Content-Range: 0-9/10", "Content-Range: bytes a-9/10", "Content-Range: bytes 0-9",
        "Content-Range: bytes 0-9/99999999999999999999"})
    EXPECT_EQ(head(206, {line}).range, std::nullopt) << line;
  EXPECT_EQ(head(200, {"Content-Length: -1"}).length, std::nullopt);
  EXPECT_EQ(head(200, {"Content-Length: 1 1"}).length, std::nullopt);
  const std::string longest = "ETag: \"" + std::string(2000, 'x') + "\"";
  EXPECT_EQ(head(200, {longest.c_str()}).etag, "");
}

TEST(Answer, BringsTheWholeFile) {
  EXPECT_EQ(judged(head(200, {"Content-Length: 500"})), "take 0/500");
  EXPECT_EQ(judged(head(200, {"Content-Length: 500"}), kPart), "take 0/500");
  EXPECT_EQ(judged(head(200, {"Transfer-Encoding: chunked"})), "take 0/*");
}

TEST(Answer, BringsTheRestOnlyOfTheSameFile) {
  const char* rest = "Content-Range: bytes 100-499/500";
  EXPECT_EQ(judged(head(206, {rest, "Content-Length: 400", "ETag: \"v1\""}), kPart),
            "take 100/500");
  EXPECT_EQ(judged(head(206, {rest, "Content-Length: 400"}), kPart), "take 100/500");
  EXPECT_EQ(judged(head(206, {rest, "Content-Length: 400", "ETag: \"v2\""}), kPart), "changed");
  EXPECT_EQ(judged(head(206, {"Content-Range: bytes 50-499/500", "Content-Length: 450"}), kPart),
            "changed");
  EXPECT_EQ(judged(head(206, {"Content-Range: bytes 100-599/600", "Content-Length: 500"}), kPart),
            "changed");
  EXPECT_EQ(judged(head(206, {"Content-Length: 400"}), kPart), "changed");
  EXPECT_EQ(judged(head(206, {rest, "Content-Length: 400"})), "status");  // nobody asked for it
  EXPECT_EQ(judged(head(416, {}), kPart), "changed");
  EXPECT_EQ(judged(head(416, {})), "status");
}

TEST(Answer, OfAnotherKindIsNoFile) {
  for (const int status : {204, 304, 403, 404, 429, 500})
    EXPECT_EQ(judged(head(status, {})), "status");
}

TEST(Answer, IsRefusedWhenItIsTooLargeOrNobodyCouldTellItsEnd) {
  EXPECT_EQ(judged(head(200, {"Content-Length: 10001"})), "final");
  EXPECT_EQ(judged(head(200, {})), "final");
  EXPECT_EQ(judged(head(200, {}), {}, true), "take 0/*");
}

TEST(PartHead, IsResumedByAStrongValidatorOnly) {
  EXPECT_EQ(kPart.validator(), "\"v1\"");
  EXPECT_EQ((PartHead{1, {}, "W/\"v1\"", "date"}).validator(), "date");
  EXPECT_EQ((PartHead{1, {}, "W/\"v1\"", ""}).validator(), "");
}

}  // namespace
}  // namespace rostrum
