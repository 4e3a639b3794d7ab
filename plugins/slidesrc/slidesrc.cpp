// SPDX-License-Identifier: LGPL-2.1-or-later

/**
 * SECTION:element-slidesrc
 * @title: slidesrc
 * @see_also: timelinesrc
 *
 * Shows pictures (JPEG, PNG, WebP, SVG) and pages of PDF documents through time, each fit into its
 * size without stretching. Every picture is rendered once, when it is first needed, and its memory
 * is handed on again for every frame that shows it. What cannot be read becomes a plain slide with
 * the page's number and an element message `rostrum-substitution`.
 *
 * PDF pages are drawn by the program `pdftocairo` (Debian package poppler-utils).
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 slidesrc \
 *     slides="<[slide,location=slide.png,start=(guint64)0,duration=(guint64)2000000000]>" \
 *     ! videoconvert ! autovideosink
 * gst-launch-1.0 slidesrc slides="<[slide,location=deck.pdf,page=1,duration=(guint64)1000000000], \
 *     [slide,location=deck.pdf,page=2,start=(guint64)1000000000,duration=(guint64)1000000000]>" \
 *     ! x264enc ! mp4mux ! filesink location=deck.mp4
 * gst-launch-1.0 slidesrc location=job.json track=slides ! videoconvert ! autovideosink
 * ]|
 */
#include "slidesrc/slidesrc.h"

#include "engine/picture.h"
#include "engine/substitution.h"
#include "lib/guarded.h"
#include "slidesrc/picture_cache.h"
#include "slidesrc/slide_programme.h"
#include "slidesrc/slide_settings.h"

#include <unistd.h>

#include <algorithm>
#include <set>

GST_DEBUG_CATEGORY_STATIC(slide_src_debug);
#define GST_CAT_DEFAULT slide_src_debug

namespace {

using namespace rostrum;

struct State {  // between start() and stop()
  SlideSettings settings;
  SlideProgramme programme;
  std::int64_t next = 0;  // frame
  PictureCache pictures{};
  std::set<std::size_t> reported{};  // slides whose substitution has been posted
  Size negotiated{};
  bool segment_sent = false;
};

GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE(
    "src", GST_PAD_SRC, GST_PAD_ALWAYS,
    GST_STATIC_CAPS("video/x-raw, format=I420, width=[1, 16384], height=[1, 16384], "
                    "framerate=[1/1000, 1000/1], colorimetry=bt709, pixel-aspect-ratio=1/1"));

Nanoseconds from_gst(GstClockTime t) { return Nanoseconds{static_cast<std::int64_t>(t)}; }
GstClockTime to_gst(Nanoseconds t) { return static_cast<GstClockTime>(t.count()); }

}  // namespace

struct RostrumSlideSrcPrivate {
  Guarded<SlideSettings> settings;                  // any thread
  Guarded<std::optional<Interval>> span;            // any thread; set between start() and stop()
  std::optional<State> state;                       // streaming thread only
  GCancellable* cancellable = g_cancellable_new();  // any thread; set by unlock()
};

struct _RostrumSlideSrc {
  GstPushSrc parent;
  RostrumSlideSrcPrivate* priv;
};

G_DEFINE_TYPE_WITH_CODE(RostrumSlideSrc, rostrum_slide_src, GST_TYPE_PUSH_SRC,
                        GST_DEBUG_CATEGORY_INIT(slide_src_debug, "slidesrc", 0, "Slide source"))
GST_ELEMENT_REGISTER_DEFINE(slidesrc, "slidesrc", GST_RANK_NONE, ROSTRUM_TYPE_SLIDE_SRC)

static Result<std::vector<Slide>> slides_of(const SlideSettings& settings,
                                            std::optional<Nanoseconds> stop) {
  if (settings.location.empty()) return read_slides(settings.slides.get());
  if (!settings.slides.empty())
    return fail(Kind::usage, "both slides and location are set: one is needed");
  return slides_of_track(settings.location, settings.track, stop);
}

