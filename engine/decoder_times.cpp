// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/decoder_times.h"

#include "lib/gst_ptr.h"

#include <memory>

namespace rostrum {

namespace {

constexpr GstClockTimeDiff kRounding = 5 * GST_MSECOND;

// When the packet stands that went in last: the decoder's thread only.
using Packet = std::shared_ptr<GstClockTime>;

GstPadProbeReturn on_input(GstPad*, GstPadProbeInfo* info, gpointer data) {
  **static_cast<Packet*>(data) = GST_BUFFER_PTS(GST_PAD_PROBE_INFO_BUFFER(info));
  return GST_PAD_PROBE_OK;
}

// Nothing is delayed in AAC: a frame belongs to the packet that has just gone in.  It may stand
// later, where its beginning was cut off, but not earlier.
GstPadProbeReturn on_output(GstPad*, GstPadProbeInfo* info, gpointer data) {
  const auto packet = **static_cast<Packet*>(data);
  auto* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  if (!GST_BUFFER_PTS_IS_VALID(buffer) || !GST_CLOCK_TIME_IS_VALID(packet) ||
      GST_CLOCK_DIFF(GST_BUFFER_PTS(buffer), packet) < kRounding)
    return GST_PAD_PROBE_OK;
  buffer = gst_buffer_make_writable(buffer);
  GST_BUFFER_PTS(buffer) = packet;
  GST_PAD_PROBE_INFO_DATA(info) = buffer;
  return GST_PAD_PROBE_OK;
}

void probe(GstElement* decoder, const char* pad, GstPadProbeCallback call, const Packet& packet) {
  const auto found = adopt(gst_element_get_static_pad(decoder, pad));
  if (found)
    gst_pad_add_probe(found.get(), GST_PAD_PROBE_TYPE_BUFFER, call, new Packet{packet},
                      [](gpointer shared) { delete static_cast<Packet*>(shared); });
}

}  // namespace

void correct_times(GstElement* decoder) {
  const auto* factory = gst_element_get_factory(decoder);
  if (!factory || !g_str_equal(GST_OBJECT_NAME(factory), "avdec_aac")) return;
  const auto packet = std::make_shared<GstClockTime>(GST_CLOCK_TIME_NONE);
  probe(decoder, "sink", on_input, packet);
  probe(decoder, "src", on_output, packet);
}

}  // namespace rostrum
