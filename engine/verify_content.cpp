// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/verify_content.h"

#include <algorithm>
#include <iterator>

namespace rostrum {

Result<void> judge_content(const VerifyOptions& options, VerifyReport& report) {
  const auto* pictures = report.pictures ? &*report.pictures : nullptr;
  const auto* sound = report.sound ? &*report.sound : nullptr;
  const auto add = [&](std::vector<Finding> found) {
    std::move(found.begin(), found.end(), std::back_inserter(report.findings));
  };
  add(judge_content(pictures, sound, options.planned != nullptr));
  if (!options.planned) return {};
  if (sound && options.planned->loudness)
    add({judge_loudness(sound->loudness, *options.planned->loudness)});
  constexpr std::size_t kQuickVoices = 5;
  auto planned = *options.planned;
  if (!options.full) planned.voices = kQuickVoices;
  auto compared = compare_film(planned, pictures, sound, options.stop);
  if (!compared) return tl::unexpected(compared.error());
  add(judge_comparison(options.planned->plan, *compared));
  report.comparison = std::move(*compared);
  return {};
}

}  // namespace rostrum
