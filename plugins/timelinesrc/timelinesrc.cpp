// SPDX-License-Identifier: LGPL-2.1-or-later

/**
 * SECTION:element-timelinesrc
 * @title: timelinesrc
 * @see_also: slidesrc
 *
 * Plays the clips of one track on an absolute timeline: pieces of media of any size, rate, codec
 * and container, one after another, with gaps in between.  It puts out exactly one picture per
 * output frame, or exactly the planned samples of sound; a medium that is damaged, missing, short
 * or stalled becomes a gap of the planned length and a "rostrum-substitution" element message.
 *
 * Each clip is decoded in a pipeline of its own, the next one opened shortly before it is needed.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 timelinesrc clips="<[clip, location=talk.mp4, start=(guint64)0, \
 *     in=(guint64)1000000000, duration=(guint64)2000000000]>" ! videoconvert ! autovideosink
 * gst-launch-1.0 timelinesrc media=audio clips="<[clip, location=talk.mp4, \
 *     start=(guint64)500000000, duration=(guint64)2000000000]>" ! audioconvert ! autoaudiosink
 * gst-launch-1.0 timelinesrc location=job.json track=camera ! videoconvert ! autovideosink
 * ]|
 */
#include "timelinesrc/timelinesrc.h"

#include "engine/audio_track.h"
#include "engine/substitution.h"
#include "engine/video_track.h"
#include "lib/guarded.h"
#include "timelinesrc/clip_track.h"
#include "timelinesrc/properties.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

GST_DEBUG_CATEGORY_STATIC(timeline_src_debug);
#define GST_CAT_DEFAULT timeline_src_debug

using namespace rostrum;
using timelinesrc::Settings;

namespace {

constexpr Nanoseconds kCloseTime{2s};  // for decoders to close; one that hangs is left behind

struct State {  // between start() and stop()
  bool gap_events = false;
  bool fail_on_damage = false;
  Fraction rate;
  SliceGrid slice;
  Interval played;
  // Frames or samples of the job's grid; an index is never derived from a PTS while playing.
  FrameRange all;                     // of `played`
  FrameRange coming;                  // still to come in this segment
  std::unique_ptr<VideoTrack> video;  // either this
  std::unique_ptr<AudioTrack> audio;  // or that
  bool caps_set = false;
  Size size;                  // in the caps
  bool fresh = true;          // no segment yet
  bool segment_sent = false;  // by us, for a GAP
};

// One output frame, or a block of samples.
struct Step {
  bool flushing = false;
  GstPtr<GstBuffer> buffer;  // null: a GAP event
  Size size;
  std::int64_t count = 1;
};

GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE(
    "src", GST_PAD_SRC, GST_PAD_ALWAYS,
    GST_STATIC_CAPS("video/x-raw, format = (string) I420, width = (int) [ 2, MAX ], height = (int) "
                    "[ 2, MAX ], framerate = (fraction) [ 0/1, MAX ], pixel-aspect-ratio = "
                    "(fraction) 1/1, colorimetry = (string) bt709; audio/x-raw, format = (string) "
                    "F32LE, rate = (int) 48000, channels = (int) 2, layout = (string) "
                    "interleaved"));

GstClockTime clock_time(Nanoseconds t) { return static_cast<GstClockTime>(t.count()); }
Nanoseconds from_clock(GstClockTime t) { return Nanoseconds{static_cast<std::int64_t>(t)}; }

Nanoseconds pts_of(const State& s, std::int64_t n) {
  if (s.video) return s.slice.pts(n);
  return s.played.from + sample_time_up(n - s.all.first);
}

FrameRange units_of(const State& s, Interval i) {
  if (s.video) return s.slice.frames(i);
  return {s.all.first + sample_at(i.from - s.played.from),
          i.to == s.played.to ? s.all.end : s.all.first + sample_at(i.to - s.played.from)};
}

Step next_step(State& s) {
  const auto n = s.coming.first;
  const bool fill = !s.gap_events;
  if (s.video) {
    auto made = s.video->frame(n, s.all.end, fill);
    return {made.kind == VideoTrack::Step::Kind::flushing, std::move(made.picture), made.size, 1};
  }
  auto made = s.audio->samples(n, s.coming.end, fill);
  return {made.kind == AudioTrack::Step::Kind::flushing, std::move(made.sound), {}, made.count};
}

}  // namespace

