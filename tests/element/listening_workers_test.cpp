// SPDX-License-Identifier: LGPL-2.1-or-later
// Listening by workers that crash, lie or say nothing: a script plays the worker, and does what its
// media's contents say.
#include "engine/listening_workers.h"

#include "core/probe_report.h"
#include "engine/level_cache.h"
#include "media_maker.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace rostrum {
namespace {

namespace fs = std::filesystem;
using test::Folder;

// Of each medium that is well it leaves a copy of `levels`.
constexpr char kWorker[] = R"sh(#!/bin/sh
here=${0%/*}
findings=${2%/*}/findings
count=$(grep -o duration "$2" | wc -l)
number=0
while [ $number -lt $count ]; do
  read -r word <&$((number + 3))
  echo "{\"medium\":$number}"
  case $word in
  crashes) kill -SEGV $$ ;;
  hangs) exec sleep 600 ;;
  lies) echo 'rostrum levels' >"$findings/$number" ;;
  says-nothing) ;;
  endless) truncate -s 1G "$findings/$number" ;;
  *) cp "$here/levels" "$findings/$number" ;;
  esac
  sed "s/:0,/:$number,/" "$here/found"
  number=$((number + 1))
done
)sh";

class ListeningWorkersTest : public testing::Test {
 protected:
  ListeningWorkersTest() {
    test::write_bytes(folder_ / "worker", kWorker);
    fs::permissions(folder_ / "worker", fs::perms::owner_all);
    test::write_bytes(folder_ / "found", probe_report_json({0, MediaInfo{}}) + "\n");
    LevelCache{folder_.path().string()}.store("levels", {kLevels, {}, {}});
    fs::create_directory(folder_ / "jobs");
    workers_.program = folder_ / "worker";
    workers_.spec_dir = folder_ / "jobs";
  }

  // Half a second of a file that holds this word.
  ToHear medium(const std::string& word, Listening listening = {}) {
    const std::string path = folder_ / (word + ".wav");
    test::write_bytes(path, word + "\n");
    return {path, 450ms, std::move(listening)};
  }

  const Levels kLevels{-100, -200, -300, -400, -500};
  const Levels kSilence = Levels(5, kSilentLevel);
  Folder folder_;
  MediaWorkers workers_;
};

TEST_F(ListeningWorkersTest, SayWhatIsHeard) {
  const auto heard = listen_by_workers(workers_)({medium("a"), medium("b")});
  ASSERT_TRUE(heard) << heard.error().message;
  for (const auto& [levels, problem] : *heard) {
    EXPECT_EQ(problem, "");
    EXPECT_EQ(levels, (SoundLevels{kLevels, {}, {}}));
  }
  EXPECT_TRUE(listen_by_workers(workers_)({})->empty());
}

TEST_F(ListeningWorkersTest, AMediumThatCrashesItsDecoderIsSilentAndNoOther) {
  const auto heard = listen_by_workers(workers_)({medium("a"), medium("crashes"), medium("b")});
  ASSERT_TRUE(heard) << heard.error().message;
  EXPECT_EQ((*heard)[1].problem, "its decoder crashes");
  EXPECT_EQ((*heard)[1].levels.rms, kSilence);
  for (const std::size_t i : {0, 2}) EXPECT_EQ((*heard)[i].levels.rms, kLevels) << i;
}

TEST_F(ListeningWorkersTest, NonsenseIsSilence) {
  for (const auto* word : {"lies", "says-nothing", "endless"}) {
    const auto heard = listen_by_workers(workers_)({medium(word)});
    ASSERT_TRUE(heard) << heard.error().message;
    EXPECT_EQ((*heard)[0].levels.rms, kSilence) << word;
  }
}

TEST_F(ListeningWorkersTest, WhatWasNotAskedForIsUnmeasured) {
  const auto heard = listen_by_workers(workers_)(
      {medium("says-nothing", {.loudness = true, .parts = {{{100ms, 200ms}, {400ms, 450ms}}}})});
  ASSERT_TRUE(heard) << heard.error().message;
  const Levels some{kUnmeasured, kSilentLevel, kUnmeasured, kUnmeasured, kSilentLevel};
  EXPECT_EQ((*heard)[0].levels, (SoundLevels{some, some, some}));
}

TEST_F(ListeningWorkersTest, LevelsBeyondTheEndAreNotBelieved) {
  auto shorter = medium("a");
  shorter.duration = 200ms;
  EXPECT_EQ((*listen_by_workers(workers_)({shorter}))[0].levels.rms, (Levels{-100, -200}));
}

TEST_F(ListeningWorkersTest, AStopEndsIt) {
  std::stop_source source;
  source.request_stop();
  workers_.stop = source.get_token();
  const auto heard = listen_by_workers(workers_)({medium("hangs")});
  ASSERT_FALSE(heard);
  EXPECT_EQ(heard.error().kind, Kind::interrupted);
}

}  // namespace
}  // namespace rostrum
