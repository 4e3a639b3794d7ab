// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/chunk_job.h"

#include "core/slice_json.h"
#include "core/still_frames.h"

#include <nlohmann/json.hpp>

namespace rostrum {

namespace {

using Json = nlohmann::ordered_json;

// Grows whenever the same recipe would give another file.
constexpr int kFormatVersion = 2;

// Paths may hold any bytes but 0, JSON strings only UTF-8: bytes beyond ASCII travel as the code
// points of the same number.
std::string to_utf8(const std::string& bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      text += c;
    } else {
      text += static_cast<char>(0xc0 | byte >> 6);
      text += static_cast<char>(0x80 | (byte & 0x3f));
    }
  }
  return text;
}

std::string from_utf8(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80 || i + 1 == text.size())
      bytes += text[i];
    else
      bytes +=
          static_cast<char>((byte & 0x03) << 6 | (static_cast<unsigned char>(text[++i]) & 0x3f));
  }
  return bytes;
}

Json json_of(const RenditionCoding& r) {
  return {{"size", {r.size.width, r.size.height}}, {"profile", r.profile}};
}

RenditionCoding rendition_of(const Json& j) {
  return {{j.at("size").at(0).get<int>(), j.at("size").at(1).get<int>()},
          j.at("profile").get<std::string>(),
          j.at("coding").get<std::string>()};
}

// Those that are written, with their places.
Json renditions_json(const ChunkJob& job) {
  Json list = Json::array();
  for (std::size_t i = 0; i < job.rendition_outputs.size(); ++i) {
    auto& j = list.emplace_back(json_of(job.coding.renditions[i]));
    j["coding"] = job.coding.renditions[i].description;
    j["output"] = to_utf8(job.rendition_outputs[i]);
  }
  return list;
}

}  // namespace

std::string chunk_recipe(const ChunkJob& job) {
  Json recipe{{"format", kFormatVersion}, {"slice", Json::parse(slice_json(job.slice))}};
  if (!job.slice.frames.empty()) {  // sound is the same with any of them
    recipe["encoder"] = job.coding.encoder;
    recipe["profile"] = job.coding.profile;
    for (const auto& r : job.coding.renditions) recipe["renditions"].push_back(json_of(r));
  }
  if (job.slice.still) {  // which frames it is made of follows from constants
    recipe["held"] = held_frames(job.slice, !job.coding.renditions.empty());
    recipe["key-frames"] = kStillKeyFrames.count();
  }
  if (job.first_block != 0) recipe["first-block"] = job.first_block;
  return recipe.dump();
}

std::string rendition_key(const std::string& chunk, Size rendition) {
  return chunk + "-" + std::to_string(rendition.height);
}

std::string chunk_job_json(const ChunkJob& job) {
  Json paths = Json::object();
  for (const auto& [asset, path] : job.paths) paths[asset] = to_utf8(path);
  return Json{{"slice", Json::parse(slice_json(job.slice))},
              {"paths", std::move(paths)},
              {"encoder", job.coding.encoder},
              {"profile", job.coding.profile},
              {"coding", job.coding.description},
              {"hardware", job.coding.hardware},
              {"fail-on-damage", job.on_damage == OnDamage::fail},
              {"first-block", job.first_block},
              {"raw", job.raw},
              {"output", to_utf8(job.output)},
              {"renditions", renditions_json(job)}}
      .dump();
}

Result<ChunkJob> parse_chunk_job(std::string_view json) try {
  const auto j = Json::parse(json);
  auto slice = parse_slice(j.at("slice").dump());
  if (!slice) return tl::unexpected(slice.error());
  ChunkJob job;
  job.slice = std::move(*slice);
  for (const auto& [asset, path] : j.at("paths").items())
    job.paths.emplace(asset, from_utf8(path.get<std::string>()));
  job.coding = {j.at("encoder").get<std::string>(), j.at("profile").get<std::string>(),
                j.at("coding").get<std::string>(), "", j.at("hardware").get<bool>()};
  job.on_damage = j.at("fail-on-damage").get<bool>() ? OnDamage::fail : OnDamage::substitute;
  job.first_block = j.at("first-block").get<std::int64_t>();
  job.raw = j.at("raw").get<bool>();
  job.output = from_utf8(j.at("output").get<std::string>());
  for (const auto& r : j.at("renditions")) {
    job.coding.renditions.push_back(rendition_of(r));
    job.rendition_outputs.push_back(from_utf8(r.at("output").get<std::string>()));
  }
  return job;
} catch (const nlohmann::json::exception& error) {
  return fail(Kind::internal, std::string{"this is no chunk job: "} + error.what());
}

}  // namespace rostrum
