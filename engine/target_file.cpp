// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/target_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace rostrum {

namespace {

constexpr std::size_t kStep = std::size_t{8} << 20;  // bytes copied between two looks at `stop`
constexpr std::size_t kBuffer = std::size_t{1} << 20;

bool no_space(int why) { return why == ENOSPC || why == EDQUOT || why == EFBIG; }

}  // namespace

TargetFile::TargetFile(const std::string& path)
    : path_{path}, file_{open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)} {}

TargetFile::~TargetFile() {
  struct stat s {};
  // never a device that someone named as output
  if (!kept_ && opened() && fstat(file_.fd(), &s) == 0 && S_ISREG(s.st_mode)) unlink(path_.c_str());
}

Result<void> TargetFile::failed() const {
  const int why = errno;
  if (no_space(why))
    return fail(Kind::internal, path_ + ": no space left: the disk (or a quota) is full");
  return fail(Kind::internal, path_ + ": writing failed: " + std::strerror(why));
}

Result<void> TargetFile::reserve(std::uint64_t bytes) {
  if (fallocate(file_.fd(), FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(bytes)) != 0 &&
      no_space(errno))
    return failed();
  return {};
}

Result<void> TargetFile::write(mp4::View bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(file_.fd(), bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed();
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

ssize_t TargetFile::copy_in_kernel(const File& in, std::uint64_t position, std::size_t bytes) {
  auto from = static_cast<off64_t>(position);
  ssize_t n = -1;
  do n = copy_file_range(in.fd(), &from, file_.fd(), nullptr, bytes, 0);
  while (n < 0 && errno == EINTR);
  return n;
}

Result<void> TargetFile::copy(const File& in, std::uint64_t position, std::uint64_t bytes,
                              const std::stop_token& stop) {
  for (const std::uint64_t end = position + bytes; position < end;) {
    if (stop.stop_requested()) return fail(Kind::interrupted, "interrupted");
    const auto left = static_cast<std::size_t>(std::min<std::uint64_t>(end - position, kStep));
    if (kernel_copies_) {
      const ssize_t n = copy_in_kernel(in, position, left);
      if (n > 0) position += static_cast<std::uint64_t>(n);
      if (n < 0 && no_space(errno)) return failed();
      kernel_copies_ = n > 0;
      continue;
    }
    const mp4::Bytes read = in.read(position, std::min(left, kBuffer));
    if (read.empty()) return fail(Kind::internal, path_ + ": its source became shorter");
    if (auto written = write(read); !written) return written;
    position += read.size();
  }
  return {};
}

Result<void> TargetFile::keep() {
  if (fsync(file_.fd()) != 0 && errno != EINVAL) return failed();  // EINVAL: a device
  if (close(file_.release()) != 0) return failed();
  kept_ = true;
  return {};
}

}  // namespace rostrum
