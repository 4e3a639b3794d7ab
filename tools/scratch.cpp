// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/scratch.h"

#include "engine/chunked_render.h"
#include "engine/memory.h"

#include <filesystem>
#include <utility>

namespace rostrum {

namespace fs = std::filesystem;

Scratch::Scratch() : path_{g_dir_make_tmp("rostrum-XXXXXX", nullptr)} {}

Scratch::Scratch(const std::string& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (fs::create_directory(path, error)) path_.reset(g_strdup(path.c_str()));
}

Scratch::~Scratch() {
  std::error_code error;
  if (path_) fs::remove_all(path_.get(), error);
}

std::string own_program() {
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error).string();
}

Result<PoolOptions> scratch_pool(const Scratch& scratch, Size canvas, MediaFiles media) {
  if (!scratch.path()) return fail(Kind::usage, "no folder for temporary files can be made");
  PoolOptions pool;
  pool.program = own_program();
  pool.spec_dir = scratch.path();
  pool.workers = default_workers();
  pool.memory = memory_limits(memory_figure("MemTotal"), canvas);
  pool.files = std::move(media);
  return pool;
}

}  // namespace rostrum
