// SPDX-License-Identifier: LGPL-2.1-or-later
// What a confined process still can do, tried in a child.
#include "engine/sandbox.h"

#include "engine/bounded_process.h"
#include "engine/system_places.h"
#include "media_maker.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>

using namespace rostrum;
namespace fs = std::filesystem;

namespace {

bool refused(int result) { return result < 0 && errno == EACCES; }

bool listens_at(const char* path) {
  sockaddr_un address{AF_UNIX, {}};
  strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  return fd >= 0 && bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
         listen(fd, 1) == 0;
}

// Without a connection a stream sends nothing; the other kinds would.
bool only_waits_for_others() {
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
  sockaddr_un address{AF_UNIX, "/dev/log"};
  return fd >= 0 &&
         refused(connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address)) &&
         refused(socket(AF_UNIX, SOCK_DGRAM, 0)) && refused(socket(AF_UNIX, SOCK_RAW, 0)) &&
         refused(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0)) &&
         refused(socket(AF_NETLINK, SOCK_RAW, 0));
}

// Nor by the calls that connect on their way (tcp(7), MSG_FASTOPEN).
bool connects_nowhere(int fd) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(9);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* to = reinterpret_cast<const sockaddr*>(&address);
  msghdr message{};
  message.msg_name = &address;
  message.msg_namelen = sizeof address;
  mmsghdr messages{message, 0};
  return fd >= 0 && refused(connect(fd, to, sizeof address)) &&
         refused(static_cast<int>(sendto(fd, "x", 1, MSG_FASTOPEN, to, sizeof address))) &&
         refused(static_cast<int>(sendmsg(fd, &message, MSG_FASTOPEN | MSG_NOSIGNAL))) &&
         refused(sendmmsg(fd, &messages, 1, MSG_FASTOPEN));
}

