// SPDX-License-Identifier: LGPL-2.1-or-later
// mp4mux writes the movie box last and knows neither the encoder's priming nor chapters.  The order
// of boxes is free (ISO/IEC 14496-12, 6.2.3); a movie box before the samples lets a player start
// while the file still arrives.
#include "engine/finish.h"

#include "engine/target_file.h"

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

  TargetFile out{out_path};
  if (!out.opened())
    return fail(Kind::usage, out_path + ": cannot be written: " + std::strerror(errno));
  return out
      .reserve(in->file_type.size() + movie->moov.size() + in->samples.size + movie->text.size())
      .and_then([&] { return out.write(in->file_type); })
      .and_then([&] { return out.write(movie->moov); })
      .and_then([&] { return out.copy(in->file, in->samples.position, in->samples.size, stop); })
      .and_then([&] { return out.write(movie->text); })
      .and_then([&] { return out.keep(); });
}

}  // namespace rostrum
