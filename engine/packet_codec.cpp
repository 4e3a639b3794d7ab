// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/packet_codec.h"

#include "engine/decoder_times.h"

#include <utility>

namespace rostrum {

namespace {

// As a sink takes it: a decoder that is emptied gives more than it was asked for.
bool is_within(const GstSegment& segment, GstBuffer* samples) {
  const auto from = GST_BUFFER_PTS(samples);
  const auto to = GST_BUFFER_DURATION_IS_VALID(samples) ? from + GST_BUFFER_DURATION(samples)
                                                        : GST_CLOCK_TIME_NONE;
  return !GST_CLOCK_TIME_IS_VALID(from) ||
         gst_segment_clip(&segment, GST_FORMAT_TIME, from, to, nullptr, nullptr);
}

PacketCodec* owner(GstPad* pad) {
  return static_cast<PacketCodec*>(gst_pad_get_element_private(pad));
}

}  // namespace

PacketCodec::PacketCodec(GstPtr<GstElement> decoder)
    : decoder_{std::move(decoder)},
      bus_{adopt(gst_bus_new())},
      in_{retain(gst_pad_new("packets", GST_PAD_SRC))},
      out_{retain(gst_pad_new("samples", GST_PAD_SINK))} {
  gst_segment_init(&segment_, GST_FORMAT_TIME);
  gst_element_set_bus(decoder_.get(), bus_.get());
  correct_times(decoder_.get());
  gst_pad_set_element_private(out_.get(), this);
  gst_pad_set_event_function(out_.get(), [](GstPad* pad, GstObject*, GstEvent* event) -> gboolean {
    owner(pad)->take_event(event);
    return TRUE;
  });
  gst_pad_set_chain_function(out_.get(), [](GstPad* pad, GstObject*, GstBuffer* samples) {
    auto* self = owner(pad);
    const auto owned = adopt(samples);
    if (is_within(self->segment_, samples))
      self->decoded_.push_back(
          adopt(gst_sample_new(samples, self->caps_.get(), &self->segment_, nullptr)));
    return GST_FLOW_OK;
  });
}

std::unique_ptr<PacketCodec> PacketCodec::make(GstElementFactory* factory, const GstCaps* packets) {
  auto element = retain(gst_element_factory_create(factory, nullptr));
  if (!element) return nullptr;
  std::unique_ptr<PacketCodec> codec{new PacketCodec{std::move(element)}};
  return codec->connect(packets) ? std::move(codec) : nullptr;
}

bool PacketCodec::connect(const GstCaps* packets) {
  const auto sink = adopt(gst_element_get_static_pad(decoder_.get(), "sink"));
  const auto source = adopt(gst_element_get_static_pad(decoder_.get(), "src"));
  if (!sink || !source || GST_PAD_LINK_FAILED(gst_pad_link(in_.get(), sink.get())) ||
      GST_PAD_LINK_FAILED(gst_pad_link(source.get(), out_.get())))
    return false;
  gst_pad_set_active(in_.get(), TRUE);
  gst_pad_set_active(out_.get(), TRUE);
  if (gst_element_set_state(decoder_.get(), GST_STATE_PAUSED) == GST_STATE_CHANGE_FAILURE)
    return false;
  return gst_pad_push_event(in_.get(), gst_event_new_stream_start("sound")) &&
         gst_pad_push_event(in_.get(), gst_event_new_caps(const_cast<GstCaps*>(packets)));
}

PacketCodec::~PacketCodec() {
  gst_element_set_state(decoder_.get(), GST_STATE_NULL);
  gst_pad_set_active(in_.get(), FALSE);
  gst_pad_set_active(out_.get(), FALSE);
  gst_element_set_bus(decoder_.get(), nullptr);
}

void PacketCodec::take_event(GstEvent* event) {
  const auto owned = adopt(event);
  if (GST_EVENT_TYPE(event) == GST_EVENT_CAPS) {
    GstCaps* caps = nullptr;
    gst_event_parse_caps(event, &caps);
    caps_ = retain(caps);
  } else if (GST_EVENT_TYPE(event) == GST_EVENT_SEGMENT) {
    gst_event_copy_segment(event, &segment_);
  }
}

void PacketCodec::begin(const GstSegment& segment) {
  if (std::exchange(begun_, true)) {
    gst_pad_push_event(in_.get(), gst_event_new_flush_start());
    gst_pad_push_event(in_.get(), gst_event_new_flush_stop(TRUE));
  }
  decoded_.clear();
  failed_ = false;
  gst_pad_push_event(in_.get(), gst_event_new_segment(&segment));
}

bool PacketCodec::push(GstPtr<GstBuffer> packet) {
  const auto flow = gst_pad_push(in_.get(), packet.release());
  failed_ = failed_ || (flow != GST_FLOW_OK && flow != GST_FLOW_EOS);
  return flow == GST_FLOW_OK;
}

void PacketCodec::end() { gst_pad_push_event(in_.get(), gst_event_new_eos()); }

GstPtr<GstSample> PacketCodec::take() {
  if (decoded_.empty()) return nullptr;
  auto sample = std::move(decoded_.front());
  decoded_.pop_front();
  return sample;
}

std::string PacketCodec::problem() const {
  const auto message = adopt(gst_bus_pop_filtered(bus_.get(), GST_MESSAGE_ERROR));
  if (!message) return "it cannot be decoded";
  GError* raw = nullptr;
  gst_message_parse_error(message.get(), &raw, nullptr);
  const GErrorPtr error{raw};
  std::string text = error->message;
  while (text.ends_with('.')) text.pop_back();
  return text;
}

}  // namespace rostrum
