// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/fragmented_file.h"

#include "engine/target_file.h"

#include <cerrno>
#include <cstring>

namespace rostrum {

Result<void> write_fragmented(const File& film, const mp4::FragmentedMovie& movie,
                              const std::string& out_path, const std::stop_token& stop) {
  TargetFile out{out_path};
  if (!out.opened())
    return fail(Kind::usage, out_path + ": cannot be written: " + std::strerror(errno));
  std::uint64_t bytes = movie.head.size() + movie.index.size();
  for (const auto& fragment : movie.fragments) bytes += fragment.size;
  auto done = out.reserve(bytes).and_then([&] { return out.write(movie.head); }).and_then([&] {
    return out.write(movie.index);
  });
  for (const auto& fragment : movie.fragments) {
    if (done) done = out.write(fragment.head);
    for (const auto& range : fragment.samples)
      if (done) done = out.copy(film, range.offset, range.size, stop);
    if (!done) return done;
  }
  return done.and_then([&] { return out.keep(); });
}

}  // namespace rostrum
