// SPDX-License-Identifier: LGPL-2.1-or-later
#include "jobsrc/job_streams.h"

#include <algorithm>
#include <utility>

namespace rostrum {

namespace {

GstClockTime clock_time(Nanoseconds t) { return static_cast<GstClockTime>(t.count()); }
Nanoseconds from_clock(guint64 t) { return Nanoseconds{static_cast<std::int64_t>(t)}; }

const char* name_of(Medium medium) { return medium == Medium::picture ? "video" : "audio"; }

// In the order of kMedia.
GstStreamCollection* make_streams(const std::string& uri) {
  auto* streams = gst_stream_collection_new(uri.c_str());
  for (const auto medium : kMedia) {
    const auto id = uri + "#" + name_of(medium);
    const auto type = medium == Medium::picture ? GST_STREAM_TYPE_VIDEO : GST_STREAM_TYPE_AUDIO;
    gst_stream_collection_add_stream(
        streams, gst_stream_new(id.c_str(), nullptr, type, GST_STREAM_FLAG_SELECT));
  }
  return streams;
}

struct Seek {
  gdouble rate = 1;
  GstFormat format = GST_FORMAT_UNDEFINED;
  GstSeekFlags flags = GST_SEEK_FLAG_NONE;
  GstSeekType start_type = GST_SEEK_TYPE_NONE, stop_type = GST_SEEK_TYPE_NONE;
  gint64 start = 0, stop = 0;

  explicit Seek(GstEvent* event) {
    gst_event_parse_seek(event, &rate, &format, &flags, &start_type, &start, &stop_type, &stop);
  }
  bool can_be_done() const {
    const bool refused = flags & (GST_SEEK_FLAG_SEGMENT | GST_SEEK_FLAG_INSTANT_RATE_CHANGE);
    return format == GST_FORMAT_TIME && rate > 0 && flags & GST_SEEK_FLAG_FLUSH && !refused;
  }
  // A seek without a start goes on from there.
  void stay_at(Nanoseconds position) {
    if (start_type != GST_SEEK_TYPE_NONE) return;
    start_type = GST_SEEK_TYPE_SET;
    start = position.count();
  }
  // False when start and stop are none.
  bool apply(GstSegment& segment, const FrameGrid& grid) const {
    gboolean moved = FALSE;
    if (!gst_segment_do_seek(&segment, rate, format, flags, start_type, static_cast<guint64>(start),
                             stop_type, static_cast<guint64>(stop), &moved))
      return false;
    if (flags & GST_SEEK_FLAG_KEY_UNIT && !(flags & GST_SEEK_FLAG_ACCURATE))
      segment.start = segment.time = segment.position =
          clock_time(grid.start(frame_at(grid, from_clock(segment.start))));
    return true;
  }
};

}  // namespace

// What a pad knows.  An application may keep it longer than there is a job.
struct JobStreams::OfPad {
  std::weak_ptr<JobStreams> streams;
  JobBranch* branch;