static gboolean rostrum_slide_src_start(GstBaseSrc* base) {
  auto* self = ROSTRUM_SLIDE_SRC(base);
  const auto settings = self->priv->settings.copy();
  std::optional<Nanoseconds> stop;
  if (GST_CLOCK_TIME_IS_VALID(settings.stop)) stop = from_gst(settings.stop);
  g_cancellable_reset(self->priv->cancellable);
  auto slides = slides_of(settings, stop);
  if (!slides) {
    GST_ELEMENT_ERROR(self, RESOURCE, SETTINGS, ("%s.", slides.error().message.c_str()), (nullptr));
    return FALSE;
  }
  if (slides->empty() && !stop) {
    GST_ELEMENT_ERROR(self, RESOURCE, SETTINGS,
                      ("Nothing to show: set slides, or location and track."), (nullptr));
    return FALSE;
  }
  SlideProgramme programme{std::move(*slides), settings.rate, from_gst(settings.start), stop};
  const auto span = programme.span();
  const auto first = programme.frames().first;
  self->priv->state.emplace(State{settings, std::move(programme), first});
  *self->priv->span.lock() = span;
  base->segment.start = base->segment.time = base->segment.position = to_gst(span.from);
  base->segment.stop = to_gst(span.to);
  return TRUE;
}

static gboolean rostrum_slide_src_stop(GstBaseSrc* base) {
  auto* priv = ROSTRUM_SLIDE_SRC(base)->priv;
  priv->state.reset();
  *priv->span.lock() = std::nullopt;
  return TRUE;
}

// Each picture brings its own size.
static gboolean rostrum_slide_src_negotiate(GstBaseSrc*) { return TRUE; }

static GstFlowReturn rostrum_slide_src_set_size(RostrumSlideSrc* self, Size size) {
  auto& state = *self->priv->state;
  if (state.negotiated == size) return GST_FLOW_OK;
  const auto caps = picture_caps(size, state.settings.rate);
  if (!gst_base_src_set_caps(GST_BASE_SRC(self), caps.get()))
    return g_cancellable_is_cancelled(self->priv->cancellable) ? GST_FLOW_FLUSHING
                                                               : GST_FLOW_NOT_NEGOTIATED;
  state.negotiated = size;
  return GST_FLOW_OK;
}

// The base class sends SEGMENT only with the first buffer; an event that must follow it needs one
// before.
static GstFlowReturn rostrum_slide_src_push_gap(RostrumSlideSrc* self, FrameRange frames) {
  auto& state = *self->priv->state;
  auto* base = GST_BASE_SRC(self);
  if (state.negotiated == Size{}) {
    const auto flow =
        rostrum_slide_src_set_size(self, {state.settings.width, state.settings.height});
    if (flow != GST_FLOW_OK) return flow;
  }
  if (!state.segment_sent)
    gst_pad_push_event(GST_BASE_SRC_PAD(base), gst_event_new_segment(&base->segment));
  state.segment_sent = true;
  const auto start = state.programme.pts(frames.first);
  const auto duration = state.programme.pts(frames.end) - start;
  gst_pad_push_event(GST_BASE_SRC_PAD(base), gst_event_new_gap(to_gst(start), to_gst(duration)));
  return GST_FLOW_OK;
}

static GstFlowReturn rostrum_slide_src_report(RostrumSlideSrc* self, std::size_t index,
                                              const std::string& why) {
  auto& state = *self->priv->state;
  const auto& slide = state.programme.slides()[index];
  const auto* location = slide.location.c_str();
  const bool missing = access(location, F_OK) != 0;
  if (state.settings.fail_on_damage) {
    if (missing)
      GST_ELEMENT_ERROR(self, RESOURCE, NOT_FOUND, ("%s: %s.", location, why.c_str()),
                        ("page %d", slide.page));
    else
      GST_ELEMENT_ERROR(self, STREAM, DECODE, ("%s: %s.", location, why.c_str()),
                        ("page %d", slide.page));
    return GST_FLOW_ERROR;
  }
  if (state.reported.insert(index).second)
    post_substitution(GST_ELEMENT(self),
                      {.asset = slide.asset,
                       .pointer = {},
                       .what = missing ? "missing" : "unreadable",
                       .when = slide.when,
                       .why = why},
                      location);
  return GST_FLOW_OK;
}

