// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/progress.h"

#include "tools/terminal.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

namespace rostrum {

namespace {

using Json = nlohmann::ordered_json;

const char* name_of(Kind kind) {
  constexpr const char* kNames[] = {"internal", "usage",        "manifest",    "missing_component",
                                    "media",    "verification", "interrupted", "encoder"};
  return kNames[static_cast<int>(kind)];
}

void print_event(const Json& event) {
  std::puts(printable_json(event.dump(-1, ' ', false, Json::error_handler_t::replace)).c_str());
  std::fflush(stdout);
}

void print_json(Nanoseconds done, Nanoseconds total, double speed, double eta) {
  std::printf("{\"event\":\"progress\",\"done\":%.3f,\"total\":%.3f,\"speed\":%.2f,\"eta\":%.1f}\n",
              to_seconds(done), to_seconds(total), speed, eta);
  std::fflush(stdout);
}

std::string minutes(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%d:%02d", static_cast<int>(seconds) / 60,
                static_cast<int>(seconds) % 60);
  return text;
}

}  // namespace

Progress::Progress(ProgressMode mode) : mode_{mode}, begun_{std::chrono::steady_clock::now()} {}

Progress::~Progress() {
  if (drawn_) std::fputs("\r\033[K", stderr);
}

void Progress::update(Nanoseconds done, Nanoseconds total) {
  if (mode_ == ProgressMode::none || done <= 0ns) return;
  const double wall =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
  const double speed = to_seconds(done) / std::max(wall, 1e-3);
  const double eta = to_seconds(std::max(0ns, total - done)) / std::max(speed, 1e-6);
  const double share = std::clamp(to_seconds(done) / to_seconds(total), 0.0, 1.0);
  if (mode_ == ProgressMode::json)
    print_json(done, total, speed, eta);
  else if (mode_ == ProgressMode::bar || isatty(STDERR_FILENO))
    drawn_ = true, draw_bar(share, speed, eta);
  else
    print_line(share, speed, eta);
}

void Progress::draw_bar(double share, double speed, double eta) const {
  std::fprintf(stderr, "\r%s  %.1fx  %s left \033[K", progress_bar(share).c_str(), speed,
               minutes(eta).c_str());
}

void Progress::print_line(double share, double speed, double eta) {
  const int tenth = static_cast<int>(share * 10);
  if (tenth <= last_tenth_) return;
  last_tenth_ = tenth;
  std::fprintf(stderr, "%3d %% rendered, %.1f times real time, %s left\n", tenth * 10, speed,
               minutes(eta).c_str());
}

std::string progress_bar(double share) {
  constexpr int kWidth = 30;
  std::string bar(kWidth, '.');
  std::fill_n(bar.begin(), static_cast<int>(share * kWidth), '#');
  char percent[16];
  std::snprintf(percent, sizeof percent, "] %3.0f %%", share * 100);
  return "[" + bar + percent;
}

void print_file_event(const std::string& file, std::uint64_t bytes,
                      std::optional<std::uint64_t> total, bool done) {
  Json event{{"event", "file"}, {"file", file}, {"bytes", bytes}, {"done", done}};
  if (total) event["total"] = *total;
  print_event(event);
}

void print_fetched_event(const std::string& job, std::size_t files) {
  print_event({{"event", "done"}, {"job", job}, {"files", files}});
}

void print_done_event(const std::string& output, double seconds, double bytes,
                      std::size_t substitutions) {
  print_event({{"event", "done"},
               {"output", output},
               {"seconds", seconds},
               {"bytes", static_cast<std::int64_t>(bytes)},
               {"substitutions", substitutions}});
}

void print_error_event(const Error& error) {
  print_event({{"event", "error"}, {"kind", name_of(error.kind)}, {"message", error.message}});
}

}  // namespace rostrum
