// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/sound_decoder.h"

#include "core/media_elements.h"
#include "engine/autoplug.h"
#include "engine/decoder_pipeline.h"

#include <memory>

namespace rostrum {

namespace {

using FactoryList = std::unique_ptr<GList, Freed<gst_plugin_feature_list_free>>;

// decodebin's limits of a queue behind a demuxer, before and after all streams are known.
constexpr guint kBytes = 2 << 20;
constexpr guint kPlayedBuffers = 5;

GstPtr<GstCaps> sound_on(GstPad* pad) {
  auto caps = adopt(gst_pad_get_current_caps(pad));
  if (!caps) caps = adopt(gst_pad_query_caps(pad, nullptr));
  if (!caps || gst_caps_is_any(caps.get()) || gst_caps_is_empty(caps.get())) return nullptr;
  const char* name = gst_structure_get_name(gst_caps_get_structure(caps.get(), 0));
  return g_str_has_prefix(name, "audio/") ? std::move(caps) : nullptr;
}

bool is_raw(GstCaps* caps) {
  return gst_structure_has_name(gst_caps_get_structure(caps, 0), "audio/x-raw");
}

// As decodebin ranks them.
FactoryList decoders_of(GstCaps* caps) {
  const FactoryList all{gst_element_factory_list_get_elements(
      GST_ELEMENT_FACTORY_TYPE_DECODER | GST_ELEMENT_FACTORY_TYPE_MEDIA_AUDIO, GST_RANK_MARGINAL)};
  FactoryList fit{
      gst_element_factory_list_filter(all.get(), caps, GST_PAD_SINK, gst_caps_is_fixed(caps))};
  return FactoryList{g_list_sort(fit.release(), gst_plugin_feature_rank_compare_func)};
}

}  // namespace

bool SoundDecoder::connect(GstPad* pad) {
  const auto caps = sound_on(pad);
  if (!caps || (entry_ && gst_pad_is_linked(entry_.get()))) return false;
  if (!queue_ && count_streams(pipeline_) > 1) {
    queue_ = gst_element_factory_make("queue", nullptr);
    g_object_set(queue_, "max-size-bytes", kBytes, "max-size-buffers", 0U, "max-size-time",
                 guint64{0}, nullptr);
    gst_bin_add(GST_BIN(pipeline_), queue_);
  }
  return decode(pad, caps.get());
}

bool SoundDecoder::decode(GstPad* pad, GstCaps* caps) {
  if (entry_ && GST_PAD_LINK_SUCCESSFUL(gst_pad_link(pad, entry_.get()))) return true;
  if (is_raw(caps)) return plug(nullptr, pad);
  const auto decoders = decoders_of(caps);
  for (auto* item = decoders.get(); item; item = item->next) {
    auto* factory = GST_ELEMENT_FACTORY(item->data);
    if (may_open_media(GST_OBJECT_NAME(factory)) && plug(factory, pad)) return true;
  }
  return false;
}

// The pad, the queue where there is one, the decoder where one is needed, the sink.
bool SoundDecoder::plug(GstElementFactory* factory, GstPad* pad) {
  auto* decoder = factory ? gst_element_factory_create(factory, nullptr) : nullptr;
  if (factory && !decoder) return false;
  auto* first = decoder ? decoder : sink_;
  if (decoder) {
    gst_bin_add(GST_BIN(pipeline_), decoder);
    prepare_decoder(decoder);
  }
  const bool behind = (!decoder || gst_element_link(decoder, sink_)) &&
                      (!queue_ || gst_element_link(queue_, first));
  entry_ = adopt(gst_element_get_static_pad(queue_ ? queue_ : first, "sink"));
  const bool plugged = behind && (!decoder || gst_element_sync_state_with_parent(decoder)) &&
                       (!queue_ || gst_element_sync_state_with_parent(queue_)) &&
                       GST_PAD_LINK_SUCCESSFUL(gst_pad_link(pad, entry_.get()));
  if (plugged) return true;
  entry_.reset();
  if (!decoder) return false;
  gst_element_set_state(decoder, GST_STATE_NULL);
  gst_bin_remove(GST_BIN(pipeline_), decoder);
  return false;
}

void SoundDecoder::play() {
  if (queue_) g_object_set(queue_, "max-size-buffers", kPlayedBuffers, nullptr);
}

}  // namespace rostrum
