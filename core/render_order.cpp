// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/render_order.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace rostrum {

namespace {

using What = RenderPart::What;

// Sound goes by its beginning and pictures by their end, so that all sound that is heard with a
// picture comes before it.
Nanoseconds due(const RenderPart& part) {
  return part.what == What::sound ? part.when.from : part.when.to;
}

bool is_longer(const RenderPart& a, const RenderPart& b) {
  const bool a_sounds = a.what != What::picture;
  const bool b_sounds = b.what != What::picture;
  return a_sounds != b_sounds ? a_sounds : a.cost > b.cost;
}

// Of parts that are due at the same time: a chunk ends where the next sound begins.
int rank(const RenderPart& part) {
  switch (part.what) {
  case What::picture:
    return 0;
  case What::sound:
    return 1;
  case What::stem:
    break;
  }
  return 2;
}

bool is_earlier(const RenderPart& a, const RenderPart& b) {
  return std::tuple{due(a), rank(a)} < std::tuple{due(b), rank(b)};
}

}  // namespace

std::vector<std::size_t> order_of(const std::vector<RenderPart>& parts, RenderOrder order) {
  std::vector<std::size_t> indices(parts.size());
  std::iota(indices.begin(), indices.end(), std::size_t{0});
  const auto before = order == RenderOrder::film ? is_earlier : is_longer;
  std::stable_sort(indices.begin(), indices.end(),
                   [&](std::size_t a, std::size_t b) { return before(parts[a], parts[b]); });
  return indices;
}

}  // namespace rostrum
