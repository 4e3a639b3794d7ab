// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/sound_cut.h"

#include "core/clip_schedule.h"
#include "engine/sound_conform.h"
#include "lib/gst_ptr.h"

#include <gst/audio/audio.h>

#include <algorithm>

namespace rostrum {

namespace {

// The samples that have come, and those that are wanted of them.
struct Cut {
  std::int64_t first;
  std::int64_t end;
  gint frame_bytes;
  std::int64_t position = 0;
};

GstPadProbeReturn on_buffer(GstPad*, GstPadProbeInfo* info, gpointer data) {
  auto& cut = *static_cast<Cut*>(data);
  auto* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  const auto start = cut.position;
  cut.position += static_cast<std::int64_t>(gst_buffer_get_size(buffer)) / cut.frame_bytes;
  const auto from = std::max(start, cut.first);
  const auto to = std::min(cut.position, cut.end);
  if (from >= to) return GST_PAD_PROBE_DROP;
  buffer = gst_audio_buffer_truncate(buffer, cut.frame_bytes, static_cast<gsize>(from - start),
                                     static_cast<gsize>(to - from));
  buffer = gst_buffer_make_writable(buffer);
  const auto pts = sample_time_up(from - cut.first);
  GST_BUFFER_PTS(buffer) = static_cast<GstClockTime>(pts.count());
  GST_BUFFER_DURATION(buffer) =
      static_cast<GstClockTime>((sample_time_up(to - cut.first) - pts).count());
  GST_PAD_PROBE_INFO_DATA(info) = buffer;
  return GST_PAD_PROBE_OK;
}

}  // namespace

void cut_sound(GstElement* element, const Slice& slice) {
  const auto first = sample_at(slice.sound.from - slice.mixed.from);
  auto* cut = new Cut{first, first + sample_at(slice.sound.to - slice.sound.from),
                      slice.format.channels * static_cast<gint>(sizeof(float))};
  const auto pad = adopt(gst_element_get_static_pad(element, "src"));
  gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_BUFFER, on_buffer, cut,
                    [](gpointer data) { delete static_cast<Cut*>(data); });
}

}  // namespace rostrum
