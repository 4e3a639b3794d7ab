// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/doctor_encoders.h"

#include "engine/components.h"
#include "engine/driver_version.h"
#include "engine/encoders.h"
#include "lib/gst_ptr.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace rostrum {

namespace {

constexpr char kProfile[] = "balanced";
constexpr int kFramesOfSlow = 25;  // enough to tell the speed of encoders that take their time

void try_out(const VideoEncoder& encoder, const TrialOptions& options, EncoderFinding& finding) {
  const auto usable = usable_encoders({encoder}, encoder.name, kProfile);
  const auto coding =
      usable.and_then([&](const auto& found) { return picture_coding(found.front(), kProfile); });
  if (!coding) {
    finding.reason = coding.error().message;
    return;
  }
  auto how = options;
  if (encoder.codec != kUsualCodec) how.frames = std::min(how.frames, kFramesOfSlow);
  const auto trial = try_encoder(*coding, {1280, 720}, FrameGrid{{25, 1}}, how);
  finding.works = trial.works;
  finding.rate = trial.rate;
  finding.reason = trial.reason;
}

EncoderFinding examine_encoder(const VideoEncoder& encoder, const TrialOptions& options) {
  EncoderFinding finding;
  finding.name = encoder.name;
  finding.element = encoder.element;
  finding.codec = encoder.codec;
  finding.installed = adopt(gst_element_factory_find(encoder.element.c_str())) != nullptr;
  if (needs_device(encoder)) finding.device = has_device(encoder.device);
  if (finding.device == false)
    finding.reason = "there is no device " + encoder.device + "*";
  else if (!finding.installed)
    finding.reason = missing_element(encoder.element);
  else
    try_out(encoder, options, finding);
  return finding;
}

}  // namespace

std::vector<EncoderFinding> examine_encoders(const std::vector<VideoEncoder>& encoders,
                                             const TrialOptions& options) {
  std::vector<EncoderFinding> findings;
  for (const auto& encoder : encoders) findings.push_back(examine_encoder(encoder, options));
  return findings;
}

std::string encoders_text(const std::vector<EncoderFinding>& encoders) {
  if (encoders.empty()) return {};
  std::string text = "\nencoders, each tried at 1280x720\n";
  for (const auto& e : encoders) {
    char line[160];
    std::snprintf(line, sizeof line, "  %-7s  %-12.40s  %-13.40s  %-4.8s  ",
                  e.works ? "works" : "no", e.name.c_str(), e.element.c_str(), e.codec.c_str());
    char speed[40];
    std::snprintf(speed, sizeof speed, "%.0f frames per second", e.rate);
    text += line + (e.works ? std::string{speed} : e.reason) + "\n";
  }
  return text;
}

nlohmann::ordered_json encoders_json(const std::vector<EncoderFinding>& encoders) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& e : encoders) {
    nlohmann::ordered_json j{{"name", e.name},
                             {"element", e.element},
                             {"codec", e.codec},
                             {"installed", e.installed},
                             {"device", nullptr},
                             {"works", e.works},
                             {"frames-per-second", nullptr},
                             {"reason", e.reason}};
    if (e.device) j["device"] = *e.device;
    if (e.works) j["frames-per-second"] = std::round(10 * e.rate) / 10;
    list.push_back(std::move(j));
  }
  return list;
}

}  // namespace rostrum
