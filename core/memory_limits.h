// SPDX-License-Identifier: LGPL-2.1-or-later
// How much memory workers may take, and which one has to go when it is too much: pure decisions.
#pragma once

#include "core/layout.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace rostrum {

// Bytes of resident memory.
struct MemoryLimits {
  std::int64_t worker = 0;  // of one: more is its own fault
  std::int64_t all = 0;     // of all together: more means that there are too many at once
};

// For workers that render this canvas on a machine with so much memory (0 = not known).
// `renditions`: smaller pictures that each encodes, too.
MemoryLimits memory_limits(std::int64_t total, Size canvas,
                           const std::vector<Size>& renditions = {});

// The address space of one worker that runs so many pipelines at once, as a backstop for what grows
// faster than it is looked at.
std::int64_t address_space_limit(Size canvas, std::size_t pipelines = 1,
                                 const std::vector<Size>& renditions = {});

struct Excess {
  std::size_t worker = 0;  // the one to end
  bool of_all = false;     // it is only the largest of too many
};

// `resident`: bytes of each worker that runs.  One worker alone is never too many.
std::optional<Excess> find_excess(const std::vector<std::int64_t>& resident,
                                  const MemoryLimits& limits);

}  // namespace rostrum
