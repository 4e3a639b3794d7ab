// SPDX-License-Identifier: LGPL-2.1-or-later
// Section numbers are those of RFC 9559.
#include "core/matroska_head.h"

#include "core/ebml.h"
#include "core/mp4_sound.h"

#include <algorithm>

namespace rostrum::matroska {

namespace {

using mp4::fourcc;

constexpr std::uint64_t kMillisecond = 1'000'000;  // ns
constexpr std::size_t kWideHeader = 12;            // an id of 4 bytes and a size of 8

std::uint64_t in_ns(std::int64_t ticks, std::uint32_t timescale) {
  return static_cast<std::uint64_t>(scale_round(ticks, 1'000'000'000, timescale));
}

Bytes copy_of(View view) { return {view.begin(), view.end()}; }

// RFC 7845, 5.1, from a 'dOps' box ("Encapsulation of Opus in ISO Base Media File Format", 4.3.2).
Bytes opus_head(View box, std::int64_t skipped) {
  mp4::Reader r{box};
  r.skip(1);
  const auto channels = r.u8();
  r.skip(2);
  const auto rate = r.u32();
  const auto gain = r.u16();
  mp4::Writer out;
  const auto little = [&](std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out.u8(value >> 8 * i & 0xff);
  };
  out.text("OpusHead");
  out.u8(1);
  out.u8(channels);
  little(static_cast<std::uint64_t>(skipped), 2);
  little(rate, 4);
  little(gain, 2);
  out.u8(r.u8());
  return out.release();
}

// The metadata blocks of a 'dfLa' box behind the stream's marker.
Bytes flac_head(View box) {
  mp4::Writer out;
  out.text("fLaC");
  out.raw(box.subspan(std::min<std::size_t>(4, box.size())));
  return out.release();
}

Bytes file_type(bool webm) {
  ebml::Writer out;
  out.master(0x1A45DFA3, [&](ebml::Writer& w) {
    w.number(0x4286, 1);
    w.number(0x42F7, 1);
    w.number(0x42F2, 4);
    w.number(0x42F3, 8);
    w.text(0x4282, webm ? "webm" : "matroska");
    w.number(0x4287, 4);
    w.number(0x4285, 2);
  });
  return out.release();
}

// 5.1.2
Bytes info(const Description& about, double duration) {
  ebml::Writer out;
  out.master(0x1549A966, [&](ebml::Writer& w) {
    w.number(0x2AD7B1, kMillisecond);
    w.real(0x4489, duration);
    if (!about.title.empty()) w.text(0x7BA9, about.title);
    w.text(0x4D80, "rostrum");
    w.text(0x5741, "rostrum");
  });
  return out.release();
}

// 5.1.4.1.28: BT.709 of limited range, progressive.
void write_picture(ebml::Writer& out, const Track& track) {
  const auto size = mp4::entry_size(track.entry);
  out.master(0xE0, [&](ebml::Writer& w) {
    w.number(0xB0, static_cast<std::uint64_t>(size.width));
    w.number(0xBA, static_cast<std::uint64_t>(size.height));
    w.number(0x9A, 2);
    w.master(0x55B0, [](ebml::Writer& colour) {
      for (const std::uint32_t id : {0x55B1U, 0x55B9U, 0x55BAU, 0x55BBU}) colour.number(id, 1);
    });
  });
}

// 5.1.4.1.29; fields of the entry: ISO/IEC 14496-12, 12.2.3.
void write_sound(ebml::Writer& out, const Track& track) {
  mp4::Reader r{track.entry.fields};
  r.skip(16);
  const auto channels = r.u16();
  const auto bits = r.u16();
  r.skip(4);
  const auto rate = r.u32() >> 16;
  out.master(0xE1, [&](ebml::Writer& w) {
    w.real(0xB5, rate);
    w.number(0x9F, channels);
    if (track.codec == "A_FLAC") w.number(0x6264, bits);
  });
}

// 5.1.4.1
void write_track(ebml::Writer& out, const Track& track) {
  constexpr std::uint64_t kOpusPreRoll = 80 * kMillisecond;
  const bool sound = track.sound();
  const auto number = sound ? kSoundNumber : kPictureNumber;
  out.master(0xAE, [&](ebml::Writer& w) {
    w.number(0xD7, number);
    w.number(0x73C5, number);
    w.number(0x83, sound ? 2 : 1);
    w.number(0x9C, 0);
    w.text(0x22B59C, "und");
    if (track.lasting > 0) w.number(0x23E383, in_ns(track.lasting, track.header.timescale));
    w.text(0x86, track.codec);
    if (!track.private_data.empty()) w.binary(0x63A2, track.private_data);
    if (sound && track.skipped > 0) w.number(0x56AA, in_ns(track.skipped, track.header.timescale));
    if (track.codec == "A_OPUS") w.number(0x56BB, kOpusPreRoll);
    sound ? write_sound(w, track) : write_picture(w, track);
  });
}

Bytes track_list(const std::vector<Track>& tracks) {
  ebml::Writer out;
  out.master(0x1654AE6B, [&](ebml::Writer& w) {
    for (const auto& track : tracks) write_track(w, track);
  });
  return out.release();
}

// 5.1.7
Bytes chapter_list(const std::vector<Chapter>& chapters) {
  ebml::Writer out;
  if (chapters.empty()) return {};
  out.master(0x1043A770, [&](ebml::Writer& w) {
    w.master(0x45B9, [&](ebml::Writer& edition) {
      for (std::size_t i = 0; i < chapters.size(); ++i)
        edition.master(0xB6, [&](ebml::Writer& atom) {
          atom.number(0x73C4, i + 1);
          atom.number(0x91, static_cast<std::uint64_t>(chapters[i].start.count()));
          atom.master(0x80, [&](ebml::Writer& display) {
            display.text(0x85, chapters[i].title);
            display.text(0x437C, "und");
          });
        });
    });
  });
  return out.release();
}

// 5.1.5; `places` of the clusters, from the segment's beginning.
Bytes cue_list(const std::vector<Cue>& cues, const std::vector<std::uint64_t>& places) {
  ebml::Writer out;
  out.master(0x1C53BB6B, [&](ebml::Writer& w) {
    for (const auto& cue : cues)
      w.master(0xBB, [&](ebml::Writer& point) {
        point.number(0xB3, static_cast<std::uint64_t>(cue.time));
        point.master(0xB7, [&](ebml::Writer& place) {
          place.number(0xF7, kPictureNumber);
          place.wide_number(0xF1, places[cue.cluster]);
        });
      });
  });
  return out.release();
}

// 5.1.1: where the elements lie that follow this one.
Bytes seek_head(const std::vector<Bytes>& parts, std::uint64_t position) {
  ebml::Writer out;
  out.master(0x114D9B74, [&](ebml::Writer& w) {
    for (const auto& part : parts) {
      if (!part.empty())
        w.master(0x4DBB, [&](ebml::Writer& seek) {
          seek.binary(0x53AB, View{part}.first(4));
          seek.wide_number(0x53AC, position);
        });
      position += part.size();
    }
  });
  return out.release();
}

std::vector<std::uint64_t> places_of(const std::vector<Cluster>& clusters, std::uint64_t first) {
  std::vector<std::uint64_t> places;
  for (const auto& cluster : clusters) {
    places.push_back(first);
    first += cluster_head(cluster).size() + cluster.size;
  }
  places.push_back(first);
  return places;
}

}  // namespace

std::optional<Coding> coding_of(const mp4::SampleEntry& entry, std::int64_t skipped) {
  const auto with = [&](const char* codec, mp4::FourCc box) -> std::optional<Coding> {
    const auto body = entry.box(box);
    if (!body) return {};
    return Coding{codec, copy_of(*body)};
  };
  switch (entry.type) {
  case fourcc("avc1"):
  case fourcc("avc3"):
    return with("V_MPEG4/ISO/AVC", fourcc("avcC"));
  case fourcc("hvc1"):
  case fourcc("hev1"):
    return with("V_MPEGH/ISO/HEVC", fourcc("hvcC"));
  case fourcc("av01"):
    return with("V_AV1", fourcc("av1C"));
  case fourcc("vp09"):
    return Coding{"V_VP9", {}};
  case fourcc("Opus"):
    if (const auto box = entry.box(fourcc("dOps")))
      return Coding{"A_OPUS", opus_head(*box, skipped)};
    return {};
  case fourcc("fLaC"):
    if (const auto box = entry.box(fourcc("dfLa"))) return Coding{"A_FLAC", flac_head(*box)};
    return {};
  case fourcc("mp4a"):
    return Coding{"A_AAC", {}};  // its configuration is found in the whole index
  default:
    return {};
  }
}

Bytes write_head(const std::vector<Track>& tracks, const Description& about, double duration,
                 const std::vector<Cue>& cues, Film& film) {
  const std::vector<std::uint64_t> unknown(film.clusters.size() + 1);
  std::vector<Bytes> parts{info(about, duration), track_list(tracks), chapter_list(about.chapters),
                           cue_list(cues, unknown)};
  auto first = seek_head(parts, 0).size();
  const auto seek = seek_head(parts, first);
  for (const auto& part : parts) first += part.size();
  const auto places = places_of(film.clusters, first);
  parts.back() = cue_list(cues, places);

  ebml::Writer out;
  out.raw(file_type(about.webm));
  film.size = out.bytes().size() + kWideHeader + places.back();
  out.id(0x18538067);
  out.wide_size(places.back());
  out.raw(seek);
  for (const auto& part : parts) out.raw(part);
  return out.release();
}

}  // namespace rostrum::matroska
