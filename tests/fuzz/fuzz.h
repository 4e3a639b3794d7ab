// SPDX-License-Identifier: LGPL-2.1-or-later
// What fuzz targets share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>

namespace rostrum::fuzz {

inline std::string_view text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Something that must be so, whatever the input: the run ends with the input that broke it.
inline void expect(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "expected: %s\n", what);
  std::abort();
}

// An input of several parts: each with its length before it, two bytes, the last one without.
class Parts {
 public:
  Parts(const std::uint8_t* data, std::size_t size) : rest_{data, size} {}

  std::uint8_t byte() {
    const auto first = take(1);
    return first.empty() ? 0 : first.front();
  }
  std::span<const std::uint8_t> part() {
    const auto high = std::size_t{byte()} << 8;
    return take(high | byte());
  }
  std::span<const std::uint8_t> rest() { return take(rest_.size()); }
  bool empty() const { return rest_.empty(); }

 private:
  std::span<const std::uint8_t> take(std::size_t bytes) {
    const auto taken = rest_.first(bytes < rest_.size() ? bytes : rest_.size());
    rest_ = rest_.subspan(taken.size());
    return taken;
  }

  std::span<const std::uint8_t> rest_;
};

}  // namespace rostrum::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
