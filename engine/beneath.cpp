// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/beneath.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace rostrum {

namespace {

constexpr int kLook = O_PATH | O_CLOEXEC;  // opens nothing: a device or a pipe does not notice

File look_by_kernel(int folder, const std::string& inside) {
  open_how how{};
  how.flags = kLook;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS;
  return File{static_cast<int>(syscall(SYS_openat2, folder, inside.c_str(), &how, sizeof how))};
}

File look_by_walk(int folder, const std::filesystem::path& inside) {
  File at;
  for (auto part = inside.begin(); part != inside.end(); ++part) {
    if (*part == ".." || part->is_absolute()) {
      errno = EXDEV;
      return {};
    }
    const int kind = std::next(part) == inside.end() ? 0 : O_DIRECTORY;
    File next{openat(at.fd() < 0 ? folder : at.fd(), part->c_str(), kLook | O_NOFOLLOW | kind)};
    if (next.fd() < 0) return {};
    at = std::move(next);
  }
  return at;
}

std::string unopened() {
  const int why = errno;
  if (why == ENOENT || why == ENOTDIR) return "it is missing";
  if (why == ELOOP || why == EXDEV) return "it has become a link since it was looked for";
  return std::string{"it cannot be read: "} + std::strerror(why);
}

std::string wrong_kind(mode_t mode) {
  if (S_ISREG(mode)) return {};
  if (S_ISDIR(mode)) return "it is a folder";
  if (S_ISFIFO(mode)) return "it is a pipe, not a file";
  if (S_ISLNK(mode)) return "it has become a link since it was looked for";
  return "it is a device, not a file";
}

}  // namespace

Beneath best_beneath() {
  // A sandbox around this process may deny what it does not know, so no error code is asked for.
  static const bool there = look_by_kernel(AT_FDCWD, ".").fd() >= 0;
  return there ? Beneath::kernel : Beneath::walk;
}

File open_folder(const std::string& path) {
  return File{open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
}

Result<File> open_beneath(const File& folder, const std::string& inside, Beneath how) {
  const File found = how == Beneath::kernel ? look_by_kernel(folder.fd(), inside)
                                            : look_by_walk(folder.fd(), inside);
  struct stat s {};
  if (found.fd() < 0 || fstat(found.fd(), &s) != 0) return fail(Kind::media, unopened());
  if (auto why = wrong_kind(s.st_mode); !why.empty()) return fail(Kind::media, std::move(why));
  File file{open(found.link().c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (file.fd() < 0) return fail(Kind::media, unopened());
  return file;
}

}  // namespace rostrum
