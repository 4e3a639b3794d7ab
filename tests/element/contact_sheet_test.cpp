// SPDX-License-Identifier: LGPL-2.1-or-later
// The contact sheet with workers that crash: a script plays the worker.
#include "engine/contact_sheet.h"

#include "media_maker.h"

namespace rostrum {
namespace {

namespace fs = std::filesystem;

constexpr Size kCanvas{32, 16};

// Makes a black frame, unless the job plays the asset "crashes".
constexpr char kWorker[] = R"sh(#!/bin/sh
if grep -q '"asset":"crashes"' "$2"; then kill -SEGV $$; fi
if grep -q '"asset":"short"' "$2"; then size=7; else size=768; fi
output=$(sed -n 's/.*"output":"\([^"]*\)".*/\1/p' "$2")
[ -z "$output" ] || head -c $size /dev/zero >"$output"
)sh";

class ContactSheetWorkers : public testing::Test {
 protected:
  ContactSheetWorkers() {
    test::write_bytes(folder_ / "worker", kWorker);
    fs::permissions(folder_ / "worker", fs::perms::owner_all);
    fs::create_directory(folder_ / "scratch");
    pool_ = {folder_ / "worker", folder_ / "scratch", 2, 60s};
    plan_.canvas = kCanvas;
  }

  // A scene of a second that shows this asset.
  void add_scene(const std::string& asset) {
    PlannedTrack track;
    track.id = asset;
    track.clips.push_back({});
    track.clips[0].asset = asset;
    track.clips[0].duration = 60s;
    plan_.tracks.push_back(track);
    base_.paths[asset] = folder_ / (asset + ".medium");
    test::write_bytes(base_.paths[asset], asset);
    const auto first = plan_.frames.end;
    plan_.frames.end += 25;
    const SceneTile tile{plan_.tracks.size() - 1, 0, {0, 0, kCanvas.width, kCanvas.height}};
    plan_.scenes.push_back({{first, first + 25}, {tile}, {}});
  }

  Result<std::string> sheet() {
    const auto page = contact_page(plan_, kCanvas);
    return draw_contact_sheet({plan_, plan_, page, base_, "x"}, pool_);
  }

  bool leaves_a_frame() const {
    for (const auto& entry : fs::directory_iterator{folder_ / "scratch"})
      if (entry.path().extension() == ".i420") return true;
    return false;
  }

  test::Folder folder_;
  PoolOptions pool_;
  Plan plan_;
  ChunkJob base_;
};

TEST_F(ContactSheetWorkers, ACrashCostsOnlyThePictureOfItsMedium) {
  for (const char* asset : {"a", "crashes", "b"}) add_scene(asset);
  const auto png = sheet();
  ASSERT_TRUE(png) << png.error().message;
  EXPECT_EQ(png->substr(1, 3), "PNG");
  EXPECT_FALSE(leaves_a_frame());
}

TEST_F(ContactSheetWorkers, AFrameThatIsNotWholeIsAnError) {
  add_scene("short");
  const auto png = sheet();
  ASSERT_FALSE(png);
  EXPECT_EQ(png.error().kind, Kind::internal);
  EXPECT_FALSE(leaves_a_frame());
}

}  // namespace
}  // namespace rostrum