static GstFlowReturn rostrum_slide_src_make_buffer(RostrumSlideSrc* self, FrameRange frames,
                                                   std::optional<std::size_t> index,
                                                   GstBuffer** out) {
  static const Slide kGap{.color = 0x000000};
  auto& state = *self->priv->state;
  const auto& slide = index ? state.programme.slides()[*index] : kGap;
  const Size size{slide.size.width > 0 ? slide.size.width : state.settings.width,
                  slide.size.height > 0 ? slide.size.height : state.settings.height};
  const auto picture = state.pictures.get(slide, size, self->priv->cancellable);
  if (!picture) return GST_FLOW_FLUSHING;
  if (index && !(*picture)->problem.empty()) {
    const auto flow = rostrum_slide_src_report(self, *index, (*picture)->problem);
    if (flow != GST_FLOW_OK) return flow;
  }
  const auto flow = rostrum_slide_src_set_size(self, size);
  if (flow != GST_FLOW_OK) return flow;

  auto buffer = adopt(gst_buffer_copy((*picture)->frame.get()));  // shares the memory
  GST_BUFFER_PTS(buffer.get()) = to_gst(state.programme.pts(frames.first));
  GST_BUFFER_DURATION(buffer.get()) =
      to_gst(state.programme.pts(frames.end) - state.programme.pts(frames.first));
  GST_BUFFER_OFFSET(buffer.get()) = static_cast<guint64>(frames.first);
  GST_BUFFER_OFFSET_END(buffer.get()) = static_cast<guint64>(frames.end);
  GST_LOG_OBJECT(self, "frames %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT ": %" GST_PTR_FORMAT,
                 frames.first, frames.end, buffer.get());
  *out = buffer.release();
  state.segment_sent = true;
  return GST_FLOW_OK;
}

static GstFlowReturn rostrum_slide_src_create(GstPushSrc* push, GstBuffer** out) {
  auto* self = ROSTRUM_SLIDE_SRC(push);
  auto& state = *self->priv->state;
  const auto stop = GST_BASE_SRC(push)->segment.stop;
  auto end = state.programme.frames().end;
  if (GST_CLOCK_TIME_IS_VALID(stop))
    end = std::min(end, state.programme.first_from(from_gst(stop)));

  while (state.next < end) {
    if (g_cancellable_is_cancelled(self->priv->cancellable)) return GST_FLOW_FLUSHING;
    const auto& stretch = state.programme.at(state.next);
    FrameRange frames{state.next, std::min(stretch.frames.end, end)};
    const bool gap = !stretch.item && state.settings.gap_events;
    if (!gap && !state.settings.on_change) frames.end = frames.first + 1;
    const auto flow = gap ? rostrum_slide_src_push_gap(self, frames)
                          : rostrum_slide_src_make_buffer(self, frames, stretch.item, out);
    if (flow != GST_FLOW_OK) return flow;
    state.next = frames.end;
    if (!gap) return GST_FLOW_OK;
  }
  return GST_FLOW_EOS;
}

static gboolean rostrum_slide_src_is_seekable(GstBaseSrc*) { return TRUE; }

// Called with the streaming thread stopped, and once before it first runs.
static gboolean rostrum_slide_src_do_seek(GstBaseSrc* base, GstSegment* segment) {
  auto& state = *ROSTRUM_SLIDE_SRC(base)->priv->state;
  if (segment->rate <= 0) return FALSE;
  const auto span = state.programme.span();
  segment->start = std::max(segment->start, to_gst(span.from));
  segment->time = segment->position = segment->start;
  state.next = state.programme.frame_at(std::min(from_gst(segment->start), span.to));
  state.segment_sent = false;
  return TRUE;
}

static gboolean rostrum_slide_src_event(GstBaseSrc* base, GstEvent* event) {
  double rate = 1;
  if (GST_EVENT_TYPE(event) == GST_EVENT_SEEK)
    gst_event_parse_seek(event, &rate, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr);
  if (rate <= 0) return FALSE;  // before anything is flushed
  return GST_BASE_SRC_CLASS(rostrum_slide_src_parent_class)->event(base, event);
}

