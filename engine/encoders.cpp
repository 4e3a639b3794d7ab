// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/encoders.h"

#include "engine/components.h"
#include "engine/library_builds.h"
#include "lib/gst_ptr.h"

#include <algorithm>
#include <array>

namespace rostrum {

namespace {

struct X264Settings {
  const char* preset;
  int crf;
  int lookahead;  // frames
};

// Of the presets, veryfast is the knee: 4 ms for a frame of 720p, and a slower one gains nothing in
// size for twice the time.
constexpr X264Settings settings(Profile profile) {
  switch (profile) {
  case Profile::draft:
    return {"ultrafast", 28, 0};
  case Profile::balanced:
    break;
  }
  return {"veryfast", 23, 10};
}

// dct8x8 makes it High even where the preset (ultrafast) would leave it at Baseline.
// Without vbv-buf-capacity=0 x264enc adds a rate limit of 2048 kbit/s to "constant" quality.
std::string x264(Profile profile, int threads) {
  const auto [preset, crf, lookahead] = settings(profile);
  return "x264enc pass=qual quantizer=" + std::to_string(crf) +
         " vbv-buf-capacity=0 speed-preset=" + preset + " threads=" + std::to_string(threads) +
         " sync-lookahead=0 rc-lookahead=" + std::to_string(lookahead) +
         " dct8x8=true key-int-max=250";
}

// Its constant quality is one quantizer for all: the range of its rate control has no room.
// (rate-control=off takes 26, whatever one asks for.)
std::string openh264(Profile profile, int threads) {
  const bool draft = profile == Profile::draft;
  const std::string quantizer = draft ? "30" : "24";
  return "openh264enc rate-control=quality qp-min=" + quantizer + " qp-max=" + quantizer +
         " complexity=" + (draft ? "low" : "medium") + " multi-thread=" + std::to_string(threads) +
         " background-detection=false adaptive-quantization=false gop-size=250";
}

struct Row {
  const char* name;
  const char* element;
  const char* library;  // the beginning of its file's name
  std::string (*describe)(Profile, int threads);
};

constexpr std::array kRows = std::to_array<Row>({
    {"x264", "x264enc", "libx264", x264},
    {"openh264", "openh264enc", "libopenh264", openh264},
});
static_assert(kRows.size() == std::size(kVideoEncoders));

const Row* find_row(const std::string& name) {
  const auto row = std::find_if(kRows.begin(), kRows.end(),
                                [&](const Row& candidate) { return candidate.name == name; });
  return row == kRows.end() ? nullptr : row;
}

bool installed(const char* element) { return adopt(gst_element_factory_find(element)) != nullptr; }

tl::unexpected<Error> unknown(const std::string& encoder) {
  std::string names = "auto";
  for (const auto& row : kRows) names += std::string{", "} + row.name;
  return fail(Kind::usage, "there is no encoder \"" + encoder + "\"; there are " + names);
}

}  // namespace

Result<std::vector<std::string>> video_encoders(const std::string& encoder) {
  if (encoder != "auto" && !find_row(encoder)) return unknown(encoder);
  if (!installed("h264parse")) return fail(Kind::missing_component, missing_element("h264parse"));
  std::vector<std::string> names;
  const Row* best = nullptr;
  for (const auto& row : kRows) {
    if (encoder != "auto" && encoder != row.name) continue;
    if (!best) best = &row;
    if (installed(row.element)) names.emplace_back(row.name);
  }
  if (names.empty()) return fail(Kind::missing_component, missing_element(best->element));
  return names;
}

Result<std::string> describe_video_encoder(const std::string& encoder, Profile profile,
                                           int threads) {
  const auto names = video_encoders(encoder);
  if (!names) return tl::unexpected(names.error());
  return find_row(names->front())->describe(profile, threads) +
         " ! video/x-h264,profile=high ! h264parse"
         " ! capsfilter caps=video/x-h264,stream-format=avc,alignment=au";
}

std::string video_encoder_version(const std::string& encoder, Profile profile) {
  const auto* row = find_row(encoder);
  if (!row) return {};
  if (const auto factory = adopt(gst_element_factory_find(row->element)))
    (void)adopt(gst_plugin_feature_load(GST_PLUGIN_FEATURE(factory.get())));
  return row->describe(profile, 1) + "\n" + library_builds({row->library});
}

}  // namespace rostrum