  static OfPad& of(GstPad* pad) { return *static_cast<OfPad*>(gst_pad_get_element_private(pad)); }
};

void JobStreams::add_branch(const std::shared_ptr<JobStreams>& self, Medium medium,
                            GstStreamCollection* streams, guint group) {
  const char* name = name_of(medium);
  auto pad = retain(gst_ghost_pad_new_no_target_from_template(
      name, gst_element_class_get_pad_template(GST_ELEMENT_GET_CLASS(owner_), name)));
  gst_pad_set_event_function(pad.get(), on_event);
  gst_pad_set_query_function(pad.get(), on_query);
  auto& branch = branches_[static_cast<std::size_t>(medium)];
  branch = std::make_unique<JobBranch>(owner_, medium, retain(pad.get()), streams, group);
  auto* known = new OfPad{self, branch.get()};
  gst_pad_set_element_private(pad.get(), known);
  g_object_set_data_full(G_OBJECT(pad.get()), "rostrum", known,
                         [](gpointer data) { delete static_cast<OfPad*>(data); });
  gst_pad_set_active(pad.get(), TRUE);
}

std::shared_ptr<JobStreams> JobStreams::make(GstBin* owner, const std::string& uri) {
  std::shared_ptr<JobStreams> made{new JobStreams{owner}};
  auto* streams = make_streams(uri);
  const auto group = gst_util_group_id_next();
  for (const auto medium : kMedia) made->add_branch(made, medium, streams, group);
  gst_object_unref(streams);
  return made;
}

void JobStreams::add_pads() {
  for (const auto& branch : branches_) gst_element_add_pad(GST_ELEMENT(owner_), branch->pad());
  gst_element_no_more_pads(GST_ELEMENT(owner_));
}

Result<void> JobStreams::open(PlannedJobPtr planned, Nanoseconds at) {
  Playing playing{std::move(planned), {}};
  auto& segment = playing.segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  segment.duration = clock_time(playing.length());
  segment.start = segment.time = segment.position = clock_time(std::min(at, playing.length()));
  for (const auto& branch : branches_) branch->announce(playing.planned->plan);
  const std::lock_guard turn{turn_};
  auto done = go(playing, true);
  running_ = done.has_value();
  return done;
}

bool JobStreams::seek(GstEvent* event) {
  Seek wanted{event};
  wanted.stay_at(position());
  auto* self = g_thread_self();
  if (!wanted.can_be_done() || branches_[0]->pushes_from(self) || branches_[1]->pushes_from(self))
    return false;
  const std::lock_guard turn{turn_};
  if (closed_ || !running_) return false;
  auto playing = playing_.copy();
  const auto seqnum = gst_event_get_seqnum(event);
  if (playing.seqnum == seqnum) return true;  // it came by the other pad, too
  playing.seqnum = seqnum;
  return wanted.apply(playing.segment, playing.planned->plan.grid) && go(playing, true);
}

Result<void> JobStreams::replace(PlannedJobPtr planned, Nanoseconds position, guint32 seqnum) {
  const std::lock_guard turn{turn_};
  if (closed_ || !running_) return {};
  auto playing = playing_.copy();
  playing.planned = std::move(planned);
  auto& segment = playing.segment;
  if (playing.seqnum != seqnum) position = from_clock(segment.start);
  playing.seqnum = gst_util_seqnum_next();
  const auto length = clock_time(playing.length());
  if (GST_CLOCK_TIME_IS_VALID(segment.stop)) segment.stop = std::min(segment.stop, length);
  const auto last = std::min<guint64>(segment.stop, length);
  const auto at = std::clamp(clock_time(position), std::min<guint64>(segment.start, last), last);
  const auto running = gst_segment_to_running_time(&segment, GST_FORMAT_TIME, at);
  if (GST_CLOCK_TIME_IS_VALID(running)) segment.base = running;
  segment.start = segment.time = segment.position = at;
  segment.duration = length;
  return go(playing, false);
}

// With turn_.
Result<void> JobStreams::go(const Playing& playing, bool new_time) {
  for (const auto& branch : branches_)
    if (auto done = branch->prepare(playing); !done) {
      for (const auto& other : branches_) other->forget_prepared();
      return done;
    }
  if (running_) {
    for (const auto& branch : branches_) branch->flush_start(playing.seqnum);
    for (const auto& branch : branches_) branch->stop();
    for (const auto& branch : branches_) branch->flush_stop(playing.seqnum, new_time);
  }
  *playing_.lock() = playing;
  for (const auto& branch : branches_) branch->start(running_);
  return {};
}

void JobStreams::close() {
  const std::lock_guard turn{turn_};
  closed_ = true;
}

void JobStreams::remove() {
  for (const auto& branch : branches_) {
    branch->stop();
    if (const auto added = adopt(gst_pad_get_parent_element(branch->pad())))
      gst_element_remove_pad(added.get(), branch->pad());
  }
}

gboolean JobStreams::on_event(GstPad* pad, GstObject* parent, GstEvent* event) {
  const auto& known = OfPad::of(pad);
  const auto streams = known.streams.lock();
  if (GST_EVENT_TYPE(event) == GST_EVENT_SEEK) {
    const auto owned = adopt(event);
    return streams && streams->seek(event);
  }
  if (streams && GST_EVENT_TYPE(event) == GST_EVENT_QOS) {
    const auto owned = adopt(event);
    event = qos_in_graph_time(event, known.branch->begun());
    if (!event) return TRUE;
  }
  return gst_pad_event_default(pad, parent, event);
}

gboolean JobStreams::on_query(GstPad* pad, GstObject* parent, GstQuery* query) {
  const auto& known = OfPad::of(pad);
  const auto streams = known.streams.lock();
  return (streams && streams->answer(query, *known.branch)) ||
         gst_pad_query_default(pad, parent, query);
}

GstPtr<GstMessage> JobStreams::in_film_time(GstPtr<GstMessage> message) {
  if (GST_MESSAGE_TYPE(message.get()) != GST_MESSAGE_QOS) return message;
  for (const auto& branch : branches_)
    if (const auto begun = branch->begun(); is_in(GST_MESSAGE_SRC(message.get()), begun))
      if (auto told = qos_in_film_time(message.get(), begun)) return told;
  return message;
}

bool JobStreams::answer(GstQuery* query, const JobBranch& branch) {
  GstFormat format = GST_FORMAT_TIME;
  const auto playing = playing_.copy();
  if (!playing.planned) return false;
  const auto length = playing.length().count();
  const auto& segment = playing.segment;
  switch (GST_QUERY_TYPE(query)) {
  case GST_QUERY_DURATION:
    gst_query_parse_duration(query, &format, nullptr);
    if (format == GST_FORMAT_TIME) gst_query_set_duration(query, format, length);
    return format == GST_FORMAT_TIME;
  case GST_QUERY_POSITION:
    gst_query_parse_position(query, &format, nullptr);
    if (format == GST_FORMAT_TIME) gst_query_set_position(query, format, branch.position().count());
    return format == GST_FORMAT_TIME;
  case GST_QUERY_SEEKING:  // the aggregators in the graph would say no
    gst_query_parse_seeking(query, &format, nullptr, nullptr, nullptr);
    gst_query_set_seeking(query, format, format == GST_FORMAT_TIME, 0,
                          format == GST_FORMAT_TIME ? length : -1);
    return true;
  case GST_QUERY_SEGMENT: {
    const bool whole = !GST_CLOCK_TIME_IS_VALID(segment.stop);
    gst_query_set_segment(query, segment.rate, GST_FORMAT_TIME, static_cast<gint64>(segment.start),
                          whole ? length : static_cast<gint64>(segment.stop));
    return true;
  }
  case GST_QUERY_LATENCY:
    gst_query_set_latency(query, FALSE, 0, GST_CLOCK_TIME_NONE);
    return true;
  default:
    return false;
  }
}

}  // namespace rostrum
