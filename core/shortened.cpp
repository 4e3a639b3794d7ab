// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/shortened.h"

namespace rostrum {

std::string shortened(std::string text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80) --bytes;
  text.resize(bytes);
  return text;
}

}  // namespace rostrum
