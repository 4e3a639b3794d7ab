// SPDX-License-Identifier: LGPL-2.1-or-later
#include "jobsrc/job_branch.h"

#include "core/clip_schedule.h"
#include "core/slice.h"
#include "engine/graph.h"
#include "engine/parallel.h"
#include "jobsrc/job_toc.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace rostrum {

namespace {

GstClockTime clock_time(Nanoseconds t) { return static_cast<GstClockTime>(t.count()); }
Nanoseconds from_clock(guint64 t) { return Nanoseconds{static_cast<std::int64_t>(t)}; }

// The sources all at once: each waits for its decoders to close.  What takes their buffers goes
// first, so that none waits for that.
void stop_elements(GstBin* graph) {
  std::vector<GstPtr<GstElement>> sources;
  std::vector<GstPtr<GstElement>> others;
  GST_OBJECT_LOCK(graph);
  for (const auto* child = graph->children; child; child = child->next) {
    auto element = retain(GST_ELEMENT(child->data));
    const bool source = GST_OBJECT_FLAG_IS_SET(element.get(), GST_ELEMENT_FLAG_SOURCE);
    (source ? sources : others).push_back(std::move(element));
  }
  GST_OBJECT_UNLOCK(graph);
  for (const auto& element : others) gst_element_set_state(element.get(), GST_STATE_NULL);
  in_parallel(sources.size(), static_cast<unsigned>(sources.size()), [&](std::size_t i) {
    gst_element_set_state(sources[i].get(), GST_STATE_NULL);
    return true;
  });
}

// Until the pipeline's change of state that opened the job is through. uridecodebin3 links our pads
// while its decodebin3 may still be in READY (1.22, where urisourcebin comes first in its bin), and
// what arrives there before it is in PAUSED finds pads that flush: nothing would ever flow again.
// The lock of the outermost element's state tells; it is only tried, for who holds it may wait for
// this thread.
void wait_for_owners(GstPad* pad, GstBin* owner) {
  constexpr int kTries = 2000;
  const auto root = outermost(GST_ELEMENT(owner));
  for (int tried = 0; tried < kTries && !GST_PAD_IS_FLUSHING(pad); ++tried) {
    if (GST_STATE_TRYLOCK(root.get())) return GST_STATE_UNLOCK(root.get());
    g_usleep(1000);
  }
}

}  // namespace

std::int64_t frame_at(const FrameGrid& grid, Nanoseconds t) {
  const auto n = grid.first_at(t);
  return n > 0 && grid.start(n) > t + 1ms ? n - 1 : n;
}

// What comes out of one graph: counted from the graph's beginning there, from the film's here.
class JobBranch::Passage {
 public:
  Passage(JobBranch& branch, Playing playing, std::int64_t first)
      : branch_{branch}, playing_{std::move(playing)}, first_{first} {}

  static GstPadProbeReturn on_data(GstPad* pad, GstPadProbeInfo* info, gpointer self) {
    auto& passage = *static_cast<Passage*>(self);
    if (!passage.branch_.started_) wait_for_owners(pad, passage.branch_.owner_);
    if (GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER) {
      passage.announce();
      info->data = passage.timed(GST_PAD_PROBE_INFO_BUFFER(info));
      return GST_PAD_PROBE_OK;
    }
    return passage.event(info);
  }

 private:
  GstPadProbeReturn event(GstPadProbeInfo* info) {
    auto* old = GST_PAD_PROBE_INFO_EVENT(info);
    GstEvent* made = nullptr;
    switch (GST_EVENT_TYPE(old)) {
    case GST_EVENT_STREAM_START:  // one, however many graphs
      if (std::exchange(branch_.started_, true)) return GST_PAD_PROBE_DROP;
      made = branch_.stream_start();
      break;
    case GST_EVENT_SEGMENT:
      made = gst_event_new_segment(&playing_.segment);
      break;
    case GST_EVENT_EOS:
      made = gst_event_new_eos();
      break;
    case GST_EVENT_TAG:  // of single media
      return GST_PAD_PROBE_DROP;
    default:
      return GST_PAD_PROBE_OK;
    }
    if (playing_.seqnum && GST_EVENT_TYPE(made) != GST_EVENT_STREAM_START)
      gst_event_set_seqnum(made, playing_.seqnum);
    gst_event_unref(old);
    info->data = made;
    return GST_PAD_PROBE_OK;
  }

