// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/probe_report.h"

#include "core/json_reader.h"

#include <limits>
#include <nlohmann/json.hpp>

namespace rostrum {

namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
// Sums and differences of a few of them are still times: 73 years.
constexpr std::int64_t kLongest = kMost / 4;
constexpr std::int64_t kLargestInt = std::numeric_limits<int>::max();
constexpr std::size_t kMostMedia = 1U << 20;
constexpr JsonLimits kLine{
    .bytes = std::size_t{1} << 16, .depth = 4, .values = 100, .key_bytes = 64};
constexpr std::size_t kLongestText = 4096;
constexpr std::size_t kMostSaid = 1000;  // of a text; a byte that is no UTF-8 becomes three
constexpr double kWildestPace = 1000;    // whether it is a clock at all is decided elsewhere

Json video_json(const VideoInfo& video) {
  return {{"width", video.width},
          {"height", video.height},
          {"rate-num", video.rate.num},
          {"rate-den", video.rate.den}};
}

Json audio_json(const AudioInfo& audio) {
  return {{"rate", audio.rate}, {"channels", audio.channels}, {"aac-lc", int{audio.aac_lc}}};
}

Json span_json(const Interval& span) {
  return {{"from", span.from.count()}, {"to", span.to.count()}};
}

// Without the pictures, of which there may be a million: who has the file lists them.
Json coded_json(const CodedVideo& coded) {
  return {{"width", coded.width},
          {"height", coded.height},
          {"unlike", coded.unlike.substr(0, kMostSaid)},
          {"unsaid-colors", int{coded.unsaid_colors}},
          {"first", coded.first.count()}};
}

Json medium_json(const MediaInfo& info) {
  Json j{{"problem", info.problem.substr(0, kMostSaid)},
         {"note", info.note.substr(0, kMostSaid)},
         {"duration", info.duration.count()},
         {"pages", info.pages},
         {"picture", span_json(info.picture)},
         {"sound", span_json(info.sound)},
         {"counted-times", int{info.counted_times}},
         {"steady-picture", int{info.steady_picture}},
         {"pace", info.pace}};
  if (info.video) j["video"] = video_json(*info.video);
  if (info.audio) j["audio"] = audio_json(*info.audio);
  if (info.coded) j["coded"] = coded_json(*info.coded);
  return j;
}

// Of what cannot be used it is why: its times may be beyond all bounds.
MediaInfo what_counts(const MediaInfo& info) {
  if (info.usable()) return info;
  MediaInfo unusable;
  unusable.problem = info.problem;
  return unusable;
}

// Whole numbers of one object; what is missing or out of range is a finding, and the least.
class Numbers {
 public:
  Numbers(const Json& value, Findings& findings) : reader_{value, "", findings} {}

  int count(std::string_view key, std::int64_t least = 0) {
    return static_cast<int>(whole(key, least, kLargestInt));
  }
  bool flag(std::string_view key) { return whole(key, 0, 1) == 1; }
  Nanoseconds time(std::string_view key) { return Nanoseconds{whole(key, -kLongest, kLongest)}; }
  Nanoseconds length(std::string_view key) { return Nanoseconds{whole(key, 0, kLongest)}; }

 private:
  std::int64_t whole(std::string_view key, std::int64_t least, std::int64_t most) {
    return reader_.integer(key, least, most, Need::required).value_or(least);
  }

  ObjectReader reader_;
};

VideoInfo read_video(const Json& value, Findings& findings) {
  Numbers numbers{value, findings};
  VideoInfo video;
  video.width = numbers.count("width", 1);
  video.height = numbers.count("height", 1);
  video.rate = {numbers.count("rate-num"), numbers.count("rate-den", 1)};
  return video;
}

AudioInfo read_audio(const Json& value, Findings& findings) {
  Numbers numbers{value, findings};
  return {numbers.count("rate"), numbers.count("channels"), numbers.flag("aac-lc")};
}

CodedVideo read_coded(const Json& value, Findings& findings) {
  ObjectReader reader{value, "", findings};
  Numbers numbers{value, findings};
  CodedVideo coded;
  coded.width = numbers.count("width", 1);
  coded.height = numbers.count("height", 1);
  coded.unlike = reader.text("unlike", kLongestText, Need::required, true).value_or("");
  coded.unsaid_colors = numbers.flag("unsaid-colors");
  coded.first = numbers.time("first");
  return coded;
}

Interval read_span(const Json* value, Findings& findings) {
  if (!value) return {};
  Numbers numbers{*value, findings};
  return {numbers.time("from"), numbers.time("to")};
}

MediaInfo read_medium(const Json& value, Findings& findings) {
  ObjectReader reader{value, "", findings};
  Numbers numbers{value, findings};
  const auto text = [&](std::string_view key) {
    return reader.text(key, kLongestText, Need::required, true).value_or("");
  };
  MediaInfo info;
  info.problem = text("problem");
  info.note = text("note");
  info.duration = numbers.length("duration");
  info.pages = numbers.count("pages");
  info.picture = read_span(reader.object("picture", Need::required), findings);
  info.sound = read_span(reader.object("sound", Need::required), findings);
  info.counted_times = numbers.flag("counted-times");
  info.steady_picture = numbers.flag("steady-picture");
  info.pace = reader.number("pace", 1 / kWildestPace, kWildestPace, Need::required).value_or(1);
  if (const auto* video = reader.find("video")) info.video = read_video(*video, findings);
  if (const auto* audio = reader.find("audio")) info.audio = read_audio(*audio, findings);
  if (const auto* coded = reader.find("coded")) info.coded = read_coded(*coded, findings);
  return info;
}

std::optional<std::size_t> read_number(ObjectReader& reader, std::string_view key) {
  const auto number = reader.integer(key, 0, kMostMedia, Need::required);
  return number ? std::optional{static_cast<std::size_t>(*number)} : std::nullopt;
}

}  // namespace

std::string probe_job_json(const ProbeJob& job) {
  return Json{{"media", job.media}, {"time", job.time.count()}}.dump();
}

std::optional<ProbeJob> parse_probe_job(std::string_view json) {
  Findings findings;
  const auto value = read_json(json, findings, kLine);
  if (!value) return {};
  ObjectReader reader{*value, "", findings};
  const auto media = read_number(reader, "media");
  const auto time = reader.integer("time", 0, kLongest, Need::required);
  if (!findings.empty()) return {};
  return ProbeJob{*media, Nanoseconds{*time}};
}

std::string probe_report_json(const ProbeReport& report) {
  Json line{{"medium", report.medium}};
  if (report.found) line["found"] = medium_json(what_counts(*report.found));
  return line.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<ProbeReport> parse_probe_report(std::string_view line) {
  Findings findings;
  const auto value = read_json(line, findings, kLine);
  if (!value) return {};
  ObjectReader reader{*value, "", findings};
  ProbeReport report;
  report.medium = read_number(reader, "medium").value_or(0);
  if (const auto* found = reader.find("found")) report.found = read_medium(*found, findings);
  if (!findings.empty()) return {};
  return report;
}

}  // namespace rostrum
