// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/waveform_sheet.h"

#include "core/contact_page.h"
#include "engine/page.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace rostrum {

namespace {

// Pixels.
constexpr int kMargin = 28;
constexpr int kHeader = 84;
constexpr int kNames = 230;
constexpr int kRow = 44;
constexpr int kGap = 6;
constexpr int kAxis = 28;
constexpr int kProgramme = 130;
constexpr int kLegend = 34;
constexpr int kWidth = 2 * kMargin + kNames + static_cast<int>(kWaveformColumns);

constexpr std::uint32_t kAbsent = 0x20242b;
constexpr std::uint32_t kPresent = 0x2e3440;
constexpr std::uint32_t kMuted = 0x252830;
constexpr std::uint32_t kHeard = 0x5e81ac;
constexpr std::uint32_t kTalks = 0x8fd0a8;
constexpr std::uint32_t kClipped = 0xe5646e;
constexpr std::uint32_t kLimited = 0xebcb8b;
constexpr std::uint32_t kLoudness = 0x88c0d0;

constexpr double kFloor = -60;  // dBFS or LUFS at the lower edge of what is drawn

// 0 at the floor, 1 at full scale.
double share(double level) { return std::clamp(1 - level / kFloor, 0.0, 1.0); }

std::string decibels(double value, const char* unit) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f %s", value, unit);
  return text;
}

class Sheet {
 public:
  Sheet(const Waveform& waveform, std::vector<std::size_t> shown)
      : waveform_{waveform},
        shown_{std::move(shown)},
        page_{Size{kWidth, kMargin * 2 + kHeader + static_cast<int>(shown_.size()) * (kRow + kGap) +
                               kProgramme + kAxis + kLegend}} {}

  void draw_header(const WaveformFacts& facts) {
    page_.write(facts.title, {kMargin, kMargin, kWidth - 2 * kMargin, 0}, {.style = {24, true}});
    auto text = clock_text(waveform_.length) + " · ";
    text += waveform_.integrated ? "planned " + decibels(*waveform_.integrated, "LUFS") : "silence";
    if (facts.wanted) text += " (wanted " + decibels(*facts.wanted, "LUFS") + ")";
    text += ", range " + decibels(waveform_.range, "LU") + " · peaks held under " +
            decibels(facts.ceiling, "dBTP");
    if (shown_.size() < waveform_.rows.size())
      text += " · the " + std::to_string(shown_.size()) + " of " +
              std::to_string(waveform_.rows.size()) + " who talk most";
    page_.write(text, {kMargin, kMargin + 38, kWidth - 2 * kMargin, 0},
                {.style = {15, false}, .color = kPageFaint});
    y_ = kMargin + kHeader;
  }

  void draw_rows() {
    for (const auto index : shown_) {
      draw_row(waveform_.rows[index]);
      y_ += kRow + kGap;
    }
  }

  void draw_programme() {
    page_.write("programme", {kMargin, y_ + 4, kNames - 16, 0}, {.style = {14, true}});
    page_.write("short-term loudness, LUFS", {kMargin, y_ + 24, kNames - 16, 0},
                {.color = kPageFaint});
    page_.fill({kLeft, y_, kColumns, kProgramme}, kAbsent);
    for (int level = -50; level < 0; level += 10) {
      const int y = height_of(level);
      page_.fill({kLeft, y, kColumns, 1}, kPresent);
      page_.write(std::to_string(level), {kLeft - 40, y - 9, 34, 0},
                  {.style = {11, false}, .color = kPageFaint, .right = true});
    }
    for (int x = 0; x < kColumns; ++x) {
      const auto& column = waveform_.programme[static_cast<std::size_t>(x)];
      if (column.loudness && *column.loudness > kFloor)
        page_.fill({kLeft + x, height_of(*column.loudness), 1, 2}, kLoudness);
      const int depth = std::min(static_cast<int>(std::lround(2 * column.limited)), 24);
      if (depth > 0) page_.fill({kLeft + x, y_, 1, depth}, kLimited);
    }
    y_ += kProgramme;
  }