  // Title and chapters, when the segment is through.
  void announce() {
    if (std::exchange(announced_, true)) return;
    branch_.pushing_ = g_thread_self();
    gst_pad_push_event(branch_.pad(), title_event(*playing_.planned).release());
    const bool chapters = !playing_.planned->plan.chapters.empty();
    // None takes the place of those before.
    if (std::exchange(branch_.chapters_, chapters) || chapters)
      gst_pad_push_event(branch_.pad(), chapters_event(*playing_.planned).release());
  }

  GstBuffer* timed(GstBuffer* buffer) {
    buffer = gst_buffer_make_writable(buffer);
    const auto pts = from_clock(GST_BUFFER_PTS(buffer));
    const auto& grid = playing_.planned->plan.grid;
    const bool picture = branch_.medium_ == Medium::picture;
    const auto index = first_ + (picture ? grid.frames(pts) : sample_at(pts));
    const auto time = branch_.time_of(index, *playing_.planned);
    const auto end = picture ? branch_.time_of(index + 1, *playing_.planned)
                             : time + from_clock(GST_BUFFER_DURATION(buffer));
    GST_BUFFER_PTS(buffer) = clock_time(time);
    GST_BUFFER_DURATION(buffer) = clock_time(end - time);
    GST_BUFFER_OFFSET(buffer) = static_cast<guint64>(index);
    GST_BUFFER_OFFSET_END(buffer) = GST_BUFFER_OFFSET_NONE;
    branch_.position_ = time.count();
    return buffer;
  }

  JobBranch& branch_;  // takes this graph away before it goes
  const Playing playing_;
  const std::int64_t first_;
  bool announced_ = false;
};

JobBranch::JobBranch(GstBin* owner, Medium medium, GstPtr<GstPad> pad, GstStreamCollection* streams,
                     guint group)
    : owner_{owner},
      medium_{medium},
      pad_{std::move(pad)},
      streams_{static_cast<GstStreamCollection*>(gst_object_ref(streams))},
      group_{group} {}

JobBranch::~JobBranch() { gst_object_unref(streams_); }

void JobBranch::forget_prepared() { prepared_ = {}; }

GstStream* JobBranch::stream() const {
  return gst_stream_collection_get_stream(streams_, medium_ == Medium::picture ? 0 : 1);
}

GstEvent* JobBranch::stream_start() const {
  auto* made = gst_event_new_stream_start(gst_stream_get_stream_id(stream()));
  gst_event_set_group_id(made, group_);
  gst_event_set_stream(made, stream());
  return made;
}

GstPtr<GstCaps> JobBranch::caps_of(const Plan& plan) const {
  const auto rate = plan.grid.rate();
  if (medium_ == Medium::sound)
    return adopt(gst_caps_new_simple("audio/x-raw", "format", G_TYPE_STRING, "F32LE", "rate",
                                     G_TYPE_INT, kSampleRate, "channels", G_TYPE_INT,
                                     plan.sound.channels, "layout", G_TYPE_STRING, "interleaved",
                                     nullptr));
  return adopt(gst_caps_new_simple(
      "video/x-raw", "format", G_TYPE_STRING, "I420", "width", G_TYPE_INT, plan.canvas.width,
      "height", G_TYPE_INT, plan.canvas.height, "framerate", GST_TYPE_FRACTION,
      static_cast<int>(rate.num), static_cast<int>(rate.den), nullptr));
}

void JobBranch::announce(const Plan& plan) {
  gst_pad_push_event(pad(), stream_start());
  gst_pad_push_event(pad(), gst_event_new_stream_collection(streams_));
  gst_pad_push_event(pad(), gst_event_new_caps(caps_of(plan).get()));
}

