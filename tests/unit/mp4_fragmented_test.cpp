// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/mp4_fragmented.h"

#include "mp4_part.h"

#include <gtest/gtest.h>

namespace rostrum::mp4 {
namespace {

constexpr auto kVideo = fourcc("vide");
constexpr auto kSound = fourcc("soun");

// Pictures of 25 a second, of which every tenth can begin a fragment, in B-frames' order, and a
// little more sound than picture.
JoinedMovie film() {
  auto part = picture(40);
  part.compositions.assign(40, 100);
  part.compositions[3] = 200;
  part.compositions[4] = 0;
  part.media_time = 100;
  part.sync = {1, 11, 21, 31};
  return *join_movies({{movie_of(part), 0, -1}}, {{movie_of(sound(80)), 0, -1}});
}

FragmentedMovie fragmented(const JoinedMovie& film, FourCc handler, Nanoseconds length) {
  const auto times = fragment_times(film.moov, length);
  EXPECT_TRUE(times);
  auto movie = fragment_movie(film.moov, {handler}, *times);
  EXPECT_TRUE(movie) << (movie ? "" : movie.error().message);
  return movie ? *movie : FragmentedMovie{};
}

View box_in(View whole, std::initializer_list<FourCc> path) {
  const auto found = find(whole, path);
  EXPECT_TRUE(found);
  return found ? found->body : View{};
}

struct Run {
  std::uint64_t decoded = 0;
  std::uint32_t payload = 0;
  std::vector<std::uint32_t> sizes;
  std::vector<std::int32_t> compositions;
  std::vector<bool> sync;
};

Run run_of(const MovieFragment& fragment, bool pictures) {
  Run run;
  const auto head = View{fragment.head}.first(fragment.head.size() - 8);  // of the 'mdat' besides
  Reader time{box_in(head, {fourcc("moof"), fourcc("traf"), fourcc("tfdt")})};
  time.skip(4);
  run.decoded = time.u64();
  Reader r{box_in(head, {fourcc("moof"), fourcc("traf"), fourcc("trun")})};
  r.skip(4);
  const auto count = r.u32();
  run.payload = r.u32();
  for (std::uint32_t i = 0; i < count; ++i) {
    r.skip(4);
    run.sizes.push_back(r.u32());
    if (!pictures) continue;
    run.sync.push_back((r.u32() & 0x10000) == 0);
    run.compositions.push_back(static_cast<std::int32_t>(r.u32()));
  }
  EXPECT_TRUE(r.ok());
  return run;
}

TEST(Mp4Fragmented, BeginsWithPicturesThatDecodingCanBeginWith) {
  const auto movie = film();
  EXPECT_EQ(*fragment_times(movie.moov, 400ms),
            (std::vector<Nanoseconds>{0ns, 400ms, 800ms, 1200ms}));
  EXPECT_EQ(*fragment_times(movie.moov, 500ms), (std::vector<Nanoseconds>{0ns, 800ms}));
  EXPECT_EQ(*fragment_times(movie.moov, 1h), std::vector<Nanoseconds>{0ns});
}

TEST(Mp4Fragmented, EverySampleIsInOneFragment) {
  const auto whole = film();
  const auto movie = fragmented(whole, kVideo, 500ms);
  ASSERT_EQ(movie.fragments.size(), 2U);
  std::vector<std::uint32_t> sizes;
  for (const auto& fragment : movie.fragments) {
    const auto run = run_of(fragment, true);
    EXPECT_EQ(run.decoded, 100 * sizes.size());
    EXPECT_EQ(run.payload, fragment.head.size());
    EXPECT_TRUE(run.sync.front());
    sizes.insert(sizes.end(), run.sizes.begin(), run.sizes.end());
    std::uint64_t bytes = fragment.head.size();
    for (const auto& range : fragment.samples) bytes += range.size;
    EXPECT_EQ(bytes, fragment.size);
  }
  std::vector<std::uint32_t> expected;
  const auto samples = samples_of(whole.moov, 1, 100);
  for (const auto& s : *samples) expected.push_back(s.size);
  EXPECT_EQ(sizes, expected);
}

TEST(Mp4Fragmented, PicturesAreShownWhenTheFilmShowsThem) {
  const auto movie = fragmented(film(), kVideo, 1h);
  const auto run = run_of(movie.fragments.front(), true);
  EXPECT_EQ(run.compositions[0], 100);
  EXPECT_EQ(run.compositions[3], 200);
  EXPECT_EQ(run.compositions[4], 0);
  const View head{movie.head};
  Reader edit{box_in(head, {fourcc("moov"), fourcc("trak"), fourcc("edts"), fourcc("elst")})};
  edit.skip(8 + 8);
  EXPECT_EQ(edit.u64(), 100U);
  EXPECT_TRUE(find(head, {fourcc("moov"), fourcc("mvex"), fourcc("trex")}));
  EXPECT_EQ(movie.fragments.front().shown, (Interval{0ns, 1600ms}));
}

TEST(Mp4Fragmented, SoundIsCutAtItsNextPacket) {
  const auto movie = fragmented(film(), kSound, 500ms);
  ASSERT_EQ(movie.fragments.size(), 2U);
  const auto first = run_of(movie.fragments[0], false).sizes.size();
  EXPECT_EQ(first, 38U);  // 37.5 packets are 800 ms
  EXPECT_EQ(run_of(movie.fragments[1], false).decoded, first * 1024);
  EXPECT_EQ(run_of(movie.fragments[1], false).sizes.size(), 80 - first);
}

TEST(Mp4Fragmented, TheIndexSaysHowLongAndHowLargeEachIs) {
  const auto movie = fragmented(film(), kVideo, 500ms);
  Reader r{box_in(movie.index, {fourcc("sidx")})};
  r.skip(4);
  EXPECT_EQ(r.u32(), 1U);
  EXPECT_EQ(r.u32(), 2500U);  // the track's own
  EXPECT_EQ(r.u64(), 0U);
  EXPECT_EQ(r.u64(), 0U);
  r.skip(2);
  ASSERT_EQ(r.u16(), 2U);
  for (const auto& fragment : movie.fragments) {
    EXPECT_EQ(r.u32(), fragment.size);
    EXPECT_EQ(r.u32(), 2000U);  // both last 0.8 s
    EXPECT_EQ(r.u32(), 0x90000000U);
  }
}

TEST(Mp4Fragmented, CodecsAreNamedAsPlayersKnowThem) {
  auto part = picture(1);
  part.config = avc::Config{100, 0, 31, {{0x67}}, {{0x68}}, {}};
  const auto movie = *join_movies({{movie_of(part), 0, -1}}, {{movie_of(sound(3)), 0, -1}});
  EXPECT_EQ(fragmented(movie, kVideo, 1s).codecs, "avc1.64001F");
  EXPECT_EQ(fragmented(movie, kSound, 1s).codecs, "mp4a.40.2");
}

TEST(Mp4Fragmented, DamageAndWhatIsNotThereAreErrors) {
  const auto whole = film();
  const auto silent = *join_movies({{movie_of(picture(3)), 0, -1}}, {});
  EXPECT_FALSE(fragment_movie(silent.moov, {kSound}, {0ns}));
  EXPECT_FALSE(fragment_times({}, 1s));
  for (std::size_t bytes = 0; bytes < whole.moov.size(); bytes += 7)
    EXPECT_FALSE(fragment_movie(View{whole.moov}.first(bytes), {kVideo, kSound}, {0ns})) << bytes;
}

}  // namespace
}  // namespace rostrum::mp4
