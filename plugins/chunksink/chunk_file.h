// SPDX-License-Identifier: LGPL-2.1-or-later
// The files of chunksink: those that get their name only when they are whole, and their journal.
#pragma once

#include "core/chunk_cuts.h"
#include "core/chunk_journal.h"
#include "core/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rostrum {

// An open file descriptor, closed at the end.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_{fd} {}
  Descriptor(Descriptor&& other) noexcept : fd_{other.fd_} { other.fd_ = -1; }
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// A file under its temporary name; it disappears unless it is published.
class ChunkFile {
 public:
  // Fails with Kind::usage, naming file and cause.
  static Result<ChunkFile> create(const ChunkPattern& pattern, std::int64_t index);
  static Result<ChunkFile> create(const std::string& path);
  ChunkFile(ChunkFile&& other) noexcept;
  ChunkFile& operator=(ChunkFile&&) = delete;
  ~ChunkFile();

  int descriptor() const { return fd_.get(); }
  const std::string& path() const { return path_; }  // the final one

  Result<void> write(std::string_view text);
  // Gives the file its final name and returns its size.  With `sync` the content is on the medium
  // before the name, and the name before this returns.
  Result<std::uint64_t> publish(bool sync);
  // Removes it, unless published.
  void discard();

 private:
  ChunkFile() = default;

  static Result<ChunkFile> create(std::string path, std::string temporary, std::string folder);

  Descriptor fd_;
  std::string path_;
  std::string temporary_;  // "" = published
  std::string folder_;
};

// <location>.journal, open for appending.
class ChunkJournal {
 public:
  ChunkJournal() = default;
  // Starts an empty journal, or, with `resume`, goes on after the last record whose chunk and all
  // chunks before it are there with the recorded size and begin in their own interval of `cuts`.
  static Result<ChunkJournal> open(const std::string& location, const ChunkPattern& pattern,
                                   const ChunkCuts& cuts, bool resume, bool sync);

  const std::vector<ChunkRecord>& kept() const { return kept_; }
  Result<void> append(const ChunkRecord& record);

 private:
  Descriptor fd_;
  std::string path_;
  std::vector<ChunkRecord> kept_;
  bool sync_ = true;
};

}  // namespace rostrum
