// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/sound_copy.h"

#include "core/clip_schedule.h"
#include "core/mp4_sound.h"
#include "engine/autoplug.h"
#include "engine/elements.h"
#include "engine/medium_watch.h"
#include "engine/render_pipeline.h"
#include "engine/runner.h"
#include "engine/target_file.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <span>
#include <vector>

namespace rostrum {

namespace {

constexpr std::int64_t kPacket = 1024;           // samples; core/sound_format.cpp
constexpr std::int64_t kSlip = kSoundRate / 50;  // 20 ms: further off, the decoder starts anew
constexpr std::size_t kLongestConfig = 64;       // bytes of an AudioSpecificConfig
// One packet of silence (ISO/IEC 14496-3, 4.4.2): a channel element without spectral data.
constexpr std::array<std::uint8_t, 6> kSilentMono{0x00, 0xc8, 0x00, 0x80, 0x23, 0x80};
constexpr std::array<std::uint8_t, 9> kSilentStereo{0x21, 0x00, 0x49, 0x90, 0x02,
                                                    0x19, 0x00, 0x23, 0x80};

struct Packet {
  GstPtr<GstBuffer> data;
  Nanoseconds time{0};  // stream time
};

// Streaming thread only while the pipeline runs, then the caller's.
struct Collected {
  std::vector<Packet> packets;
  mp4::Bytes config;
  bool changed = false;  // the configuration, on the way
  int channels = 0;
  int rate = 0;
};

tl::unexpected<Error> cannot(const std::string& why) { return fail(Kind::media, why); }

mp4::Bytes bytes_of(GstBuffer* buffer) {
  mp4::Bytes bytes(gst_buffer_get_size(buffer));
  gst_buffer_extract(buffer, 0, bytes.data(), bytes.size());
  return bytes;
}

void note_caps(Collected& found, GstCaps* caps) {
  const auto* s = gst_caps_get_structure(caps, 0);
  const auto* data = gst_structure_get_value(s, "codec_data");
  auto config = data ? bytes_of(gst_value_get_buffer(data)) : mp4::Bytes{};
  found.changed = found.changed || (!found.config.empty() && found.config != config);
  found.config = std::move(config);
  gst_structure_get_int(s, "channels", &found.channels);
  gst_structure_get_int(s, "rate", &found.rate);
}

GstPadProbeReturn on_packet(GstPad* pad, GstPadProbeInfo* info, gpointer data) {
  auto& found = *static_cast<Collected*>(data);
  if (GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM) {
    auto* event = GST_PAD_PROBE_INFO_EVENT(info);
    GstCaps* caps = nullptr;
    if (GST_EVENT_TYPE(event) != GST_EVENT_CAPS) return GST_PAD_PROBE_OK;
    gst_event_parse_caps(event, &caps);
    note_caps(found, caps);
    return GST_PAD_PROBE_OK;
  }
  auto* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  const auto segment = adopt(gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0));
  const GstSegment* times = nullptr;
  if (segment) gst_event_parse_segment(segment.get(), &times);
  const bool timed = times && GST_BUFFER_PTS_IS_VALID(buffer);
  found.packets.push_back(
      {retain(buffer), timed ? stream_time(*times, GST_BUFFER_PTS(buffer)) : kNoTime});
  return GST_PAD_PROBE_OK;
}

// filesrc -> decodebin, which stops at the packets -> aacparse -> nowhere.
Result<GstPtr<GstElement>> make_pipeline(const std::string& path, Collected& found,
                                         MediumWatch& watch) {
  auto pipeline = retain(gst_pipeline_new("copy"));
  auto* bin = pipeline.get();
  const auto source = add_element(bin, "filesrc");
  const auto open = add_element(bin, "decodebin");
  const auto parse = add_element(bin, "aacparse");
  const auto raw = add_element(bin, "capsfilter");
  const auto progress = add_element(bin, "identity", kAudioProgress);
  const auto sink = add_element(bin, "fakesink");
  for (const auto* element : {&source, &open, &parse, &raw, &progress, &sink})
    if (!*element) return tl::unexpected(element->error());
  g_object_set(*source, "location", path.c_str(), nullptr);
  g_object_set(*sink, "sync", FALSE, nullptr);
  gst_util_set_object_arg(G_OBJECT(*open), "caps", "audio/mpeg, mpegversion=(int){2,4}");
  gst_util_set_object_arg(G_OBJECT(*raw), "caps", "audio/mpeg, mpegversion=4, stream-format=raw");
  restrict_autoplug(*open, Wanted::audio);
  watch.watch(*open);
  g_signal_connect(*open, "pad-added", G_CALLBACK(+[](GstElement*, GstPad* pad, gpointer parser) {
    const auto to = adopt(gst_element_get_static_pad(GST_ELEMENT(parser), "sink"));
    if (!gst_pad_is_linked(to.get())) gst_pad_link(pad, to.get());
  }),
                   *parse);
  if (auto done = link(*source, "src", *open, "sink"); !done) return tl::unexpected(done.error());
  if (!gst_element_link_many(*parse, *raw, *progress, *sink, nullptr))
    return fail(Kind::internal, "the parser of AAC cannot be linked");
  const auto pad = adopt(gst_element_get_static_pad(*raw, "src"));
  constexpr auto kWhat =
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM);
  gst_pad_add_probe(pad.get(), kWhat, on_packet, &found, nullptr);
  return pipeline;
}

