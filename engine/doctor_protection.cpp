// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/doctor_protection.h"

#include "engine/beneath.h"
#include "engine/sandbox.h"

namespace rostrum {

namespace {

constexpr char kGroup[] = "protection";

DoctorItem examine_paths() {
  const bool kernel = best_beneath() == Beneath::kernel;
  return {kGroup,
          "openat2",
          kernel,
          false,
          kernel ? "the kernel keeps media below their folders"
                 : "not in this kernel: paths are walked folder by folder, which holds as well",
          ""};
}

DoctorItem examine_landlock() {
  const int abi = LandlockRuleset::abi();
  if (abi > 0)
    return {kGroup,
            "Landlock",
            true,
            false,
            "workers open only their media and write only their chunk (interface " +
                std::to_string(abi) + ")",
            ""};
  return {kGroup,
          "Landlock",
          false,
          false,
          "workers can read and write what you can",
          "Linux 5.13 or newer, with landlock among its security modules (lsm=)"};
}

DoctorItem examine_seccomp() {
  switch (SyscallFilter::support()) {
  case SyscallFilter::Support::yes:
    return {kGroup, "seccomp", true, false, "nothing that reads media has a network", ""};
  case SyscallFilter::Support::not_in_kernel:
    return {kGroup,
            "seccomp",
            false,
            false,
            "media could reach your network",
            "a kernel with CONFIG_SECCOMP_FILTER"};
  case SyscallFilter::Support::not_built:
    break;
  }
  return {kGroup,
          "seccomp",
          false,
          false,
          "not in this build: media could reach your network",
          "apt install libseccomp-dev, and build again"};
}

}  // namespace

void examine_protection(std::vector<DoctorItem>& items) {
  items.push_back(examine_paths());
  items.push_back(examine_landlock());
  items.push_back(examine_seccomp());
  if (!sandbox_wanted())
    items.push_back({kGroup, "sandbox", false, false, "workers are not confined at all",
                     "unset ROSTRUM_SANDBOX, in a build without sanitizers"});
}

}  // namespace rostrum
