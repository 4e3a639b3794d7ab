// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/syscall_filter.h"

#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef ROSTRUM_SECCOMP
#include "engine/file.h"

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>
#endif

namespace rostrum {

namespace {

bool kernel_filters() {
  const unsigned action = SECCOMP_RET_ERRNO;
  return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

#ifdef ROSTRUM_SECCOMP

// By name: those that this machine does not have are passed over.
constexpr const char* kNetwork[] = {"connect",
                                    // gets there without these calls
                                    "io_uring_setup", "io_uring_enter", "io_uring_register"};
constexpr const char* kSockets[] = {"socket", "bind", "listen", "accept", "accept4"};

constexpr const char* kDenied[] = {
    // other processes
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "process_madvise",
    "pidfd_getfd",
    "kcmp",
    // what Landlock does not look at: the properties of files
    "chmod",
    "fchmod",
    "fchmodat",
    "fchmodat2",
    "chown",
    "lchown",
    "fchown",
    "fchownat",
    "utime",
    "utimes",
    "futimesat",
    "utimensat",
    "setxattr",
    "lsetxattr",
    "fsetxattr",
    "removexattr",
    "lremovexattr",
    "fremovexattr",
    "open_by_handle_at",
    // memory, messages and semaphores that other programs may share with the user's
    "shmget",
    "shmat",
    "shmctl",
    "msgget",
    "msgsnd",
    "msgrcv",
    "msgctl",
    "semget",
    "semop",
    "semtimedop",
    "semctl",
    "mq_open",
    "mq_unlink",
    "fanotify_init",
    // other roots and other rights
    "unshare",
    "setns",
    "mount",
    "umount2",
    "pivot_root",
    "chroot",
    "move_mount",
    "open_tree",
    "fsopen",
    "fsconfig",
    "fsmount",
    "fspick",
    "mount_setattr",
    // parts of the kernel in which most of its holes were found, and that no decoder needs
    "bpf",
    "perf_event_open",
    "userfaultfd",
    "keyctl",
    "add_key",
    "request_key",
    "quotactl",
    "init_module",
    "finit_module",
    "delete_module",
    "kexec_load",
    "kexec_file_load",
    "swapon",
    "swapoff",
    "reboot",
    "acct",
    "syslog",
    "iopl",
    "ioperm",
    "settimeofday",
    "clock_settime",
    "adjtimex",
    "clock_adjtime",
    "sethostname",
    "setdomainname",
};

// Newer than the library's list of names; since Linux 5.1 a new call has the same number on all
// machines (Documentation/process/adding-syscalls.rst).
struct NewCall {
  const char* name;
  int number;
};
constexpr NewCall kNewDenied[] = {
    {"setxattrat", 463}, {"removexattrat", 466}, {"open_tree_attr", 467}, {"file_setattr", 469}};

struct Release {
  void operator()(void* filter) const { seccomp_release(filter); }
};
using FilterPtr = std::unique_ptr<void, Release>;

class Filter {
 public:
  explicit Filter(SyscallFilter::Denied denied) : filter_{seccomp_init(SCMP_ACT_ALLOW)} {
    whole_ = filter_ != nullptr;
    for (const char* name : kNetwork) deny(name);
    deny_fast_open();
    if (denied == SyscallFilter::Denied::all)
      for (const char* name : kSockets) deny(name);
    else
      deny_sockets_to_others();
    if (denied != SyscallFilter::Denied::network) deny_more();
    if (denied == SyscallFilter::Denied::all_but_local) deny_asking_to_write();
    // a tree instead of a list
    if (whole_) seccomp_attr_set(filter_.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2);
  }

  // False if a part of it could not be made.
  bool write(int fd) const { return whole_ && seccomp_export_bpf(filter_.get(), fd) == 0; }

 private:
  // Negative numbers stand for calls that this machine does not have.
  void deny(int call, int error = EACCES) {
    if (whole_ && call >= 0)
      whole_ = seccomp_rule_add(filter_.get(), SCMP_ACT_ERRNO(error), call, 0) == 0;
  }
  void deny(const char* name, int error = EACCES) {
    deny(seccomp_syscall_resolve_name(name), error);
  }

  void deny_if(int call, const scmp_arg_cmp& argument) {
    if (whole_ && call >= 0)
      whole_ = seccomp_rule_add(filter_.get(), SCMP_ACT_ERRNO(EACCES), call, 1, argument) == 0;
  }

  // Connects a socket that this process has had before.
  void deny_fast_open() {
    deny_if(SCMP_SYS(sendto), SCMP_A3_32(SCMP_CMP_MASKED_EQ, MSG_FASTOPEN, MSG_FASTOPEN));
    deny_if(SCMP_SYS(sendmsg), SCMP_A2_32(SCMP_CMP_MASKED_EQ, MSG_FASTOPEN, MSG_FASTOPEN));
    deny_if(SCMP_SYS(sendmmsg), SCMP_A3_32(SCMP_CMP_MASKED_EQ, MSG_FASTOPEN, MSG_FASTOPEN));
  }

  // What is left is a local stream: without connect() it can only wait for others.
  void deny_sockets_to_others() {
    constexpr scmp_datum_t kTypes = 0xf;  // the rest of the argument are flags
    deny_if(SCMP_SYS(socket), SCMP_A0_32(SCMP_CMP_NE, AF_UNIX));
    for (const scmp_datum_t type : {SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET})
      deny_if(SCMP_SYS(socket), SCMP_A1_32(SCMP_CMP_MASKED_EQ, kTypes, type));
  }

  void deny_more() {
    for (const char* name : kDenied) deny(name);
    for (const auto& [name, number] : kNewDenied) {
      const int known = seccomp_syscall_resolve_name(name);
      deny(known == __NR_SCMP_ERROR ? number : known);
    }
    // Namespaces.  The flags of clone3 stand in memory, where a filter cannot see them; the C
    // library goes back to clone, where it can.
    deny("clone3", ENOSYS);
    for (const scmp_datum_t flag : {CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC,
                                    CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET})
      deny_if(SCMP_SYS(clone), SCMP_A0(SCMP_CMP_MASKED_EQ, flag, flag));
    deny_if(SCMP_SYS(prlimit64), SCMP_A0_32(SCMP_CMP_NE, 0));  // of other processes
    // Would type into the terminal that the errors go to.
    for (const unsigned request : {TIOCSTI, TIOCLINUX})
      deny_if(SCMP_SYS(ioctl), SCMP_A1_32(SCMP_CMP_EQ, request));
  }

  // Landlock tells nobody who asks what it would deny. LibreOffice puts its socket into /tmp where
  // that seems to be writable, else where it is told to.
  void deny_asking_to_write() {
    deny_if(SCMP_SYS(access), SCMP_A1_32(SCMP_CMP_EQ, W_OK));
    deny_if(SCMP_SYS(faccessat), SCMP_A2_32(SCMP_CMP_EQ, W_OK));
  }

  FilterPtr filter_;
  bool whole_ = false;
};

std::vector<sock_filter> make_program(SyscallFilter::Denied denied) {
  const Filter filter{denied};
  const File file{memfd_create("filter", MFD_CLOEXEC)};
  if (file.fd() < 0 || !filter.write(file.fd())) return {};
  std::vector<sock_filter> program(file.size() / sizeof(sock_filter));
  const auto bytes = file.read(0, program.size() * sizeof(sock_filter));
  std::memcpy(program.data(), bytes.data(), bytes.size());
  return program;
}

#else

std::vector<sock_filter> make_program(SyscallFilter::Denied) { return {}; }

#endif

}  // namespace

SyscallFilter::Support SyscallFilter::support() {
#ifdef ROSTRUM_SECCOMP
  return kernel_filters() ? Support::yes : Support::not_in_kernel;
#else
  return Support::not_built;
#endif
}

SyscallFilter::SyscallFilter(Denied denied)
    : supported_{support() == Support::yes},
      program_{supported_ ? make_program(denied) : std::vector<sock_filter>{}} {}

bool SyscallFilter::enter() const noexcept {
  if (program_.empty()) return !supported_;
  const sock_fprog program{static_cast<unsigned short>(program_.size()),
                           const_cast<sock_filter*>(program_.data())};  // the kernel only reads
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) == 0;
}

}  // namespace rostrum
