// SPDX-License-Identifier: LGPL-2.1-or-later
// Probing by workers that crash, hang, grow or lie: a script plays the worker, and does what its
// media's contents say.
#include "engine/probe_workers.h"

#include "core/probe_report.h"
#include "engine/fingerprint.h"
#include "engine/pace_cache.h"
#include "media_maker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <thread>

namespace rostrum {
namespace {

namespace fs = std::filesystem;
using test::Folder;

// It notes how many media it is given, and says of each what stands in `found`.
constexpr char kWorker[] = R"sh(#!/bin/sh
here=${0%/*}
count=$(sed -n 's/.*"media":\([0-9]*\).*/\1/p' "$2")
echo "start $count $$" >>"$here/log"
number=0
while [ $number -lt $count ]; do
  read -r word <&$((number + 3))
  [ "$word" = mute ] && exit 0
  echo "{\"medium\":$number}"
  case $word in
  crashes) kill -SEGV $$ ;;
  crashes-once) mkdir "$here/crashed" 2>/dev/null && kill -ABRT $$ ;;
  hangs) exec sleep 600 ;;
  grows) rm -f "$here/fifo"; mkfifo "$here/fifo"; exec dd if=/dev/zero bs=64M count=1 2>/dev/null 1<>"$here/fifo" ;;
  endless) exec cat /dev/zero ;;
  lies) echo '{"medium":99,"found":{}}'; echo '{"medium":0,"found":7}' ; exit 0 ;;
  wrong) echo '{"error":"wrong","kind":"x"}'; exit 3 ;;
  clock) echo 'rostrum-pace-1 1.25' >"${2%/*}/findings/$(cat "$here/content")" ; echo 'rostrum-pace-1 1.5' >"${2%/*}/findings/other" ;;
  esac
  sed "s/:0,/:$number,/" "$here/found"
  number=$((number + 1))
done
exec sleep 600
)sh";

class ProbeWorkersTest : public testing::Test {
 protected:
  ProbeWorkersTest() {
    test::write_bytes(folder_ / "worker", kWorker);
    fs::permissions(folder_ / "worker", fs::perms::owner_all);
    MediaInfo info;
    info.duration = 7s;
    test::write_bytes(folder_ / "found", probe_report_json({0, info}) + "\n");
    fs::create_directory(folder_ / "jobs");
    how_.program = folder_ / "worker";
    how_.spec_dir = folder_ / "jobs";
  }

  // Files that hold these words, a file each.
  std::vector<std::string> media(const std::vector<std::string>& words) {
    std::vector<std::string> paths;
    for (const auto& word : words) {
      paths.push_back(folder_ / (std::to_string(paths.size()) + ".mp4"));
      test::write_bytes(paths.back(), word + "\n");
    }
    return paths;
  }

  std::vector<MediaInfo> probed(const std::vector<std::string>& words) {
    const auto paths = media(words);
    auto found = probe_files(paths, how_);
    if (!found) {
      ADD_FAILURE() << found.error().message;
      return std::vector<MediaInfo>(words.size());
    }
    for (std::size_t i = 0; i < paths.size(); ++i) EXPECT_EQ((*found)[i].path, paths[i]);
    return *found;
  }

  // How many media each worker was given.
  std::vector<int> workers() const {
    std::vector<int> counts;
    std::istringstream text{test::read_bytes(folder_ / "log")};
    std::string word;
    for (int count = 0, process = 0; text >> word >> count >> process;) counts.push_back(count);
    return counts;
  }

  Folder folder_;
  MediaWorkers how_;
};

TEST_F(ProbeWorkersTest, OneWorkerLooksIntoAllMedia) {
  for (const auto& info : probed({"a", "b", "c"})) {
    EXPECT_EQ(info.problem, "");
    EXPECT_EQ(info.duration, 7s);
  }
  EXPECT_EQ(workers(), std::vector<int>{3});
}

