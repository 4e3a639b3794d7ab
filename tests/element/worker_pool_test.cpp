// SPDX-License-Identifier: LGPL-2.1-or-later
// The pool against workers that crash, hang, are killed or complain: a script plays the worker.
#include "engine/worker_pool.h"

#include "media_maker.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <sstream>

namespace rostrum {
namespace {

namespace fs = std::filesystem;
using test::Folder;
using test::read_bytes;

// Does what the names of the job's assets say; without such a name it renders: its film is its job.
constexpr char kWorker[] = R"sh(#!/bin/sh
here=${0%/*}
job=$2
name=${job##*/}
has() { grep -q "\"asset\":\"$1\"" "$job"; }
say() { echo "$1 ${name%.job} $$" >>"$here/log"; }
output=$(sed -n 's/.*"output":"\([^"]*\)".*/\1/p' "$job")
say start
# Never a whole line; what is too much is never read.
if has babbles; then head -c 1500000 /dev/zero | tr '\0' x; exec sleep 600; fi
if has crashes; then kill -SEGV $$; fi
if has hangs; then exec sleep 600; fi
if has crashes-once && mkdir "$here/crashed" 2>/dev/null; then kill -ABRT $$; fi
if has ended && { mkdir "$here/end1" || mkdir "$here/end2"; } 2>/dev/null; then kill -TERM $$; fi
if has big && { mkdir "$here/big1" || mkdir "$here/big2"; } 2>/dev/null; then say kill; kill -KILL $$; fi
if has always-killed; then kill -KILL $$; fi
if has waits; then exec sleep 600; fi
# dd holds its whole block while nobody reads it
grow() { mkfifo "$here/$name.fifo"; exec dd if=/dev/zero bs="$1" count=1 2>/dev/null 1<>"$here/$name.fifo"; }
if has grows; then rm -f "$here/$name.fifo"; grow 128M; fi
if has large && mkdir "$here/large.$name" 2>/dev/null; then grow 64M; fi
by() { grep -q "\"encoder\":\"$1\"" "$job"; }
encoder_fails() { echo "{\"error\":\"out of memory\",\"kind\":7}"; exit 1; }
if has picture && by broken; then encoder_fails; fi
# One session; the first that has it keeps it until another was refused.
if by one-session; then
  if mkdir "$here/session" 2>/dev/null; then
    if mkdir "$here/first" 2>/dev/null; then read -r _ <"$here/refusals"; fi
  else
    echo '{"refused":true}'
    say refused
    echo refused >"$here/refusals"
    encoder_fails
  fi
fi
if has wrong; then echo '{"error":"wrong: no such thing","kind":4}'; exit 5; fi
echo '{"progress":500000000}'
echo 'no JSON'
if has worn; then
  echo '{"substitution":{"asset":"worn","clip":"/t","what":"short","from":1,"to":2,"why":"it ends"}}'
fi
echo '{"progress":1000000000}'
[ -z "$output" ] || cp "$job" "$output"
say end
if by one-session; then rmdir "$here/session"; fi
)sh";

Piece piece(const std::string& asset, int from, int to) {
  Piece p;
  p.asset = asset;
  p.start = from * 1s;
  p.duration = (to - from) * 1s;
  return p;
}

class WorkerPool : public testing::Test {
 protected:
  WorkerPool() {
    test::write_bytes(folder_ / "worker", kWorker);
    fs::permissions(folder_ / "worker", fs::perms::owner_all);
    options_ = {folder_ / "worker", folder_.path(), 2, 60s};
    events_.on_finished = [this](const PoolTask& task, std::vector<Substitution> substitutions) {
      finished_.push_back(task.key);
      for (auto& s : substitutions) substitutions_.push_back(std::move(s));
      return Result<void>{};
    };
    events_.on_progress = [this](Nanoseconds done) { done_ = std::max(done_, done); };
  }

  // Shows these assets one after another, a second each.
  PoolTask task(const std::string& key, const std::vector<std::string>& assets) {
    PoolTask t;
    t.key = key;
    t.length = 1s;
    t.job.output = folder_ / (key + ".mp4");
    Slot slot;
    int second = 0;
    for (const auto& asset : assets) {
      slot.pieces.push_back(piece(asset, second, second + 1));
      t.job.paths[asset] = folder_ / (asset + ".medium");
      test::write_bytes(t.job.paths[asset], asset);
      ++second;
    }
    t.job.slice.slots.push_back(slot);
    return t;
  }

