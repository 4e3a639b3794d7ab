// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/memory.h"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace rostrum {

std::int64_t memory_figure(const char* name) {
  std::ifstream file{"/proc/meminfo"};
  const auto wanted = std::string{name} + ":";
  std::int64_t kilobytes = 0;
  std::string found;
  for (std::string rest; file >> found >> kilobytes; std::getline(file, rest))
    if (found == wanted) return kilobytes << 10;
  return 0;
}

std::int64_t resident_bytes(int process) {
  std::ifstream file{"/proc/" + std::to_string(process) + "/statm"};
  std::int64_t mapped = 0;
  std::int64_t resident = 0;
  file >> mapped >> resident;  // in pages
  return file ? resident * sysconf(_SC_PAGESIZE) : 0;
}

void limit_address_space([[maybe_unused]] std::int64_t bytes) {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  const auto most = static_cast<rlim_t>(bytes);
  const rlimit limit{most, most};
  setrlimit(RLIMIT_AS, &limit);
#endif
}

}  // namespace rostrum
