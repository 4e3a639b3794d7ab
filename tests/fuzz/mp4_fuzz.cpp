// SPDX-License-Identifier: LGPL-2.1-or-later
// The boxes of an MP4 file: movies, fragments and chapters that are read, joined and rewritten.
#include "core/mp4_aac.h"
#include "core/mp4_chapters.h"
#include "core/mp4_copy.h"
#include "core/mp4_fragment.h"
#include "core/mp4_join.h"
#include "core/mp4_movie.h"
#include "core/mp4_rewrite.h"
#include "fuzz.h"

namespace {

using namespace rostrum;
using namespace rostrum::mp4;

constexpr std::size_t kMostSamples = 100'000;

void read_packets(View moov) {
  constexpr std::uint64_t kFile = 1 << 30;
  const auto sound = AacTrack::find(moov, kFile);
  if (!sound) return;
  for (std::size_t packet = 0; packet < sound->packets();) {
    const auto run = sound->run_from(packet, 1 << 16);
    fuzz::expect(run.first == packet && run.count > 0, "a run begins where it is asked for");
    fuzz::expect(run.offset + run.bytes <= kFile, "packets lie in the file");
    fuzz::expect(sound->packet_at(sound->start(packet)) >= packet, "a packet is found at its time");
    packet += run.count;
  }
  fuzz::expect(sound->packet_at(sound->heard().to) < sound->packets(),
               "the last packet is the last");
}

void read(View moov) {
  const auto movie = read_movie(moov);
  if (!movie) return;
  for (const auto& track : movie->tracks) {
    fuzz::expect(track.timescale > 0, "time scales are positive");
    const auto samples = samples_of(moov, track.id, kMostSamples);
    fuzz::expect(!samples || samples->size() <= kMostSamples, "no more samples than asked for");
  }
  first_time(moov);
  read_packets(moov);
  if (const auto coded = read_coded_track(moov)) {
    shown_times(*coded, movie->timescale);
    const CopiedPart all{0, coded->samples.size(), {25, 1}, {640, 360}};
    fuzz::expect(!copy_samples(*coded, all).moov.empty(), "what is coded can be copied");
  }
  MovieEdit edit;
  edit.chapters = {{0ns, "one"}, {1s, "two"}};
  edit.audio_samples = 48000;
  edit.duration = 1s;
  rewrite_movie(moov, edit, {40, 5000, 32});
}

void fragments(View moov, View moof) {
  FragmentTimes times;
  const auto whole = [](FourCc type, View body) {
    Writer out;
    out.box(type, [&] { out.raw(body); });
    return out.release();
  };
  const auto movie = whole(fourcc("moov"), moov);
  const auto fragment = whole(fourcc("moof"), moof);
  FragmentTimes::rewrite_brands(whole(fourcc("ftyp"), moof));
  if (times.read_movie(movie)) times.first_of(fragment);
  times.rewrite_movie(movie, [](std::uint32_t) { return Nanoseconds{80'000'000}; });
  times.rewrite(fragment, [](std::uint32_t) { return Nanoseconds{1s}; });
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Parts parts{data, size};
  const auto how = parts.byte();
  const auto first = parts.part();
  const auto rest = parts.rest();
  read_header(rest);
  switch (how % 4) {
  case 0:
    read(rest);
    break;
  case 1:
    fragments(first, rest);
    break;
  case 2:
    join_movies({{{first.begin(), first.end()}, 0, -1}, {{rest.begin(), rest.end()}, how / 4, 20}},
                {{{rest.begin(), rest.end()}, 0, -1}}, how & 4 ? 1024 : 0);
    break;
  default:
    read_chapter_list(rest);
    read_text_sample(first);
    if (const auto config = avc::parse_config(first)) avc::damage(rest, *config, how & 4);
    if (const auto boxes = children(rest))
      for (const auto& box : *boxes) fuzz::expect(box.whole.size() >= 8, "a box has a header");
  }
  return 0;
}
