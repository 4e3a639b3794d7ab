// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/encoders.h"

#include "engine/components.h"
#include "lib/gst_ptr.h"

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

Result<void> require(const char* element) {
  const auto factory = adopt(gst_element_factory_find(element));
  if (factory) return {};
  return fail(Kind::missing_component, missing_element(element));
}

}  // namespace

Result<std::string> describe_video_encoder(const std::string& encoder, Profile profile,
                                           int threads) {
  if (encoder != "auto" && encoder != "x264")
    return fail(Kind::usage, "there is no encoder \"" + encoder + "\"; there are auto and x264");
  for (const char* element : {"x264enc", "h264parse"})
    if (auto found = require(element); !found) return tl::unexpected(found.error());

  // dct8x8 makes it High even where the preset (ultrafast) would leave it at Baseline.
  // Without vbv-buf-capacity=0 x264enc adds a rate limit of 2048 kbit/s to "constant" quality.
  const auto [preset, crf, lookahead] = settings(profile);
  return "x264enc pass=qual quantizer=" + std::to_string(crf) +
         " vbv-buf-capacity=0 speed-preset=" + preset + " threads=" + std::to_string(threads) +
         " sync-lookahead=0 rc-lookahead=" + std::to_string(lookahead) +
         " dct8x8=true key-int-max=250 ! video/x-h264,profile=high,stream-format=avc,alignment=au "
         "! h264parse";
}

}  // namespace rostrum
