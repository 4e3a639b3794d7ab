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

// By name: those that this machine or library does not have are passed over.
constexpr const char* kNetwork[] = {"socket", "connect", "bind", "listen", "accept", "accept4",
                                    // gets there without these calls
                                    "io_uring_setup", "io_uring_enter", "io_uring_register"};

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

struct Release {
  void operator()(void* filter) const { seccomp_release(filter); }
};
using FilterPtr = std::unique_ptr<void, Release>;

void deny(void* filter, const char* name, int error = EACCES) {
  const int call = seccomp_syscall_resolve_name(name);
  if (call != __NR_SCMP_ERROR) seccomp_rule_add(filter, SCMP_ACT_ERRNO(error), call, 0);
}

// Some of a call's arguments; high bits that the kernel does not look at do not matter.
void deny_some(void* filter, int call, unsigned argument, scmp_datum_t mask, scmp_datum_t value) {
  seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), call, 1,
                   SCMP_CMP(argument, SCMP_CMP_MASKED_EQ, mask, value));
}

void deny_more(void* filter) {
  for (const char* name : kDenied) deny(filter, name);
  // Namespaces.  The flags of clone3 stand in memory, where a filter cannot see them; the C library
  // goes back to clone, where it can.
  deny(filter, "clone3", ENOSYS);
  for (const unsigned flag : {CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC,
                              CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET})
    deny_some(filter, SCMP_SYS(clone), 0, flag, flag);
  // Would type into the terminal that the errors go to.
  constexpr scmp_datum_t kWord = 0xffffffff;
  deny_some(filter, SCMP_SYS(ioctl), 1, kWord, TIOCSTI);
  deny_some(filter, SCMP_SYS(ioctl), 1, kWord, TIOCLINUX);
}

FilterPtr make_filter(SyscallFilter::Denied denied) {
  FilterPtr filter{seccomp_init(SCMP_ACT_ALLOW)};
  if (!filter) return filter;
  for (const char* name : kNetwork) deny(filter.get(), name);
  if (denied == SyscallFilter::Denied::all) deny_more(filter.get());
  seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2);  // a tree instead of a list
  return filter;
}

std::vector<sock_filter> make_program(SyscallFilter::Denied denied) {
  const auto filter = make_filter(denied);
  const File file{memfd_create("filter", MFD_CLOEXEC)};
  if (!filter || file.fd() < 0 || seccomp_export_bpf(filter.get(), file.fd()) != 0) return {};
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
    : program_{kernel_filters() ? make_program(denied) : std::vector<sock_filter>{}} {}

bool SyscallFilter::enter() const noexcept {
  if (program_.empty()) return true;
  const sock_fprog program{static_cast<unsigned short>(program_.size()),
                           const_cast<sock_filter*>(program_.data())};  // the kernel only reads
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) == 0;
}

}  // namespace rostrum
