// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/packet_decoder.h"

#include "core/media_elements.h"
#include "engine/medium_watch.h"

#include <algorithm>
#include <mutex>
#include <utility>

namespace rostrum {

namespace {

constexpr int kMostForFirst = 50;   // packets without a sample: the medium is not such a one
constexpr std::size_t kLeadIn = 2;  // packets before the one that is sought, as qtdemux gives them

using FactoryList = std::unique_ptr<GList, Freed<gst_plugin_feature_list_free>>;

// The one that decodebin would take, if its ways are known.
GstPtr<GstElementFactory> decoder_for(GstCaps* caps) {
  const FactoryList all{gst_element_factory_list_get_elements(
      GST_ELEMENT_FACTORY_TYPE_DECODER | GST_ELEMENT_FACTORY_TYPE_MEDIA_AUDIO, GST_RANK_MARGINAL)};
  FactoryList fit{gst_element_factory_list_filter(all.get(), caps, GST_PAD_SINK, FALSE)};
  fit.reset(g_list_sort(fit.release(), gst_plugin_feature_rank_compare_func));
  for (auto* item = fit.get(); item; item = item->next) {
    auto* factory = GST_ELEMENT_FACTORY(item->data);
    const std::string_view name = GST_OBJECT_NAME(factory);
    if (may_open_media(name)) return name == "avdec_aac" ? retain(factory) : nullptr;
  }
  return nullptr;
}

bool is_as_said(GstSample* sample, const mp4::AacTrack& track) {
  GstAudioInfo info;
  return gst_sample_get_caps(sample) &&
         gst_audio_info_from_caps(&info, gst_sample_get_caps(sample)) &&
         GST_AUDIO_INFO_RATE(&info) == track.rate() &&
         GST_AUDIO_INFO_CHANNELS(&info) == track.channels();
}

GstClockTime clock_time(Nanoseconds t) { return static_cast<GstClockTime>(t.count()); }

}  // namespace

PacketDecoder::PacketDecoder(std::string path, AacPackets packets,
                             std::unique_ptr<PacketCodec> codec,
                             std::shared_ptr<DecoderSignal> signal)
    : path_{std::move(path)},
      signal_{std::move(signal)},
      packets_{std::move(packets)},
      codec_{std::move(codec)} {}

std::unique_ptr<PacketDecoder> PacketDecoder::open(const std::string& path, Nanoseconds from,
                                                   std::shared_ptr<DecoderSignal> signal) {
  auto packets = AacPackets::open(path);
  if (!packets) return nullptr;
  const auto caps = packets->caps();
  // Which of them that is does not change while the program runs.
  static const auto factory = decoder_for(caps.get());
  auto codec = factory ? PacketCodec::make(factory.get(), caps.get()) : nullptr;
  if (!codec) return nullptr;
  auto* made = new PacketDecoder{path, std::move(*packets), std::move(codec), std::move(signal)};
  std::unique_ptr<PacketDecoder> decoder{made};
  if (!decoder->decode_first()) return nullptr;
  if (from > 0ns) decoder->seek(from);
  return decoder;
}

// What decodes only from the first packet on (SBR's header stands there) is seen here, too.
bool PacketDecoder::decode_first() {
  start_at(0ns);
  for (int fed = 0; fed < kMostForFirst && !codec_->front() && !ended_ && !flushing(); ++fed)
    feed();
  auto* sample = codec_->front();
  if (!sample || !is_as_said(sample, packets_.track())) return false;
  first_ = FirstSound{time_of(sample), frames_of(sample), true};
  return first_->time != kNoTime;
}

void PacketDecoder::start_at(Nanoseconds time) {
  const auto& heard = packets_.track().heard();
  const auto into = std::clamp<Nanoseconds>(time - heard.at, 0ns, heard.to - heard.from);
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  segment.start = segment.position = clock_time(heard.from + into);
  segment.stop = clock_time(heard.to);
  segment.time = clock_time(heard.at + into);
  codec_->begin(segment);
  failure_.reset();
  const auto packet = packets_.track().packet_at(heard.from + into);
  packets_.go_to(packet - std::min(packet, kLeadIn));
  ended_ = segment.start == segment.stop;
}

void PacketDecoder::seek(Nanoseconds from) {
  start_at(std::max(from + packets_.track().zero() - kSoundPreroll, Nanoseconds{0}));
}

void PacketDecoder::feed() {
  auto packet = packets_.next();
  if (packet && codec_->push(std::move(packet))) return;
  if (codec_->failed())
    failure_ = DecoderFailure{"damaged", codec_->problem()};
  else if (packets_.failed())
    failure_ = DecoderFailure{kReadError, "it cannot be read any more"};
  else
    codec_->end();
  ended_ = true;
}

bool PacketDecoder::flushing() const {
  const std::lock_guard lock{signal_->mutex};
  return signal_->flushing;
}

MediumDecoder::Pull PacketDecoder::pull(Nanoseconds, GstPtr<GstSample>& sample) {
  for (;;) {
    if (flushing()) return Pull::flushing;
    sample = codec_->take();
    if (sample) return Pull::sample;
    if (ended_) return failure_ ? Pull::failed : Pull::ended;
    feed();
  }
}

Nanoseconds PacketDecoder::time_of(GstSample* sample) const {
  const auto* buffer = gst_sample_get_buffer(sample);
  if (!buffer || !GST_BUFFER_PTS_IS_VALID(buffer)) return kNoTime;
  const auto time = stream_time(*gst_sample_get_segment(sample), GST_BUFFER_PTS(buffer));
  return time == kNoTime ? kNoTime : time - packets_.track().zero();
}

}  // namespace rostrum
