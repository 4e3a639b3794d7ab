// SPDX-License-Identifier: LGPL-2.1-or-later
// The parts of a manifest that refer to one another: people, assets, tracks and their clips.
#pragma once

#include "core/json_reader.h"
#include "core/manifest.h"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

namespace rostrum {

inline constexpr std::size_t kMostClips = 100'000;  // of all tracks together
inline constexpr int kMostPages = 100'000;
inline constexpr std::size_t kMostFallbacks = 100;  // of one clip or track
inline constexpr std::size_t kIdBytes = 256;
inline constexpr std::size_t kTitleBytes = 4096;  // of titles and names
inline constexpr std::size_t kPathBytes = 4096;
inline constexpr std::size_t kUriBytes = 8192;

// 64 hexadecimal digits, in lower case; nothing for any other text.
std::optional<std::string> read_sha256(std::string_view text);

// "high-pass", "gate" and "noise-suppression".
NoiseOptions read_noise(ObjectReader& reader);

// Reads them into `manifest`; people and assets before tracks, which refer to them.
class TracksReader {
 public:
  TracksReader(Manifest& manifest, Findings& findings) : manifest_{manifest}, findings_{findings} {}

  void people(const Json& list, const std::string& pointer);
  void assets(const Json& object, const std::string& pointer);
  void tracks(const Json& list, const std::string& pointer);

 private:
  struct PlacedClip {
    Clip clip;
    std::size_t index;  // in the document
    bool timed;         // its times are readable, so that it can be compared with its neighbours
  };

  void person(const Json& value, std::string pointer);
  void asset(const std::string& id, const Json& value, std::string pointer);
  Track track(const Json& value, std::string pointer);
  static void noise(ObjectReader& reader, Track& track);
  static void live(ObjectReader& reader, Track& track);
  PlacedClip clip(const Json& value, std::size_t index, std::string pointer, TrackKind kind);
  void slide(ObjectReader& reader, Clip& clip, TrackKind kind);
  std::vector<std::string> fallback(ObjectReader& reader);
  void loop(ObjectReader& reader, Clip& clip, TrackKind kind);
  std::vector<Interval> intervals(ObjectReader& reader, std::string_view key);
  std::vector<Clip> in_order(std::vector<PlacedClip> placed, const std::string& pointer);
  void reference(const std::string& pointer, std::string_view what, const std::string& id,
                 const std::unordered_set<std::string>& ids);
  void uri(const std::string& text, const std::string& pointer);

  Manifest& manifest_;
  Findings& findings_;
  std::unordered_set<std::string> people_ids_;
  std::unordered_set<std::string> asset_ids_;
  std::unordered_set<std::string> track_ids_;
};

}  // namespace rostrum
