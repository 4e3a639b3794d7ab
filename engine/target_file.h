// SPDX-License-Identifier: LGPL-2.1-or-later
// A file in the making: written front to back, and gone again unless it became whole.
#pragma once

#include "engine/file.h"

#include <cstdint>
#include <stop_token>
#include <string>

namespace rostrum {

class TargetFile {
 public:
  explicit TargetFile(const std::string& path);
  ~TargetFile();  // removes the file unless keep() has succeeded
  TargetFile(const TargetFile&) = delete;
  TargetFile& operator=(const TargetFile&) = delete;

  bool opened() const { return file_.fd() >= 0; }
  // A full disk is better known before than after copying.  File systems that cannot reserve say
  // so, and are not asked again.
  Result<void> reserve(std::uint64_t bytes);
  Result<void> write(mp4::View bytes);
  // Copies a range of `in`, inside the kernel where the file systems can.
  Result<void> copy(const File& in, std::uint64_t position, std::uint64_t bytes,
                    const std::stop_token& stop);
  // Flushes to the disk; the file stays.
  Result<void> keep();

 private:
  Result<void> failed() const;
  ssize_t copy_in_kernel(const File& in, std::uint64_t position, std::size_t bytes);

  std::string path_;
  File file_;
  bool kept_ = false;
  bool kernel_copies_ = true;
};

}  // namespace rostrum
