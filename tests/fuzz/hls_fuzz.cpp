// SPDX-License-Identifier: LGPL-2.1-or-later
// Playlists and the beginnings of segments, as strangers write them.
#include "core/fetch/hls.h"
#include "core/fetch/hls_clock.h"
#include "core/fetch/hls_plan.h"
#include "fuzz.h"

#include <algorithm>

namespace {

using namespace rostrum;

void media(const hls::MediaPlaylist& playlist) {
  fuzz::expect(!playlist.segments.empty() && playlist.segments.size() <= hls::kMostSegments,
               "it has segments, and not too many");
  const auto parts = hls::plan_parts(playlist, &playlist);
  fuzz::expect(hls::parse_remux_job(hls::remux_job_json(parts.job)) == parts.job,
               "a job is read as it was written");
  for (const auto& resource : parts.resources)
    fuzz::expect(parse_url(resource.url).has_value() &&
                     resource.file.find_first_not_of("0123456789abcdef") == std::string::npos,
                 "what is fetched has a URL, and a name that is none of a path");
  Nanoseconds before{0};
  for (const auto& run : parts.job.main) {
    fuzz::expect(run.start >= before, "time goes on");
    before = run.start;
    for (const auto& piece : run.pieces)
      fuzz::expect(!piece.range || piece.range->offset + piece.range->length > piece.range->offset,
                   "a range is none beyond all bounds");
  }
}

void playlist(std::string_view text) {
  const auto base = *parse_url("https://example.org/a/b.m3u8?c");
  const auto playlist = hls::parse_playlist(text, base);
  fuzz::expect(playlist || !playlist.error().empty(), "a refusal says why");
  if (!playlist) return;
  if (const auto* found = std::get_if<hls::MediaPlaylist>(&*playlist)) return media(*found);
  const auto choice = hls::choose(std::get<hls::MasterPlaylist>(*playlist), {1280, 720});
  fuzz::expect(!choice.url.host.empty(), "something is chosen");
}

void retime(fuzz::Parts& parts) {
  hls::Retimer retimer{parts.byte() % 2 == 0};
  auto last = Nanoseconds::min();
  while (!parts.empty()) {
    if (parts.byte() % 8 == 0) retimer.begin_run(parts.byte() * 100ms - 12s);
    const auto time = [&] {
      const auto value = parts.byte();
      return value == 0 ? kNoTime : value * 100ms;
    };
    const auto placed = retimer.place({time(), time(), parts.byte() * 1ms});
    if (!placed) continue;
    fuzz::expect(placed->decoded > last && placed->shown >= placed->decoded,
                 "pictures are decoded one after another, and before they are shown");
    last = placed->decoded;
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Parts parts{data, size};
  const auto which = parts.byte() % 4;
  if (which == 3) {
    retime(parts);
    return 0;
  }
  const auto rest = parts.rest();
  if (which == 0) playlist(fuzz::text(rest.data(), rest.size()));
  if (which == 1) hls::first_time_of_ts(rest);
  if (which == 2) hls::edit_of(rest, mp4::fourcc("vide"));
  return 0;
}
