// SPDX-License-Identifier: LGPL-2.1-or-later

/**
 * SECTION:element-truepeaklimiter
 * @title: truepeaklimiter
 * @see_also: rglimiter, audiodynamic
 *
 * Keeps the true peak of sound (ITU-R BS.1770-4: between samples, too) at or below a ceiling. It
 * looks ahead, fades the gain down before a peak and up after it, the same in all channels; what is
 * below the ceiling passes unchanged to the last bit.
 *
 * The gain of a sample depends on the sound of a fixed window around it and on nothing else, so
 * that sound that is limited in pieces, each with pre-roll, is that limited as a whole.
 *
 * The latency is that of the look-ahead, 6 ms at 48 kHz. A sample keeps its time: timestamps and
 * the number of samples are those of the input.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 audiotestsrc num-buffers=200 volume=1 ! audioamplify amplification=2 \
 *   clipping-method=none ! audio/x-raw,format=F32LE,rate=48000 ! truepeaklimiter ceiling=-1.5 \
 *   ! audioconvert ! autoaudiosink
 * ]|
 */
#include "truepeaklimiter/truepeaklimiter.h"

#include "lib/glib_cpp.h"
#include "truepeaklimiter/limited_buffers.h"

#include <atomic>
#include <optional>
#include <utility>

GST_DEBUG_CATEGORY_STATIC(true_peak_limiter_debug);
#define GST_CAT_DEFAULT true_peak_limiter_debug

using namespace rostrum;

namespace {

enum { PROP_0, PROP_CEILING, N_PROPS };
GParamSpec* props[N_PROPS];

constexpr double kDefaultCeiling = -1;

}  // namespace

struct RostrumTruePeakLimiterPrivate {
  std::atomic<double> ceiling{kDefaultCeiling};  // any thread
  std::atomic<int> rate{0};                      // any thread; 0: not known yet
  std::optional<LimitedBuffers> buffers;         // streaming thread only; from caps to stop()
};

struct _RostrumTruePeakLimiter {
  GstAudioFilter parent;
  RostrumTruePeakLimiterPrivate* priv;
};

G_DEFINE_TYPE_WITH_CODE(RostrumTruePeakLimiter, rostrum_true_peak_limiter, GST_TYPE_AUDIO_FILTER,
                        GST_DEBUG_CATEGORY_INIT(true_peak_limiter_debug, "truepeaklimiter", 0,
                                                "True peak limiter"))
GST_ELEMENT_REGISTER_DEFINE(truepeaklimiter, "truepeaklimiter", GST_RANK_NONE,
                            ROSTRUM_TYPE_TRUE_PEAK_LIMITER)

static gboolean rostrum_true_peak_limiter_setup(GstAudioFilter* filter, const GstAudioInfo* info) {
  auto* priv = ROSTRUM_TRUE_PEAK_LIMITER(filter)->priv;
  if (priv->buffers && gst_audio_info_is_equal(info, &priv->buffers->info())) return TRUE;
  priv->buffers.emplace(*info, priv->ceiling);
  const int rate = GST_AUDIO_INFO_RATE(info);
  if (priv->rate.exchange(rate) != rate)
    gst_element_post_message(GST_ELEMENT(filter), gst_message_new_latency(GST_OBJECT(filter)));
  return TRUE;
}

static gboolean rostrum_true_peak_limiter_stop(GstBaseTransform* base) {
  auto* priv = ROSTRUM_TRUE_PEAK_LIMITER(base)->priv;
  priv->buffers.reset();
  priv->rate = 0;
  return TRUE;
}

static GstFlowReturn rostrum_true_peak_limiter_fail(GstBaseTransform* base) {
  GST_ELEMENT_ERROR(base, RESOURCE, READ, ("The memory of a sound buffer cannot be reached."),
                    (nullptr));
  return GST_FLOW_ERROR;
}

static gboolean rostrum_true_peak_limiter_forward(GstBaseTransform* base, GstPtr<GstEvent> event) {
  return GST_BASE_TRANSFORM_CLASS(rostrum_true_peak_limiter_parent_class)
      ->sink_event(base, event.release());
}

