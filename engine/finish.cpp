// SPDX-License-Identifier: LGPL-2.1-or-later
// mp4mux writes the movie box last and knows neither the encoder's priming nor chapters.  The order
// of boxes is free (ISO/IEC 14496-12, 6.2.3); a movie box before the samples lets a player start
// while the file still arrives.
#include "engine/finish.h"

#include "engine/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace rostrum {

namespace {

constexpr std::size_t kStep = std::size_t{8} << 20;  // bytes copied between two looks at `stop`
constexpr std::size_t kBuffer = std::size_t{1} << 20;

struct Input {
  File file;
  FileBox samples;
  mp4::Bytes file_type;
  mp4::Bytes movie;
};

Result<Input> open_input(const std::string& path) {
  auto file = File::open_to_read(path);
  if (!file) return tl::unexpected(file.error());
  const auto boxes = outermost_boxes(*file, path);
  if (!boxes) return tl::unexpected(boxes.error());
  const FileBox* type = find_box(*boxes, mp4::fourcc("ftyp"));
  const FileBox* movie = find_box(*boxes, mp4::fourcc("moov"));
  const FileBox* samples = find_box(*boxes, mp4::fourcc("mdat"));
  if (!type || !movie || !samples) return fail(Kind::media, path + ": is not a whole MP4 file");
  // a box that reaches to the end of the file cannot have another one after it
  if (const auto h = mp4::read_header(file->read(samples->position, mp4::kHeaderBytes));
      !h || h->size == 0)
    return fail(Kind::media, path + ": is not finished: the size of its samples is not written");
  auto body = read_body(*file, *movie, path);
  if (!body) return tl::unexpected(body.error());
  Input in{std::move(*file), *samples, {}, std::move(*body)};
  in.file_type = in.file.read(type->position, static_cast<std::size_t>(type->size));
  return in;
}

// The file that is written; removed again unless it is kept.
class Target {
 public:
  explicit Target(const std::string& path)
      : path_{path}, file_{open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)} {}
  ~Target() {
    struct stat s {};
    // never a device that someone named as output
    if (!kept_ && file_.fd() >= 0 && fstat(file_.fd(), &s) == 0 && S_ISREG(s.st_mode))
      unlink(path_.c_str());
  }
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;

  int fd() const { return file_.fd(); }
  const std::string& path() const { return path_; }

  Result<void> failed() const {
    const int why = errno;
    if (why == ENOSPC || why == EDQUOT || why == EFBIG)
      return fail(Kind::internal, path_ + ": no space left: the disk (or a quota) is full");
    return fail(Kind::internal, path_ + ": writing failed: " + std::strerror(why));
  }

  Result<void> write(mp4::View bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::write(file_.fd(), bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return failed();
      bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return {};
  }

  // A full disk is better known before than after copying.  File systems that cannot reserve say
  // so, and are not asked again.
  Result<void> reserve(std::uint64_t bytes) {
    if (fallocate(file_.fd(), FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(bytes)) != 0 &&
        (errno == ENOSPC || errno == EDQUOT || errno == EFBIG))
      return failed();
    return {};
  }

  Result<void> keep() {
    if (fsync(file_.fd()) != 0 && errno != EINVAL) return failed();  // EINVAL: a device
    if (close(file_.release()) != 0) return failed();
    kept_ = true;
    return {};
  }

 private:
  std::string path_;
  File file_;
  bool kept_ = false;
};

// Copies inside the kernel where the file systems can; -1 where they cannot.
ssize_t copy_in_kernel(const File& in, std::uint64_t position, const Target& out,
                       std::size_t bytes) {
  auto from = static_cast<off64_t>(position);
  ssize_t n = -1;
  do n = copy_file_range(in.fd(), &from, out.fd(), nullptr, bytes, 0);
  while (n < 0 && errno == EINTR);
  return n;
}

Result<void> copy(const File& in, const FileBox& box, Target& out, const std::stop_token& stop) {
  bool kernel = true;
  std::uint64_t at = box.position;
  for (const std::uint64_t end = box.position + box.size; at < end;) {
    if (stop.stop_requested()) return fail(Kind::interrupted, "interrupted");
    const auto left = static_cast<std::size_t>(std::min<std::uint64_t>(end - at, kStep));
    if (kernel) {
      const ssize_t n = copy_in_kernel(in, at, out, left);
      if (n > 0) at += static_cast<std::uint64_t>(n);
      if (n < 0 && (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)) return out.failed();
      kernel = n > 0;
      continue;
    }
    const mp4::Bytes bytes = in.read(at, std::min(left, kBuffer));
    if (bytes.empty()) return fail(Kind::internal, out.path() + ": its source became shorter");
    if (auto written = out.write(bytes); !written) return written;
    at += bytes.size();
  }
  return {};
}

bool same_file(const File& in, const std::string& out) {
  struct stat a {};
  struct stat b {};
  return fstat(in.fd(), &a) == 0 && stat(out.c_str(), &b) == 0 && a.st_dev == b.st_dev &&
         a.st_ino == b.st_ino;
}

}  // namespace

Result<void> finish_mp4(const std::string& in_path, const std::string& out_path,
                        const FinishOptions& options, std::stop_token stop) {
  const auto in = open_input(in_path);
  if (!in) return tl::unexpected(in.error());
  if (same_file(in->file, out_path))
    return fail(Kind::usage, out_path + ": cannot be finished in place");
  const auto movie = mp4::rewrite_movie(
      in->movie, options, {in->samples.position, in->samples.size, in->file_type.size()});
  if (!movie) return fail(movie.error().kind, in_path + ": " + movie.error().message);

  Target out{out_path};
  if (out.fd() < 0)
    return fail(Kind::usage, out_path + ": cannot be written: " + std::strerror(errno));
  return out
      .reserve(in->file_type.size() + movie->moov.size() + in->samples.size + movie->text.size())
      .and_then([&] { return out.write(in->file_type); })
      .and_then([&] { return out.write(movie->moov); })
      .and_then([&] { return copy(in->file, in->samples, out, stop); })
      .and_then([&] { return out.write(movie->text); })
      .and_then([&] { return out.keep(); });
}

}  // namespace rostrum
