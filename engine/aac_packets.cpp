// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/aac_packets.h"

#include <utility>

namespace rostrum {

namespace {

// Of the outermost boxes before the index: a file of fragments has thousands.
constexpr int kMostBoxes = 32;
constexpr std::uint64_t kLargestIndex = 64 << 20;  // bytes
constexpr std::size_t kReadAhead = 64 << 10;

GstClockTime clock_time(Nanoseconds t) { return static_cast<GstClockTime>(t.count()); }

// The body of the first movie box; empty where there is none to be trusted.
mp4::Bytes index_of(const File& file) {
  const auto size = file.size();
  std::uint64_t at = 0;
  for (int i = 0; i < kMostBoxes && at < size; ++i) {
    const auto box = mp4::read_header(file.read(at, mp4::kHeaderBytes));
    if (!box || box->size == 0 || box->size > size - at) return {};
    if (i == 0 && box->type != mp4::fourcc("ftyp")) return {};
    if (box->type == mp4::fourcc("moof")) return {};
    if (box->type == mp4::fourcc("moov") && box->size <= kLargestIndex)
      return file.read(at + box->header, static_cast<std::size_t>(box->size - box->header));
    at += box->size;
  }
  return {};
}

}  // namespace

std::optional<AacPackets> AacPackets::open(const std::string& path) {
  auto file = File::open_to_read(path);
  if (!file) return {};
  const auto moov = index_of(*file);
  auto track = moov.empty() ? std::nullopt : mp4::AacTrack::find(moov, file->size());
  if (!track) return {};
  return AacPackets{std::move(*file), std::move(*track)};
}

GstPtr<GstCaps> AacPackets::caps() const {
  const auto& config = track_.config();
  const auto data = adopt(gst_buffer_new_memdup(config.data(), config.size()));
  return adopt(gst_caps_new_simple(
      "audio/mpeg", "mpegversion", G_TYPE_INT, 4, "framed", G_TYPE_BOOLEAN, TRUE, "stream-format",
      G_TYPE_STRING, "raw", "base-profile", G_TYPE_STRING, "lc", "profile", G_TYPE_STRING, "lc",
      "rate", G_TYPE_INT, track_.rate(), "channels", G_TYPE_INT, track_.channels(), "codec_data",
      GST_TYPE_BUFFER, data.get(), nullptr));
}

void AacPackets::go_to(std::size_t packet) {
  next_ = packet;
  discontinuous_ = true;
  bytes_.clear();
  at_ = 0;
}

GstPtr<GstBuffer> AacPackets::next() {
  failed_ = false;
  if (next_ >= track_.packets() || track_.start(next_) >= track_.heard().to) return nullptr;
  if (at_ == bytes_.size()) {
    const auto run = track_.run_from(next_, kReadAhead);
    bytes_ = file_.read(run.offset, run.bytes);
    at_ = 0;
  }
  const auto size = track_.size(next_);
  failed_ = size > bytes_.size() - at_;  // the file held all packets when it was opened
  if (failed_) return nullptr;
  auto packet = adopt(gst_buffer_new_memdup(bytes_.data() + at_, size));
  at_ += size;
  GST_BUFFER_PTS(packet.get()) = GST_BUFFER_DTS(packet.get()) = clock_time(track_.start(next_));
  GST_BUFFER_DURATION(packet.get()) = clock_time(track_.start(next_ + 1) - track_.start(next_));
  if (std::exchange(discontinuous_, false))
    GST_BUFFER_FLAG_SET(packet.get(), GST_BUFFER_FLAG_DISCONT);
  ++next_;
  return packet;
}

}  // namespace rostrum