// The next buffer that is ready, or nothing; sends the events before it.
static GstPtr<GstBuffer> rostrum_true_peak_limiter_next(GstBaseTransform* base) {
  auto& buffers = *ROSTRUM_TRUE_PEAK_LIMITER(base)->priv->buffers;
  for (;;) {
    auto passed = buffers.pull();
    if (!passed.event) return std::move(passed.buffer);
    rostrum_true_peak_limiter_forward(base, std::move(passed.event));
  }
}

// Lets out all that is held.
static GstFlowReturn rostrum_true_peak_limiter_drain(GstBaseTransform* base) {
  auto& buffers = ROSTRUM_TRUE_PEAK_LIMITER(base)->priv->buffers;
  if (!buffers) return GST_FLOW_OK;
  if (!buffers->finish()) return rostrum_true_peak_limiter_fail(base);
  auto flow = GST_FLOW_OK;
  while (auto buffer = rostrum_true_peak_limiter_next(base))
    if (flow == GST_FLOW_OK) flow = gst_pad_push(base->srcpad, buffer.release());
  return flow;
}

static GstFlowReturn rostrum_true_peak_limiter_generate_output(GstBaseTransform* base,
                                                               GstBuffer** out) {
  auto& buffers = ROSTRUM_TRUE_PEAK_LIMITER(base)->priv->buffers;
  *out = nullptr;
  auto buffer = adopt(std::exchange(base->queued_buf, nullptr));
  if (!buffers) return GST_FLOW_NOT_NEGOTIATED;
  if (buffer) {
    if (!buffers->continues(buffer.get())) {
      GST_DEBUG_OBJECT(base, "begins anew at %" GST_PTR_FORMAT, buffer.get());
      if (const auto flow = rostrum_true_peak_limiter_drain(base); flow != GST_FLOW_OK) return flow;
    }
    if (!buffers->push(std::move(buffer))) return rostrum_true_peak_limiter_fail(base);
  }
  *out = rostrum_true_peak_limiter_next(base).release();
  return GST_FLOW_OK;
}

// Whether the sound ends at an event.
static bool rostrum_true_peak_limiter_ends_at(const LimitedBuffers& buffers, GstEvent* event) {
  switch (GST_EVENT_TYPE(event)) {
  case GST_EVENT_EOS:
  case GST_EVENT_GAP:
  case GST_EVENT_SEGMENT_DONE:
  case GST_EVENT_STREAM_START:
  case GST_EVENT_STREAM_GROUP_DONE:
    return true;
  case GST_EVENT_CAPS: {
    GstCaps* caps = nullptr;
    GstAudioInfo info;
    gst_event_parse_caps(event, &caps);
    return !gst_audio_info_from_caps(&info, caps) ||
           !gst_audio_info_is_equal(&info, &buffers.info());
  }
  default:
    return false;
  }
}

static gboolean rostrum_true_peak_limiter_sink_event(GstBaseTransform* base, GstEvent* raw) {
  auto& buffers = ROSTRUM_TRUE_PEAK_LIMITER(base)->priv->buffers;
  auto event = adopt(raw);
  if (!buffers) return rostrum_true_peak_limiter_forward(base, std::move(event));
  if (GST_EVENT_TYPE(raw) == GST_EVENT_FLUSH_STOP) {
    buffers->reset();
  } else if (rostrum_true_peak_limiter_ends_at(*buffers, raw)) {
    rostrum_true_peak_limiter_drain(base);
  } else if ((gst_event_type_get_flags(GST_EVENT_TYPE(raw)) & GST_EVENT_TYPE_SERIALIZED) &&
             !buffers->empty()) {
    buffers->push(std::move(event));
    return TRUE;
  }
  return rostrum_true_peak_limiter_forward(base, std::move(event));
}

