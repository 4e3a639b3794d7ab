// SPDX-License-Identifier: LGPL-2.1-or-later
// Where workers put what is only looked at.
#pragma once

#include "engine/file.h"
#include "engine/media_files.h"
#include "engine/media_workers.h"
#include "engine/worker_pool.h"
#include "lib/gst_ptr.h"

#include <string>
#include <utility>

namespace rostrum {

// A folder for what workers read and write, removed with the object.
class Scratch {
 public:
  Scratch();  // where temporary files of the system are
  // At this place, which nobody else uses: what was left there by a program that was killed goes.
  explicit Scratch(const std::string& path);
  // In the user's cache, if there is one: what others left there that were killed goes.
  static Scratch in_cache();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const char* path() const { return path_.get(); }  // null if there is none

 private:
  Scratch(GCharPtr path, File lock) : path_{std::move(path)}, lock_{std::move(lock)} {}

  GCharPtr path_;
  File lock_;  // held as long as somebody uses the folder
};

// The rostrum executable, for its workers.
std::string own_program();

// Workers of this program that write small pictures there, of these media.  Kind::usage without a
// folder.
Result<PoolOptions> scratch_pool(const Scratch& scratch, Size canvas, MediaFiles media);

// The same of workers that look into media and listen to them.
Result<MediaWorkers> scratch_media_workers(const Scratch& scratch, MediaFiles media,
                                           std::stop_token stop);

}  // namespace rostrum
