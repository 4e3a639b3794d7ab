// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/encoder_profiles.h"

#include "core/json_reader.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

namespace rostrum {

namespace {

constexpr std::size_t kValueBytes = 1024;

// ISO/IEC 14496-15 for H.264 and H.265; the bindings of AV1 and VP9 are their makers' own.
constexpr std::array kCodecs = std::to_array<VideoCodec>({
    {"h264", "video/x-h264", "h264parse", "stream-format=avc,alignment=au"},
    {"h265", "video/x-h265", "h265parse", "stream-format=hvc1,alignment=au"},
    {"av1", "video/x-av1", "av1parse", "stream-format=obu-stream,alignment=tu"},
    {"vp9", "video/x-vp9", "vp9parse", "alignment=super-frame"},
});

std::optional<std::string> word(ObjectReader& reader, std::string_view key, Need need) {
  auto text = reader.text(key, kEncoderWordBytes, need);
  if (text && !is_encoder_word(*text)) reader.problem(key, in_quotes(*text) + " is no name");
  return text;
}

std::optional<std::string> scalar(const Json& value) {
  if (value.is_string() && value.get_ref<const std::string&>().size() <= kValueBytes)
    return value.get<std::string>();
  if (value.is_number() || value.is_boolean()) return value.dump();
  return {};
}

EncoderSettings read_settings(const Json& profile, const std::string& pointer, Findings& findings) {
  EncoderSettings settings;
  for (const auto& [property, value] : profile.items()) {
    EncoderSetting setting{property, {}};
    const auto add = [&](const Json& one) {
      if (auto text = scalar(one)) setting.values.push_back(std::move(*text));
    };
    if (value.is_array())
      std::for_each(value.begin(), value.end(), add);
    else
      add(value);
    const auto wanted = value.is_array() ? value.size() : 1;
    if (!is_encoder_word(property))
      findings.add(pointer_to(pointer, property), in_quotes(property) + " is no property's name");
    else if (setting.values.empty() || setting.values.size() != wanted)
      findings.add(pointer_to(pointer, property),
                   "must be a text, a number, true or false, or a list of them");
    settings.push_back(std::move(setting));
  }
  return settings;
}

void read_profiles(ObjectReader& reader, VideoEncoder& encoder) {
  const auto* profiles = reader.object("profiles", Need::required);
  if (!profiles) return;
  if (profiles->empty()) reader.problem("profiles", "must hold one profile");
  for (const auto& [name, settings] : profiles->items()) {
    const auto pointer = pointer_to(reader.at("profiles"), name);
    if (!is_encoder_word(name))
      reader.findings().add(pointer, in_quotes(name) + " is no name");
    else if (!settings.is_object())
      reader.findings().add(pointer, "must be an object of properties");
    else
      encoder.profiles.insert_or_assign(name, read_settings(settings, pointer, reader.findings()));
  }
}

void read_caps(ObjectReader& reader, VideoEncoder& encoder) {
  const auto* caps = reader.object("caps");
  if (!caps) return;
  encoder.caps.clear();
  for (const auto& [field, value] : caps->items()) {
    if (!is_encoder_word(field) || !value.is_string() ||
        !is_encoder_word(value.get_ref<const std::string&>()))
      reader.findings().add(pointer_to(reader.at("caps"), field), "must be one word");
    else
      encoder.caps.emplace(field, value.get<std::string>());
  }
}

void read_codec(ObjectReader& reader, VideoEncoder& encoder, Need need) {
  if (auto codec = word(reader, "codec", need)) {
    if (!video_codec(*codec))
      reader.problem("codec", in_quotes(*codec) + " is no codec; there are h264, h265, av1, vp9");
    encoder.codec = std::move(*codec);
  }
}

// "/dev/dri/renderD" for /dev/dri/renderD128 and all like it.
void read_device(ObjectReader& reader, VideoEncoder& encoder) {
  auto device = reader.text("device", kEncoderWordBytes);
  if (!device) return;
  if (!device->starts_with("/dev/")) reader.problem("device", "must begin with /dev/");
  encoder.device = std::move(*device);
}

void read_encoder(ObjectReader& reader, VideoEncoder& encoder, Need need) {
  if (auto element = word(reader, "element", need)) encoder.element = std::move(*element);
  read_codec(reader, encoder, need);
  if (auto library = word(reader, "library", Need::optional)) encoder.library = std::move(*library);
  read_device(reader, encoder);
  if (auto input = word(reader, "input", Need::optional)) encoder.input = std::move(*input);
  read_caps(reader, encoder);
  read_profiles(reader, encoder);
  reader.finish();
}

std::vector<VideoEncoder>::iterator place_of(std::vector<VideoEncoder>& encoders,
                                             const VideoEncoder& encoder) {
  const auto known = std::find_if(encoders.begin(), encoders.end(),
                                  [&](const auto& e) { return e.name == encoder.name; });
  if (known != encoders.end()) return known;
  return encoders.insert(needs_device(encoder) ? encoders.begin() : encoders.end(), VideoEncoder{});
}

}  // namespace

bool is_encoder_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

const VideoCodec* video_codec(std::string_view name) {
  const auto found = std::find_if(kCodecs.begin(), kCodecs.end(),
                                  [&](const VideoCodec& codec) { return codec.name == name; });
  return found == kCodecs.end() ? nullptr : found;
}

Problems add_encoder(std::string_view json, std::vector<VideoEncoder>& encoders) {
  Findings findings;
  const auto document = read_json(json, findings);
  if (!document) return findings.take();
  ObjectReader reader{*document, "", findings};
  const auto name = word(reader, "encoder", Need::required);
  if (name == "auto") reader.problem("encoder", "\"auto\" is the choice between all encoders");
  const auto* known = name ? find_encoder(encoders, *name) : nullptr;
  auto encoder = known ? *known : VideoEncoder{};
  encoder.name = name.value_or("");
  read_encoder(reader, encoder, known ? Need::optional : Need::required);
  if (!findings.empty()) return findings.take();
  *place_of(encoders, encoder) = std::move(encoder);
  return {};
}

const VideoEncoder* find_encoder(const std::vector<VideoEncoder>& encoders, std::string_view name) {
  const auto found = std::find_if(encoders.begin(), encoders.end(),
                                  [&](const auto& encoder) { return encoder.name == name; });
  return found == encoders.end() ? nullptr : &*found;
}

std::vector<std::string> profile_names(const std::vector<VideoEncoder>& encoders) {
  std::set<std::string> names;
  for (const auto& encoder : encoders)
    for (const auto& [name, settings] : encoder.profiles) names.insert(name);
  return {names.begin(), names.end()};
}

std::string list_names(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace rostrum
