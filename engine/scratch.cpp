// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/scratch.h"

#include "engine/chunked_render.h"
#include "engine/memory.h"

#include <fcntl.h>
#include <sys/file.h>

#include <filesystem>
#include <utility>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

// The folder with this lock of flock(2), or none.
File locked(const std::string& folder, int lock) {
  File file{open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  return file.fd() >= 0 && flock(file.fd(), lock) == 0 ? std::move(file) : File{};
}

}  // namespace

Scratch::Scratch() : path_{g_dir_make_tmp("rostrum-XXXXXX", nullptr)} {}

Scratch::Scratch(const std::string& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (fs::create_directory(path, error)) path_.reset(g_strdup(path.c_str()));
}

Scratch Scratch::in_cache() {
  const auto all = std::string{g_get_user_cache_dir()} + "/rostrum/scratch";
  std::error_code error;
  fs::create_directories(all, error);
  const auto turn = locked(all, LOCK_EX);
  if (turn.fd() < 0) return Scratch{};
  fs::directory_iterator left{all, error};
  for (; !error && left != fs::end(left); left.increment(error))
    if (locked(left->path().string(), LOCK_EX | LOCK_NB).fd() >= 0)
      fs::remove_all(left->path(), error);
  GCharPtr path{g_strdup((all + "/XXXXXX").c_str())};
  if (!g_mkdtemp(path.get())) return Scratch{};
  auto lock = locked(path.get(), LOCK_EX);
  return Scratch{std::move(path), std::move(lock)};
}

Scratch::~Scratch() {
  std::error_code error;
  if (path_) fs::remove_all(path_.get(), error);
}

std::string own_program() {
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error).string();
}

namespace {

// Of workers that only look.
template <typename Workers>
Result<Workers> workers_in(const Scratch& scratch) {
  if (!scratch.path()) return fail(Kind::usage, "no folder for temporary files can be made");
  Workers workers;
  workers.program = own_program();
  workers.spec_dir = scratch.path();
  return workers;
}

}  // namespace

Result<PoolOptions> scratch_pool(const Scratch& scratch, Size canvas, MediaFiles media) {
  auto pool = workers_in<PoolOptions>(scratch);
  if (!pool) return pool;
  pool->workers = default_workers();
  pool->memory = memory_limits(memory_figure("MemTotal"), canvas);
  pool->files = std::move(media);
  return pool;
}

Result<MediaWorkers> scratch_media_workers(const Scratch& scratch, MediaFiles media,
                                           std::stop_token stop) {
  auto workers = workers_in<MediaWorkers>(scratch);
  if (!workers) return workers;
  workers->most_memory = memory_limits(memory_figure("MemTotal"), {}).worker;
  workers->files = std::move(media);
  workers->stop = std::move(stop);
  return workers;
}

}  // namespace rostrum
