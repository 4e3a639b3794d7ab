// SPDX-License-Identifier: LGPL-2.1-or-later
// Jobs as large as a manifest may be: what planning them takes.  What would take time by the square
// runs into the test's time limit.
#include "core/plan_rules.h"
#include "core/plan_speaker.h"
#include "small_meeting.h"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> held{0};
std::atomic<std::size_t> most_held{0};

}  // namespace

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  void* memory = std::malloc(size);
  const auto now = held += malloc_usable_size(memory);
  if (now > most_held) most_held = now;
  return memory;
}

void* operator new(std::size_t size) {
  void* memory = operator new(size, std::nothrow);
  if (!memory) throw std::bad_alloc{};
  return memory;
}

void operator delete(void* memory) noexcept {
  held -= malloc_usable_size(memory);
  std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }

namespace rostrum {
namespace {

using namespace test;

constexpr std::size_t kMiB = std::size_t{1} << 20;

template <typename Work>
std::size_t bytes_for(const Work& work) {
  const auto before = held.load();
  most_held = before;
  work();
  return most_held - before;
}

std::string id_of(std::size_t i) { return "p" + std::to_string(i); }

// Cameras of so many people, with their own media of this length.
Meeting cameras(std::size_t people, Nanoseconds length) {
  Meeting m;
  m.manifest.people.clear();
  m.manifest.tracks.clear();
  m.manifest.layout.policy = Policy::speaker;
  Clip clip;
  clip.asset = "a";
  m.media["a"] = medium(length, true, true);
  for (std::size_t i = 0; i < people; ++i) {
    m.manifest.people.push_back({id_of(i), id_of(i), {}});
    m.manifest.tracks.push_back({id_of(i), TrackKind::camera, id_of(i), {clip}});
  }
  return m;
}

TEST(SpeakersOfALargeJob, TakeNoMemoryForTheTimeInWhichNothingPlays) {
  auto m = cameras(4, 10s);
  m.manifest.duration = std::chrono::hours{100};
  EXPECT_LT(bytes_for([&] { m.plan(); }), 2 * kMiB);
}

TEST(SpeakersOfALargeJob, TakeNoMemoryForLevelsAfterOnesEnd) {
  auto m = cameras(40, 10s);
  m.manifest.duration = std::chrono::hours{5};
  m.media["b"] = medium(*m.manifest.duration, true, true);
  m.manifest.tracks[0].clips[0].asset = "b";
  EXPECT_LT(bytes_for([&] { m.plan(); }), 15 * kMiB);
}

TEST(SpeakersOfALargeJob, AreFoundAmongManyClipsOfOnePerson) {
  constexpr std::size_t kClips = 70'000;
  Manifest manifest;
  PlannedTrack track{"cam", TrackKind::camera, "anna", {}};
  PlannedClip clip;
  clip.duration = clip.playable = 100ms;
  clip.has_video = clip.has_audio = true;
  for (std::size_t i = 0; i < kClips; ++i) {
    clip.start = 200ms * i;
    track.clips.push_back(clip);
  }
  const std::vector tracks{track};
  const auto people = participants(tracks);
  const auto speakers = planned_speakers(manifest, {}, tracks, people, 200ms * kClips);
  EXPECT_EQ(speakers.front(), (Switch{0ns, 0}));
}

TEST(NamesOfALargeJob, TakeNoMemoryForEveryPersonAtEveryTime) {
  constexpr std::size_t kPeople = 1000;
  auto m = cameras(kPeople, 1000s);
  m.manifest.duration = 1001s;
  m.manifest.layout = {.policy = Policy::grid, .labels = true};
  for (std::size_t i = 0; i < kPeople; ++i) {  // each joins and leaves at a moment of their own
    m.manifest.tracks[i].kind = TrackKind::microphone;
    m.manifest.tracks[i].clips[0].start = 400ms * i;
    m.manifest.tracks[i].clips[0].duration = 500s;
  }
  std::vector<Overlay> names;
  EXPECT_LT(bytes_for([&] { names = of_kind(m.plan(), OverlayKind::names); }), 8 * kMiB);
  ASSERT_EQ(names.size(), 1999U);
  EXPECT_EQ(names[2].text, "p0\np1\np2");
  EXPECT_EQ(names[999].text, "p0\np1\np2\np3\np4\np5\np6\n+993");
  EXPECT_EQ(names.back().text, "p999");
}

TEST(ScenesOfALargeJob, GiveTheNamedTheirCardsInTime) {
  constexpr std::size_t kScenes = 10'000;
  constexpr std::size_t kPeople = 20;
  constexpr std::size_t kCards = 100'000;
  const FrameGrid grid{{25, 1}};
  const FrameRange all{0, 100 * kScenes};
  std::vector<PlannedTrack> tracks;
  for (std::size_t i = 0; i < kPeople; ++i)
    tracks.push_back({id_of(i), TrackKind::microphone, id_of(i), {PlannedClip{}}});
  std::vector<LayoutScene> rules;
  for (std::size_t s = 0; s < kScenes; ++s) {
    rules.push_back({.start = 4s * s, .people = std::vector<std::string>{}});
    for (std::size_t i = 0; i < kPeople; ++i) rules.back().people->push_back(id_of(i));
  }
  std::vector<HeardClip> heard;  // of one person, the first tenth of each tenth of a scene
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(kCards); ++i)
    heard.push_back({id_of(0), 0, 0, {10 * i, 10 * i + 1}});
  const auto named = named_unseen(rules, tracks, grid, all);
  EXPECT_EQ(named.size(), kScenes * kPeople);
  const auto cards = cards_of_named(named, tracks, heard);
  EXPECT_EQ(cards.size(), kCards + kScenes * (kPeople - 1));
  EXPECT_EQ(cards.front(), (HeardClip{id_of(0), 0, 0, {1, 10}}));
}

}  // namespace
}  // namespace rostrum