// given and secret lie side by side; work/ is for writing.
class SandboxTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!sandbox_wanted()) GTEST_SKIP() << "not under a sanitizer";
    fs::create_directories(dir_ / "work");
    test::write_bytes(dir_ / "given", "given");
    test::write_bytes(secret_, "secret");
    given_ = File::open_to_read(dir_ / "given").value();
  }

  // The errno that `attempt` ends with in a confined process; 0 if it succeeds.  Nothing in it may
  // allocate: the child has the locks of threads that it has not.
  template <typename Attempt>
  int confined(Attempt attempt) const {
    FileRules rules{system_places(), {dir_ / "work"}, harmless_devices(), {given_.fd()}};
    rules.listens = listens_;
    if (listens_) rules.work.swap(rules.write);
    const Sandbox sandbox{rules};
    const pid_t child = fork();
    if (child == 0) {
      if (!sandbox.enter()) _exit(200);
      errno = 0;
      _exit(attempt() < 0 ? errno : 0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  int opening(const std::string& path, int flags = O_RDONLY) const {
    return confined([&] { return open(path.c_str(), flags, 0600); });
  }

  const test::Folder dir_;
  const std::string secret_ = dir_ / "secret";
  File given_;
  bool listens_ = false;
};

class LandlockTest : public SandboxTest {
 protected:
  void SetUp() override {
    if (LandlockRuleset::abi() == 0) GTEST_SKIP() << "this kernel has no Landlock";
    SandboxTest::SetUp();
  }
};

class SeccompTest : public SandboxTest {
 protected:
  void SetUp() override {
    if (SyscallFilter::support() != SyscallFilter::Support::yes) GTEST_SKIP() << "no seccomp";
    SandboxTest::SetUp();
  }
};

}  // namespace

TEST_F(SandboxTest, NoNewPrivilegesAreToBeHad) {
  EXPECT_EQ(confined([] { return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 0 : -1; }), 0);
}

TEST_F(SandboxTest, CanBeSwitchedOff) {
  setenv("ROSTRUM_SANDBOX", "off", 1);
  EXPECT_FALSE(sandbox_wanted());
  EXPECT_EQ(opening(secret_), 0);
  unsetenv("ROSTRUM_SANDBOX");
  EXPECT_TRUE(sandbox_wanted());
}

TEST_F(LandlockTest, OnlyWhatWasGivenIsRead) {
  EXPECT_EQ(opening(secret_), EACCES);
  EXPECT_EQ(opening(dir_ / "given"), 0);
  EXPECT_EQ(opening(given_.link()), 0);
  for (const char* path : {"/etc/passwd", "/proc/1/environ", "/dev/full", "/"})
    EXPECT_EQ(opening(path), EACCES) << path;
  EXPECT_EQ(opening(dir_.path(), O_RDONLY | O_DIRECTORY), EACCES);
  EXPECT_EQ(opening("/usr/lib", O_RDONLY | O_DIRECTORY), 0);
  EXPECT_EQ(opening("/dev/null", O_RDWR), 0);
}

TEST_F(LandlockTest, OnlyTheWorkFolderIsWritten) {
  const auto inside = dir_ / "work/new";
  EXPECT_EQ(opening(inside, O_RDWR | O_CREAT | O_TRUNC), 0);
  EXPECT_EQ(confined([&] { return unlink(inside.c_str()); }), 0);
  EXPECT_EQ(opening(dir_ / "new", O_WRONLY | O_CREAT), EACCES);
  for (const int flags : {O_WRONLY, O_RDWR, O_WRONLY | O_APPEND})
    EXPECT_EQ(opening(dir_ / "given", flags), EACCES);
  EXPECT_EQ(confined([&] { return unlink(secret_.c_str()); }), EACCES);
  EXPECT_EQ(confined([&] { return mkdir((dir_ / "folder").c_str(), 0700); }), EACCES);
  EXPECT_NE(confined([&] { return link(secret_.c_str(), inside.c_str()); }), 0);
  EXPECT_NE(confined([&] { return rename(secret_.c_str(), inside.c_str()); }), 0);
  EXPECT_NE(confined([&] { return symlink("/etc", inside.c_str()); }), 0);
  EXPECT_EQ(test::read_bytes(secret_), "secret");
  if (LandlockRuleset::abi() >= 3) {
    EXPECT_EQ(confined([&] { return truncate(secret_.c_str(), 0); }), EACCES);
  }
}

TEST_F(LandlockTest, OtherProcessesGetNoSignals) {
  if (LandlockRuleset::abi() < 6) GTEST_SKIP() << "interface 6";
  EXPECT_EQ(confined([] { return kill(getppid(), 0); }), EPERM);
  EXPECT_EQ(confined([] { return kill(getpid(), 0); }), 0);
}

TEST_F(LandlockTest, AProgramThatReadsOneFileReadsNoOther) {
  EXPECT_EQ(run_bounded({"cat", kBoundedInput}, nullptr, {}, given_.fd()), "given");
  EXPECT_FALSE(run_bounded({"cat", secret_}, nullptr, {}, given_.fd()));
  EXPECT_FALSE(run_bounded({"cat", "/etc/passwd"}, nullptr));
  EXPECT_FALSE(run_bounded({"touch", dir_ / "work/new"}, nullptr));
}

TEST_F(LandlockTest, AProgramWorksInAFolderAndReadsWhatItIsGiven) {
  const auto work = dir_ / "work";
  FileRules files;
  files.read = {dir_ / "given"};
  files.work = {work};
  const auto script = "mkdir a b && cp '" + (dir_ / "given") + "' a && mv a/given b && " +
                      "cat b/given && rm -r a b && ls";
  EXPECT_EQ(run_bounded({"env", "-C", work, "sh", "-c", script}, nullptr, {}, -1, files), "given");
  EXPECT_FALSE(run_bounded({"cat", secret_}, nullptr, {}, -1, files));
  EXPECT_FALSE(run_bounded({"touch", dir_ / "new"}, nullptr, {}, -1, files));
}

TEST_F(SeccompTest, ThereIsNoNetwork) {
  for (const int family : {AF_INET, AF_INET6, AF_UNIX, AF_NETLINK, AF_PACKET})
    EXPECT_EQ(confined([&] { return socket(family, SOCK_STREAM, 0); }), EACCES) << family;
  EXPECT_EQ(confined([] { return syscall(SYS_io_uring_setup, 1, nullptr); }), EACCES);
}

TEST_F(SeccompTest, TheNetworkAloneCanBeLeft) {
  const pid_t child = fork();
  if (child == 0) {
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    const bool left = leave_network() && refused(socket(AF_INET, SOCK_STREAM, 0)) &&
                      only_waits_for_others() && connects_nowhere(listener);
    _exit(left && open(secret_.c_str(), O_RDONLY) >= 0 && fchmod(given_.fd(), 0600) == 0 ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST_F(SeccompTest, AProgramThatListensReachesNobody) {
  listens_ = true;
  const auto listen = [&](const std::string& path) {
    return confined([&] { return listens_at(path.c_str()) ? 0 : -1; });
  };
  EXPECT_EQ(listen(dir_ / "work/socket"), 0);
  EXPECT_EQ(listen(dir_ / "socket"), EACCES);
  EXPECT_EQ(confined([] { return socket(AF_INET, SOCK_STREAM, 0); }), EACCES);
  EXPECT_EQ(confined([] { return only_waits_for_others() ? 0 : -1; }), 0);
}

TEST_F(SeccompTest, WhatLandlockDoesNotLookAtIsDenied) {
  EXPECT_EQ(confined([&] { return chmod(secret_.c_str(), 0777); }), EACCES);
  EXPECT_EQ(confined([&] { return chown(secret_.c_str(), 1, 1); }), EACCES);
  EXPECT_EQ(confined([&] { return utimensat(AT_FDCWD, secret_.c_str(), nullptr, 0); }), EACCES);
  for (const long call : {463, 466, 467, 469})  // newer than what the library knows by name
    EXPECT_EQ(confined([&] { return syscall(call, -1, nullptr, 0, nullptr, nullptr, 0); }), EACCES)
        << call;
}

TEST_F(SeccompTest, ThereIsNoWayToOtherRightsOrProcesses) {
  EXPECT_EQ(confined([] { return unshare(CLONE_NEWUSER); }), EACCES);
  EXPECT_EQ(confined([] { return syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0); }),
            EACCES);
  EXPECT_EQ(confined([] { return syscall(SYS_ptrace, 16, getppid(), 0, 0); }), EACCES);
  EXPECT_EQ(confined([] { return syscall(SYS_bpf, 0, nullptr, 0); }), EACCES);
  EXPECT_EQ(confined([] { return syscall(SYS_shmget, 1, 4096, 01600); }), EACCES);
  EXPECT_EQ(confined([] { return syscall(SYS_prlimit64, getppid(), 7, nullptr, nullptr); }),
            EACCES);
  EXPECT_EQ(confined([] { return syscall(SYS_prlimit64, 0, 7, nullptr, nullptr); }), 0);
  EXPECT_EQ(confined([] { return ioctl(STDERR_FILENO, TIOCSTI, "x"); }), EACCES);
}
