// SPDX-License-Identifier: LGPL-2.1-or-later
// What a worker is told to do, as text.
#pragma once

#include "core/manifest.h"
#include "core/slice.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rostrum {

using AssetPaths = std::map<std::string, std::string, std::less<>>;  // asset id -> local file

// How a smaller picture of a chunk is encoded, by the encoder of the chunk itself.
struct RenditionCoding {
  Size size;
  std::string profile;
  std::string description;  // as PictureCoding has it
};

// How a picture is encoded.
struct PictureCoding {
  std::string encoder;      // its name
  std::string profile;      // likewise
  std::string description;  // a launch description: frames of I420 in, packets out
  std::string builds;       // what of the machine decides its bytes; only for the chunk's key
  bool hardware = false;    // its packets are not trusted
  std::vector<RenditionCoding> renditions = {};
};

// Renders one slice into one file: its picture, its sound, or both.
struct ChunkJob {
  Slice slice;
  AssetPaths paths;
  PictureCoding coding = {};  // of a picture that is not raw
  OnDamage on_damage = OnDamage::substitute;
  std::int64_t first_block = 0;  // of sound in FLAC: its number in the whole
  bool raw = false;              // the picture as it is composed: frames of I420, and nothing else
  std::string output;            // "" = decode and compose only, to see whether that can be done
  // Where the renditions of `coding` are written, in its order; empty = none is.
  std::vector<std::string> rendition_outputs = {};
};

std::string chunk_job_json(const ChunkJob& job);
Result<ChunkJob> parse_chunk_job(std::string_view json);

// By what key the rendition's file of the chunk with this key goes in the work directory.
std::string rendition_key(const std::string& chunk, Size rendition);

// All that decides what the chunk looks and sounds like, but the inputs' content: the canonical
// text whose hash, with the inputs' fingerprints, is the chunk's key.
std::string chunk_recipe(const ChunkJob& job);

}  // namespace rostrum
