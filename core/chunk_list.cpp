// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/chunk_list.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace rostrum {

namespace {

using Json = nlohmann::ordered_json;

}  // namespace

std::string chunk_list_json(const ChunkList& list) {
  Json chunks = Json::array();
  for (const auto& chunk : list.chunks)
    chunks.push_back(
        {{"first", chunk.frames.first}, {"end", chunk.frames.end}, {"key", chunk.key}});
  Json units = Json::array();
  for (const auto& unit : list.sound.units)
    units.push_back({{"key", unit.key}, {"skip", unit.skip}, {"keep", unit.keep}});
  return Json{{"job", list.job},
              {"rate", {list.rate.num, list.rate.den}},
              {"chunks", std::move(chunks)},
              {"sound",
               {{"packet", list.sound.packet},
                {"priming", list.sound.priming},
                {"units", std::move(units)}}}}
             .dump() +
         "\n";
}

ChunkList parse_chunk_list(std::string_view json) try {
  const auto j = Json::parse(json);
  ChunkList list{j.at("job").get<std::string>(), {}};
  for (const auto& chunk : j.at("chunks"))
    list.chunks.push_back(
        {{chunk.at("first").get<std::int64_t>(), chunk.at("end").get<std::int64_t>()},
         chunk.at("key").get<std::string>()});
  list.rate = {j.at("rate").at(0).get<std::int64_t>(), j.at("rate").at(1).get<std::int64_t>()};
  const auto& sound = j.at("sound");
  list.sound = {
      sound.at("packet").get<std::int64_t>(), sound.at("priming").get<std::int64_t>(), {}};
  for (const auto& unit : sound.at("units"))
    list.sound.units.push_back({unit.at("key").get<std::string>(),
                                unit.at("skip").get<std::int64_t>(),
                                unit.at("keep").get<std::int64_t>()});
  const bool sane = list.rate.num > 0 && list.rate.den > 0 && list.sound.packet > 0;
  return sane ? list : ChunkList{};
} catch (const Json::exception&) {
  return {};
}

const char* name_of(ChunkState state) {
  switch (state) {
  case ChunkState::working:
    return "working";
  case ChunkState::done:
    return "done";
  case ChunkState::waiting:
    break;
  }
  return "waiting";
}

std::vector<ChunkState> chunk_states(const std::vector<FrameRange>& chunks, const ChunkList& list,
                                     const std::set<std::string>& done,
                                     const std::set<std::string>& working) {
  std::vector<ChunkState> states;
  for (const auto& frames : chunks) {
    const auto middle = frames.first + frames.count() / 2;
    const auto listed =
        std::find_if(list.chunks.begin(), list.chunks.end(),
                     [&](const ListedChunk& chunk) { return chunk.frames.contains(middle); });
    auto state = ChunkState::waiting;
    if (listed != list.chunks.end() && working.contains(listed->key)) state = ChunkState::working;
    if (listed != list.chunks.end() && done.contains(listed->key)) state = ChunkState::done;
    states.push_back(state);
  }
  return states;
}

}  // namespace rostrum
