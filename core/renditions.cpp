// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/renditions.h"

#include "core/findings.h"

#include <algorithm>

namespace rostrum {

namespace {

constexpr std::int64_t kMostSegments = 60'000;
constexpr int kLeastWidth = 16;  // as of a canvas

std::string pointer_of(std::size_t output, std::size_t rendition) {
  return pointer_to(pointer_to(pointer_to("/outputs", output), "renditions"), rendition);
}

// The error of a manifest whose file is not known here.
tl::unexpected<Error> wrong(const std::string& pointer, const std::string& why) {
  return fail(Kind::manifest, pointer + ": " + why);
}

}  // namespace

Size rendition_size(Size canvas, int height) {
  const auto half = scale_round(canvas.width, height, 2 * std::int64_t{canvas.height});
  return {2 * static_cast<int>(half), height};
}

Result<std::vector<PlannedRendition>> plan_renditions(const Manifest& manifest, Size canvas) {
  std::vector<PlannedRendition> planned;
  const auto& further = manifest.output.further;
  for (std::size_t i = 0; i < further.size(); ++i)
    for (std::size_t j = 0; j < further[i].renditions.size(); ++j) {
      const auto& [height, profile] = further[i].renditions[j];
      const auto pointer = pointer_of(i + 1, j);
      if (height >= canvas.height)
        return wrong(pointer + "/height",
                     "must be less than the canvas's " + std::to_string(canvas.height));
      const auto size = rendition_size(canvas, height);
      if (size.width < kLeastWidth)
        return wrong(pointer + "/height", "makes a picture of " + std::to_string(size.width) +
                                              " pixels' width; at least " +
                                              std::to_string(kLeastWidth) + " are needed");
      if (std::none_of(planned.begin(), planned.end(),
                       [&](const auto& known) { return known.size == size; }))
        planned.push_back({size, profile, pointer});
    }
  std::stable_sort(planned.begin(), planned.end(),
                   [](const auto& a, const auto& b) { return a.size.height > b.size.height; });
  return planned;
}

std::vector<std::int64_t> key_frames(const FrameGrid& grid, FrameRange frames) {
  std::vector<std::int64_t> found;
  for (auto k = grid.start(frames.first) / kSegment; grid.frames(k * kSegment) < frames.end; ++k)
    if (const auto frame = grid.frames(k * kSegment); frame >= frames.first) found.push_back(frame);
  return found;
}

std::vector<Nanoseconds> segment_times(const FrameGrid& grid, FrameRange film) {
  const auto keys = key_frames(grid, film);
  const auto step = 1 + std::ssize(keys) / kMostSegments;
  const auto least = grid.frames(kLeastSegment);
  const auto half = grid.start(1) / 2;
  std::vector<Nanoseconds> times{0ns};
  for (std::int64_t k = 0; k < std::ssize(keys); k += step)
    if (const auto frame = keys[static_cast<std::size_t>(k)];
        frame - film.first >= least && film.end - frame >= least)
      times.push_back(grid.start(frame - film.first) - half);
  return times;
}

}  // namespace rostrum
