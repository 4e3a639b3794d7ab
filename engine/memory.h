// SPDX-License-Identifier: LGPL-2.1-or-later
// What the kernel says of memory.
#pragma once

#include <cstdint>

namespace rostrum {

// A line of /proc/meminfo ("MemTotal", "MemAvailable"), in bytes; 0 when there is none.
std::int64_t memory_figure(const char* name);

// Resident bytes of a process; 0 when it is gone.
std::int64_t resident_bytes(int process);

// From now on this process gets no more address space than this.  Without effect where a sanitizer
// runs, which maps terabytes.
void limit_address_space(std::int64_t bytes);

}  // namespace rostrum