TEST_F(ProbeWorkersTest, WhatIsNoFileNeedsNoWorker) {
  const auto found = probe_files({folder_ / "absent.mp4", folder_.path().string()}, how_);
  ASSERT_TRUE(found);
  EXPECT_EQ((*found)[0].problem, "it is missing");
  EXPECT_EQ((*found)[1].problem, "it is a folder");
  EXPECT_TRUE(workers().empty());
}

TEST_F(ProbeWorkersTest, TheGuiltyOneIsFoundAndAllOthersAreProbed) {
  const auto found = probed({"a", "crashes", "b", "crashes-once"});
  EXPECT_EQ(found[1].problem, "its decoder crashes");
  for (const std::size_t i : {0, 2, 3}) EXPECT_EQ(found[i].duration, 7s) << i;
}

TEST_F(ProbeWorkersTest, AWorkerThatHangsOrGrowsIsEnded) {
  how_.stall_timeout = 300ms;
  EXPECT_EQ(probed({"hangs", "a"})[0].problem, "it takes too long to read");
  how_.stall_timeout = 60s;
  how_.most_memory = 32 << 20;
  const auto found = probed({"a", "grows"});
  EXPECT_EQ(found[1].problem, "its decoder takes more than 32 MiB of memory");
  EXPECT_EQ(found[0].duration, 7s);
}

TEST_F(ProbeWorkersTest, NonsenseIsNotBelieved) {
  const auto found = probed({"lies", "mute", "wrong", "endless"});
  EXPECT_EQ(found[0].problem, "what its decoder says of it makes no sense");
  EXPECT_EQ(found[1].problem, "what its decoder says of it makes no sense");
  EXPECT_EQ(found[2].problem, "its decoder crashes");
  EXPECT_EQ(found[3].problem, "its decoder crashes");
}

TEST_F(ProbeWorkersTest, AStopEndsIt) {
  std::stop_source source;
  how_.stop = source.get_token();
  std::jthread stopping{[&] {
    while (workers().empty()) std::this_thread::yield();
    source.request_stop();
  }};
  const auto found = probe_files(media({"hangs"}), how_);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, Kind::interrupted);
}

TEST_F(ProbeWorkersTest, AProgramThatIsNotThereIsAnError) {
  how_.program = folder_ / "none";
  const auto found = probe_files(media({"a"}), how_);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, Kind::internal);
}

TEST_F(ProbeWorkersTest, OtherFilesStandInWhereTheFirstIsUnusable) {
  const auto paths = media({"crashes", "a"});
  std::vector<ResolvedAsset> assets(3);
  for (auto& asset : assets) asset.path = paths[0];
  assets[0].id = "second-choice";
  assets[0].others = {folder_ / "absent.mp4", paths[1]};
  assets[1].id = "refused";
  assets[1].path = paths[1];
  assets[1].problem = "its SHA-256 is not the declared one";
  assets[2].id = "lost";
  assets[2].others = {folder_ / "absent.mp4"};
  const auto map = probe_all(assets, how_);
  ASSERT_TRUE(map);
  EXPECT_EQ(map->at("second-choice").path, paths[1]);
  EXPECT_TRUE(map->at("second-choice").usable());
  EXPECT_EQ(map->at("refused").problem, assets[1].problem);
  EXPECT_EQ(map->at("refused").path, paths[1]);
  EXPECT_EQ(map->at("lost").problem, "its decoder crashes") << "that of its own file";
  EXPECT_EQ(map->at("lost").path, paths[0]);
}

TEST_F(ProbeWorkersTest, OfClocksAWorkerTellsWhatItsMediaAreOnly) {
  const auto paths = media({"clock"});
  test::write_bytes(folder_ / "content", fingerprint(paths[0]));
  const auto before = PaceCache::of_user().find(fingerprint(paths[0]));
  ASSERT_FALSE(before && *before != 1.25);
  probed({"clock"});
  EXPECT_EQ(PaceCache::of_user().find(fingerprint(paths[0])), 1.25);
  EXPECT_FALSE(PaceCache::of_user().find("other"));
}

}  // namespace
}  // namespace rostrum
