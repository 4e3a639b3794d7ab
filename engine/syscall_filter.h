// SPDX-License-Identifier: LGPL-2.1-or-later
// seccomp: system calls that fail from now on, above all those that reach the network.
#pragma once

#include <linux/filter.h>

#include <vector>

namespace rostrum {

class SyscallFilter {
 public:
  enum class Support { yes, not_built, not_in_kernel };
  static Support support();

  enum class Denied {
    network,        // all but local stream sockets that listen
    all,            // the network with these, and what a decoder does not need
    all_but_local,  // that, except local stream sockets that listen
  };
  explicit SyscallFilter(Denied denied = Denied::all);
  // For all threads of this process and all that it starts; this one must have no_new_privs set.
  // True also where there is no support, false where there is some and the filter could not be
  // made.  Async-signal-safe.
  bool enter() const noexcept;

 private:
  bool supported_;
  std::vector<sock_filter> program_;  // empty: no support, or it could not be made
};

}  // namespace rostrum
