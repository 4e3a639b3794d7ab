// SPDX-License-Identifier: LGPL-2.1-or-later
// Only sound that is really the medium's, in its place, need not be listened to.
#include "engine/sound_equal.h"

#include "core/mp4_movie.h"
#include "engine/file.h"
#include "mp4_media.h"

#include <gtest/gtest.h>

#include <fstream>

namespace rostrum {
namespace {

using namespace std::chrono_literals;

class SoundEqual : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(test::make_movie(medium_, {.frames = 100, .samples = 192000}));
    std::filesystem::copy_file(medium_, film_);
    media_["a"].path = medium_;
    PlannedClip clip;
    clip.asset = "a";
    clip.playable = clip.duration = 4s;
    clip.has_audio = true;
    plan_.frames = {0, 100};
    plan_.tracks = {{"voice", TrackKind::audio, "", {clip}}};
  }

  PlannedClip& clip() { return plan_.tracks[0].clips[0]; }
  bool equal() const { return has_sound_of_medium(film_, plan_, media_, {}); }

  // Where a byte of the film's sound stands.
  std::uint64_t place_in_packet(std::size_t number) const {
    const auto file = File::open_to_read(film_);
    const auto moov = read_moov(*file, film_);
    const auto movie = mp4::read_movie(*moov);
    for (const auto& track : movie->tracks)
      if (track.handler == mp4::fourcc("soun"))
        return mp4::samples_of(*moov, track.id, 1'000'000)->at(number).offset + 5;
    return 0;
  }

  test::TemporaryFolder folder_;
  const std::string medium_ = folder_ / "medium.mp4";
  const std::string film_ = folder_ / "film.mp4";
  Plan plan_;
  MediaMap media_;
};

TEST_F(SoundEqual, PacketsInTheirPlacesAreTheMediums) { EXPECT_TRUE(equal()); }

TEST_F(SoundEqual, OneByteIsEnoughToListen) {
  for (const std::size_t packet : {0, 100}) {
    const auto at = static_cast<std::streamoff>(place_in_packet(packet));
    ASSERT_GT(at, 0);
    std::fstream file{film_, std::ios::in | std::ios::out | std::ios::binary};
    file.seekg(at);
    const auto byte = file.get();
    file.seekp(at);
    file.put(static_cast<char>(byte ^ 1));
    file.flush();
    EXPECT_FALSE(equal()) << packet;
    file.seekp(at);
    file.put(static_cast<char>(byte));
    file.flush();
    EXPECT_TRUE(equal());
  }
}

TEST_F(SoundEqual, AnotherPlaceIsEnough) {
  clip().in = 40ms;
  EXPECT_FALSE(equal());
  clip().in = 1s;
  EXPECT_FALSE(equal());
  clip().start = 1s;
  EXPECT_TRUE(equal());  // the same again
}

TEST_F(SoundEqual, SeveralClipsAndOtherFilesAreNotTold) {
  plan_.tracks.push_back(plan_.tracks[0]);
  EXPECT_FALSE(equal());
  plan_.tracks.pop_back();
  media_["a"].path = folder_ / "absent.mp4";
  EXPECT_FALSE(equal());
  std::ofstream{folder_ / "text.mp4"} << "no film";
  media_["a"].path = folder_ / "text.mp4";
  EXPECT_FALSE(equal());
  EXPECT_FALSE(has_sound_of_medium(folder_ / "absent.mp4", plan_, media_, {}));
}

}  // namespace
}  // namespace rostrum
