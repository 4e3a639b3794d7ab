// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/probe_schedule.h"

#include <gtest/gtest.h>

using namespace rostrum;

namespace {

using How = WorkerExit::How;
using Media = std::vector<std::size_t>;

MediaInfo named(const std::string& note) {
  MediaInfo info;
  info.note = note;
  return info;
}

WorkerExit exit_by(How how) {
  WorkerExit exit;
  exit.how = how;
  exit.most_bytes = 1536LL << 20;
  return exit;
}

// The next worker gets one suspect and ends so.
void end_alone(ProbeSchedule& schedule, std::size_t suspect, How how) {
  ASSERT_EQ(schedule.next(), Media{suspect});
  schedule.begin(0);
  ASSERT_TRUE(schedule.end(exit_by(how)));
}

// What becomes of a medium that ends its worker among others, and then so.
std::string problem_after(How how, int times = 1) {
  ProbeSchedule schedule{1};
  schedule.next();
  schedule.begin(0);
  EXPECT_TRUE(schedule.end(exit_by(How::crashed)));
  for (int i = 0; i < times; ++i) end_alone(schedule, 0, how);
  EXPECT_TRUE(schedule.next().empty());
  return schedule.take().front().problem;
}

}  // namespace

TEST(ProbeSchedule, OneWorkerIsEnoughWhereNothingGoesWrong) {
  ProbeSchedule schedule{3};
  schedule.know(1, named("missing"));
  ASSERT_EQ(schedule.next(), (Media{0, 2}));
  EXPECT_FALSE(schedule.worker_is_done());
  schedule.begin(1);
  schedule.begin(0);
  schedule.find(1, named("c"));
  schedule.find(0, named("a"));
  EXPECT_TRUE(schedule.worker_is_done());
  EXPECT_TRUE(schedule.end(exit_by(How::crashed))) << "at its end it may do what it wants";
  EXPECT_TRUE(schedule.next().empty());
  const auto found = schedule.take();
  EXPECT_EQ(found[0].note, "a");
  EXPECT_EQ(found[1].note, "missing");
  EXPECT_EQ(found[2].note, "c");
}

TEST(ProbeSchedule, NothingToLookIntoNeedsNoWorker) {
  ProbeSchedule none{0};
  EXPECT_TRUE(none.next().empty());
  ProbeSchedule known{1};
  known.know(0, named("missing"));
  EXPECT_TRUE(known.next().empty());
}

TEST(ProbeSchedule, AWorkerGetsSoManyMediaAtMost) {
  ProbeSchedule schedule{5, 2};
  for (const auto& given : {Media{0, 1}, Media{2, 3}, Media{4}}) {
    ASSERT_EQ(schedule.next(), given);
    for (std::size_t i = 0; i < given.size(); ++i) schedule.find(i, named(""));
    ASSERT_TRUE(schedule.end(exit_by(How::done)));
  }
  EXPECT_TRUE(schedule.next().empty());
}

TEST(ProbeSchedule, WhatWasBegunIsTriedAloneAfterAllOthers) {
  ProbeSchedule schedule{4};
  schedule.next();
  for (const std::size_t i : {0, 1, 2}) schedule.begin(i);
  schedule.find(0, named("a"));
  ASSERT_TRUE(schedule.end(exit_by(How::crashed)));
  ASSERT_EQ(schedule.next(), Media{3}) << "what is not suspect comes first";
  schedule.find(0, named("d"));
  ASSERT_TRUE(schedule.end(exit_by(How::done)));
  end_alone(schedule, 1, How::crashed);
  ASSERT_EQ(schedule.next(), Media{2});
  schedule.find(0, named("c"));
  ASSERT_TRUE(schedule.end(exit_by(How::done)));
  EXPECT_TRUE(schedule.next().empty());
  const auto found = schedule.take();
  EXPECT_EQ(found[0].note + found[2].note + found[3].note, "acd");
  EXPECT_EQ(found[1].problem, "its decoder crashes");
}

TEST(ProbeSchedule, TheProblemSaysHowTheWorkerEnded) {
  EXPECT_EQ(problem_after(How::crashed), "its decoder crashes");
  EXPECT_EQ(problem_after(How::reported), "its decoder crashes");
  EXPECT_EQ(problem_after(How::stalled), "it takes too long to read");
  EXPECT_EQ(problem_after(How::oversized), "its decoder takes more than 1536 MiB of memory");
  EXPECT_EQ(problem_after(How::done), "what its decoder says of it makes no sense");
}

TEST(ProbeSchedule, AKillBySomebodyElseIsNotHeldAgainstAMediumAtOnce) {
  EXPECT_EQ(problem_after(How::killed, 5), "its decoder is killed by the system again and again");
}

TEST(ProbeSchedule, AWorkerThatEndsWithoutAWordMakesItsMediaSuspect) {
  ProbeSchedule schedule{2};
  schedule.next();
  ASSERT_TRUE(schedule.end(exit_by(How::done)));
  EXPECT_EQ(schedule.next(), Media{0});
}

TEST(ProbeSchedule, WorkersThatNeverBeginAreNoMediumsFault) {
  ProbeSchedule schedule{2};
  schedule.next();
  ASSERT_TRUE(schedule.end(exit_by(How::crashed)));
  EXPECT_EQ(schedule.next(), (Media{0, 1})) << "once more as it is";
  const auto ended = schedule.end(exit_by(How::crashed));
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().message, "a worker crashes before it has looked into any medium");
}

TEST(ProbeSchedule, WhatAWorkerReportsBeforeItBeginsIsTheError) {
  ProbeSchedule schedule{1};
  schedule.next();
  auto exit = exit_by(How::reported);
  exit.error = Error{Kind::internal, "the worker could not be confined"};
  const auto ended = schedule.end(exit);
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().message, "the worker could not be confined");
}

TEST(ProbeSchedule, NonsenseIsPassedOver) {
  ProbeSchedule schedule{2, 1};
  schedule.next();
  schedule.begin(1);
  schedule.find(1, named("of another worker"));
  schedule.find(1000, named("of none"));
  schedule.find(0, named("first"));
  schedule.find(0, named("second"));
  schedule.begin(0);
  EXPECT_TRUE(schedule.worker_is_done());
  ASSERT_TRUE(schedule.end(exit_by(How::done)));
  EXPECT_EQ(schedule.next(), Media{1});
  schedule.find(0, named("b"));
  ASSERT_TRUE(schedule.end(exit_by(How::done)));
  EXPECT_EQ(schedule.take()[0].note, "first");
}
