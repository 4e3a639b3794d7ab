// SPDX-License-Identifier: LGPL-2.1-or-later
#include "remux/run_facts.h"

#include <algorithm>

namespace rostrum {

namespace {

constexpr std::size_t kBytesToLookAt = std::size_t{2} << 20;

Nanoseconds time_of(GstClockTime time) {
  return GST_CLOCK_TIME_IS_VALID(time) ? Nanoseconds{static_cast<std::int64_t>(time)} : kNoTime;
}

Result<mp4::Bytes> beginning_of(const std::string& folder, const hls::Run& run) {
  PieceReader reader{folder, run.pieces};
  mp4::Bytes bytes;
  while (bytes.size() < kBytesToLookAt) {
    const auto more = reader.read();
    if (!more) return more;
    if (more->empty()) break;
    bytes.insert(bytes.end(), more->begin(), more->end());
  }
  return bytes;
}

// Its first packet; nothing: there is no such stream.
Result<std::optional<hls::PacketTimes>> first_of(const std::string& folder, const hls::Run& run,
                                                 StreamKind kind) {
  const auto reader = StreamReader::open(folder, run, kind, false);
  if (!reader) return tl::unexpected(reader.error());
  const std::atomic<bool> never = false;
  const auto sample = (*reader)->next(never);
  if (!sample) return tl::unexpected(sample.error());
  if (!*sample) return std::nullopt;
  auto times = times_of(gst_sample_get_buffer(sample->get()));
  if (times.shown == kNoTime) times.shown = times.decoded;
  if (times.shown == kNoTime) return std::nullopt;
  return times;
}

Result<RunFacts> look_at(const std::string& folder, const hls::Run& run) {
  const auto bytes = beginning_of(folder, run);
  if (!bytes) return tl::unexpected(bytes.error());
  RunFacts facts;
  facts.run = &run;
  facts.edit_of_video = hls::edit_of(*bytes, mp4::fourcc("vide"));
  facts.edit_of_audio = hls::edit_of(*bytes, mp4::fourcc("soun"));
  const auto picture = first_of(folder, run, StreamKind::video);
  if (!picture) return tl::unexpected(picture.error());
  const auto sound = first_of(folder, run, StreamKind::audio);
  if (!sound) return tl::unexpected(sound.error());
  facts.video = picture->has_value();
  facts.audio = sound->has_value();
  if (!facts.video && !facts.audio) return facts;
  const auto of_sound = facts.audio ? (*sound)->shown + facts.edit_of_audio : Nanoseconds::max();
  const auto of_picture = facts.video ? (*picture)->shown + facts.edit_of_video : of_sound;
  facts.times = {run.part, run.start};
  facts.times.packet = facts.audio ? (*sound)->duration : 0ns;
  facts.times.first = hls::beginning_of(of_picture, of_sound, facts.times.packet);
  const auto earliest = std::min(of_picture, of_sound);
  facts.times.on_clock =
      hls::first_time_of_ts(*bytes).value_or(earliest) + (facts.times.first - earliest);
  return facts;
}

}  // namespace

hls::PacketTimes times_of(GstBuffer* buffer) {
  return {time_of(GST_BUFFER_DTS(buffer)), time_of(GST_BUFFER_PTS(buffer)),
          std::max(time_of(GST_BUFFER_DURATION(buffer)), Nanoseconds{0})};
}

Result<std::vector<RunFacts>> look_at_runs(const std::string& folder,
                                           const std::vector<hls::Run>& runs,
                                           const std::function<void()>& on_look) {
  std::vector<RunFacts> all;
  for (const auto& run : runs) {
    auto facts = look_at(folder, run);
    if (!facts) return tl::unexpected(facts.error());
    if (facts->video || facts->audio) all.push_back(*facts);
    on_look();
  }
  return all;
}

std::vector<hls::RunTimes> times_of(const std::vector<RunFacts>& runs) {
  std::vector<hls::RunTimes> times;
  for (const auto& run : runs) times.push_back(run.times);
  return times;
}

}  // namespace rostrum