  Result<void> run(std::vector<PoolTask> tasks) {
    return run_pool(options_, std::move(tasks), events_);
  }

  // The lines that the workers wrote.
  std::vector<std::string> log(const std::string& beginning = "") const {
    std::vector<std::string> lines;
    std::istringstream text{read_bytes(folder_ / "log")};
    for (std::string line; std::getline(text, line);)
      if (line.starts_with(beginning)) lines.push_back(line);
    return lines;
  }

  // The assets of the job that the task's last worker was given.
  std::vector<std::string> shown(const std::string& key) const {
    std::vector<std::string> assets;
    const auto job = parse_chunk_job(read_bytes(folder_ / (key + ".mp4")));
    if (!job) return {job.error().message};
    for (const auto& slot : job->slice.slots)
      for (const auto& p : slot.pieces) assets.push_back(p.asset);
    return assets;
  }

  // Whether all processes that ever wrote to the log end within two seconds.
  bool all_gone() const {
    for (const auto& line : log("start ")) {
      const int pid = std::stoi(line.substr(line.rfind(' ')));
      const auto fd = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
      if (fd < 0) continue;  // gone already
      pollfd ended{fd, POLLIN, 0};
      const bool gone = poll(&ended, 1, 2000) == 1;
      close(fd);
      if (!gone) return false;
    }
    return true;
  }

