// SPDX-License-Identifier: LGPL-2.1-or-later
#include "chunksink/chunk_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

namespace rostrum {

namespace {

constexpr mode_t kMode = 0666;  // the umask decides

tl::unexpected<Error> failed(const char* what, const std::string& path) {
  const auto why = std::generic_category().message(errno);
  return fail(Kind::usage, std::string("Could not ") + what + " " + path + ": " + why + ".");
}

Result<void> sync_folder(const std::string& folder) {
  const auto path = folder.empty() ? std::string(".") : folder;
  const Descriptor fd{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  // Some file systems cannot sync a folder (EINVAL); nothing more can be done there.
  if (!fd || (fsync(fd.get()) != 0 && errno != EINVAL)) return failed("sync", path);
  return {};
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

// Up to its end or the first error: an unreadable journal is as good as none.
std::string read_all(int fd) {
  std::string text;
  char block[4096];
  for (ssize_t n = 0; (n = read(fd, block, sizeof block)) > 0;)
    text.append(block, static_cast<std::size_t>(n));
  return text;
}

bool is_whole(const ChunkRecord& r, const ChunkPattern& pattern, const ChunkCuts& cuts) {
  struct stat s {};
  return r.file == pattern.name(r.index) && cuts.index_of(r.first_time) == r.index &&
         stat(pattern.path(r.index).c_str(), &s) == 0 && S_ISREG(s.st_mode) &&
         static_cast<std::uint64_t>(s.st_size) == r.bytes;
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

Descriptor::~Descriptor() {
  if (fd_ >= 0) close(fd_);
}

Result<ChunkFile> ChunkFile::create(const ChunkPattern& pattern, std::int64_t index) {
  return create(pattern.path(index), pattern.temporary_path(index), pattern.folder());
}

Result<ChunkFile> ChunkFile::create(const std::string& path) {
  const auto slash = path.rfind('/');
  const auto folder = path.substr(0, slash == path.npos ? 0 : slash + 1);
  return create(path, folder + '.' + path.substr(folder.size()) + ".part", folder);
}

Result<ChunkFile> ChunkFile::create(std::string path, std::string temporary, std::string folder) {
  ChunkFile file;
  file.path_ = std::move(path);
  file.folder_ = std::move(folder);
  // What a killed process left there is not continued, only replaced.
  unlink(temporary.c_str());
  file.fd_ = Descriptor{::open(temporary.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, kMode)};
  if (!file.fd_) return failed("write", file.path_);
  file.temporary_ = std::move(temporary);
  return file;
}

ChunkFile::ChunkFile(ChunkFile&& other) noexcept
    : fd_{std::move(other.fd_)},
      path_{std::move(other.path_)},
      temporary_{std::exchange(other.temporary_, {})},
      folder_{std::move(other.folder_)} {}

ChunkFile::~ChunkFile() { discard(); }

void ChunkFile::discard() {
  if (!temporary_.empty()) unlink(temporary_.c_str());
  temporary_.clear();
}

Result<void> ChunkFile::write(std::string_view text) {
  if (!write_all(fd_.get(), text)) return failed("write", path_);
  return {};
}

Result<std::uint64_t> ChunkFile::publish(bool sync) {
  struct stat s {};
  if (sync && fsync(fd_.get()) != 0) return failed("write", path_);
  if (fstat(fd_.get(), &s) != 0) return failed("read", path_);
  if (rename(temporary_.c_str(), path_.c_str()) != 0) return failed("write", path_);
  temporary_.clear();
  if (sync) {
    if (auto done = sync_folder(folder_); !done) return tl::unexpected(done.error());
  }
  return static_cast<std::uint64_t>(s.st_size);
}

Result<ChunkJournal> ChunkJournal::open(const std::string& location, const ChunkPattern& pattern,
                                        const ChunkCuts& cuts, bool resume, bool sync) {
  ChunkJournal journal;
  journal.path_ = location + ".journal";
  journal.sync_ = sync;
  journal.fd_ =
      Descriptor{::open(journal.path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, kMode)};
  if (!journal.fd_) return failed("write", journal.path_);
  std::size_t length = 0;
  if (resume) {
    auto read = read_journal(read_all(journal.fd_.get()));
    length = read.bytes;
    // Records behind the first that does not hold are replaced when its chunk is written again.
    for (auto& record : read.records) {
      if (!is_whole(record, pattern, cuts)) break;
      journal.kept_.push_back(std::move(record));
    }
  }
  if (ftruncate(journal.fd_.get(), static_cast<off_t>(length)) != 0)
    return failed("write", journal.path_);
  if (sync) {
    if (auto done = sync_folder(pattern.folder()); !done) return tl::unexpected(done.error());
  }
  return journal;
}

Result<void> ChunkJournal::append(const ChunkRecord& record) {
  if (!write_all(fd_.get(), format_record(record)) || (sync_ && fdatasync(fd_.get()) != 0))
    return failed("write", path_);
  return {};
}

}  // namespace rostrum