struct RostrumTimelineSrcPrivate {
  Guarded<Settings> settings;                                                 // any thread
  std::shared_ptr<DecoderSignal> signal = std::make_shared<DecoderSignal>();  // any thread
  std::atomic<guint32> seqnum{0};  // of the last seek, 0 = none; any thread
  Guarded<Interval> played;        // for queries; any thread
  std::optional<State> state;      // streaming thread, or while it does not run
};

struct _RostrumTimelineSrc {
  GstPushSrc parent;
  RostrumTimelineSrcPrivate* priv;
};

G_DEFINE_TYPE_WITH_CODE(RostrumTimelineSrc, rostrum_timeline_src, GST_TYPE_PUSH_SRC,
                        GST_DEBUG_CATEGORY_INIT(timeline_src_debug, "timelinesrc", 0,
                                                "Timeline source"))
GST_ELEMENT_REGISTER_DEFINE(timelinesrc, "timelinesrc", GST_RANK_NONE, ROSTRUM_TYPE_TIMELINE_SRC)

static void fill_state(State& state, TrackSettings track, const Settings& settings,
                       const std::shared_ptr<DecoderSignal>& signal) {
  state.gap_events = settings.gap == timelinesrc::GapKind::event;
  state.fail_on_damage = settings.on_damage == timelinesrc::Damage::fail;
  state.rate = settings.framerate;
  if (settings.media == timelinesrc::Media::video) {
    state.all = track.grid.range(track.played);
    state.slice = SliceGrid{track.grid, state.all.first};
    // The segment begins and ends with its frames.
    track.played = {state.slice.pts(state.all.first), state.slice.pts(state.all.end)};
    state.played = track.played;
    state.video = std::make_unique<VideoTrack>(std::move(track), signal);
  } else {
    state.all = {sample_at(track.played.from), sample_at(track.played.to)};
    state.played = track.played;
    state.audio = std::make_unique<AudioTrack>(std::move(track), signal);
  }
  state.coming = state.all;
}

static Result<TrackClips> clips_of(const Settings& settings) {
  for (const auto& problem : {settings.clips_problem, settings.gains_problem})
    if (!problem.empty()) return fail(Kind::usage, problem);
  if (!settings.clips.empty() || settings.location.empty())
    return TrackClips{settings.clips, settings.gains};
  const auto stop = settings.stop == kNoTime ? std::nullopt : std::optional{settings.stop};
  auto found = clips_of_track(settings.location, settings.track,
                              settings.media == timelinesrc::Media::video, stop);
  if (found) found->gains.insert(found->gains.end(), settings.gains.begin(), settings.gains.end());
  return found;
}

static gboolean rostrum_timeline_src_start(GstBaseSrc* base) {
  auto* self = ROSTRUM_TIMELINE_SRC(base);
  const auto settings = self->priv->settings.copy();
  const auto clips = clips_of(settings);
  if (!clips) {
    GST_ELEMENT_ERROR(self, RESOURCE, SETTINGS, ("%s.", clips.error().message.c_str()), (nullptr));
    return FALSE;
  }
  TrackSettings track{.schedule = ClipSchedule{clips->clips},
                      .grid = FrameGrid{settings.framerate},
                      .played = {settings.start, settings.stop},
                      .stall_timeout = settings.stall_timeout,
                      .gains = clips->gains};
  if (track.played.to == kNoTime) track.played.to = track.schedule.end();
  if (track.played.empty()) {
    GST_ELEMENT_ERROR(self, RESOURCE, SETTINGS,
                      ("There is nothing to play between start and stop."),
                      ("%zu clips", track.schedule.clips().size()));
    return FALSE;
  }
  auto& state = self->priv->state.emplace();
  fill_state(state, std::move(track), settings, self->priv->signal);
  *self->priv->played.lock() = state.played;
  return TRUE;
}

static gboolean rostrum_timeline_src_stop(GstBaseSrc* base) {
  auto* self = ROSTRUM_TIMELINE_SRC(base);
  self->priv->state.reset();
  if (!self->priv->signal->wait_closed(kCloseTime))
    GST_WARNING_OBJECT(self, "a decoder hangs and is left behind");
  return TRUE;
}

static gboolean rostrum_timeline_src_unlock(GstBaseSrc* base) {
  ROSTRUM_TIMELINE_SRC(base)->priv->signal->set_flushing(true);
  return TRUE;
}

static gboolean rostrum_timeline_src_unlock_stop(GstBaseSrc* base) {
  ROSTRUM_TIMELINE_SRC(base)->priv->signal->set_flushing(false);
  return TRUE;
}