  void draw_axis() {
    const auto step = axis_step(waveform_.length, kWaveformColumns / 90);
    for (Nanoseconds at{0}; at <= waveform_.length; at += step) {
      const auto x = kLeft + static_cast<int>(kColumns * (at / 1ms) / (waveform_.length / 1ms));
      page_.fill({std::min(x, kLeft + kColumns - 1), y_, 1, 6}, kPageFaint);
      if (x + 50 < kWidth)
        page_.write(step < 1s ? format_time(at) : clock_text(at), {x + 3, y_ + 4, 84, 0},
                    {.style = {11, false}, .color = kPageFaint});
    }
    y_ += kAxis;
  }

  void draw_legend() {
    int x = kLeft;
    const auto entry = [&](std::uint32_t color, const char* text, int width) {
      page_.fill({x, y_ + 14, 14, 10}, color);
      page_.write(text, {x + 20, y_ + 10, width - 20, 0},
                  {.style = {12, false}, .color = kPageFaint});
      x += width;
    };
    entry(kTalks, "talks", 80);
    entry(kHeard, "heard", 86);
    entry(kPresent, "silent", 86);
    entry(kMuted, "muted", 86);
    entry(kAbsent, "absent", 92);
    entry(kClipped, "medium at full scale: clipped", 230);
    entry(kLimited, "limiter at work", 150);
    entry(kLoudness, "loudness", 100);
  }

  Result<std::string> png() { return page_.png(); }

 private:
  static constexpr int kLeft = kMargin + kNames;
  static constexpr int kColumns = static_cast<int>(kWaveformColumns);

  int height_of(double loudness) const {
    return y_ + static_cast<int>(std::lround((1 - share(loudness)) * (kProgramme - 2)));
  }

  void draw_row(const WaveformRow& row) {
    page_.write(row.name, {kMargin, y_ + 4, kNames - 16, 0}, {.style = {14, true}});
    if (row.talk > 0ns)
      page_.write("talks for " + length_text(row.talk), {kMargin, y_ + 24, kNames - 16, 0},
                  {.style = {12, false}, .color = kPageFaint});
    for (int x = 0; x < kColumns; ++x) {
      const auto& column = row.columns[static_cast<std::size_t>(x)];
      const auto ground = !column.present ? kAbsent : column.muted ? kMuted : kPresent;
      page_.fill({kLeft + x, y_, 1, kRow}, ground);
      const int half =
          static_cast<int>(std::lround(share(static_cast<double>(column.level)) * kRow / 2));
      if (half > 0)
        page_.fill({kLeft + x, y_ + kRow / 2 - half, 1, 2 * half}, column.talks ? kTalks : kHeard);
      if (column.clipped) page_.fill({kLeft + x, y_, 1, 5}, kClipped);
    }
  }

  const Waveform& waveform_;
  std::vector<std::size_t> shown_;
  Page page_;
  int y_ = 0;
};

// In order; of too many those who talk most.
std::vector<std::size_t> rows_shown(const Waveform& waveform) {
  std::vector<std::size_t> rows(waveform.rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = i;
  if (rows.size() <= kMostWaveformRows) return rows;
  std::stable_sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
    return waveform.rows[a].talk > waveform.rows[b].talk;
  });
  rows.resize(kMostWaveformRows);
  std::sort(rows.begin(), rows.end());
  return rows;
}

}  // namespace

Result<std::string> draw_waveform(const Waveform& waveform, const WaveformFacts& facts) {
  Sheet sheet{waveform, rows_shown(waveform)};
  sheet.draw_header(facts);
  sheet.draw_rows();
  sheet.draw_programme();
  sheet.draw_axis();
  sheet.draw_legend();
  return sheet.png();
}

}  // namespace rostrum
