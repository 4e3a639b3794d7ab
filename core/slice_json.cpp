// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/slice_json.h"

#include "core/gain_json.h"
#include "core/overlay_json.h"

#include <nlohmann/json.hpp>

namespace rostrum {

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Piece& p) {
  Json j{{"start", p.start.count()}, {"in", p.in.count()}, {"duration", p.duration.count()}};
  if (p.color)
    j["color"] = *p.color;
  else
    j["asset"] = p.asset;
  if (p.page != 1) j["page"] = p.page;
  if (p.size != Size{}) j["size"] = {p.size.width, p.size.height};
  if (p.fit != Fit::contain) j["fit"] = name_of(p.fit);
  if (p.colors != Colors::own) j["colors"] = name_of(p.colors);
  if (p.volume != 1) j["volume"] = p.volume;
  if (p.pan != 0) j["pan"] = p.pan;
  if (!p.clock.own()) j["clock"] = {p.clock.off, p.clock.times_right};
  return j;
}

Json json_of(const Slot& slot) {
  Json j{{"slides", slot.slides}, {"screen", slot.screen}, {"z", slot.z}};
  j["pieces"] = Json::array();
  for (const auto& p : slot.pieces) j["pieces"].push_back(json_of(p));
  j["placements"] = Json::array();
  for (const auto& p : slot.placements)
    j["placements"].push_back({p.frame, p.rect.x, p.rect.y, p.rect.width, p.rect.height});
  for (const auto& o : slot.opacities) j["opacities"].push_back({o.frame, o.permille});
  return j;
}

Json json_of(const Voice& voice) {
  Json j{{"track", voice.track}, {"pieces", Json::array()}};
  for (const auto& p : voice.pieces) j["pieces"].push_back(json_of(p));
  for (const auto& curve : voice.gains) j["gains"].push_back(gain_json(curve));
  if (voice.filter.none()) return j;
  if (voice.filter.high_pass != 0) j["high-pass"] = voice.filter.high_pass;
  if (voice.filter.suppression != Suppression::off)
    j["noise-suppression"] = name_of(voice.filter.suppression);
  j["heard"] = {voice.heard.from.count(), voice.heard.to.count()};
  j["played"] = {voice.played.from.count(), voice.played.to.count()};
  return j;
}

Interval interval_of(const Json& j) {
  return {Nanoseconds{j.at(0).get<std::int64_t>()}, Nanoseconds{j.at(1).get<std::int64_t>()}};
}

Piece piece_of(const Json& j) {
  Piece p;
  p.start = Nanoseconds{j.at("start").get<std::int64_t>()};
  p.in = Nanoseconds{j.at("in").get<std::int64_t>()};
  p.duration = Nanoseconds{j.at("duration").get<std::int64_t>()};
  p.asset = j.value("asset", "");
  p.page = j.value("page", 1);
  p.volume = j.value("volume", 1.0);
  p.pan = j.value("pan", 0.0);
  if (j.contains("clock"))
    p.clock = {j["clock"].at(0).get<std::int64_t>(), j["clock"].at(1).get<bool>()};
  p.colors = colors_named(j.value("colors", "")).value_or(Colors::own);
  p.fit = fit_named(j.value("fit", "contain")).value_or(Fit::contain);
  if (j.contains("color")) p.color = j["color"].get<std::uint32_t>();
  if (j.contains("size")) p.size = {j["size"].at(0).get<int>(), j["size"].at(1).get<int>()};
  return p;
}

std::vector<Piece> pieces_of(const Json& list) {
  std::vector<Piece> pieces;
  for (const auto& j : list) pieces.push_back(piece_of(j));
  return pieces;
}

SoundFormat format_of(const Json& j) {
  return {codec_named(j.at(0).get<std::string>()).value_or(AudioCodec::aac), j.at(1).get<int>(),
          j.at(2).get<int>()};
}