static gboolean rostrum_true_peak_limiter_query(GstBaseTransform* base, GstPadDirection direction,
                                                GstQuery* query) {
  const auto done = GST_BASE_TRANSFORM_CLASS(rostrum_true_peak_limiter_parent_class)
                        ->query(base, direction, query);
  const int rate = ROSTRUM_TRUE_PEAK_LIMITER(base)->priv->rate;
  if (!done || rate == 0 || direction != GST_PAD_SRC || GST_QUERY_TYPE(query) != GST_QUERY_LATENCY)
    return done;
  gboolean live = FALSE;
  GstClockTime least = 0;
  GstClockTime most = 0;
  gst_query_parse_latency(query, &live, &least, &most);
  const auto own =
      gst_util_uint64_scale_ceil(limiter_look_ahead(rate), GST_SECOND, static_cast<guint64>(rate));
  if (GST_CLOCK_TIME_IS_VALID(most)) most += own;
  gst_query_set_latency(query, live, least + own, most);
  return TRUE;
}

// What is held would be missing from a pool of few buffers.
static gboolean rostrum_true_peak_limiter_propose_allocation(GstBaseTransform*, GstQuery*,
                                                             GstQuery*) {
  return FALSE;
}

static void rostrum_true_peak_limiter_set_property(GObject* object, guint id, const GValue* value,
                                                   GParamSpec* pspec) {
  if (id == PROP_CEILING)
    ROSTRUM_TRUE_PEAK_LIMITER(object)->priv->ceiling = g_value_get_double(value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void rostrum_true_peak_limiter_get_property(GObject* object, guint id, GValue* value,
                                                   GParamSpec* pspec) {
  if (id == PROP_CEILING)
    g_value_set_double(value, ROSTRUM_TRUE_PEAK_LIMITER(object)->priv->ceiling);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void rostrum_true_peak_limiter_init(RostrumTruePeakLimiter* self) {
  self->priv = new RostrumTruePeakLimiterPrivate;
}

static void rostrum_true_peak_limiter_finalize(GObject* object) {
  delete ROSTRUM_TRUE_PEAK_LIMITER(object)->priv;
  G_OBJECT_CLASS(rostrum_true_peak_limiter_parent_class)->finalize(object);
}

static void rostrum_true_peak_limiter_class_init(RostrumTruePeakLimiterClass* klass) {
  auto* object_class = G_OBJECT_CLASS(klass);
  object_class->set_property = rostrum_true_peak_limiter_set_property;
  object_class->get_property = rostrum_true_peak_limiter_get_property;
  object_class->finalize = rostrum_true_peak_limiter_finalize;

  /**
   * RostrumTruePeakLimiter:ceiling:
   *
   * The true peak that is not exceeded, in dBTP. Takes effect at the next start.
   */
  props[PROP_CEILING] = g_param_spec_double(
      "ceiling", "Ceiling", "True peak that is not exceeded, in dBTP; taken at the next start", -60,
      0, kDefaultCeiling, kMutableReady);
  g_object_class_install_properties(object_class, N_PROPS, props);

  auto* element_class = GST_ELEMENT_CLASS(klass);
  gst_element_class_set_static_metadata(
      element_class, "True peak limiter", "Filter/Effect/Audio",
      "Keeps the true peak of sound at or below a ceiling, in a gain of finite memory",
      "The rostrum authors");
  const auto caps = adopt(gst_caps_from_string("audio/x-raw, format = (string) " GST_AUDIO_NE(
      F32) ", rate = (int) [ 8000, 192000 ], "
           "channels = (int) [ 1, 8 ], layout = (string) interleaved"));
  gst_audio_filter_class_add_pad_templates(GST_AUDIO_FILTER_CLASS(klass), caps.get());

  GST_AUDIO_FILTER_CLASS(klass)->setup = GST_DEBUG_FUNCPTR(rostrum_true_peak_limiter_setup);
  auto* base_class = GST_BASE_TRANSFORM_CLASS(klass);
  base_class->stop = GST_DEBUG_FUNCPTR(rostrum_true_peak_limiter_stop);
  base_class->generate_output = GST_DEBUG_FUNCPTR(rostrum_true_peak_limiter_generate_output);
  base_class->sink_event = GST_DEBUG_FUNCPTR(rostrum_true_peak_limiter_sink_event);
  base_class->query = GST_DEBUG_FUNCPTR(rostrum_true_peak_limiter_query);
  base_class->propose_allocation = GST_DEBUG_FUNCPTR(rostrum_true_peak_limiter_propose_allocation);
}
