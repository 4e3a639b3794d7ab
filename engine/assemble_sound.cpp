// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/assemble_sound.h"

#include "core/flac.h"
#include "core/ogg_pages.h"
#include "engine/flac_md5.h"
#include "engine/target_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace rostrum {

namespace {

constexpr std::size_t kMostPackets = 20'000'000;
constexpr std::uint32_t kSerial = 0x726f7374;  // of the only stream of its file
constexpr int kPagePackets = 50;               // a second of Opus

struct PacketPlace {
  std::uint64_t offset = 0;
  std::uint32_t size = 0;
};

tl::unexpected<Error> damaged(const std::string& path) {
  return fail(Kind::media, path + ": is no whole unit of sound");
}

// The kept packets of one part.
Result<std::vector<PacketPlace>> packets_of(const SoundPart& part) {
  const auto file = File::open_to_read(part.path);
  if (!file) return tl::unexpected(file.error());
  const auto body = read_moov(*file, part.path);
  if (!body) return tl::unexpected(body.error());
  const auto movie = mp4::read_movie(*body);
  if (!movie || movie->tracks.size() != 1) return damaged(part.path);
  const auto samples = mp4::samples_of(*body, movie->tracks.front().id, kMostPackets);
  const auto keep = part.keep < 0 && samples ? std::ssize(*samples) - part.skip : part.keep;
  if (!samples || part.skip + keep > std::ssize(*samples)) return damaged(part.path);
  std::vector<PacketPlace> places;
  for (auto i = part.skip; i < part.skip + keep; ++i) {
    const auto& sample = (*samples)[static_cast<std::size_t>(i)];
    places.push_back({sample.offset, sample.size});
  }
  return places;
}

// Calls take(packet) for all of the sound's packets in order.
template <typename Take>
Result<void> each_packet(const JoinedSound& sound, const std::stop_token& stop, Take take) {
  for (const auto& part : sound.parts) {
    const auto places = packets_of(part);
    if (!places) return tl::unexpected(places.error());
    const auto file = File::open_to_read(part.path);
    if (!file) return tl::unexpected(file.error());
    for (const auto& place : *places) {
      if (stop.stop_requested()) return fail(Kind::interrupted, "interrupted");
      const auto packet = file->read(place.offset, place.size);
      if (packet.size() != place.size) return damaged(part.path);
      if (auto done = take(packet); !done) return done;
    }
  }
  return {};
}

// RFC 7845: the last page's position says where the sound ends within its packet.
class OpusWriter {
 public:
  OpusWriter(TargetFile& out, const JoinedSound& sound, std::int64_t samples)
      : out_{out}, packet_{packet_grid(AudioCodec::opus).samples}, end_{sound.priming + samples} {}

  Result<void> headers(const JoinedSound& sound, const FinishOptions& finish) {
    pages_.add(ogg::opus_head(sound.format.channels, static_cast<int>(sound.priming)));
    auto done = out_.write(pages_.take(0, {.first = true}));
    pages_.add(ogg::opus_tags(ogg::comments(finish.title, finish.chapters)));
    return done.and_then([&] { return out_.write(pages_.take(0)); });
  }

  Result<void> add(const mp4::Bytes& packet) {
    if (on_page_ == kPagePackets || !pages_.fits(packet.size()))
      if (auto done = end_page(packets_ * packet_); !done) return done;
    pages_.add(packet);
    ++on_page_;
    ++packets_;
    if (packets_ * packet_ < end_) return {};
    return end_page(end_);
  }

  bool whole() const { return packets_ == (end_ + packet_ - 1) / packet_; }

 private:
  Result<void> end_page(std::int64_t granule) {
    on_page_ = 0;
    return out_.write(pages_.take(granule, {.last = granule == end_}));
  }

  TargetFile& out_;
  ogg::PageWriter pages_{kSerial};
  std::int64_t packet_;
  std::int64_t end_;  // with the priming
  std::int64_t packets_ = 0;
  int on_page_ = 0;
};

Result<void> write_opus(const JoinedSound& sound, TargetFile& out, const FinishOptions& finish,
                        const std::stop_token& stop) {
  OpusWriter writer{out, sound, finish.audio_samples};
  if (auto done = writer.headers(sound, finish); !done) return done;
  if (auto done = each_packet(sound, stop, [&](const auto& packet) { return writer.add(packet); });
      !done)
    return done;
  if (!writer.whole()) return fail(Kind::internal, "the sound is shorter than it must be");
  return {};
}

mp4::Bytes metadata_block(bool last, std::uint8_t type, mp4::View body) {
  mp4::Writer block;
  block.u32((last ? 0x80000000U : 0U) | std::uint32_t{type} << 24 |
            static_cast<std::uint32_t>(body.size()));
  block.raw(body);
  return block.release();
}

// RFC 9639, 8.
Result<void> write_flac(const JoinedSound& sound, TargetFile& out, const FinishOptions& finish,
                        const std::stop_token& stop) {
  constexpr std::uint8_t kComments = 4;
  const auto md5 = flac_md5(sound.parts, stop);
  if (!md5) return tl::unexpected(md5.error());
  const auto info = flac::stream_info({.channels = sound.format.channels,
                                       .samples = static_cast<std::uint64_t>(finish.audio_samples),
                                       .md5 = *md5});
  const auto tags = ogg::comment_block(ogg::comments(finish.title, finish.chapters));
  constexpr std::array<std::uint8_t, 4> kMagic{'f', 'L', 'a', 'C'};
  return out.write(kMagic)
      .and_then([&] { return out.write(metadata_block(false, 0, info)); })
      .and_then([&] { return out.write(metadata_block(true, kComments, tags)); })
      .and_then([&] {
        return each_packet(sound, stop, [&](const auto& packet) { return out.write(packet); });
      });
}

}  // namespace

Result<void> assemble_sound(const JoinedSound& sound, SoundContainer container,
                            const std::string& out_path, const FinishOptions& finish,
                            const std::stop_token& stop) {
  if (!can_hold(container, sound.format.codec))
    return fail(Kind::internal, out_path + ": cannot hold this codec");
  if (container == SoundContainer::mp4) return assemble_mp4({}, sound, out_path, finish, stop);
  TargetFile out{out_path};
  if (!out.opened())
    return fail(Kind::usage, out_path + ": cannot be written: " + std::strerror(errno));
  const auto write = container == SoundContainer::ogg ? write_opus : write_flac;
  return write(sound, out, finish, stop).and_then([&] { return out.keep(); });
}

}  // namespace rostrum
