// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/streaming.h"

#include "core/file_ending.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace rostrum {

namespace {

constexpr char kSoundGroup[] = "sound";

std::string decimal(double value, int digits) {
  char text[40];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

std::string quoted(const std::string& text) { return '"' + text + '"'; }

// Bits a second: of the densest segment, and of all.
struct BitRates {
  double peak = 0;
  double mean = 0;
};

BitRates bit_rates(const StreamFile& file) {
  BitRates rates;
  double bytes = 0;
  double seconds = 0;
  for (const auto& segment : file.segments) {
    const auto length = to_seconds(segment.duration);
    if (length <= 0) continue;
    rates.peak = std::max(rates.peak, 8 * static_cast<double>(segment.bytes) / length);
    bytes += static_cast<double>(segment.bytes);
    seconds += length;
  }
  rates.mean = seconds > 0 ? 8 * bytes / seconds : 0;
  return rates;
}

std::string byte_range(std::uint64_t bytes, std::uint64_t offset) {
  return std::to_string(bytes) + "@" + std::to_string(offset);
}

std::string bits(double rate) { return decimal(std::ceil(rate), 0); }

// A representation of an on-demand stream (ISO/IEC 23009-1, 5.3.5 and 5.3.9.2).
std::string representation(const StreamFile& file, const std::string& id,
                           const std::string& attributes, const std::string& inside) {
  return "    <Representation id=" + quoted(id) + " codecs=" + quoted(file.codecs) +
         " bandwidth=" + quoted(bits(bit_rates(file).peak)) + attributes + ">\n" + inside +
         "     <BaseURL>" + file.uri + "</BaseURL>\n" + "     <SegmentBase indexRange=" +
         quoted(std::to_string(file.head) + "-" + std::to_string(file.head + file.index - 1)) +
         ">\n      <Initialization range=" + quoted("0-" + std::to_string(file.head - 1)) +
         "/>\n     </SegmentBase>\n    </Representation>\n";
}

std::string adaptation_set(const char* kind, const std::string& representations) {
  return std::string{"   <AdaptationSet contentType="} + quoted(kind) +
         " mimeType=" + quoted(std::string{kind} + "/mp4") +
         " segmentAlignment=\"true\" subsegmentAlignment=\"true\" "
         "subsegmentStartsWithSAP=\"1\">\n" +
         representations + "   </AdaptationSet>\n";
}

std::string picture_representation(const StreamedFilm& film, std::size_t n) {
  const auto& [file, size] = film.pictures[n];
  return representation(
      file, n == 0 ? "picture" : "picture-" + std::to_string(size.height),
      " width=" + quoted(std::to_string(size.width)) +
          " height=" + quoted(std::to_string(size.height)) + " frameRate=" +
          quoted(std::to_string(film.rate.num) + "/" + std::to_string(film.rate.den)),
      "");
}

// What a player chooses among (RFC 8216, 4.3.4.2): a picture, the sound, or both.
std::string variant(const StreamedFilm& film, const StreamPicture* picture) {
  const auto seen = picture ? bit_rates(picture->file) : BitRates{};
  const auto heard = film.sound ? bit_rates(*film.sound) : BitRates{};
  std::string codecs = picture ? picture->file.codecs : "";
  if (film.sound) codecs += (codecs.empty() ? "" : ",") + film.sound->codecs;
  auto text = "#EXT-X-STREAM-INF:BANDWIDTH=" + bits(seen.peak + heard.peak) +
              ",AVERAGE-BANDWIDTH=" + bits(seen.mean + heard.mean) + ",CODECS=" + quoted(codecs);
  if (picture)
    text += ",RESOLUTION=" + std::to_string(picture->size.width) + "x" +
            std::to_string(picture->size.height) +
            ",FRAME-RATE=" + decimal(static_cast<double>(film.rate.num) / film.rate.den, 3);
  if (picture && film.sound) text += std::string{",AUDIO="} + quoted(kSoundGroup);
  return text + "\n" + (picture ? picture->file : *film.sound).playlist + "\n";
}

}  // namespace

std::optional<StreamKind> stream_kind(std::string_view path) {
  if (has_ending(path, ".m3u8")) return StreamKind::hls;
  if (has_ending(path, ".mpd")) return StreamKind::dash;
  return {};
}

std::string hls_segments(const StreamFile& file) {
  Nanoseconds longest{0};
  for (const auto& segment : file.segments) longest = std::max(longest, segment.duration);
  std::string text = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:" +
                     decimal(std::ceil(to_seconds(longest)), 0) +
                     "\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MAP:URI=" +
                     quoted(file.uri) + ",BYTERANGE=" + quoted(byte_range(file.head, 0)) + "\n";
  auto offset = file.head + file.index;
  for (const auto& segment : file.segments) {
    text += "#EXTINF:" + decimal(to_seconds(segment.duration), 6) +
            ",\n#EXT-X-BYTERANGE:" + byte_range(segment.bytes, offset) + "\n" + file.uri + "\n";
    offset += segment.bytes;
  }
  return text + "#EXT-X-ENDLIST\n";
}

std::string hls_playlist(const StreamedFilm& film) {
  std::string text = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n";
  if (film.sound && !film.pictures.empty())
    text += std::string{"#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="} + quoted(kSoundGroup) +
            ",NAME=\"Sound\",DEFAULT=YES,AUTOSELECT=YES,CHANNELS=" +
            quoted(std::to_string(film.channels)) + ",URI=" + quoted(film.sound->playlist) + "\n";
  for (const auto& picture : film.pictures) text += variant(film, &picture);
  return film.pictures.empty() ? text + variant(film, nullptr) : text;
}

std::string dash_manifest(const StreamedFilm& film) {
  const auto length = "PT" + decimal(to_seconds(film.duration), 3) + "S";
  std::string text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\" "
      "profiles=\"urn:mpeg:dash:profile:isoff-on-demand:2011\"\n"
      " minBufferTime=\"PT2S\" mediaPresentationDuration=" +
      quoted(length) + ">\n  <Period>\n";
  std::string pictures;
  for (std::size_t n = 0; n < film.pictures.size(); ++n)
    pictures += picture_representation(film, n);
  if (!pictures.empty()) text += adaptation_set("video", pictures);
  if (film.sound)
    text += adaptation_set(
        "audio",
        representation(*film.sound, "sound",
                       " audioSamplingRate=" + quoted(std::to_string(film.sound_rate)),
                       "     <AudioChannelConfiguration "
                       "schemeIdUri=\"urn:mpeg:dash:23003:3:audio_channel_configuration:2011\" "
                       "value=" +
                           quoted(std::to_string(film.channels)) + "/>\n"));
  return text + "  </Period>\n</MPD>\n";
}

}  // namespace rostrum
