// SPDX-License-Identifier: LGPL-2.1-or-later
// A file that is being downloaded: hidden beside its target until it is whole, and kept when it is
// not, so that the next attempt asks for the rest only.
#pragma once

#include "core/fetch/answer.h"
#include "core/result.h"
#include "engine/file.h"

#include <cstdint>
#include <span>
#include <string>

namespace rostrum {

class PartFile {
 public:
  // Opens what is there of it, or begins it; locked as long as the object lives.  Kind::usage:
  // another process is at it; Kind::internal: it cannot be written.
  static Result<PartFile> open(const std::string& target);
  PartFile(PartFile&&) = default;
  PartFile& operator=(PartFile&&) = delete;
  ~PartFile();  // of which nothing is there is removed

  // What is there, and from which content.
  const PartHead& head() const { return head_; }
  // What follows is this content from its beginning on.
  Result<void> begin(const PartHead& head);
  Result<void> write(std::span<const char> bytes);
  // As if nothing had been fetched.
  Result<void> forget();
  // Gives the file its own name, durably.
  Result<void> commit();

  const std::string& path() const { return path_; }

 private:
  explicit PartFile(const std::string& target);
  bool open_and_lock();
  void read_head();

  std::string target_;
  std::string path_;
  std::string head_path_;
  File file_;
  PartHead head_;
};

}  // namespace rostrum