static gboolean rostrum_timeline_src_is_seekable(GstBaseSrc*) { return TRUE; }

static gboolean rostrum_timeline_src_event(GstBaseSrc* base, GstEvent* event) {
  if (GST_EVENT_TYPE(event) == GST_EVENT_SEEK) {
    gdouble rate = 0;
    gst_event_parse_seek(event, &rate, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr);
    if (rate <= 0) return FALSE;  // before anything is flushed
    ROSTRUM_TIMELINE_SRC(base)->priv->seqnum = gst_event_get_seqnum(event);
  }
  return GST_BASE_SRC_CLASS(rostrum_timeline_src_parent_class)->event(base, event);
}

// Also called once before the first buffer, with an empty segment.
static gboolean rostrum_timeline_src_do_seek(GstBaseSrc* base, GstSegment* segment) {
  auto& s = *ROSTRUM_TIMELINE_SRC(base)->priv->state;
  if (segment->rate <= 0) return FALSE;
  const auto from = clock_time(s.played.from);
  const auto to = clock_time(s.played.to);
  const bool first = std::exchange(s.fresh, false);
  segment->start = first ? from : std::clamp(segment->start, from, to);
  if (!GST_CLOCK_TIME_IS_VALID(segment->stop) || segment->stop > to) segment->stop = to;
  segment->time = segment->position = segment->start;
  segment->duration = to;
  s.coming = units_of(s, {from_clock(segment->start), from_clock(segment->stop)});
  s.segment_sent = false;
  if (s.video) s.video->restart();
  if (s.audio) s.audio->restart();
  return TRUE;
}

static gboolean rostrum_timeline_src_query(GstBaseSrc* base, GstQuery* query) {
  auto* self = ROSTRUM_TIMELINE_SRC(base);
  GstFormat format = GST_FORMAT_UNDEFINED;
  const auto played = self->priv->played.copy();
  switch (GST_QUERY_TYPE(query)) {
  case GST_QUERY_DURATION:
    gst_query_parse_duration(query, &format, nullptr);
    if (format != GST_FORMAT_TIME || played.empty()) return FALSE;
    gst_query_set_duration(query, format, played.to.count());
    return TRUE;
  case GST_QUERY_SEEKING:
    gst_query_parse_seeking(query, &format, nullptr, nullptr, nullptr);
    if (format != GST_FORMAT_TIME) return FALSE;
    gst_query_set_seeking(query, format, TRUE, played.from.count(), played.to.count());
    return TRUE;
  default:
    return GST_BASE_SRC_CLASS(rostrum_timeline_src_parent_class)->query(base, query);
  }
}

// Posts what could not be played; false when that ends playing.
static bool report_damage(RostrumTimelineSrc* self) {
  auto& s = *self->priv->state;
  while (const auto report = s.video ? s.video->take_report() : s.audio->take_report()) {
    if (s.fail_on_damage) {
      GST_ELEMENT_ERROR(self, STREAM, DECODE,
                        ("%s: %s.", report->location.c_str(), report->substitution.why.c_str()),
                        ("%s from %s", report->substitution.what.c_str(),
                         format_time(report->substitution.when.from).c_str()));
      return false;
    }
    post_substitution(GST_ELEMENT(self), report->substitution, report->location.c_str());
  }
  return true;
}

static bool update_caps(RostrumTimelineSrc* self, Size size) {
  auto& s = *self->priv->state;
  if (s.caps_set && s.size == size) return true;
  const auto caps = s.video ? fitted_caps(size, s.rate) : conformed_caps();
  if (!gst_base_src_set_caps(GST_BASE_SRC(self), caps.get())) return false;
  s.caps_set = true;
  s.size = size;
  return true;
}

// GstBaseSrc sends the segment only with the first buffer, which may come after this.
static void push_gap(RostrumTimelineSrc* self, GstClockTime pts, GstClockTime duration) {
  auto* base = GST_BASE_SRC(self);
  auto& s = *self->priv->state;
  if (!std::exchange(s.segment_sent, true)) {
    auto* event = gst_event_new_segment(&base->segment);
    if (const auto seqnum = self->priv->seqnum.load()) gst_event_set_seqnum(event, seqnum);
    gst_pad_push_event(GST_BASE_SRC_PAD(base), event);
  }
  gst_pad_push_event(GST_BASE_SRC_PAD(base), gst_event_new_gap(pts, duration));
  GST_OBJECT_LOCK(self);
  base->segment.position = pts + duration;
  GST_OBJECT_UNLOCK(self);
}

