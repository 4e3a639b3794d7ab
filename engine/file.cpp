// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/file.h"

#include "core/mp4_sample_count.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

namespace rostrum {

namespace {

constexpr std::uint64_t kLargestBody = std::uint64_t{1} << 30;
constexpr std::size_t kMostBoxes = 100'000;

}  // namespace

File& File::operator=(File&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

File::~File() {
  if (fd_ >= 0) close(fd_);
}

Result<File> File::open_to_read(const std::string& path) {
  // a FIFO would block without O_NONBLOCK
  File file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat s {};
  if (file.fd() < 0 || fstat(file.fd(), &s) != 0)
    return fail(Kind::media, path + ": cannot be opened: " + std::strerror(errno));
  if (!S_ISREG(s.st_mode)) return fail(Kind::media, path + ": is not a regular file");
  return file;
}

std::string File::link() const { return fd_ < 0 ? "" : "/proc/self/fd/" + std::to_string(fd_); }

int File::release() { return std::exchange(fd_, -1); }

std::uint64_t File::size() const {
  struct stat s {};
  return fstat(fd_, &s) == 0 ? static_cast<std::uint64_t>(s.st_size) : 0;
}

mp4::Bytes File::read(std::uint64_t position, std::size_t bytes) const {
  // A size that a damaged file names must not be set aside before it is known to be there.
  struct stat status {};
  if (fstat(fd_, &status) != 0 || !S_ISREG(status.st_mode)) return {};
  const auto there = static_cast<std::uint64_t>(status.st_size);
  bytes = position < there ? std::min<std::uint64_t>(bytes, there - position) : 0;
  mp4::Bytes data(bytes);
  std::size_t got = 0;
  while (got < bytes) {
    const ssize_t n =
        pread(fd_, data.data() + got, bytes - got, static_cast<off_t>(position + got));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    got += static_cast<std::size_t>(n);
  }
  data.resize(got);
  return data;
}

Result<void> sync_to_disk(const std::string& path) {
  const File file{open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.fd() >= 0 && fsync(file.fd()) == 0) return {};
  return fail(Kind::internal, path + ": cannot be written to disk: " + std::strerror(errno));
}

Result<void> rename_durably(const std::string& from, const std::string& to) {
  if (auto done = sync_to_disk(from); !done) return done;
  if (std::rename(from.c_str(), to.c_str()) != 0)
    return fail(Kind::internal, to + ": cannot be written: " + std::strerror(errno));
  const auto folder = std::filesystem::path{to}.parent_path();
  return sync_to_disk(folder.empty() ? "." : folder.string());
}

Result<std::vector<FileBox>> outermost_boxes(const File& file, const std::string& path) {
  const std::uint64_t size = file.size();
  if (size == 0) return fail(Kind::media, path + ": is empty");
  std::vector<FileBox> boxes;
  for (std::uint64_t at = 0; at < size;) {
    const auto header = mp4::read_header(file.read(at, mp4::kHeaderBytes));
    if (!header || boxes.size() == kMostBoxes)
      return fail(Kind::media, path + ": is not an MP4 file");
    const std::uint64_t box_size = header->size ? header->size : size - at;
    if (box_size > size - at) {
      const bool started = !boxes.empty() && boxes.front().type == mp4::fourcc("ftyp");
      return fail(Kind::media, path + (started ? ": is cut off" : ": is not an MP4 file"));
    }
    boxes.push_back({header->type, at, box_size, header->header});
    at += box_size;
  }
  return boxes;
}

Result<mp4::Bytes> read_body(const File& file, const FileBox& box, const std::string& path) {
  const std::uint64_t size = box.size - box.header;
  if (size > kLargestBody) return fail(Kind::media, path + ": has an absurdly large index");
  mp4::Bytes body = file.read(box.position + box.header, static_cast<std::size_t>(size));
  if (body.size() != size) return fail(Kind::media, path + ": cannot be read");
  if (box.type != mp4::fourcc("moov")) return body;
  if (const auto why = mp4::impossible_samples(body, file.size()); !why.empty())
    return fail(Kind::media, path + ": its index is damaged: " + why);
  return body;
}

Result<mp4::Bytes> read_moov(const File& file, const std::string& path) {
  const auto boxes = outermost_boxes(file, path);
  if (!boxes) return tl::unexpected(boxes.error());
  const auto* moov = find_box(*boxes, mp4::fourcc("moov"));
  if (!moov) return fail(Kind::media, path + ": is not a whole MP4 file");
  return read_body(file, *moov, path);
}

Result<mp4::Movie> read_movie_file(const std::string& path) {
  const auto file = File::open_to_read(path);
  if (!file) return tl::unexpected(file.error());
  const auto body = read_moov(*file, path);
  if (!body) return tl::unexpected(body.error());
  return mp4::read_movie(*body);
}

const FileBox* find_box(const std::vector<FileBox>& boxes, mp4::FourCc type) {
  for (const FileBox& box : boxes)
    if (box.type == type) return &box;
  return nullptr;
}

}  // namespace rostrum
