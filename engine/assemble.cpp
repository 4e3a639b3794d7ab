// SPDX-License-Identifier: LGPL-2.1-or-later
// A muxer would write the film once and its index behind it, and a second pass would have to turn
// the file round. The chunks' indexes already say everything, so the film's own is made from them
// and written first, and the samples are copied behind it, once.
#include "engine/assemble.h"

#include "core/avc.h"
#include "core/sample_entry.h"
#include "engine/target_file.h"

#include <cerrno>
#include <cstring>

namespace rostrum {

namespace {

Result<mp4::Bytes> read_movie_box(const std::string& path) {
  const auto file = File::open_to_read(path);
  if (!file) return tl::unexpected(file.error());
  return read_moov(*file, path);
}

std::string_view brands_of(mp4::FourCc picture) {
  switch (picture) {
  case mp4::fourcc("avc1"):
  case mp4::fourcc("avc3"):
    return "isomiso2avc1mp41";
  case mp4::fourcc("av01"):
    return "isomiso2av01mp41";
  default:
    return "isomiso2mp41";
  }
}

// The sample entry's type of the first track that is no sound.
mp4::FourCc picture_of(mp4::View moov) {
  for (const mp4::Box& box : mp4::children(moov).value_or(std::vector<mp4::Box>{}))
    if (const auto entry =
            box.type == mp4::fourcc("trak") ? mp4::sample_entry(box.body) : std::nullopt)
      return entry->type;
  return 0;
}

// ISO/IEC 14496-12, 4.3: brand isom, compatible with players of what is in it; of sound alone that
// by which players know it.
mp4::Bytes file_type(bool pictures, mp4::View moov) {
  mp4::Writer out;
  out.box(mp4::fourcc("ftyp"), [&] {
    out.text(pictures ? "isom" : "M4A ");
    out.u32(0x200);
    out.text(pictures ? brands_of(picture_of(moov)) : "isomiso2M4A mp42");
  });
  return out.release();
}

// 8.1.1, with a 64-bit size so that its length does not depend on the payload's.
mp4::Bytes payload_header(std::uint64_t payload) {
  mp4::Writer out;
  out.u32(1);
  out.u32(mp4::fourcc("mdat"));
  out.u64(mp4::kPayloadHeader + payload);
  return out.release();
}

// Copies the extents; of all files only those of the extent in hand are open.
class Copier {
 public:
  Copier(const mp4::JoinedMovie& film, const std::vector<std::string>& pictures,
         const std::vector<SoundPart>& sounds)
      : film_{film}, pictures_{pictures}, sounds_{sounds} {}

  Result<void> copy(const mp4::Extent& extent, TargetFile& out, const std::stop_token& stop) {
    auto& source = extent.sound ? sound_ : picture_;
    const auto& path = extent.sound ? sounds_[extent.part].path : pictures_[extent.part];
    if (source.path != path) {
      auto file = File::open_to_read(path);
      if (!file) return tl::unexpected(file.error());
      source = {path, std::move(*file)};
    }
    if (!extent.parameters) return out.copy(source.file, extent.offset, extent.size, stop);
    const auto before = delimiter_size(source.file, extent);
    return out.copy(source.file, extent.offset, before, stop)
        .and_then([&] { return out.write(film_.parameters[extent.part]); })
        .and_then([&] {
          return out.copy(source.file, extent.offset + before, extent.size - before, stop);
        });
  }

 private:
  // Of the delimiter that a coded picture begins with; 0 = it has none.
  static std::uint64_t delimiter_size(const File& file, const mp4::Extent& extent) {
    const auto head = file.read(extent.offset, avc::kLengthBytes + 1);
    mp4::Reader r{head};
    const std::uint64_t size = avc::kLengthBytes + r.u32();
    const bool delimiter = avc::type_of(r.u8()) == avc::kDelimiter;
    return r.ok() && delimiter && size <= extent.size ? size : 0;
  }

  struct Source {
    std::string path;
    File file;
  };
  const mp4::JoinedMovie& film_;
  const std::vector<std::string>& pictures_;
  const std::vector<SoundPart>& sounds_;
  Source picture_;
  Source sound_;
};

Result<mp4::JoinedMovie> join(const std::vector<PicturePart>& pictures, const JoinedSound& joined) {
  std::vector<mp4::JoinPart> picture_parts;
  std::vector<mp4::JoinPart> sound_parts;
  for (const auto& picture : pictures) {
    auto moov = read_movie_box(picture.path);
    if (!moov) return tl::unexpected(moov.error());
    picture_parts.push_back({std::move(*moov), 0, -1, picture.frames});
  }
  for (const auto& sound : joined.parts) {
    auto moov = read_movie_box(sound.path);
    if (!moov) return tl::unexpected(moov.error());
    sound_parts.push_back({std::move(*moov), sound.skip, sound.keep});
  }
  const auto packet = packet_grid(joined.format.codec).samples;
  return mp4::join_movies(picture_parts, sound_parts, static_cast<std::uint32_t>(packet));
}

}  // namespace

Result<void> write_joined(const mp4::JoinedMovie& film, const std::vector<std::string>& pictures,
                          const std::vector<SoundPart>& sounds, const std::string& out_path,
                          const FinishOptions& options, const std::stop_token& stop) {
  const auto type = file_type(!pictures.empty(), film.moov);
  const auto payload = mp4::kPayloadHeader + film.payload_size;
  const auto movie = mp4::rewrite_movie(film.moov, options, {0, payload, type.size()});
  if (!movie) return tl::unexpected(movie.error());

  TargetFile out{out_path};
  if (!out.opened())
    return fail(Kind::usage, out_path + ": cannot be written: " + std::strerror(errno));
  auto done = out.reserve(type.size() + movie->moov.size() + payload + movie->text.size())
                  .and_then([&] { return out.write(type); })
                  .and_then([&] { return out.write(movie->moov); })
                  .and_then([&] { return out.write(payload_header(film.payload_size)); });
  if (!done) return done;
  Copier copier{film, pictures, sounds};
  for (const auto& extent : film.extents)
    if (auto copied = copier.copy(extent, out, stop); !copied) return copied;
  return out.write(movie->text).and_then([&] { return out.keep(); });
}

Result<void> assemble_mp4(const std::vector<PicturePart>& pictures, const JoinedSound& sound,
                          const std::string& out, const FinishOptions& options,
                          std::stop_token stop) {
  const auto film = join(pictures, sound);
  if (!film) return tl::unexpected(film.error());
  auto finish = options;
  finish.priming = static_cast<int>(sound.priming);
  std::vector<std::string> paths;
  for (const auto& picture : pictures) paths.push_back(picture.path);
  return write_joined(*film, paths, sound.parts, out, finish, stop);
}

}  // namespace rostrum
