// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/packet_file.h"

#include "lib/guarded.h"

#include <utility>

namespace rostrum {

namespace {

constexpr GstClockTime kLongest = 10 * GST_SECOND;

GstPadProbeReturn hold(GstPad*, GstPadProbeInfo*, gpointer) { return GST_PAD_PROBE_OK; }

// Nothing flows: its caps are all that is wanted of a track.
void on_track(GstElement*, GstPad* pad, gpointer found) {
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM, hold, nullptr, nullptr);
  const GCharPtr name{gst_pad_get_name(pad)};
  auto caps = adopt(gst_pad_get_current_caps(pad));
  auto tracks = static_cast<Guarded<TrackCaps>*>(found)->lock();
  (g_str_has_prefix(name.get(), "video") ? tracks->picture : tracks->sound) = std::move(caps);
}

void on_last_track(GstElement* demuxer, gpointer) {
  gst_element_post_message(
      demuxer, gst_message_new_application(GST_OBJECT(demuxer),
                                           gst_structure_new_empty("rostrum-tracks-known")));
}

}  // namespace

TrackCaps demuxed_caps(const std::string& path) {
  const auto file = File::open_to_read(path);
  if (!file) return {};
  const auto pipeline = retain(gst_pipeline_new(nullptr));
  auto* source = gst_element_factory_make("filesrc", nullptr);
  auto* demuxer = gst_element_factory_make("qtdemux", nullptr);
  if (!source || !demuxer) return {};
  g_object_set(source, "location", file->link().c_str(), nullptr);
  gst_bin_add_many(GST_BIN(pipeline.get()), source, demuxer, nullptr);
  gst_element_link(source, demuxer);
  Guarded<TrackCaps> found;
  g_signal_connect(demuxer, "pad-added", G_CALLBACK(on_track), &found);
  g_signal_connect(demuxer, "no-more-pads", G_CALLBACK(on_last_track), nullptr);
  gst_element_set_state(pipeline.get(), GST_STATE_PAUSED);
  const auto bus = adopt(gst_element_get_bus(pipeline.get()));
  const auto end = adopt(gst_bus_timed_pop_filtered(
      bus.get(), kLongest,
      static_cast<GstMessageType>(GST_MESSAGE_ERROR | GST_MESSAGE_APPLICATION)));
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  return std::move(*found.lock());
}

PacketFile::PacketFile(File file, mp4::Bytes moov, const TrackCaps& caps)
    : file_{std::move(file)},
      moov_{std::move(moov)},
      caps_{retain(caps.picture.get()), retain(caps.sound.get())} {}

Result<std::shared_ptr<const PacketFile>> PacketFile::open(const std::string& path,
                                                           const TrackCaps& caps) {
  auto file = File::open_to_read(path);
  if (!file) return tl::unexpected(file.error());
  auto moov = read_moov(*file, path);
  if (!moov) return tl::unexpected(moov.error());
  return std::shared_ptr<const PacketFile>{
      new PacketFile{std::move(*file), std::move(*moov), caps}};
}

GstPtr<GstBuffer> PacketFile::read(std::uint64_t offset, std::uint32_t size) const {
  const auto bytes = file_.read(offset, size);
  if (bytes.size() != size) return nullptr;
  return adopt(gst_buffer_new_memdup(bytes.data(), bytes.size()));
}

}  // namespace rostrum
