// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/fetch/hls_plan.h"

#include <cstdio>
#include <nlohmann/json.hpp>
#include <unordered_map>

namespace rostrum::hls {

namespace {

using Json = nlohmann::json;

// FNV-1a (Fowler, Noll, Vo), 64 bits
std::uint64_t hash_of(const std::string& text) {
  std::uint64_t hash = 14695981039346656037u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return hash;
}

class Planner {
 public:
  std::vector<Run> runs_of(const MediaPlaylist& playlist) {
    std::vector<Run> runs;
    Nanoseconds now{0};
    Nanoseconds part_start{0};
    std::optional<std::size_t> part;
    std::optional<std::size_t> map;  // of the last run
    for (const auto& segment : playlist.segments) {
      if (part != segment.part) part_start = now;
      const bool same = !runs.empty() && runs.back().part == segment.part && map == segment.map;
      part = segment.part;
      now += segment.duration;
      if (segment.gap) continue;
      if (!same) {
        runs.push_back({segment.part, part_start, {}});
        map = segment.map;
        if (map) runs.back().pieces.push_back(local(playlist.maps[*map]));
      }
      runs.back().pieces.push_back(local(segment.piece));
    }
    return runs;
  }

  std::vector<Resource> resources;

 private:
  std::string file_of(const Url& url) {
    auto text = url.text();
    const auto [known, added] = files_.try_emplace(std::move(text));
    if (added) {
      char name[20];
      std::snprintf(name, sizeof name, "%016llx",
                    static_cast<unsigned long long>(hash_of(known->first)));
      known->second = name;
      resources.push_back({known->first, name});
    }
    return known->second;
  }

  LocalPiece local(const Piece& piece) {
    LocalPiece result{file_of(piece.url), piece.range, {}, {}};
    if (piece.key) {
      result.key_file = file_of(piece.key->url);
      result.iv = piece.key->iv;
    }
    return result;
  }

  std::unordered_map<std::string, std::string> files_;  // by URL
};

Json json_of(const LocalPiece& piece) {
  Json json{{"file", piece.file}};
  if (piece.range) json["range"] = {piece.range->offset, piece.range->length};
  if (!piece.key_file.empty()) {
    json["key"] = piece.key_file;
    json["iv"] = piece.iv;
  }
  return json;
}

Json json_of(const std::vector<Run>& runs) {
  auto json = Json::array();
  for (const auto& run : runs) {
    auto pieces = Json::array();
    for (const auto& piece : run.pieces) pieces.push_back(json_of(piece));
    json.push_back({{"part", run.part}, {"start", run.start.count()}, {"pieces", pieces}});
  }
  return json;
}

LocalPiece piece_of(const Json& json) {
  LocalPiece piece{json.at("file").get<std::string>(), {}, {}, {}};
  if (const auto range = json.find("range"); range != json.end())
    piece.range = ByteRange{range->at(0).get<std::uint64_t>(), range->at(1).get<std::uint64_t>()};
  if (const auto key = json.find("key"); key != json.end()) {
    piece.key_file = key->get<std::string>();
    piece.iv = json.at("iv").get<std::array<std::uint8_t, 16>>();
  }
  return piece;
}

std::vector<Run> runs_of(const Json& json) {
  std::vector<Run> runs;
  for (const auto& run : json) {
    runs.push_back(
        {run.at("part").get<std::size_t>(), Nanoseconds{run.at("start").get<std::int64_t>()}, {}});
    for (const auto& piece : run.at("pieces")) runs.back().pieces.push_back(piece_of(piece));
  }
  return runs;
}

}  // namespace

FetchedParts plan_parts(const MediaPlaylist& main, const MediaPlaylist* sound) {
  Planner planner;
  FetchedParts parts;
  parts.job.main = planner.runs_of(main);
  if (sound) parts.job.sound = planner.runs_of(*sound);
  parts.resources = std::move(planner.resources);
  return parts;
}

std::string remux_job_json(const RemuxJob& job) {
  return Json{{"main", json_of(job.main)}, {"sound", json_of(job.sound)}}.dump();
}

std::optional<RemuxJob> parse_remux_job(const std::string& text) {
  try {
    const auto json = Json::parse(text);
    return RemuxJob{runs_of(json.at("main")), runs_of(json.at("sound"))};
  } catch (const Json::exception&) {
    return {};
  }
}

}  // namespace rostrum::hls