Nanoseconds JobBranch::time_of(std::int64_t index, const PlannedJob& planned) const {
  // sound rounded up: mixers, which round down, find the same sample
  return medium_ == Medium::picture ? planned.plan.grid.start(index) : sample_time_up(index);
}

FrameRange JobBranch::range_of(const Playing& playing) const {
  const auto& plan = playing.planned->plan;
  const auto& segment = playing.segment;
  const bool picture = medium_ == Medium::picture;
  const auto start = std::min(from_clock(segment.start), playing.length());
  FrameRange all{0, picture ? plan.frames.end : sample_count(plan)};
  if (GST_CLOCK_TIME_IS_VALID(segment.stop) && from_clock(segment.stop) < playing.length()) {
    const auto stop = from_clock(segment.stop);
    all.end = std::max<std::int64_t>(1, picture ? plan.grid.first_at(stop) : sample_at(stop));
  }
  const auto first = picture ? frame_at(plan.grid, start) : sample_at(start);
  // At the very end there is still something for the sink to leave out, and then the end.
  return {std::clamp<std::int64_t>(first, 0, all.end - 1), all.end};
}

Result<void> JobBranch::prepare(const Playing& playing) {
  const auto& planned = *playing.planned;
  const auto range = range_of(playing);
  const bool picture = medium_ == Medium::picture;
  const auto slice = picture ? make_picture_slice(planned.plan, range)
                             : make_sound_slice(planned.plan, range.first, range.end);
  const GraphInput input{slice, planned.paths, planned.job.manifest.on_damage, {}};
  auto graph = picture ? make_video_bin(input) : make_audio_bin(input);
  if (!graph) return tl::unexpected(graph.error());
  prepared_ = {std::move(*graph), std::make_unique<Passage>(*this, playing, range.first), playing,
               time_of(range.first, planned)};
  return {};
}

// By way of the inner side of the pad, which remembers the end of the stream as well.
void JobBranch::flush(GstEvent* event, guint32 seqnum) {
  gst_event_set_seqnum(event, seqnum);
  const auto inner = adopt(GST_PAD(gst_proxy_pad_get_internal(GST_PROXY_PAD(pad()))));
  gst_pad_send_event(inner.get(), event);
}

void JobBranch::flush_start(guint32 seqnum) {
  // What is interrupted may take it for an error: nobody is to hear of that.
  if (graph_) gst_element_set_bus(graph_.get(), nullptr);
  flush(gst_event_new_flush_start(), seqnum);
}

void JobBranch::flush_stop(guint32 seqnum, bool new_time) {
  flush(gst_event_new_flush_stop(new_time), seqnum);
}

void JobBranch::start(bool running) {
  auto [graph, passage, playing, begin] = std::exchange(prepared_, {});
  *begun_.lock() = {playing.segment, begin, GST_OBJECT(graph.get())};
  position_ = static_cast<std::int64_t>(playing.segment.start);
  const auto source = adopt(gst_element_get_static_pad(graph.get(), "src"));
  gst_pad_add_probe(
      source.get(),
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM),
      Passage::on_data, passage.release(),
      [](gpointer data) { delete static_cast<Passage*>(data); });
  graph_ = std::move(graph);
  gst_bin_add(owner_, graph_.get());
  gst_ghost_pad_set_target(GST_GHOST_PAD(pad()), source.get());
  if (running) gst_element_sync_state_with_parent(graph_.get());
}

void JobBranch::stop() {
  const auto graph = std::move(graph_);
  if (!graph) return;
  gst_element_set_locked_state(graph.get(), TRUE);  // the owner may be on its way to PLAYING
  stop_elements(GST_BIN(graph.get()));
  gst_element_set_state(graph.get(), GST_STATE_NULL);
  gst_ghost_pad_set_target(GST_GHOST_PAD(pad()), nullptr);
  gst_bin_remove(owner_, graph.get());
}

}  // namespace rostrum
