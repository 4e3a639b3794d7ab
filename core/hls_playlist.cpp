// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/hls_playlist.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>

namespace rostrum {

namespace {

// Sound and picture of a segment may begin that far apart, and still its timestamps go on.
constexpr Nanoseconds kSameOrigin = 100ms;

// Byte ranges need version 4, an initialization section 6, and a duration with decimals 3.
int version_of(const std::vector<HlsSegment>& segments) {
  const bool fragmented = std::any_of(segments.begin(), segments.end(),
                                      [](const HlsSegment& s) { return s.init_bytes > 0; });
  return fragmented ? 6 : 3;
}

// No segment, rounded to the nearest second, may be longer.
std::int64_t target_seconds(const std::vector<HlsSegment>& segments, Nanoseconds longest) {
  std::int64_t seconds = std::max<std::int64_t>((longest + 1s - 1ns) / 1s, 1);
  for (const auto& s : segments)
    seconds = std::max<std::int64_t>(seconds, (s.duration + 500ms) / 1s);
  return seconds;
}

std::string in_seconds(Nanoseconds t) {
  char text[40];
  std::snprintf(text, sizeof text, "%lld.%09lld", static_cast<long long>(t / 1s),
                static_cast<long long>(t % 1s / 1ns));
  return text;
}

void append_segment(std::string& text, const HlsSegment& s) {
  if (s.init_bytes > 0) {
    const auto init = std::to_string(s.init_bytes);
    text += "#EXT-X-MAP:URI=\"" + s.uri + "\",BYTERANGE=\"" + init + "@0\"\n";
    text += "#EXT-X-BYTERANGE:" + std::to_string(s.media_bytes) + '@' + init + '\n';
  }
  text += "#EXTINF:" + in_seconds(s.duration) + ",\n" + s.uri + '\n';
}

bool stands_for_itself(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~' || c == '/';
}

}  // namespace

std::string format_playlist(const std::vector<HlsSegment>& segments, Nanoseconds longest,
                            bool ended) {
  std::string text =
      "#EXTM3U\n#EXT-X-VERSION:" + std::to_string(version_of(segments)) +
      "\n#EXT-X-TARGETDURATION:" + std::to_string(target_seconds(segments, longest)) +
      "\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:EVENT\n";
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (i > 0 && std::chrono::abs(segments[i].origin - segments[i - 1].origin) > kSameOrigin)
      text += "#EXT-X-DISCONTINUITY\n";
    append_segment(text, segments[i]);
  }
  if (ended) text += "#EXT-X-ENDLIST\n";
  return text;
}

std::string segment_uri(const std::string& file, const std::string& folder) {
  const auto path = std::filesystem::path{file}.lexically_relative(folder).string();
  std::string uri;
  for (const char c : path) {
    char escape[4];
    std::snprintf(escape, sizeof escape, "%%%02X", static_cast<unsigned char>(c));
    uri += stands_for_itself(static_cast<unsigned char>(c)) ? std::string{c} : escape;
  }
  return uri;
}

}  // namespace rostrum
