// SPDX-License-Identifier: LGPL-2.1-or-later
// The form that looks ahead: who talks when, then the best assignment without two changes within
// `hold`.
#include "core/speaker.h"
#include "core/speaker_levels.h"

#include <algorithm>

namespace rostrum {

namespace {

using Flags = std::vector<char>;

constexpr std::int64_t kReach = 1;  // windows to either side that tell speech from a click

// Means of power over `reach` windows to either side.
std::vector<double> smoothed(const Levels& levels, std::size_t length, std::int64_t reach) {
  std::vector<double> sums(length + 1, 0.0);
  for (std::size_t w = 0; w < length; ++w)
    sums[w + 1] = sums[w] + (w < levels.size() ? power_of(levels[w]) : 0);
  std::vector<double> means(length);
  const auto end = static_cast<std::int64_t>(length);
  for (std::int64_t w = 0; w < end; ++w) {
    const auto from = std::max<std::int64_t>(0, w - reach);
    const auto to = std::min(end, w + reach + 1);
    means[w] = (sums[to] - sums[from]) / static_cast<double>(to - from);
  }
  return means;
}

bool is_there(const Levels& levels, std::size_t window) {
  return window < levels.size() && levels[window] != kNotThere;
}

// The lowest value of each window's surroundings, by a queue of rising values.
std::vector<std::int16_t> lowest_around(const std::vector<std::int16_t>& values,
                                        std::int64_t reach) {
  std::vector<std::int16_t> lowest(values.size());
  std::deque<std::int64_t> rising;
  const auto end = static_cast<std::int64_t>(values.size());
  std::int64_t next = 0;
  for (std::int64_t w = 0; w < end; ++w) {
    for (; next < end && next <= w + reach; ++next) {
      while (!rising.empty() && values[rising.back()] >= values[next]) rising.pop_back();
      rising.push_back(next);
    }
    while (rising.front() < w - reach) rising.pop_front();
    lowest[w] = values[rising.front()];
  }
  return lowest;
}

// Per window the level that the person stays above for a while before and after: steady noise.
std::vector<std::int16_t> noise_floors(const Levels& levels, std::size_t length) {
  std::vector<std::int16_t> peaks(length, 0);  // 0: says nothing about noise
  std::int64_t known = 0;
  for (std::size_t w = 0; w < std::min(length, levels.size()); ++w) {
    if (!is_there(levels, w)) continue;
    ++known;
    const auto run = levels.begin() + static_cast<std::ptrdiff_t>(w + 1);
    peaks[w] =
        *std::max_element(run - std::min<std::ptrdiff_t>(kNoiseRun, run - levels.begin()), run);
  }
  if (known < kNoiseKnown) return std::vector<std::int16_t>(length, kSilentLevel);
  return lowest_around(peaks, kNoiseMemory / 2);
}

// Closes gaps that are no end of a talk spurt, then drops what is too short to be one.
void clean(Flags& talks, std::int64_t longest_gap, std::int64_t longest_noise) {
  const auto each_run = [&](char kind, auto change) {
    const auto end = static_cast<std::int64_t>(talks.size());
    for (std::int64_t from = 0; from < end;) {
      auto to = from;
      while (to < end && talks[to] == talks[from]) ++to;
      if (talks[from] == kind) change(from, to);
      from = to;
    }
  };
  each_run(0, [&](std::int64_t from, std::int64_t to) {
    const bool inside = from > 0 && to < static_cast<std::int64_t>(talks.size());
    if (inside && to - from <= longest_gap) std::fill(talks.begin() + from, talks.begin() + to, 1);
  });
  each_run(1, [&](std::int64_t from, std::int64_t to) {
    if (to - from <= longest_noise) std::fill(talks.begin() + from, talks.begin() + to, 0);
  });
}

class Meeting {
 public:
  Meeting(const std::vector<Levels>& people, const SpeakerOptions& options)
      : people_{people}, options_{options} {
    for (const auto& row : people) length_ = std::max(length_, row.size());
    for (const auto& row : people) {
      instant_.push_back(smoothed(row, length_, kReach));
      around_.push_back(smoothed(row, length_, windows(options.window) / 2));
    }
    find_talk();
  }

  std::size_t length() const { return length_; }

  // Who talks loudest in this window.
  std::optional<std::size_t> talker(std::size_t w) const {
    std::optional<std::size_t> best;
    for (std::size_t p = 0; p < people_.size(); ++p)
      if (talks_[p][w] && (!best || around_[p][w] > around_[*best][w])) best = p;
    return best;
  }

 private:
  bool speaks(std::size_t p, std::int16_t noise, const std::vector<std::int16_t>& levels) const {
    const auto level = levels[p];
    if (level == kNotThere || level < options_.threshold || level < noise + options_.margin)
      return false;
    std::vector<std::int16_t> others;
    for (std::size_t k = 0; k < levels.size(); ++k)
      if (k != p && levels[k] != kNotThere) others.push_back(levels[k]);
    const auto middle = median(std::move(others));
    return !middle || level >= *middle + options_.margin;
  }

  void find_talk() {
    std::vector<std::vector<std::int16_t>> noise;
    for (const auto& row : people_) noise.push_back(noise_floors(row, length_));
    talks_.assign(people_.size(), Flags(length_, 0));
    std::vector<std::int16_t> levels(people_.size());
    for (std::size_t w = 0; w < length_; ++w) {
      for (std::size_t p = 0; p < people_.size(); ++p)
        levels[p] = is_there(people_[p], w) ? level_of_power(instant_[p][w]) : kNotThere;
      for (std::size_t p = 0; p < people_.size(); ++p)
        talks_[p][w] = speaks(p, noise[p][w], levels);
    }
    const auto window = windows(options_.window);
    for (auto& row : talks_) clean(row, window / 2, window / 2 + 2 * kReach);
  }

