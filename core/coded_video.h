// SPDX-License-Identifier: LGPL-2.1-or-later
// A medium's coded pictures, as its index lists them.
#pragma once

#include "core/timeline.h"

#include <string>
#include <vector>

namespace rostrum {

struct CodedPicture {
  Nanoseconds time{0};  // when it is shown, from the medium's first timestamp; kNoTime: it is not
  // An IDR picture: nothing from it on, in the order of decoding, needs a picture before it.
  bool idr = false;

  friend bool operator==(const CodedPicture&, const CodedPicture&) = default;
};

struct CodedVideo {
  int width = 0;  // of the decoded picture, without what its coding adds
  int height = 0;
  std::string unlike = {};  // why no film has such pictures, a clause; "" = films may have them
  // It says nothing of its colours, and is of a size that is then taken for BT.601.
  bool unsaid_colors = false;
  Nanoseconds first{0};                // the medium's first timestamp, by its container
  std::vector<CodedPicture> pictures;  // in the order of decoding
  Nanoseconds end{0};                  // of the last that is shown

  friend bool operator==(const CodedVideo&, const CodedVideo&) = default;
};

}  // namespace rostrum
