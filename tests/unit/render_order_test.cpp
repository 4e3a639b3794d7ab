// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/render_order.h"

#include <gtest/gtest.h>

#include <algorithm>

using namespace rostrum;

namespace {

using What = RenderPart::What;
using Order = std::vector<std::size_t>;

// A film of four half minutes: two minutes of sound in two units, a stem of as many, and pictures
// of which the third takes longest.
const std::vector<RenderPart> kParts{
    {What::sound, {0s, 60s}},       {What::sound, {60s, 120s}},     {What::stem, {0s, 60s}},
    {What::stem, {60s, 120s}},      {What::picture, {0s, 30s}, 1},  {What::picture, {30s, 60s}, 1},
    {What::picture, {60s, 90s}, 5}, {What::picture, {90s, 120s}, 2}};

// When workers that take the parts in this order have finished each of them, by its cost.
std::vector<double> ends(const std::vector<RenderPart>& parts, RenderOrder order, int workers) {
  std::vector<double> free(static_cast<std::size_t>(workers));
  std::vector<double> end(parts.size());
  for (const auto i : order_of(parts, order)) {
    auto& worker = *std::min_element(free.begin(), free.end());
    end[i] = worker += parts[i].cost;
  }
  return end;
}

}  // namespace

TEST(RenderOrder, TakesAllSoundAndThenTheLongestPictures) {
  EXPECT_EQ(order_of(kParts, RenderOrder::longest_first), (Order{0, 1, 2, 3, 6, 7, 4, 5}));
}

TEST(RenderOrder, FollowsTheFilmWithTheSoundBeforeItsPictures) {
  EXPECT_EQ(order_of(kParts, RenderOrder::film), (Order{0, 4, 5, 1, 2, 6, 7, 3}));
}

TEST(RenderOrder, OfAFilmHasAllSoundThatIsHeardWithAPictureBeforeIt) {
  // A still of ten minutes, and sound that begins a little before its minute.
  std::vector<RenderPart> parts{{What::picture, {0s, 600s}, 1}, {What::picture, {600s, 630s}, 1}};
  for (int minute = 0; minute < 11; ++minute)
    parts.push_back({What::sound, {minute * 60s - 20ms, (minute + 1) * 60s - 20ms}});
  const auto order = order_of(parts, RenderOrder::film);
  EXPECT_EQ(order, (Order{2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0, 1}));
}

TEST(RenderOrder, OfAFilmEndsAtMostOneChunkLater) {
  std::vector<RenderPart> parts;
  for (int i = 0; i < 120; ++i)
    parts.push_back({What::picture, {i * 30s, (i + 1) * 30s}, i % 7 == 0 ? 20. : 3. + i % 5});
  for (const int workers : {1, 2, 4, 16}) {
    const auto last = [&](RenderOrder order) {
      const auto all = ends(parts, order, workers);
      return *std::max_element(all.begin(), all.end());
    };
    EXPECT_LE(last(RenderOrder::film), last(RenderOrder::longest_first) + 20) << workers;
  }
}
