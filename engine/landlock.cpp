// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/landlock.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>

namespace rostrum {

namespace {

using Rights = std::uint64_t;

// Of interfaces newer than the headers of Debian 12.
constexpr Rights kTruncate = 1ULL << 14;        // 3
constexpr Rights kControl = 1ULL << 15;         // 5: ioctl on devices
constexpr Rights kBindTcp = 1ULL << 0;          // 4
constexpr Rights kConnectTcp = 1ULL << 1;       // 4
constexpr Rights kAbstractSockets = 1ULL << 0;  // 6
constexpr Rights kSignals = 1ULL << 1;          // 6

struct RulesetAttributes {
  Rights files;
  Rights network;
  Rights scopes;
};

constexpr Rights kRead =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr Rights kWrite = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
                          LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                          LANDLOCK_ACCESS_FS_MAKE_REG | kTruncate;
constexpr Rights kWork = kWrite | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                         LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_REFER;
constexpr Rights kDevice = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | kControl;
constexpr Rights kOfFiles = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE |
                            LANDLOCK_ACCESS_FS_WRITE_FILE | kTruncate | kControl;

// All rights that this interface can take away.
Rights file_rights(int abi) {
  constexpr Rights kFirst = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
  return kFirst | (abi >= 2 ? LANDLOCK_ACCESS_FS_REFER : 0) | (abi >= 3 ? kTruncate : 0) |
         (abi >= 5 ? kControl : 0);
}

File make_ruleset(int abi) {
  const RulesetAttributes all{file_rights(abi), abi >= 4 ? kBindTcp | kConnectTcp : 0,
                              abi >= 6 ? kAbstractSockets | kSignals : 0};
  // An older kernel takes only what it knows.
  const std::size_t size = abi >= 6 ? sizeof all : abi >= 4 ? 2 * sizeof(Rights) : sizeof(Rights);
  return File{static_cast<int>(syscall(SYS_landlock_create_ruleset, &all, size, 0))};
}

// A rule that fails leaves less allowed, never more.
void allow(int ruleset, int at, Rights rights, Rights known) {
  struct stat s {};
  if (fstat(at, &s) != 0) return;
  landlock_path_beneath_attr rule{};
  rule.allowed_access = rights & known & (S_ISDIR(s.st_mode) ? ~Rights{0} : kOfFiles);
  rule.parent_fd = at;
  syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

}  // namespace

int LandlockRuleset::abi() {
  return std::max(0, static_cast<int>(syscall(SYS_landlock_create_ruleset, nullptr, 0,
                                              LANDLOCK_CREATE_RULESET_VERSION)));
}

LandlockRuleset::LandlockRuleset(const FileRules& rules) {
  const int version = abi();
  if (version == 0) return;
  supported_ = true;
  ruleset_ = make_ruleset(version);
  const auto allow_all = [&](const std::vector<std::string>& paths, Rights rights) {
    for (const auto& path : paths)
      if (const File at{open(path.c_str(), O_PATH | O_CLOEXEC)}; at.fd() >= 0)
        allow(ruleset_.fd(), at.fd(), rights, file_rights(version));
  };
  allow_all(rules.read, kRead);
  allow_all(rules.write, kWrite);
  allow_all(rules.devices, kDevice);
  allow_all(rules.work, kWork | (rules.listens ? LANDLOCK_ACCESS_FS_MAKE_SOCK : 0));
  for (const int fd : rules.reopened)
    allow(ruleset_.fd(), fd, LANDLOCK_ACCESS_FS_READ_FILE, file_rights(version));
}

bool LandlockRuleset::enter() const noexcept {
  return !supported_ || syscall(SYS_landlock_restrict_self, ruleset_.fd(), 0) == 0;
}

}  // namespace rostrum
