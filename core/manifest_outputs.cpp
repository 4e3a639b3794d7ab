// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/manifest_outputs.h"

#include "core/encoder_profiles.h"
#include "core/manifest_graphics.h"
#include "core/manifest_names.h"
#include "core/manifest_tracks.h"
#include "core/output_kind.h"
#include "core/renditions.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace rostrum {

namespace {

constexpr std::size_t kMostOutputs = 16;
constexpr int kLeastWidth = 32;
constexpr int kMostSheetWidth = 640;
constexpr int kMostPictureWidth = 16384;
constexpr int kMostRenditionHeight = 16382;  // less than any canvas has

// Only an MP4 is in fragments or not.
void read_fragmented(ObjectReader& reader, const std::string& path, bool& fragmented) {
  read_switch(reader, "fragmented", fragmented);
  if (fragmented && film_container(path) != FilmContainer::mp4)
    reader.problem("fragmented", "is of an MP4; leave it out, or name the film .mp4");
}

void read_encoder_word(ObjectReader& reader, const char* key, std::string& name) {
  auto text = reader.text(key, kEncoderWordBytes);
  if (!text) return;
  if (!is_encoder_word(*text)) reader.problem(key, in_quotes(*text) + " is no name");
  name = std::move(*text);
}

void read_film(ObjectReader& reader, Output& output) {
  output.path = reader.text("path", kPathBytes).value_or("");
  if (!output.path.empty())
    if (auto why = why_no_output(output.path); !why.empty()) {
      if (output_kind(output.path))
        why += "; what is made of the film comes after it in \"outputs\"";
      reader.problem("path", why);
    }
  read_encoder_word(reader, "profile", output.profile);
  read_encoder_word(reader, "encoder", output.encoder);
  output.variable_rate = reader.choice("rate", kFrameRates).value_or(false);
  read_switch(reader, "stems", output.stems);
  read_fragmented(reader, output.path, output.fragmented);
  reader.finish();
}

void read_width(ObjectReader& reader, int most, int& width) {
  const auto found = reader.integer("width", kLeastWidth, most);
  if (!found) return;
  if (*found % 2 != 0) return reader.problem("width", "must be even");
  width = static_cast<int>(*found);
}

void read_every(ObjectReader& reader, Nanoseconds& every) {
  constexpr auto kLeast = 500ms;
  const auto found = reader.duration("every");
  if (found && *found < kLeast) return reader.problem("every", "must be at least 0.5 s");
  if (found) every = *found;
}

// All streams of a film share its renditions, so that each height is encoded once.
const Rendition* rendition_of(const Manifest& manifest, int height) {
  for (const auto& other : manifest.output.further)
    for (const auto& known : other.renditions)
      if (known.height == height) return &known;
  return nullptr;
}

void check_rendition(ObjectReader& reader, const Rendition& found, const Manifest& manifest,
                     const FurtherOutput& stream) {
  const auto& canvas = manifest.canvas;
  if (found.height % 2 != 0) reader.problem("height", "must be even");
  if (!canvas.automatic && found.height >= canvas.height)
    reader.problem("height", "must be less than the canvas's " + std::to_string(canvas.height));
  if (std::any_of(stream.renditions.begin(), stream.renditions.end(),
                  [&](const auto& known) { return known.height == found.height; }))
    reader.problem("height", "is there twice");
  const auto* known = rendition_of(manifest, found.height);
  if (known && known->profile != found.profile)
    reader.problem("profile", "another stream has this height by another profile; say the same");
}

void read_rendition(ObjectReader reader, const Manifest& manifest, FurtherOutput& stream) {
  Rendition found;
  const auto height =
      reader.integer("height", kLeastRenditionHeight, kMostRenditionHeight, Need::required);
  read_encoder_word(reader, "profile", found.profile);
  if (height) {
    found.height = static_cast<int>(*height);
    check_rendition(reader, found, manifest, stream);
    stream.renditions.push_back(std::move(found));
  }
  reader.finish();
}

void read_renditions(ObjectReader& reader, const Manifest& manifest, FurtherOutput& stream) {
  const auto* list = reader.array("renditions");
  if (!list) return;
  if (list->empty()) reader.problem("renditions", "must hold one rendition");
  if (list->size() > kMostRenditions)
    reader.problem("renditions", "more than " + std::to_string(kMostRenditions) + " renditions");
  for (std::size_t i = 0; i < std::min(list->size(), kMostRenditions); ++i)
    read_rendition({(*list)[i], pointer_to(reader.at("renditions"), i), reader.findings()},
                   manifest, stream);
}

// What each kind says besides its path.
void read_details(ObjectReader& reader, const Manifest& manifest, FurtherOutput& other) {
  switch (other.kind) {
  case OutputKind::film:
    return read_fragmented(reader, other.path, other.fragmented);
  case OutputKind::sheet:
    read_every(reader, other.every);
    return read_width(reader, kMostSheetWidth, other.width);
  case OutputKind::picture:
    other.at = reader.time("at", Need::required).value_or(0ns);
    return read_width(reader, kMostPictureWidth, other.width);
  case OutputKind::stream:
    return read_renditions(reader, manifest, other);
  }
}

void read_further(ObjectReader& reader, Manifest& manifest) {
  auto& output = manifest.output;
  const auto path = reader.text("path", kPathBytes, Need::required);
  const auto kind = path ? output_kind(*path) : std::nullopt;
  if (path && !kind)
    reader.problem(
        "path",
        in_quotes(*path) +
            " is no further output: name it .mp4 (or .m4v), .mkv or .webm (the film "
            "again), .m3u8 or .mpd (a stream), .vtt (small pictures) or .jpg (one picture)");
  if (!kind) return;
  const bool again = std::any_of(output.further.begin(), output.further.end(),
                                 [&](const auto& other) { return other.path == *path; });
  if (again || *path == output.path) reader.problem("path", in_quotes(*path) + " is named twice");
  FurtherOutput other{*path, *kind};
  read_details(reader, manifest, other);
  reader.finish();
  output.further.push_back(std::move(other));
}

}  // namespace

void read_outputs(ObjectReader& manifest, Manifest& into) {
  const auto* single = manifest.find("output");
  const auto* list = manifest.array("outputs");
  auto& output = into.output;
  if (single) {
    ObjectReader reader{*single, manifest.at("output"), manifest.findings()};
    read_film(reader, output);
  }
  if (list) {
    output.pointer = "/outputs/0";
    if (single) manifest.problem("outputs", "give either \"output\" or \"outputs\"");
    if (list->empty()) manifest.problem("outputs", "must hold one output");
    if (list->size() > kMostOutputs)
      manifest.problem("outputs", "more than " + std::to_string(kMostOutputs) + " outputs");
    for (std::size_t i = 0; i < std::min(list->size(), kMostOutputs); ++i) {
      ObjectReader reader{(*list)[i], pointer_to(manifest.at("outputs"), i), manifest.findings()};
      i == 0 ? read_film(reader, output) : read_further(reader, into);
    }
  }
  const auto webm = webm_of(output);
  if (!webm.empty() && into.audio.codec && !can_hold(FilmContainer::webm, *into.audio.codec))
    manifest.findings().add("/audio/codec", in_quotes(webm) +
                                                " is WebM, which holds Opus only: say \"opus\", or "
                                                "name the film .mkv");
}

}  // namespace rostrum
