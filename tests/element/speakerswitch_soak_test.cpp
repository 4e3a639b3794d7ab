// SPDX-License-Identifier: LGPL-2.1-or-later
// Eight pads of speakerswitch do everything that pads can do, in any order, for a long time.
#include "speaker_switch_run.h"

#include <array>
#include <condition_variable>
#include <random>
#include <thread>

using namespace rostrum;
using namespace rostrum::test;

namespace {

constexpr int kEvents = 5'000;       // live, and as many not live: at least
constexpr std::size_t kShown = 100;  // buffers that must come out of each source pad meanwhile
constexpr unsigned kSeed = 2024;
constexpr std::size_t kPads = 8;
constexpr auto kPatience = 100s;

// Ends the program when the test hangs, for a join would never return.
class Watchdog {
 public:
  ~Watchdog() {
    {
      const std::lock_guard lock{mutex_};
      done_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  std::thread thread_{[this] {
    std::unique_lock lock{mutex_};
    if (changed_.wait_for(lock, kPatience, [this] { return done_; })) return;
    std::fprintf(stderr, "speakerswitch hangs\n");
    std::abort();
  }};
};

// Counts what has been done; how fast that goes beside the clock is the scheduler's choice, so
// enough is only when the switch has also shown something.
class Tally {
 public:
  explicit Tally(SwitchRun& run) : run_{run} {}

  void add() { ++events_; }

  bool enough() {
    return events_ >= kEvents && run_.shown("video").size() > kShown &&
           run_.shown("audio").size() > kShown;
  }

 private:
  SwitchRun& run_;
  std::atomic<int> events_{0};
};

// One pad: a thread that pushes, and another that may free it from whatever it waits for.
class Place {
 public:
  Place(SwitchRun& run, std::size_t index, bool live)
      : run_{run},
        name_{(index % 2 == 0 ? "video_" : "audio_") + std::to_string(index / 2)},
        latency_{live, live ? 20'000'000U : 0U},
        random_{kSeed + static_cast<unsigned>(index)} {
    renew();
  }

  // The thread that pushes.
  void work(Tally& tally) {
    while (!tally.enough()) {
      const auto talker = current();
      switch (random_() % 16) {
      case 0:
        talker->eos();
        break;
      case 1:
        renew();
        break;
      case 2:
        for (int i = 0; i < 20; ++i) std::this_thread::yield();  // a stall
        break;
      case 3:
        time_ += 500ms;  // a hole
        break;
      default:
        push(*talker);
        continue;
      }
      tally.add();
    }
    current()->unlink();
  }

  void flush() { current()->flush(); }

  void release() { current()->unlink(); }

 private:
  std::shared_ptr<Talker> current() {
    const std::lock_guard lock{mutex_};
    return talker_;
  }

  void renew() {
    current_gone();
    auto talker = std::make_shared<Talker>(run_.element(), name_, latency_);
    talker->begin();
    const std::lock_guard lock{mutex_};
    talker_ = std::move(talker);
  }

  void current_gone() {
    if (const auto talker = current()) talker->unlink();
  }

  void push(Talker& talker) {
    GST_PAD_STREAM_LOCK(talker.pad());  // as a source's thread does
    if (talker.state().flushed.exchange(false)) talker.begin();
    const bool sound = name_.starts_with("audio");
    const auto loud = random_() % 3 == 0 ? -20.0 : -70.0;
    const auto flow = sound ? talker.sound(time_, 20ms, loud) : talker.frame(time_, kFrame);
    GST_PAD_STREAM_UNLOCK(talker.pad());
    if (flow == GST_FLOW_OK)
      time_ += sound ? 20ms : kFrame;
    else if (flow != GST_FLOW_FLUSHING || GST_PAD_PEER(talker.pad()) == nullptr)
      renew();
  }

  SwitchRun& run_;
  const std::string name_;
  const Latency latency_;
  std::mt19937 random_;
  std::mutex mutex_;
  std::shared_ptr<Talker> talker_;
  Nanoseconds time_{0};
};

void seek(SwitchRun& run) {
  gst_element_send_event(
      run.pipeline(), gst_event_new_seek(1, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, GST_SEEK_TYPE_SET,
                                         0, GST_SEEK_TYPE_NONE, 0));
}

// Frees pads from outside while they push.
void disturb(SwitchRun& run, std::array<std::unique_ptr<Place>, kPads>& places, Tally& tally) {
  std::mt19937 random{kSeed};
  while (!tally.enough()) {
    auto& place = *places[random() % kPads];
    switch (random() % 32) {
    case 0:
      seek(run);
      break;
    case 1:
      g_object_set(run.element(), "auto", random() % 2 == 0, "active-pad",
                   random() % 2 == 0 ? "video_1" : "audio_2", nullptr);
      break;
    case 2:
      g_object_set(run.element(), "auto", TRUE, nullptr);
      break;
    default:
      random() % 4 == 0 ? place.release() : place.flush();
    }
    tally.add();
    for (int i = 0; i < 2; ++i) std::this_thread::yield();
  }
}

class Soak : public testing::TestWithParam<bool> {};

TEST_P(Soak, NothingHangs) {
  Watchdog watchdog;
  SwitchRun run{"hold-time=500000000 window-time=500000000"};
  std::array<std::unique_ptr<Place>, kPads> places;
  for (std::size_t i = 0; i < kPads; ++i) places[i] = std::make_unique<Place>(run, i, GetParam());
  run.play();
  Tally tally{run};
  std::atomic<int> busy{kPads + 1};
  std::vector<std::thread> threads;
  for (auto& place : places) threads.emplace_back([&] { place->work(tally), --busy; });
  threads.emplace_back([&] { disturb(run, places, tally), --busy; });
  run.drive(busy, false);
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(GST_ELEMENT(run.element())->numsinkpads, 0);
}

INSTANTIATE_TEST_SUITE_P(SpeakerSwitch, Soak, testing::Values(true, false));

}  // namespace