static gboolean rostrum_slide_src_query(GstBaseSrc* base, GstQuery* query) {
  if (GST_QUERY_TYPE(query) == GST_QUERY_DURATION) {
    GstFormat format;
    gst_query_parse_duration(query, &format, nullptr);
    const auto span = ROSTRUM_SLIDE_SRC(base)->priv->span.copy();
    if (format == GST_FORMAT_TIME && span) {
      gst_query_set_duration(query, format, span->to.count());
      return TRUE;
    }
  }
  return GST_BASE_SRC_CLASS(rostrum_slide_src_parent_class)->query(base, query);
}

static gboolean rostrum_slide_src_unlock(GstBaseSrc* base) {
  g_cancellable_cancel(ROSTRUM_SLIDE_SRC(base)->priv->cancellable);
  return TRUE;
}

static gboolean rostrum_slide_src_unlock_stop(GstBaseSrc* base) {
  g_cancellable_reset(ROSTRUM_SLIDE_SRC(base)->priv->cancellable);
  return TRUE;
}

static void rostrum_slide_src_set_property(GObject* object, guint id, const GValue* value,
                                           GParamSpec* pspec) {
  auto settings = ROSTRUM_SLIDE_SRC(object)->priv->settings.lock();
  if (!set_slide_property(*settings, id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void rostrum_slide_src_get_property(GObject* object, guint id, GValue* value,
                                           GParamSpec* pspec) {
  const auto settings = ROSTRUM_SLIDE_SRC(object)->priv->settings.copy();
  if (!get_slide_property(settings, id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void rostrum_slide_src_init(RostrumSlideSrc* self) {
  self->priv = new RostrumSlideSrcPrivate;
  gst_base_src_set_format(GST_BASE_SRC(self), GST_FORMAT_TIME);
}

static void rostrum_slide_src_finalize(GObject* object) {
  auto* priv = ROSTRUM_SLIDE_SRC(object)->priv;
  g_object_unref(priv->cancellable);
  delete priv;
  G_OBJECT_CLASS(rostrum_slide_src_parent_class)->finalize(object);
}

static void rostrum_slide_src_class_init(RostrumSlideSrcClass* klass) {
  auto* object_class = G_OBJECT_CLASS(klass);
  object_class->set_property = rostrum_slide_src_set_property;
  object_class->get_property = rostrum_slide_src_get_property;
  object_class->finalize = rostrum_slide_src_finalize;
  install_slide_properties(object_class);

  auto* element_class = GST_ELEMENT_CLASS(klass);
  gst_element_class_add_static_pad_template(element_class, &src_template);
  gst_element_class_set_static_metadata(element_class, "Slide source", "Source/Video",
                                        "Shows pictures and PDF pages through time",
                                        "The rostrum authors");

  auto* base_class = GST_BASE_SRC_CLASS(klass);
  base_class->start = GST_DEBUG_FUNCPTR(rostrum_slide_src_start);
  base_class->stop = GST_DEBUG_FUNCPTR(rostrum_slide_src_stop);
  base_class->negotiate = GST_DEBUG_FUNCPTR(rostrum_slide_src_negotiate);
  base_class->is_seekable = GST_DEBUG_FUNCPTR(rostrum_slide_src_is_seekable);
  base_class->do_seek = GST_DEBUG_FUNCPTR(rostrum_slide_src_do_seek);
  base_class->event = GST_DEBUG_FUNCPTR(rostrum_slide_src_event);
  base_class->query = GST_DEBUG_FUNCPTR(rostrum_slide_src_query);
  base_class->unlock = GST_DEBUG_FUNCPTR(rostrum_slide_src_unlock);
  base_class->unlock_stop = GST_DEBUG_FUNCPTR(rostrum_slide_src_unlock_stop);
  GST_PUSH_SRC_CLASS(klass)->create = GST_DEBUG_FUNCPTR(rostrum_slide_src_create);
}