  Folder folder_;
  PoolOptions options_;
  PoolEvents events_;
  std::vector<std::string> finished_;
  std::vector<Substitution> substitutions_;
  Nanoseconds done_{0};
};

TEST_F(WorkerPool, RunsEveryTaskOnce) {
  ASSERT_TRUE(run({task("a", {"good"}), task("b", {"worn"}), task("c", {})}));
  std::sort(finished_.begin(), finished_.end());
  EXPECT_EQ(finished_, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(log("start ").size(), 3U);
  ASSERT_EQ(substitutions_.size(), 1U);
  EXPECT_EQ(substitutions_[0].asset, "worn");
  EXPECT_EQ(substitutions_[0].why, "it ends");
}

TEST_F(WorkerPool, NoTasksAreDoneAtOnce) {
  EXPECT_TRUE(run({}));
  EXPECT_TRUE(finished_.empty());
}

TEST_F(WorkerPool, ASourceThatCrashesItsWorkerTwiceIsReplacedAndReported) {
  auto bad = task("bad", {"good", "crashes", "fine"});
  bad.job.slice.slots.front().pieces.push_back(piece("crashes", 7, 9));
  bad.job.slice.voices.push_back({"mic", {piece("crashes", 1, 3), piece("good", 3, 4)}});
  ASSERT_TRUE(run({bad, task("other", {"good"})}));
  EXPECT_EQ(finished_.size(), 2U);
  EXPECT_EQ(shown("bad"), (std::vector<std::string>{"good", "fine"}));
  ASSERT_EQ(substitutions_.size(), 1U);
  EXPECT_EQ(substitutions_[0].asset, "crashes");
  EXPECT_EQ(substitutions_[0].what, "damaged");
  EXPECT_EQ(substitutions_[0].when, (Interval{1s, 9s}));
  EXPECT_EQ(log("start bad ").size(), 3U);       // twice as it is, once without the culprit
  EXPECT_EQ(log("start bad.trial").size(), 3U);  // one trial for each source
  EXPECT_LE(done_, 2s);                          // trials are no progress of the film
}

TEST_F(WorkerPool, TwoCulpritsOfOneChunkAreBothFound) {
  ASSERT_TRUE(run({task("bad", {"crashes", "good", "wrong"})}));
  EXPECT_EQ(shown("bad"), (std::vector<std::string>{"good"}));
  ASSERT_EQ(substitutions_.size(), 2U);
  std::sort(substitutions_.begin(), substitutions_.end(),
            [](const auto& a, const auto& b) { return a.asset > b.asset; });
  EXPECT_EQ(substitutions_[0].asset, "wrong");
  EXPECT_EQ(substitutions_[0].why, "wrong: no such thing");
  EXPECT_EQ(substitutions_[1].asset, "crashes");
}

TEST_F(WorkerPool, ASourceWhoseWorkerTalksNonsenseIsReplaced) {
  ASSERT_TRUE(run({task("bad", {"babbles", "good"})}));
  EXPECT_EQ(shown("bad"), (std::vector<std::string>{"good"}));
  ASSERT_EQ(substitutions_.size(), 1U);
  EXPECT_EQ(substitutions_[0].asset, "babbles");
  EXPECT_TRUE(all_gone());
}

TEST_F(WorkerPool, AMediumThatIsGoneEndsTheRunAndIsNamed) {
  const auto lost = task("a", {"good", "lost"});
  fs::remove(lost.job.paths.at("lost"));
  const auto done = run({lost});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, Kind::media);
  EXPECT_EQ(done.error().message,
            lost.job.paths.at("lost") + ": cannot be opened: No such file or directory");
  EXPECT_TRUE(finished_.empty());
}

TEST_F(WorkerPool, OneCrashIsForgiven) {
  ASSERT_TRUE(run({task("a", {"crashes-once"})}));
  EXPECT_EQ(shown("a"), (std::vector<std::string>{"crashes-once"}));
  EXPECT_TRUE(substitutions_.empty());
  EXPECT_EQ(log("start ").size(), 2U);
}

TEST_F(WorkerPool, ASourceThatNeverEndsIsKilledAndReplaced) {
  options_.stall_timeout = 2s;
  ASSERT_TRUE(run({task("bad", {"hangs", "good"})}));
  EXPECT_EQ(shown("bad"), (std::vector<std::string>{"good"}));
  ASSERT_EQ(substitutions_.size(), 1U);
  EXPECT_EQ(substitutions_[0].asset, "hangs");
  EXPECT_EQ(substitutions_[0].when, (Interval{0s, 1s}));
  EXPECT_NE(substitutions_[0].why.find("never ends"), std::string::npos);
  EXPECT_TRUE(all_gone());
}

TEST_F(WorkerPool, ASourceThatTakesTooMuchMemoryIsReplacedAndReported) {
  options_.memory = {100 << 20, 1000 << 20};
  ASSERT_TRUE(run({task("bad", {"grows", "good"}), task("other", {"good"})}));
  EXPECT_EQ(shown("bad"), (std::vector<std::string>{"good"}));
  ASSERT_EQ(substitutions_.size(), 1U);
  EXPECT_EQ(substitutions_[0].asset, "grows");
  EXPECT_EQ(substitutions_[0].why, "decoding it takes more than 104 MB of memory");
  EXPECT_EQ(log("start bad ").size(), 3U);
  EXPECT_EQ(log("start other ").size(), 1U);
  EXPECT_TRUE(all_gone());
}

TEST_F(WorkerPool, WorkersThatTogetherTakeTooMuchMemoryRunAgainFewerAtATime) {
  options_.memory = {100 << 20, 120 << 20};
  options_.stall_timeout = 2s;  // ends the one that is left alone with its 64 MB
  ASSERT_TRUE(run({task("a", {"large"}), task("b", {"large"})}));
  EXPECT_TRUE(substitutions_.empty());
  EXPECT_EQ(log("start ").size(), 4U);
}

TEST_F(WorkerPool, TasksWhoseWorkersWereKilledRunAgainFewerAtATime) {
  ASSERT_TRUE(run({task("a", {"big"}), task("b", {}), task("c", {}), task("d", {})}));
  EXPECT_EQ(finished_.size(), 4U);
  EXPECT_TRUE(substitutions_.empty());
  EXPECT_EQ(log("kill ").size(), 2U);
  const auto lines = log();
  auto at = std::find_if(lines.rbegin(), lines.rend(), [](const auto& line) {
              return line.starts_with("kill ");
            }).base();
  for (bool runs = false; at != lines.end(); ++at, runs = !runs)  // one after another
    EXPECT_TRUE(at->starts_with(runs ? "end " : "start ")) << *at;
}

TEST_F(WorkerPool, AWorkerThatSomebodyTerminatesHasNotCrashed) {
  ASSERT_TRUE(run({task("a", {"ended"})}));
  EXPECT_EQ(shown("a"), (std::vector<std::string>{"ended"}));
  EXPECT_EQ(log("start a ").size(), 3U);
  EXPECT_TRUE(substitutions_.empty());
}

TEST_F(WorkerPool, AWorkerThatIsKilledEveryTimeEndsTheRun) {
  const auto done = run({task("a", {"always-killed"})});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, Kind::internal);
  EXPECT_NE(done.error().message.find("memory"), std::string::npos);
}

