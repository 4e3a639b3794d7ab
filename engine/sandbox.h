// SPDX-License-Identifier: LGPL-2.1-or-later
// Takes from a process that reads media what it does not need: other files, the network, and the
// system calls by which a program that was taken over would go further.  docs/security.md says
// what that protects.
#pragma once

#include "engine/landlock.h"
#include "engine/syscall_filter.h"

namespace rostrum {

// No: switched off by ROSTRUM_SANDBOX=off, or under a sanitizer, which needs ptrace and /proc.
bool sandbox_wanted();

class Sandbox {
 public:
  // Prepares it; nothing is restricted yet.
  explicit Sandbox(const FileRules& rules)
      : files_{rules},
        calls_{rules.listens ? SyscallFilter::Denied::all_but_local : SyscallFilter::Denied::all} {}

  // Holds from here on for this thread and all that it starts; what this kernel does not have is
  // left out.  False if what it has fails.  Async-signal-safe, for a child between fork and exec.
  bool enter() const noexcept;

 private:
  const bool wanted_ = sandbox_wanted();
  LandlockRuleset files_;
  SyscallFilter calls_;
};

// The network alone, of all threads of this process and all that it starts: for one that works with
// the user's files.  What this kernel does not have is left out; false if what it has fails.
bool leave_network();

}  // namespace rostrum