Slot slot_of(const Json& j) {
  Slot slot;
  slot.slides = j.at("slides").get<bool>();
  slot.screen = j.at("screen").get<bool>();
  slot.z = j.at("z").get<int>();
  slot.pieces = pieces_of(j.at("pieces"));
  for (const auto& p : j.at("placements"))
    slot.placements.push_back(
        {p.at(0).get<std::int64_t>(),
         {p.at(1).get<int>(), p.at(2).get<int>(), p.at(3).get<int>(), p.at(4).get<int>()}});
  if (j.contains("opacities"))
    for (const auto& o : j["opacities"])
      slot.opacities.push_back({o.at(0).get<std::int64_t>(), o.at(1).get<int>()});
  return slot;
}

Voice voice_of(const Json& j) {
  Voice voice{j.at("track").get<std::string>(), pieces_of(j.at("pieces"))};
  if (j.contains("gains"))
    for (const auto& curve : j["gains"]) voice.gains.push_back(gain_of(curve));
  voice.filter.high_pass = j.value("high-pass", 0.0);
  voice.filter.suppression =
      suppression_named(j.value("noise-suppression", "off")).value_or(Suppression::off);
  if (voice.filter.none()) return voice;
  voice.heard = interval_of(j.at("heard"));
  voice.played = interval_of(j.at("played"));
  return voice;
}

}  // namespace

std::string slice_json(const Slice& slice) {
  const auto rate = slice.grid.rate();
  Json j{{"canvas", {slice.canvas.width, slice.canvas.height}},
         {"rate", {rate.num, rate.den}},
         {"frames", {slice.frames.first, slice.frames.end}},
         {"sound", {slice.sound.from.count(), slice.sound.to.count()}}};
  if (!slice.sound.empty()) {
    j["mixed"] = {slice.mixed.from.count(), slice.mixed.to.count()};
    if (slice.ceiling) j["ceiling"] = *slice.ceiling;
    j["format"] = {name_of(slice.format.codec), slice.format.channels, slice.format.bitrate};
  }
  if (slice.copied) j["copied"] = true;
  if (slice.first_picture != 0) j["first-picture"] = slice.first_picture;
  if (slice.still) j["still"] = true;
  j["slots"] = Json::array();
  for (const auto& slot : slice.slots) j["slots"].push_back(json_of(slot));
  j["voices"] = Json::array();
  for (const auto& voice : slice.voices) j["voices"].push_back(json_of(voice));
  for (const auto& overlay : slice.overlays) j["overlays"].push_back(overlay_json(overlay));
  return j.dump();
}

Result<Slice> parse_slice(std::string_view json) try {
  const auto j = Json::parse(json);
  Slice slice;
  slice.canvas = {j.at("canvas").at(0).get<int>(), j.at("canvas").at(1).get<int>()};
  slice.grid =
      FrameGrid{{j.at("rate").at(0).get<std::int64_t>(), j.at("rate").at(1).get<std::int64_t>()}};
  slice.frames = {j.at("frames").at(0).get<std::int64_t>(),
                  j.at("frames").at(1).get<std::int64_t>()};
  slice.sound = interval_of(j.at("sound"));
  if (j.contains("mixed")) slice.mixed = interval_of(j["mixed"]);
  slice.ceiling.reset();
  if (j.contains("ceiling")) slice.ceiling = j["ceiling"].get<double>();
  if (j.contains("format")) slice.format = format_of(j["format"]);
  slice.copied = j.value("copied", false);
  slice.first_picture = j.value("first-picture", std::int64_t{0});
  slice.still = j.value("still", false);
  for (const auto& slot : j.at("slots")) slice.slots.push_back(slot_of(slot));
  for (const auto& v : j.at("voices")) slice.voices.push_back(voice_of(v));
  if (j.contains("overlays"))
    for (const auto& overlay : j["overlays"]) slice.overlays.push_back(overlay_of(overlay));
  return slice;
} catch (const nlohmann::json::exception& error) {
  return fail(Kind::internal, std::string{"this is no slice of a plan: "} + error.what());
}

}  // namespace rostrum