  const std::vector<Levels>& people_;
  const SpeakerOptions& options_;
  std::size_t length_ = 0;
  std::vector<std::vector<double>> instant_;
  std::vector<std::vector<double>> around_;
  std::vector<Flags> talks_;
};

// What it is worth to show somebody for a window, and what a change costs. A change of less gain
// than its cost is no gain to a viewer; the default is worth something only in a silence.
constexpr int kTalkWorth = 4;
constexpr int kDefaultWorth = 1;
constexpr int kChangeCost = 8;

// The best assignment by dynamic programming over windows and people.
class Assignment {
 public:
  Assignment(const Meeting& meeting, std::size_t people, const SpeakerOptions& options,
             std::optional<std::size_t> fallback)
      : length_{meeting.length()},
        people_{people},
        hold_{static_cast<std::size_t>(std::max<std::int64_t>(1, windows(options.hold)))},
        worth_(people, std::vector<int>(length_ + 1, 0)),
        best_(length_ + 1, std::vector<int>(people, 0)),
        before_(length_ + 1, std::vector<int>(people, kStays)) {
    sum_worth(meeting, windows(options.silence), fallback);
    for (std::size_t p = 0; fallback && p < people; ++p)
      if (p != *fallback) best_[0][p] = -kChangeCost;
    for (std::size_t w = 1; w <= length_; ++w)
      for (std::size_t p = 0; p < people_; ++p) extend(w, p);
  }

  std::vector<SpeakerChange> changes() const {
    auto [start, person] = last();
    std::vector<SpeakerChange> found;
    std::size_t w = length_;
    if (start < length_) {  // it lasts less than `hold`, for the recording ends
      found.push_back({start, person});
      w = start;
      person = rival(w, person);
    }
    while (w > 0) {
      if (before_[w][person] == kStays) {
        --w;
        continue;
      }
      w -= hold_;
      found.push_back({w, person});
      person = rival(w, person);
    }
    found.push_back({0, person});
    std::reverse(found.begin(), found.end());
    if (found.size() > 1 && found[1].window == 0) found.erase(found.begin());
    return found;
  }

 private:
  static constexpr int kStays = 0;
  static constexpr int kChanged = 1;

  void sum_worth(const Meeting& meeting, std::int64_t silence,
                 std::optional<std::size_t> fallback) {
    std::int64_t quiet = 0;
    for (std::size_t w = 0; w < length_; ++w) {
      for (auto& row : worth_) row[w + 1] = row[w];
      const auto talker = meeting.talker(w);
      quiet = talker ? 0 : quiet + 1;
      if (talker) worth_[*talker][w + 1] += kTalkWorth;
      if (!talker && fallback && quiet > silence) worth_[*fallback][w + 1] += kDefaultWorth;
    }
  }

  // The best other person to have been shown up to window w.
  std::size_t rival(std::size_t w, std::size_t person) const {
    std::size_t found = person == 0 ? 1 : 0;
    for (std::size_t q = 0; q < people_; ++q)
      if (q != person && best_[w][q] > best_[w][found]) found = q;
    return found;
  }

  int changed(std::size_t from, std::size_t to, std::size_t person) const {
    return best_[from][rival(from, person)] - kChangeCost + worth_[person][to] -
           worth_[person][from];
  }

  // Of equals the later change: at the first word, not in the silence before.
  void extend(std::size_t w, std::size_t p) {
    best_[w][p] = best_[w - 1][p] + worth_[p][w] - worth_[p][w - 1];
    if (people_ < 2 || w < hold_) return;
    const auto other = changed(w - hold_, w, p);
    if (other < best_[w][p]) return;
    best_[w][p] = other;
    before_[w][p] = kChanged;
  }

  // Who is shown at the end, and since when if that is too short for `hold`.
  std::pair<std::size_t, std::size_t> last() const {
    const auto& end = best_[length_];
    std::pair<std::size_t, std::size_t> found{length_, 0};
    for (std::size_t p = 0; p < people_; ++p)
      if (end[p] > end[found.second]) found.second = p;
    int most = end[found.second];
    for (auto w = length_ > hold_ ? length_ - hold_ + 1 : 1; people_ > 1 && w < length_; ++w)
      for (std::size_t p = 0; p < people_; ++p)
        if (const auto value = changed(w, length_, p); value > most) {
          most = value;
          found = {w, p};
        }
    return found;
  }

  const std::size_t length_;
  const std::size_t people_;
  const std::size_t hold_;                // windows
  std::vector<std::vector<int>> worth_;   // [person][window]: of showing the person up to there
  std::vector<std::vector<int>> best_;    // [window][person]: shown last, free to change
  std::vector<std::vector<int>> before_;  // [window][person]: how that came about
};

}  // namespace

std::vector<SpeakerChange> decide_speakers(const std::vector<Levels>& people,
                                           const SpeakerOptions& options,
                                           std::optional<std::size_t> fallback) {
  if (people.empty()) return {};
  const Meeting meeting{people, options};
  return Assignment{meeting, people.size(), options, fallback}.changes();
}

}  // namespace rostrum
