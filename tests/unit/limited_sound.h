// SPDX-License-Identifier: LGPL-2.1-or-later
// Sound through core's limiter, and a meter of true peaks that is not core's.
#pragma once

#include "core/limiter.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace rostrum::test {

using Sound = std::vector<float>;  // interleaved

// The gain of every frame, the sound pushed in blocks of the sizes that `next_size` returns.
template <typename NextSize>
std::vector<float> gains_of(const Sound& sound, const LimiterFormat& format, double ceiling,
                            NextSize next_size) {
  Limiter limiter{format, ceiling};
  std::vector<float> gains;
  const auto take = [&] {
    while (limiter.ready() > 0) {
      const auto run = limiter.take(next_size());
      if (run.gains.empty()) gains.insert(gains.end(), run.frames, 1.0F);
      gains.insert(gains.end(), run.gains.begin(), run.gains.end());
    }
  };
  for (std::size_t at = 0; at < sound.size();) {
    const auto n = std::min(next_size() * format.channels, sound.size() - at);
    limiter.push(std::span{sound}.subspan(at, n));
    at += n;
    take();
  }
  limiter.finish();
  take();
  return gains;
}

inline std::vector<float> gains_of(const Sound& sound, const LimiterFormat& format = {},
                                   double ceiling = -1) {
  return gains_of(sound, format, ceiling, [] { return std::size_t{1000}; });
}

Sound limited(Sound sound, const LimiterFormat& format = {}, double ceiling = -1);

// dBTP, of fourfold oversampling in double precision with another filter.
double true_peak_of(const Sound& sound, std::size_t channels);

struct Named {
  std::string name;
  Sound mono;
};

// Sounds of full scale and more that are hard to limit, with silence around them.
std::vector<Named> hard_sounds(int rate);

Sound sine(double frequency, double amplitude, std::size_t frames, int rate = 48000,
           double phase = 0);
// The same in each channel, every channel quieter than the one before.
Sound spread(const Sound& mono, std::size_t channels);

}  // namespace rostrum::test
