// SPDX-License-Identifier: LGPL-2.1-or-later
// Small event logs of BigBlueButton for tests.
#pragma once

#include "core/import/bigbluebutton.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace rostrum::test {

using Lines = std::vector<std::string>;

inline constexpr int kEpoch = 1'000'000;  // timestamp of the log's beginning, milliseconds

// An event that many milliseconds after the log's beginning, with children such as "<share>true".
inline std::string bbb_event(int at, const std::string& name, const std::string& children = {}) {
  return "<event timestamp=\"" + std::to_string(kEpoch + at) + "\" module=\"M\" eventname=\"" +
         name + "\">" + children + "</event>";
}

inline std::string field(const std::string& name, const std::string& text) {
  return "<" + name + ">" + text + "</" + name + ">";
}

// A log of 100 s.
inline std::string bbb_log(const Lines& events) {
  std::string text = R"(<?xml version="1.0"?><recording><meeting name="Лекция"/>)";
  text += bbb_event(0, "CreatePresentationPodEvent");
  for (const auto& event : events) text += event;
  return text + bbb_event(100'000, "EndAndKickAllEvent") + "</recording>";
}

// The manifest must survive being written and read.
inline Imported import_bbb(const std::string& text, const Lines& files = {}) {
  auto imported = import_bigbluebutton(text, files);
  EXPECT_TRUE(imported) << text;
  if (!imported) return {};
  const auto again = parse_manifest(write_manifest(imported->manifest));
  EXPECT_TRUE(again) << (again ? "" : again.error()[0].pointer + ": " + again.error()[0].message);
  EXPECT_EQ(again ? write_manifest(*again) : "", write_manifest(imported->manifest));
  return std::move(*imported);
}

inline Imported import_events(const Lines& events, const Lines& files = {}) {
  return import_bbb(bbb_log(events), files);
}

}  // namespace rostrum::test