static bool flushing(RostrumTimelineSrc* self) {
  auto& signal = *self->priv->signal;
  const std::lock_guard lock{signal.mutex};
  return signal.flushing;
}

static GstFlowReturn rostrum_timeline_src_create(GstPushSrc* push, GstBuffer** out) {
  auto* self = ROSTRUM_TIMELINE_SRC(push);
  auto& s = *self->priv->state;
  while (!s.coming.empty()) {
    const auto n = s.coming.first;
    auto step = next_step(s);
    if (step.flushing || flushing(self)) return GST_FLOW_FLUSHING;
    if (!report_damage(self)) return GST_FLOW_ERROR;
    if (!update_caps(self, step.size)) return GST_FLOW_NOT_NEGOTIATED;
    s.coming.first += step.count;
    const auto pts = clock_time(pts_of(s, n));
    const auto duration = clock_time(pts_of(s, n + step.count)) - pts;
    if (!step.buffer) {
      push_gap(self, pts, duration);
      continue;
    }
    GST_BUFFER_PTS(step.buffer.get()) = pts;
    GST_BUFFER_DURATION(step.buffer.get()) = duration;
    *out = step.buffer.release();
    return GST_FLOW_OK;
  }
  return GST_FLOW_EOS;
}

static gboolean rostrum_timeline_src_negotiate(GstBaseSrc*) { return TRUE; }  // see update_caps()

static void rostrum_timeline_src_set_property(GObject* object, guint id, const GValue* value,
                                              GParamSpec* pspec) {
  auto settings = ROSTRUM_TIMELINE_SRC(object)->priv->settings.lock();
  if (!timelinesrc::set_property(*settings, id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void rostrum_timeline_src_get_property(GObject* object, guint id, GValue* value,
                                              GParamSpec* pspec) {
  auto settings = ROSTRUM_TIMELINE_SRC(object)->priv->settings.lock();
  if (!timelinesrc::get_property(*settings, id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void rostrum_timeline_src_init(RostrumTimelineSrc* self) {
  self->priv = new RostrumTimelineSrcPrivate;
  gst_base_src_set_format(GST_BASE_SRC(self), GST_FORMAT_TIME);
  gst_base_src_set_automatic_eos(GST_BASE_SRC(self), FALSE);
}

static void rostrum_timeline_src_finalize(GObject* object) {
  delete ROSTRUM_TIMELINE_SRC(object)->priv;
  G_OBJECT_CLASS(rostrum_timeline_src_parent_class)->finalize(object);
}

static void rostrum_timeline_src_class_init(RostrumTimelineSrcClass* klass) {
  auto* object_class = G_OBJECT_CLASS(klass);
  object_class->set_property = rostrum_timeline_src_set_property;
  object_class->get_property = rostrum_timeline_src_get_property;
  object_class->finalize = rostrum_timeline_src_finalize;
  timelinesrc::install_properties(object_class);

  auto* element_class = GST_ELEMENT_CLASS(klass);
  gst_element_class_add_static_pad_template(element_class, &src_template);
  gst_element_class_set_static_metadata(element_class, "Timeline source", "Source/Audio/Video",
                                        "Plays the clips of one track on an absolute timeline",
                                        "The rostrum authors");

  auto* base_class = GST_BASE_SRC_CLASS(klass);
  base_class->start = GST_DEBUG_FUNCPTR(rostrum_timeline_src_start);
  base_class->stop = GST_DEBUG_FUNCPTR(rostrum_timeline_src_stop);
  base_class->unlock = GST_DEBUG_FUNCPTR(rostrum_timeline_src_unlock);
  base_class->unlock_stop = GST_DEBUG_FUNCPTR(rostrum_timeline_src_unlock_stop);
  base_class->is_seekable = GST_DEBUG_FUNCPTR(rostrum_timeline_src_is_seekable);
  base_class->do_seek = GST_DEBUG_FUNCPTR(rostrum_timeline_src_do_seek);
  base_class->event = GST_DEBUG_FUNCPTR(rostrum_timeline_src_event);
  base_class->query = GST_DEBUG_FUNCPTR(rostrum_timeline_src_query);
  base_class->negotiate = GST_DEBUG_FUNCPTR(rostrum_timeline_src_negotiate);
  GST_PUSH_SRC_CLASS(klass)->create = GST_DEBUG_FUNCPTR(rostrum_timeline_src_create);
}
