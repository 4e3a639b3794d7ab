// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/matroska.h"

#include "core/ebml.h"
#include "core/matroska_read.h"
#include "core/mp4_rewrite.h"
#include "mp4_part.h"

#include <gtest/gtest.h>

#include <numeric>
#include <string>

namespace rostrum::matroska {
namespace {

// Four seconds of pictures in B-frames' order, of which every 25th can begin a cluster, and as much
// sound.
mp4::JoinedMovie joined(const std::vector<std::uint32_t>& sync) {
  auto part = mp4::picture(100);
  part.compositions.assign(100, 100);
  part.compositions[3] = 200;
  part.compositions[4] = 0;
  part.media_time = 100;
  part.sync = sync;
  return *mp4::join_movies({{mp4::movie_of(part), 0, -1}},
                           {{mp4::movie_of(mp4::sound(188)), 0, -1}});
}

// Finished, with so many samples of sound after `priming`.
Film film(const Description& about = {}, std::int64_t samples = 188 * 1024, int priming = 0,
          const std::vector<std::uint32_t>& sync = {1, 26, 51, 76}) {
  const auto parts = joined(sync);
  const auto movie = mp4::rewrite_movie(parts.moov, {.audio_samples = samples, .priming = priming},
                                        {0, mp4::kPayloadHeader + parts.payload_size, 24});
  EXPECT_TRUE(movie);
  const auto made = remux(View{movie->moov}.subspan(8), about);
  EXPECT_TRUE(made) << (made ? "" : made.error().message);
  return made.value_or(Film{});
}

// The file, with zeros as packets.
Bytes whole(const Film& film) {
  auto bytes = film.head;
  const auto add = [&](const Bytes& more) { bytes.insert(bytes.end(), more.begin(), more.end()); };
  for (const auto& cluster : film.clusters) {
    add(cluster_head(cluster));
    for (auto i = cluster.first; i < cluster.end; ++i) {
      add(block_head(film.blocks[i], cluster));
      bytes.resize(bytes.size() + film.blocks[i].size);
      add(block_tail(film.blocks[i]));
    }
  }
  return bytes;
}

std::vector<std::int64_t> times(const Film& film, bool sound) {
  std::vector<std::int64_t> found;
  for (const auto& block : film.blocks)
    if (block.sound == sound) found.push_back(block.time);
  return found;
}

// Where this id stands.
std::size_t find_id(const Bytes& bytes, std::initializer_list<std::uint8_t> id) {
  const auto at = std::search(bytes.begin(), bytes.end(), id.begin(), id.end());
  return static_cast<std::size_t>(at - bytes.begin());
}

TEST(Matroska, SaysThatItsColoursAreThoseOfBt709) {
  const auto head = film().head;
  for (const std::uint8_t last : {0xB1, 0xBA, 0xBB})  // matrix, transfer, primaries
    EXPECT_LT(find_id(head, {0x55, last, 0x81, 1}), head.size());
}

TEST(Matroska, HoldsEveryPacketAtItsTime) {
  const auto made = film();
  auto shown = times(made, false);
  std::sort(shown.begin(), shown.end());
  ASSERT_EQ(shown.size(), 100u);
  for (std::size_t n = 0; n < shown.size(); ++n) EXPECT_EQ(shown[n], 40 * static_cast<int>(n));
  const auto heard = times(made, true);
  ASSERT_EQ(heard.size(), 188u);
  EXPECT_EQ(heard[0], 0);
  EXPECT_EQ(heard[3], 64);  // 3 x 1024 samples
}

TEST(Matroska, LeavesOutThePrimingOfAacAndCutsOffItsEnd) {
  const auto made = film({}, 191'000, 1024);
  const auto heard = times(made, true);
  ASSERT_EQ(heard.size(), 187u);
  EXPECT_EQ(heard.front(), 0);
  const auto last = std::find_if(made.blocks.rbegin(), made.blocks.rend(),
                                 [](const Block& block) { return block.sound; });
  EXPECT_EQ(scale_round(last->discarded.count(), 48'000, 1'000'000'000), 187 * 1024 - 191'000);
  EXPECT_EQ(whole(made).size(), made.size);
}

TEST(Matroska, IsAsLongAsItSays) {
  const auto made = film();
  EXPECT_EQ(whole(made).size(), made.size);
  const auto covered = std::accumulate(
      made.clusters.begin(), made.clusters.end(), std::size_t{0},
      [](std::size_t sum, const Cluster& cluster) { return sum + cluster.end - cluster.first; });
  EXPECT_EQ(covered, made.blocks.size());
}

TEST(Matroska, ClustersBeginWhereDecodingCan) {
  const auto made = film();
  ASSERT_EQ(made.clusters.size(), 4u);
  for (std::size_t n = 1; n < made.clusters.size(); ++n) {
    EXPECT_EQ(made.clusters[n].time, 1000 * static_cast<int>(n));
    EXPECT_TRUE(made.blocks[made.clusters[n].first].key);
    EXPECT_FALSE(made.blocks[made.clusters[n].first].sound);
  }
}

TEST(Matroska, CuesNameThePlacesOfClusters) {
  const auto made = film();
  const auto bytes = whole(made);
  const auto segment = find_id(bytes, {0x18, 0x53, 0x80, 0x67}) + 12;
  auto at = find_id(bytes, {0x1C, 0x53, 0xBB, 0x6B});
  for (std::size_t n = 0; n < made.clusters.size(); ++n) {
    at += find_id({bytes.begin() + static_cast<long>(at), bytes.end()}, {0xF1, 0x88}) + 2;
    mp4::Reader r{View{bytes}.subspan(at)};
    const auto cluster = segment + r.u64();
    ASSERT_LT(cluster + 4, bytes.size());
    mp4::Reader id{View{bytes}.subspan(cluster)};
    EXPECT_EQ(id.u32(), 0x1F43B675u) << n;
  }
}

TEST(Matroska, SaysLengthTitleChaptersAndCues) {
  const std::vector<Chapter> chapters{{0ns, "Начало"}, {2s + 40ms, "End"}};
  const auto made = film({false, "Talk", chapters});
  const auto facts = read_facts(whole(made));
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->duration / 1ms, 4010);  // of the sound, which is longer
  ASSERT_EQ(facts->chapters.size(), 2u);
  EXPECT_EQ(facts->chapters[0].title, "Начало");
  EXPECT_EQ(facts->chapters[1].start, 2s + 40ms);
  EXPECT_EQ(facts->entrances, (std::vector<Nanoseconds>{0s, 1s, 2s, 3s}));
  EXPECT_EQ(facts->frame, 40ms);
  EXPECT_TRUE(is_matroska(made.head));
}

TEST(Matroska, EachKeyFrameHasACue) {
  const auto made = film({}, 188 * 1024, 0, {1, 11, 36});  // the second soon after a cluster began
  const auto facts = read_facts(whole(made));
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->entrances, (std::vector<Nanoseconds>{0ms, 400ms, 1400ms}));
}

TEST(Matroska, WebmNamesItself) {
  const auto text = [](const Film& made) {
    return std::string{made.head.begin(), made.head.end()};
  };
  EXPECT_NE(text(film({.webm = true})).find("webm"), std::string::npos);
  EXPECT_NE(text(film()).find("matroska"), std::string::npos);
}

TEST(Matroska, ADamagedHeadIsNotRead) {
  const auto head = film({false, "Talk", {{0ns, "x"}}}).head;
  for (std::size_t size = 0; size < head.size(); size += 7)
    EXPECT_FALSE(read_facts(View{head}.first(size)) && size < 40) << size;
  for (std::size_t at = 0; at < head.size(); ++at) {
    auto broken = head;
    broken[at] ^= 0xff;
    (void)read_facts(broken);  // whatever it finds, it stays within bounds
  }
}

TEST(Ebml, SizesAreAsShortAsTheyCanBe) {
  ebml::Writer out;
  out.size(126);
  out.size(127);  // one byte of ones would mean "unknown"
  out.size(16'382);
  EXPECT_EQ(out.bytes(), (Bytes{0xFE, 0x40, 0x7F, 0x7F, 0xFE}));
}

}  // namespace
}  // namespace rostrum::matroska
