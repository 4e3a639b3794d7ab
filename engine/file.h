// SPDX-License-Identifier: LGPL-2.1-or-later
// Files of the engine: a descriptor with an owner, and a walk over an MP4's outermost boxes.
#pragma once

#include "core/mp4_movie.h"
#include "core/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace rostrum {

class File {
 public:
  File() = default;
  explicit File(int fd) : fd_{fd} {}
  File(File&& other) noexcept : fd_{other.release()} {}
  File& operator=(File&& other) noexcept;
  ~File();

  // Kind::media when it cannot be opened or is not a regular file.
  static Result<File> open_to_read(const std::string& path);

  int fd() const { return fd_; }
  // A name of the file itself, whatever becomes of its own name; whoever opens it gets a position
  // of its own.  "" if there is no file.  Valid in this process, as long as the file is open.
  std::string link() const;
  int release();
  std::uint64_t size() const;
  // Fewer bytes than asked for only at the end of the file or after a failure.
  mp4::Bytes read(std::uint64_t position, std::size_t bytes) const;

 private:
  int fd_ = -1;
};

// fsync of a file or folder.  Kind::internal when that fails.
Result<void> sync_to_disk(const std::string& path);
// fsync, rename, fsync of the folder: either the old name or the whole file survives a crash.
Result<void> rename_durably(const std::string& from, const std::string& to);

// One outermost box of an MP4 file.
struct FileBox {
  mp4::FourCc type = 0;
  std::uint64_t position = 0;
  std::uint64_t size = 0;  // of the whole box
  std::size_t header = 8;
};

// Kind::media when the file is not made of boxes or the last one is cut off.
Result<std::vector<FileBox>> outermost_boxes(const File& file, const std::string& path);

// The body of a box that is to be held in memory (at most 1 GiB).
Result<mp4::Bytes> read_body(const File& file, const FileBox& box, const std::string& path);

// The body of an MP4 file's index, its 'moov' box.  Kind::media where there is none.
Result<mp4::Bytes> read_moov(const File& file, const std::string& path);

// What an MP4 file's index says.
Result<mp4::Movie> read_movie_file(const std::string& path);

const FileBox* find_box(const std::vector<FileBox>& boxes, mp4::FourCc type);

}  // namespace rostrum