// The index of the medium's sample that is the slice's first.
std::int64_t first_wanted(const Slice& slice) {
  const auto& piece = slice.voices.front().pieces.front();
  return sample_at(slice.sound.from) + sample_at(piece.in - piece.start);
}

// Which of the packets are taken, and how many samples of them stand before the sound.
struct Range {
  std::size_t first = 0;
  std::size_t end = 0;
  bool filled = false;  // with a silent packet
  std::int64_t skipped = 0;
};

Result<Range> choose(const Slice& slice, const Collected& found, Nanoseconds zero) {
  const auto count = static_cast<std::int64_t>(found.packets.size());
  const auto begin = sample_at(found.packets.front().time - zero);
  for (std::int64_t k = 0; k < count; ++k) {
    const auto& packet = found.packets[static_cast<std::size_t>(k)];
    if (packet.time == kNoTime) return cannot("a packet has no time");
    if (std::abs(sample_at(packet.time - zero) - (begin + k * kPacket)) > kSlip)
      return cannot("there is a hole at " + format_time(packet.time - zero));
  }
  const auto wanted = first_wanted(slice) - begin;
  const auto length = sample_at(slice.sound.to - slice.sound.from);
  if (wanted < 0) return cannot("it begins later than its clip");
  // The first packet needs the one before it, whose second half it is added to.
  const auto first = std::max<std::int64_t>(wanted / kPacket - 1, 0);
  const auto end = (wanted + length + kPacket - 1) / kPacket;
  if (end > count + 1) return cannot("it ends before its clip");
  return Range{static_cast<std::size_t>(first), static_cast<std::size_t>(std::min(end, count)),
               end > count, wanted - first * kPacket};
}

Result<void> write(const ChunkJob& job, const Collected& found, const Range& range) {
  mp4::SoundTrack track;
  track.entry = mp4::aac_entry(found.config, found.channels, found.rate);
  track.duration = track.last_duration = static_cast<std::uint32_t>(kPacket);
  track.skipped = static_cast<std::uint64_t>(range.skipped);
  mp4::Writer payload;
  const auto add = [&](mp4::View packet) {
    track.sizes.push_back(static_cast<std::uint32_t>(packet.size()));
    payload.raw(packet);
  };
  for (auto k = range.first; k < range.end; ++k) add(bytes_of(found.packets[k].data.get()));
  if (range.filled) add(found.channels == 1 ? mp4::View{kSilentMono} : mp4::View{kSilentStereo});
  mp4::Writer header;
  header.u32(1);
  header.u32(mp4::fourcc("mdat"));
  header.u64(mp4::kHeaderBytes + payload.bytes().size());
  const auto type = mp4::sound_file_type();
  TargetFile out{job.output};
  if (!out.opened()) return fail(Kind::internal, job.output + ": cannot be written");
  return out.write(type)
      .and_then([&] { return out.write(header.bytes()); })
      .and_then([&] { return out.write(payload.bytes()); })
      .and_then([&] { return out.write(mp4::sound_movie(track, type.size() + mp4::kHeaderBytes)); })
      .and_then([&] { return out.keep(); });
}

}  // namespace

Result<void> copy_sound(const ChunkJob& job,
                        const std::function<void(Nanoseconds done)>& on_progress) {
  if (job.slice.voices.size() != 1 || job.slice.voices.front().pieces.size() != 1)
    return cannot("it is not one clip");
  const auto path = job.paths.find(job.slice.voices.front().pieces.front().asset);
  if (path == job.paths.end()) return cannot("its medium is missing");
  DecoderSignal signal;
  MediumWatch watch{signal};
  Collected found;
  const auto pipeline = make_pipeline(path->second, found, watch);
  if (!pipeline) return tl::unexpected(pipeline.error());
  RunOptions run;
  run.progress_element = kAudioProgress;
  run.stall_timeout = Nanoseconds::max();  // the parent watches
  run.on_progress = on_progress;
  if (auto done = run_pipeline(pipeline->get(), run); !done) return tl::unexpected(done.error());
  if (found.packets.empty()) return cannot("it has no packets of AAC");
  if (found.changed || found.config.empty() || found.config.size() > kLongestConfig ||
      found.channels != job.slice.format.channels || found.rate != kSoundRate)
    return cannot("it is coded otherwise than it seemed");
  const auto range = choose(job.slice, found, watch.wait_start([] { return true; }));
  if (!range) return tl::unexpected(range.error());
  return write(job, found, *range);
}

}  // namespace rostrum
