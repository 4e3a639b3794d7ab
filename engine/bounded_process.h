// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs a program that reads a user's file, and does not trust it to end.
#pragma once

#include "core/result.h"
#include "engine/landlock.h"

#include <gio/gio.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace rostrum {

struct ProcessLimits {
  std::chrono::seconds time{20};      // wall clock and processor time
  std::uint64_t memory = 2ULL << 30;  // bytes of address space
  std::size_t output = 1ULL << 29;    // bytes of standard output
};

// By what name the program can open the file that it is given.
inline constexpr char kBoundedInput[] = "/proc/self/fd/3";

// The program's standard output. It gets no standard input, its diagnostics are dropped, and it is
// killed at a limit, on cancellation and when this process dies. It is confined like a worker
// (engine/sandbox.h): of the user's files it reads the one of the descriptor `input` and what
// `files` lists, and writes only what that lists. Fails with Kind::missing_component when there is
// no such program, Kind::interrupted when cancelled, else Kind::media. Blocks; any thread.
Result<std::string> run_bounded(const std::vector<std::string>& command, GCancellable* cancellable,
                                const ProcessLimits& limits = {}, int input = -1,
                                const FileRules& files = {});

}  // namespace rostrum
