// SPDX-License-Identifier: LGPL-2.1-or-later
#include "limited_sound.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

namespace rostrum::test {

namespace {

constexpr double kPi = std::numbers::pi;

Sound padded(const Sound& sound, int rate) {
  Sound all(static_cast<std::size_t>(rate / 10), 0.0F);
  all.insert(all.end(), sound.begin(), sound.end());
  all.resize(all.size() + static_cast<std::size_t>(rate / 10), 0.0F);
  return all;
}

Sound square(double frequency, std::size_t frames, int rate) {
  auto sound = sine(frequency, 1, frames, rate, 0.3);
  for (auto& sample : sound) sample = sample < 0 ? -1.0F : 1.0F;
  return sound;
}

Sound noise(std::size_t frames, double sigma, double ceiling) {
  std::mt19937 random{7};  // whose numbers are the same everywhere; distributions are not
  Sound sound(frames);
  for (auto& sample : sound) {
    double sum = 0;
    for (int i = 0; i < 12; ++i) sum += static_cast<double>(random()) / 4294967296.0;
    sample = static_cast<float>(std::clamp((sum - 6) * sigma, -ceiling, ceiling));
  }
  return sound;
}

// Short bursts of a tone, each louder than the last, with pauses of other lengths than the release.
Sound bursts(int rate) {
  Sound sound;
  for (int i = 1; i <= 12; ++i) {
    const auto tone = sine(700 * i, 0.4 * i, static_cast<std::size_t>(rate * i / 400), rate);
    sound.insert(sound.end(), tone.begin(), tone.end());
    sound.resize(sound.size() + static_cast<std::size_t>(rate * i / 100), 0.0F);
  }
  return sound;
}

// Syllables of noise and harmonics, 12 dB over.
Sound speech(int rate) {
  auto sound = noise(static_cast<std::size_t>(rate) * 2, 0.5, 99);
  for (std::size_t k = 0; k < sound.size(); ++k) {
    const double t = static_cast<double>(k) / rate;
    double voice = sound[k] * 0.3;
    for (int h = 1; h <= 20; ++h) voice += std::sin(2 * kPi * 127 * h * t + h * h) / h;
    const double syllable = std::pow(std::max(0.0, std::sin(2 * kPi * 2.3 * t)), 2);
    sound[k] = static_cast<float>(voice * syllable * 2.5);
  }
  return sound;
}

double blackman_sinc(double x, double reach) {
  if (std::abs(x) >= reach) return 0;
  const double window =
      0.42 + 0.5 * std::cos(kPi * x / reach) + 0.08 * std::cos(2 * kPi * x / reach);
  return window * (x == 0 ? 1 : std::sin(kPi * x) / (kPi * x));
}

}  // namespace

Sound sine(double frequency, double amplitude, std::size_t frames, int rate, double phase) {
  Sound sound(frames);
  for (std::size_t k = 0; k < frames; ++k)
    sound[k] = static_cast<float>(
        amplitude * std::sin(2 * kPi * frequency * static_cast<double>(k) / rate + phase));
  return sound;
}

Sound spread(const Sound& mono, std::size_t channels) {
  Sound sound;
  for (const float sample : mono)
    for (std::size_t c = 0; c < channels; ++c)
      sound.push_back(sample * (1.0F - 0.125F * static_cast<float>(c)));
  return sound;
}

std::vector<Named> hard_sounds(int rate) {
  const auto second = static_cast<std::size_t>(rate);
  std::vector<Named> sounds{
      {"square 441 Hz", square(441, second, rate)},
      {"square 1 kHz", square(1000, second, rate)},
      {"square 2.7 kHz", square(2700, second, rate)},
      {"sine fs/4 at 45 degrees", sine(rate / 4., 1.5, second, rate, kPi / 4)},
      {"clipped noise", noise(second, 2, 1)},
      {"noise", noise(second, 1, 99)},
      {"bursts", bursts(rate)},
      {"overdriven speech", speech(rate)}};
  for (auto& sound : sounds) sound.mono = padded(sound.mono, rate);
  return sounds;
}

Sound limited(Sound sound, const LimiterFormat& format, double ceiling) {
  const auto gains = gains_of(sound, format, ceiling);
  apply_gains(gains, sound);
  return sound;
}

double true_peak_of(const Sound& sound, std::size_t channels) {
  constexpr int kReach = 20;
  const auto frames = static_cast<std::int64_t>(sound.size() / channels);
  double peak = 0;
  for (int phase = 0; phase < 4; ++phase) {
    std::vector<double> taps;
    for (int i = -kReach; i <= kReach; ++i) taps.push_back(blackman_sinc(i - phase / 4., kReach));
    for (std::int64_t k = kReach; k + kReach < frames; ++k) {
      for (std::size_t c = 0; c < channels; ++c) {
        double value = 0;
        const auto first = static_cast<std::size_t>(k - kReach) * channels + c;
        for (std::size_t i = 0; i < taps.size(); ++i)
          value += taps[i] * sound[first + i * channels];
        peak = std::max(peak, std::abs(value));
      }
    }
  }
  return 20 * std::log10(peak);
}

}  // namespace rostrum::test
