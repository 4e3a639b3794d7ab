// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/still_watch.h"

#include <algorithm>

namespace rostrum {

void StillWatch::look(Nanoseconds t, const Signature& signature, const CellMask& mask) {
  if (first_ && first_->grid == signature.grid &&
      cells_apart(*first_, signature, mask, kStillTolerance) == 0)
    return;
  end(t);
  first_ = signature;
  since_ = t;
}

void StillWatch::end(Nanoseconds t) {
  if (first_ && t - since_ >= kShortestStill) found_.push_back({{since_, t}, std::move(*first_)});
  first_.reset();
}

void BlackWatch::look(Nanoseconds t, const Signature& signature) {
  const bool black = std::all_of(signature.luma.begin(), signature.luma.end(),
                                 [](auto luma) { return luma < kBlackLuma; });
  if (!black) return end(t);
  if (!since_) since_ = t;
}

void BlackWatch::end(Nanoseconds t) {
  if (since_ && t - *since_ >= kShortestBlack) found_.push_back({*since_, t});
  since_.reset();
}

}  // namespace rostrum