TEST_F(WorkerPool, TheFirstReportedErrorWinsAndTheOthersAreKilled) {
  const auto done = run({task("a", {"waits"}), task("b", {"wrong"}), task("c", {"good"})});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, Kind::media);
  EXPECT_EQ(done.error().message, "wrong: no such thing");
  EXPECT_TRUE(finished_.empty());
  EXPECT_TRUE(all_gone());
}

TEST_F(WorkerPool, AFailureToKeepAChunkEndsTheRun) {
  events_.on_finished = [](const PoolTask&, const std::vector<Substitution>&) -> Result<void> {
    return fail(Kind::internal, "the disk is full");
  };
  const auto done = run({task("a", {"good"}), task("b", {"waits"})});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "the disk is full");
  EXPECT_TRUE(all_gone());
}

TEST_F(WorkerPool, AProgramThatIsMissingIsAnError) {
  options_.program = folder_ / "nobody";
  const auto done = run({task("a", {})});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, Kind::internal);
}

TEST_F(WorkerPool, AJobThatCannotBeHandedOverIsAnError) {
  options_.spec_dir = folder_ / "absent";
  const auto done = run({task("a", {})});
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().message.find("absent"), std::string::npos);
  EXPECT_TRUE(log().empty());
}

// Encoded by that encoder, which has a device.
PoolTask encoded(PoolTask task, const char* encoder) {
  task.job.slice.frames = {0, 25};
  task.job.coding.encoder = encoder;
  task.job.coding.hardware = true;
  return task;
}

TEST_F(WorkerPool, ATaskWhoseEncoderFailsGoesToTheNext) {
  std::string why;
  events_.on_encoder_failed = [&](PoolTask& task, const Error& error) {
    why = error.message;
    task.job.coding.encoder = "whole";
    return true;
  };
  ASSERT_TRUE(run({encoded(task("a", {"picture"}), "broken"), task("b", {"good"})}));
  EXPECT_EQ(why, "out of memory");
  EXPECT_EQ(finished_.size(), 2U);
  EXPECT_EQ(log("start a ").size(), 2U);
}

TEST_F(WorkerPool, WhereThereIsNoOtherEncoderItIsTriedOnceMore) {
  const auto done = run({encoded(task("a", {"picture"}), "broken")});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, Kind::encoder);
  EXPECT_EQ(log("start a ").size(), 2U);
}

TEST_F(WorkerPool, ATaskThatTurnsOutToBeFinishedIsNotRun) {
  events_.on_start = [](const PoolTask& task) { return task.key != "a"; };
  ASSERT_TRUE(run({task("a", {"good"}), task("b", {"good"})}));
  EXPECT_EQ(finished_, std::vector<std::string>{"b"});
}

TEST_F(WorkerPool, AnEncoderThatIsBusyIsShared) {
  ASSERT_EQ(mkfifo((folder_ / "refusals").c_str(), 0600), 0);
  int limit = 0;
  events_.on_session_limit = [&](const std::string&, int sessions) { limit = sessions; };
  ASSERT_TRUE(run({encoded(task("a", {}), "one-session"), encoded(task("b", {}), "one-session"),
                   encoded(task("c", {}), "one-session")}));
  EXPECT_EQ(finished_.size(), 3U);
  EXPECT_EQ(limit, 1);
  EXPECT_EQ(log("refused ").size(), 1U);
}

TEST_F(WorkerPool, ALimitOfSessionsCanBeSet) {
  options_.sessions = 1;
  fs::create_directory(folder_ / "first");  // nobody waits for a refusal
  ASSERT_TRUE(run({encoded(task("a", {}), "one-session"), encoded(task("b", {}), "one-session")}));
  EXPECT_TRUE(log("refused ").empty());
}

using WorkerPoolDeathTest = WorkerPool;

// In a process of its own: an interrupt is for good.
TEST_F(WorkerPoolDeathTest, CtrlCKillsTheWorkersAndSaysSo) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto interrupted = [this] {
    events_.on_finished = [](const PoolTask&, const std::vector<Substitution>&) -> Result<void> {
      std::raise(SIGINT);
      return {};
    };
    const auto done = run({task("a", {"waits"}), task("b", {"good"}), task("c", {"waits"})});
    const bool right = !done && done.error().kind == Kind::interrupted && all_gone();
    std::exit(right ? 0 : 1);
  };
  EXPECT_EXIT(interrupted(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace rostrum
