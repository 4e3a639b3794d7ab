// SPDX-License-Identifier: LGPL-2.1-or-later
// The video encoders and, for each, the profiles that it can encode by: as data, from files of
// JSON.
#pragma once

#include "core/result.h"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rostrum {

// Whether a text may be the name of an encoder, a profile, an element or a property: they become
// part of a launch description.
inline constexpr std::size_t kEncoderWordBytes = 64;
bool is_encoder_word(std::string_view text);

// A property of an encoder's element, and the values that it may get, the best first: the first
// that the installed element takes is set.
struct EncoderSetting {
  std::string property;
  std::vector<std::string> values;

  friend bool operator==(const EncoderSetting&, const EncoderSetting&) = default;
};

using EncoderSettings = std::vector<EncoderSetting>;

// How packets of a codec stand in an MP4 file.
struct VideoCodec {
  std::string_view name;
  std::string_view media_type;
  std::string_view parser;  // element
  std::string_view format;  // caps of its output
};

// Nothing for a name that is not known.
const VideoCodec* video_codec(std::string_view name);

struct VideoEncoder {
  std::string name;
  std::string element;
  std::string codec;
  std::string library;  // the beginning of its file's name; "" = none
  std::string device;   // it needs one whose file's name begins so; "" = only a processor
  std::string input;    // format of raw video; "" = I420
  std::map<std::string, std::string> caps;  // of its output, besides the media type
  std::map<std::string, EncoderSettings, std::less<>> profiles;
};

// A device may be absent, busy or broken, and its packets are not trusted.
inline bool needs_device(const VideoEncoder& encoder) { return !encoder.device.empty(); }

// Adds what one file says to the encoders: a new one with a device goes before all that there are,
// another one behind them; of a known one the profiles are added or replaced, and any key that is
// given.  Returns all that is wrong; the encoders are then as they were.
Problems add_encoder(std::string_view json, std::vector<VideoEncoder>& encoders);

// Nothing for a name that is not known.
const VideoEncoder* find_encoder(const std::vector<VideoEncoder>& encoders, std::string_view name);

// All profiles' names, sorted, each once.
std::vector<std::string> profile_names(const std::vector<VideoEncoder>& encoders);

// "x264, openh264"
std::string list_names(const std::vector<std::string>& names);

}  // namespace rostrum
