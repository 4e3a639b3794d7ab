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
#include <numeric>
#include <utility>
#include <vector>

namespace rostrum {

namespace {

constexpr std::int64_t kPacket = 1024;           // samples; core/sound_format.cpp
constexpr std::int64_t kSlip = kSoundRate / 50;  // 20 ms: further off, the decoder starts anew
constexpr std::size_t kLongestConfig = 64;       // bytes of an AudioSpecificConfig
constexpr char kChanges[] = "it changes while it is read";
// One packet of silence (ISO/IEC 14496-3, 4.4.2): a channel element without spectral data.
constexpr std::array<std::uint8_t, 6> kSilentMono{0x00, 0xc8, 0x00, 0x80, 0x23, 0x80};
constexpr std::array<std::uint8_t, 9> kSilentStereo{0x21, 0x00, 0x49, 0x90, 0x02,
                                                    0x19, 0x00, 0x23, 0x80};

// Streaming thread only while the pipeline runs, then the caller's.
struct Stream {
  // Of each packet and its stream time; false when no more are wanted.
  std::function<bool(GstBuffer* packet, Nanoseconds time)> take;
  mp4::Bytes config = {};
  bool changed = false;  // the configuration, on the way
  bool ended = false;
  int channels = 0;
  int rate = 0;
};

tl::unexpected<Error> cannot(const std::string& why) { return fail(Kind::media, why); }

mp4::Bytes bytes_of(GstBuffer* buffer) {
  mp4::Bytes bytes(gst_buffer_get_size(buffer));
  gst_buffer_extract(buffer, 0, bytes.data(), bytes.size());
  return bytes;
}

void note_caps(Stream& found, GstCaps* caps) {
  const auto* s = gst_caps_get_structure(caps, 0);
  const auto* data = gst_structure_get_value(s, "codec_data");
  auto config = data ? bytes_of(gst_value_get_buffer(data)) : mp4::Bytes{};
  found.changed = found.changed || (!found.config.empty() && found.config != config);
  found.config = std::move(config);
  gst_structure_get_int(s, "channels", &found.channels);
  gst_structure_get_int(s, "rate", &found.rate);
}

GstPadProbeReturn on_packet(GstPad* pad, GstPadProbeInfo* info, gpointer data) {
  auto& found = *static_cast<Stream*>(data);
  if (GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM) {
    auto* event = GST_PAD_PROBE_INFO_EVENT(info);
    GstCaps* caps = nullptr;
    if (GST_EVENT_TYPE(event) != GST_EVENT_CAPS) return GST_PAD_PROBE_OK;
    gst_event_parse_caps(event, &caps);
    note_caps(found, caps);
    return GST_PAD_PROBE_OK;
  }
  if (found.ended) return GST_PAD_PROBE_DROP;
  auto* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  const auto segment = adopt(gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0));
  const GstSegment* times = nullptr;
  if (segment) gst_event_parse_segment(segment.get(), &times);
  const bool timed = times && GST_BUFFER_PTS_IS_VALID(buffer);
  if (found.take(buffer, timed ? stream_time(*times, GST_BUFFER_PTS(buffer)) : kNoTime))
    return GST_PAD_PROBE_OK;
  found.ended = true;
  gst_pad_push_event(pad, gst_event_new_eos());
  return GST_PAD_PROBE_DROP;
}

// filesrc -> decodebin, which stops at the packets -> aacparse -> nowhere.
Result<GstPtr<GstElement>> make_pipeline(const std::string& path, Stream& found,
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

// What is known of the packets before any is taken.
struct Noted {
  std::vector<std::uint32_t> sizes;
  Nanoseconds first{0};  // stream time, like `hole`
  Nanoseconds hole = kNoTime;
  bool untimed = false;  // one of them
};

// False when they are seen to be unusable, or reach beyond the last sample, counted from the first.
bool note(Noted& noted, GstBuffer* packet, Nanoseconds time, std::int64_t last) {
  noted.untimed = time == kNoTime;
  if (noted.untimed) return false;
  if (noted.sizes.empty()) noted.first = time;
  const auto sample = sample_at(time - noted.first);
  if (std::abs(sample - static_cast<std::int64_t>(noted.sizes.size()) * kPacket) > kSlip)
    noted.hole = time;
  noted.sizes.push_back(static_cast<std::uint32_t>(gst_buffer_get_size(packet)));
  return noted.hole == kNoTime && sample <= last;
}

Result<Range> choose(const Slice& slice, const Noted& noted, Nanoseconds zero) {
  if (noted.untimed) return cannot("a packet has no time");
  if (noted.hole != kNoTime) return cannot("there is a hole at " + format_time(noted.hole - zero));
  const auto count = static_cast<std::int64_t>(noted.sizes.size());
  const auto wanted = first_wanted(slice) - sample_at(noted.first - zero);
  const auto length = sample_at(slice.sound.to - slice.sound.from);
  if (wanted < 0) return cannot("it begins later than its clip");
  // The first packet needs the one before it, whose second half it is added to.
  const auto first = std::max<std::int64_t>(wanted / kPacket - 1, 0);
  const auto end = (wanted + length + kPacket - 1) / kPacket;
  if (end > count + 1) return cannot("it ends before its clip");
  return Range{static_cast<std::size_t>(first), static_cast<std::size_t>(std::min(end, count)),
               end > count, wanted - first * kPacket};
}

// Plays the medium's packets into stream.take().
Result<void> read_packets(const std::string& path, Stream& stream, MediumWatch& watch,
                          const std::function<void(Nanoseconds done)>& on_progress) {
  const auto pipeline = make_pipeline(path, stream, watch);
  if (!pipeline) return tl::unexpected(pipeline.error());
  RunOptions run;
  run.progress_element = kAudioProgress;
  run.stall_timeout = Nanoseconds::max();  // the parent watches
  run.on_progress = on_progress;
  if (auto done = run_pipeline(pipeline->get(), run); !done) return tl::unexpected(done.error());
  return {};
}

// The file of the packets of a range, written as they come.
class CopiedSound {
 public:
  CopiedSound(const std::string& path, const Noted& noted, const Range& range)
      : range_{range}, out_{path} {
    const auto at = [&](std::size_t k) {
      return noted.sizes.begin() + static_cast<std::ptrdiff_t>(k);
    };
    track_.sizes.assign(at(range.first), at(range.end));
    track_.duration = track_.last_duration = static_cast<std::uint32_t>(kPacket);
    track_.skipped = static_cast<std::uint64_t>(range.skipped);
    if (!out_.opened()) done_ = fail(Kind::internal, path + ": cannot be written");
  }

  void begin(mp4::View silent_packet) {
    silent_ = range_.filled ? silent_packet : mp4::View{};
    const auto bytes =
        std::accumulate(track_.sizes.begin(), track_.sizes.end(), std::uint64_t{silent_.size()});
    mp4::Writer header;
    header.u32(1);
    header.u32(mp4::fourcc("mdat"));
    header.u64(mp4::kHeaderBytes + bytes);
    write(mp4::sound_file_type());
    write(header.bytes());
  }

  bool take(GstBuffer* packet) {
    const auto k = next_++;
    if (k < range_.first) return true;
    if (k >= range_.end) return false;
    GstMapInfo map;
    if (gst_buffer_get_size(packet) != track_.sizes[k - range_.first] ||
        !gst_buffer_map(packet, &map, GST_MAP_READ)) {
      done_ = cannot(kChanges);
      return false;
    }
    write({map.data, map.size});
    gst_buffer_unmap(packet, &map);
    return done_.has_value();
  }

  Result<void> finish(mp4::Bytes entry) {
    if (done_ && next_ < range_.end) done_ = cannot(kChanges);
    if (!silent_.empty()) track_.sizes.push_back(static_cast<std::uint32_t>(silent_.size()));
    track_.entry = std::move(entry);
    write(silent_);
    write(mp4::sound_movie(track_, mp4::sound_file_type().size() + mp4::kHeaderBytes));
    return done_ ? out_.keep() : done_;
  }

 private:
  void write(mp4::View bytes) {
    if (done_) done_ = out_.write(bytes);
  }

  const Range range_;
  mp4::SoundTrack track_;
  TargetFile out_;
  mp4::View silent_;
  std::size_t next_ = 0;  // packet
  Result<void> done_;     // the first failure
};

struct Chosen {
  const Noted& noted;
  const Range& range;
};

Result<void> copy_range(const ChunkJob& job, const std::string& path, const Stream& first,
                        const Chosen& chosen,
                        const std::function<void(Nanoseconds done)>& on_progress) {
  CopiedSound copied{job.output, chosen.noted, chosen.range};
  copied.begin(first.channels == 1 ? mp4::View{kSilentMono} : mp4::View{kSilentStereo});
  Stream stream{.take = [&](GstBuffer* packet, Nanoseconds) { return copied.take(packet); }};
  DecoderSignal signal;
  MediumWatch watch{signal};
  if (auto done = read_packets(path, stream, watch, on_progress); !done) return done;
  return copied.finish(mp4::aac_entry(first.config, first.channels, first.rate));
}

}  // namespace

Result<void> copy_sound(const ChunkJob& job,
                        const std::function<void(Nanoseconds done)>& on_progress) {
  if (job.slice.voices.size() != 1 || job.slice.voices.front().pieces.size() != 1)
    return cannot("it is not one clip");
  const auto path = job.paths.find(job.slice.voices.front().pieces.front().asset);
  if (path == job.paths.end()) return cannot("its medium is missing");
  // Read twice, for which packets are wanted is known after the first ones of all streams, and what
  // is held in memory must not grow with them.
  Nanoseconds read{0};
  const auto last =
      first_wanted(job.slice) + sample_at(job.slice.sound.to - job.slice.sound.from) + kSoundRate;
  DecoderSignal signal;
  MediumWatch watch{signal};
  Noted noted;
  Stream first{.take = [&](GstBuffer* p, Nanoseconds t) { return note(noted, p, t, last); }};
  const auto half = [&](Nanoseconds done) {
    read = std::max(read, done / 2);
    if (on_progress) on_progress(read);
  };
  if (auto done = read_packets(path->second, first, watch, half); !done) return done;
  if (noted.sizes.empty() && !noted.untimed) return cannot("it has no packets of AAC");
  if (first.changed || first.config.empty() || first.config.size() > kLongestConfig ||
      first.channels != job.slice.format.channels || first.rate != kSoundRate)
    return cannot("it is coded otherwise than it seemed");
  const auto range = choose(job.slice, noted, watch.wait_start([] { return true; }));
  if (!range) return tl::unexpected(range.error());
  return copy_range(job, path->second, first, {noted, *range}, [&](Nanoseconds done) {
    if (on_progress) on_progress(read + done / 2);
  });
}

}  // namespace rostrum
