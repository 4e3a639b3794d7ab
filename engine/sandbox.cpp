// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/sandbox.h"

#include <sys/prctl.h>

#include <cstdlib>
#include <string_view>

namespace rostrum {

namespace {

bool refuse_privileges() { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0; }

}  // namespace

bool sandbox_wanted() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return false;
#else
  const char* said = std::getenv("ROSTRUM_SANDBOX");
  return !said || said != std::string_view{"off"};
#endif
}

bool Sandbox::enter() const noexcept {
  if (!wanted_) return true;
  if (!refuse_privileges()) return false;
  return files_.enter() && calls_.enter();  // the filter last: it denies nothing that this needs
}

bool leave_network() {
  if (!sandbox_wanted()) return true;
  return refuse_privileges() && SyscallFilter{SyscallFilter::Denied::network}.enter();
}

}  // namespace rostrum
