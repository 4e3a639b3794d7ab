// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/probe_report.h"

#include <gtest/gtest.h>

#include <string>

using namespace rostrum;

namespace {

MediaInfo film() {
  MediaInfo info;
  info.video = VideoInfo{1280, 720, {30000, 1001}};
  info.audio = AudioInfo{48000, 2, true};
  info.coded = CodedVideo{.width = 640, .height = 360, .unlike = "", .first = 40ms, .pictures = {}};
  info.duration = 5400s + 1ns;
  info.note = "its picture is HDR";
  info.picture = {-3ms, 5400s};
  info.sound = {20ms, 5399s};
  info.counted_times = true;
  info.steady_picture = true;
  info.pace = 1.00031415926535897;
  return info;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  EXPECT_NE(at, text.npos) << what;
  return text.replace(at, what.size(), by);
}

}  // namespace

TEST(ProbeReport, SaysAllThatWasFound) {
  MediaInfo deck;
  deck.video = VideoInfo{1654, 2339};
  deck.pages = 12;
  MediaInfo damaged;
  damaged.problem = "it is damaged: \"quoted\"\nand \t more";
  for (const auto& info : {film(), deck, damaged, MediaInfo{}}) {
    const ProbeReport report{7, info};
    const auto line = probe_report_json(report);
    EXPECT_EQ(line.find('\n'), line.npos);
    EXPECT_EQ(parse_probe_report(line), report) << line;
  }
}

TEST(ProbeReport, AMediumThatIsBegunHasNothingFound) {
  const ProbeReport begun{3, {}};
  EXPECT_EQ(parse_probe_report(probe_report_json(begun)), begun);
}

TEST(ProbeReport, TextThatIsNoUtf8OrLongStillArrives) {
  MediaInfo damaged;
  damaged.problem = "caf\xe9";
  auto report = parse_probe_report(probe_report_json({0, damaged}));
  ASSERT_TRUE(report && report->found);
  EXPECT_EQ(report->found->problem, "caf\uFFFD");
  MediaInfo wordy;
  wordy.note = std::string(100'000, '\xff');
  report = parse_probe_report(probe_report_json({0, wordy}));
  ASSERT_TRUE(report && report->found);
  EXPECT_FALSE(report->found->note.empty());
}

TEST(ProbeReport, OfWhatCannotBeUsedItIsWhy) {
  auto info = film();
  info.duration = Nanoseconds::max();
  info.problem = "its times make no sense";
  const auto report = parse_probe_report(probe_report_json({0, info}));
  ASSERT_TRUE(report && report->found);
  EXPECT_EQ(report->found->problem, info.problem);
  EXPECT_EQ(report->found->duration, 0s);
}

TEST(ProbeReport, NonsenseOfAWorkerIsNoReport) {
  const auto line = probe_report_json({7, film()});
  const std::pair<const char*, const char*> wrong[] = {
      {"\"medium\":7", "\"medium\":-1"},
      {"\"medium\":7", "\"medium\":\"7\""},
      {"\"medium\":7", "\"medium\":99999999999"},
      {"\"width\":1280", "\"width\":0"},
      {"\"width\":1280", "\"width\":4294968576"},
      {"\"width\":1280", "\"width\":12.5"},
      {"\"rate-den\":1001", "\"rate-den\":0"},
      {"\"rate-num\":30000", "\"rate-num\":-30000"},
      {"\"channels\":2", "\"channels\":-2"},
      {"\"aac-lc\":1", "\"aac-lc\":2"},
      {"\"duration\":5400000000001", "\"duration\":-1"},
      {"\"duration\":5400000000001", "\"duration\":9000000000000000000"},
      {"\"duration\":5400000000001", "\"duration\":1e30"},
      {"\"duration\":5400000000001", "\"duration\":null"},
      {"\"from\":-3000000", "\"from\":-9000000000000000000"},
      {"\"pages\":0", "\"pages\":-1"},
      {"\"pace\":1.000", "\"pace\":-1.000"},
      {"\"pace\":1.000", "\"pace\":0.000"},
      {"\"pace\":", "\"pace\":1e999,\"x\":"},
      {"\"problem\":\"\"", "\"problem\":0"},
      {"\"problem\":\"\"", "\"problem\":\"\\u0000\""},
      {"\"problem\":\"\",", ""},
      {"\"found\":{", "\"found\":[],\"x\":{"},
      {"\"picture\":{", "\"picture\":7,\"x\":{"},
  };
  for (const auto& [what, by] : wrong)
    EXPECT_FALSE(parse_probe_report(replaced(line, what, by))) << by;
  for (const auto& text :
       {std::string{}, std::string{"no JSON"}, std::string{"[]"}, std::string{"7"},
        line.substr(0, line.size() - 1), std::string(100'000, '['),
        "{\"medium\":7,\"found\":" + std::string(50, '[') + "}"})
    EXPECT_FALSE(parse_probe_report(text)) << text.substr(0, 80);
  EXPECT_FALSE(parse_probe_report(line + std::string(1 << 20, ' '))) << "too long";
}

TEST(ProbeJob, IsReadAsItWasWritten) {
  const ProbeJob job{256, 10s};
  EXPECT_EQ(parse_probe_job(probe_job_json(job)), job);
  for (const char* wrong : {"", "{}", "{\"media\":1}", "{\"media\":-1,\"time\":1}"})
    EXPECT_FALSE(parse_probe_job(wrong)) << wrong;
}
