// SPDX-License-Identifier: LGPL-2.1-or-later
// Streams into chunks.  What becomes of whole chunks is in chunk_commit.cpp.
#include "chunksink/chunk_writer.h"

#include <gst/video/video-event.h>

namespace rostrum {

namespace {

// Requests reach an encoder before the frames do, however many it holds back for its look-ahead.
constexpr std::int64_t kRequestsAhead = 64;

// Timestamps on a grid are rounded down, so that end and start may differ by this much.
constexpr Nanoseconds kRounding{2};

// The time that a playlist's chunks have at running time 0, which leaves room for what is decoded
// before it is presented.  mpegtsmux has the same.
constexpr Nanoseconds kProgrammeStart = 1h;

Nanoseconds length_of(const GstBuffer* buffer) {
  const auto duration = GST_BUFFER_DURATION(buffer);
  return Nanoseconds{GST_CLOCK_TIME_IS_VALID(duration) ? static_cast<std::int64_t>(duration) : 0};
}

}  // namespace

ChunkWriter::ChunkWriter(GstBin* bin, Setup setup, ChunkJournal journal,
                         std::optional<ChunkPlaylist> playlist)
    : bin_{bin},
      setup_{std::move(setup)},
      journal_{std::move(journal)},
      playlist_{std::move(playlist)},
      first_{journal_.kept().empty() ? 0 : journal_.kept().back().index + 1},
      chunks_{journal_.kept().size()} {}

void ChunkWriter::add(GstPad* pad, bool video) {
  const std::lock_guard lock{mutex_};
  tracks_.push_back(std::make_unique<Track>());
  auto& t = *tracks_.back();
  t.pad = retain(pad);
  t.video = video;
  t.next_request = std::max<std::int64_t>(first_, 1);
  gst_segment_init(&t.segment, GST_FORMAT_TIME);
}

void ChunkWriter::remove(GstPad* pad) {
  if (auto* t = track(pad)) leave(*t, kEnded, {});
  commit();
}

std::uint64_t ChunkWriter::chunks() {
  const std::lock_guard lock{mutex_};
  return chunks_;
}

ChunkWriter::Track* ChunkWriter::track(GstPad* pad) {
  const std::lock_guard lock{mutex_};
  for (const auto& t : tracks_)
    if (t->pad.get() == pad) return t.get();
  return nullptr;
}

std::optional<Nanoseconds> ChunkWriter::running_time(const Track& t, GstClockTime time) const {
  guint64 value = 0;
  if (!GST_CLOCK_TIME_IS_VALID(time)) return {};
  const int sign = gst_segment_to_running_time_full(&t.segment, GST_FORMAT_TIME, time, &value);
  if (sign == 0) return {};
  return Nanoseconds{sign * static_cast<std::int64_t>(value)};
}

GstFlowReturn ChunkWriter::chain(GstPad* pad, GstPtr<GstBuffer> buffer) {
  auto* t = track(pad);
  if (!t) return GST_FLOW_FLUSHING;
  const auto time =
      running_time(*t, GST_BUFFER_PTS_IS_VALID(buffer.get()) ? GST_BUFFER_PTS(buffer.get())
                                                             : GST_BUFFER_DTS(buffer.get()));
  const bool key = !t->video || !GST_BUFFER_FLAG_IS_SET(buffer.get(), GST_BUFFER_FLAG_DELTA_UNIT);
  const auto placed = place(*t, time, key);
  if (placed != GST_FLOW_OK) return placed == GST_FLOW_CUSTOM_SUCCESS ? GST_FLOW_OK : placed;
  const auto branch = enter(*t);
  if (!branch) {
    const std::lock_guard lock{mutex_};
    return failed_ ? GST_FLOW_ERROR : GST_FLOW_FLUSHING;
  }
  const auto feed = branch->feeds.find(pad);
  if (feed == branch->feeds.end()) return GST_FLOW_OK;  // a pad that came too late for this chunk
  start_feed(feed->second);
  if (time) count(*t, *branch, feed->second, *time, buffer.get());
  const auto result = gst_pad_push(feed->second.pad.get(), buffer.release());
  if (result == GST_FLOW_OK) return result;
  const std::lock_guard lock{mutex_};
  return failed_ ? GST_FLOW_ERROR : branch->disposed ? GST_FLOW_FLUSHING : result;
}

void ChunkWriter::count(const Track& t, ChunkBranch& branch, ChunkFeed& feed, Nanoseconds time,
                        const GstBuffer* buffer) {
  const auto decoding = running_time(t, GST_BUFFER_DTS(buffer));
  const std::lock_guard lock{mutex_};
  (t.video ? branch.video : branch.audio).add(time, length_of(buffer));
  if (feed.first) return;
  feed.first = time;
  feed.delay = time - decoding.value_or(time);
}

// OK: it goes into the chunk that the track is now in.  CUSTOM_SUCCESS: it is dropped.
GstFlowReturn ChunkWriter::place(Track& t, std::optional<Nanoseconds> time, bool key) {
  Arrival arrival{.first = first_, .key = key};
  {
    const std::lock_guard lock{mutex_};
    if (failed_) return GST_FLOW_ERROR;
    if (!running_) return GST_FLOW_FLUSHING;
    if (t.stale) return GST_FLOW_CUSTOM_SUCCESS;
    if (t.at == kEnded) return GST_FLOW_EOS;
    arrival.current = t.at;
  }
  arrival.index = time ? setup_.cuts.index_of(*time) : std::max(arrival.current, first_);
  switch (const auto admission = admit(arrival)) {
  case Admission::append:
    return GST_FLOW_OK;
  case Admission::skip:
    return GST_FLOW_CUSTOM_SUCCESS;
  case Admission::cut:
    leave(t, arrival.index, time);
    request_keys(t);
    return GST_FLOW_OK;
  default:
    return refuse(admission, arrival.index, time.value_or(0ns));
  }
}

GstFlowReturn ChunkWriter::refuse(Admission why, std::int64_t index, Nanoseconds time) {
  const auto at = format_time(std::max(time, 0ns));
  if (why == Admission::no_key_frame) {
    fail_run(GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
             "No key frame at " + at + ", where " + setup_.pattern.path(index) + " begins.",
             "The encoder upstream must honour key-frame requests (GstForceKeyUnit), and its "
             "look-ahead, with a queue behind it, must be shorter than the first chunk.");
  } else {
    fail_run(GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
             "The frame at " + at + " comes after the chunk that it belongs to.",
             "open groups of pictures cannot be cut, nor can time go back without a flush");
  }
  return GST_FLOW_ERROR;
}

// The track goes on in chunk `index` (its buffer there is at `next`) or has ended.
void ChunkWriter::leave(Track& t, std::int64_t index, std::optional<Nanoseconds> next) {
  {
    const std::lock_guard lock{mutex_};
    const auto left = open_.find(t.at);
    if (left != open_.end() && next) {
      auto& end = (t.video ? left->second->video : left->second->audio).end;
      if (end - kRounding <= *next && *next <= end + kRounding) end = *next;
    }
    t.at = index;
  }
  end_feeds(t);
}

void ChunkWriter::end_feeds(const Track& t) {
  std::vector<std::pair<Branch, ChunkFeed*>> ending;
  {
    const std::lock_guard lock{mutex_};
    for (const auto& [index, branch] : open_) {
      const auto feed = branch->feeds.find(t.pad.get());
      if (index >= t.at || feed == branch->feeds.end() || feed->second.ended) continue;
      feed->second.ended = true;
      ending.emplace_back(branch, &feed->second);
    }
  }
  for (const auto& [branch, feed] : ending) {
    start_feed(*feed);
    gst_pad_push_event(feed->pad.get(), gst_event_new_eos());
  }
}

// The chunk that the track is in; nothing when the run is over, or a flush came since it was
// placed: a buffer from before it must not open again what the flush has discarded.
ChunkWriter::Branch ChunkWriter::enter(const Track& t) {
  std::unique_lock lock{mutex_};
  for (;;) {
    if (!running_ || failed_ || t.stale) return {};
    const auto found = open_.find(t.at);
    if (found != open_.end()) return found->second;
    if (!creating_) return create(t.at, lock);
    changed_.wait(lock);
  }
}

ChunkWriter::Branch ChunkWriter::create(std::int64_t index, std::unique_lock<std::mutex>& lock) {
  std::map<GstPad*, bool> origins;
  for (const auto& t : tracks_) origins.emplace(t->pad.get(), t->video);
  creating_ = true;
  lock.unlock();
  Branch branch;
  auto file = ChunkFile::create(setup_.pattern, index);
  if (!file) {
    fail_run(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_WRITE, file.error().message, "");
  } else {
    branch = new_branch(index, *std::move(file));
    if (!start_branch(bin_, setup_.muxer, *branch, origins)) {
      fail_run(GST_CORE_ERROR, GST_CORE_ERROR_FAILED,
               "Could not start " + std::string(setup_.muxer.factory) + " for " +
                   branch->file.path() + ".",
               "");
      stop_branch(bin_, *branch);
      branch.reset();
    }
  }
  lock.lock();
  creating_ = false;
  if (branch) open_.emplace(index, branch);
  std::vector<const Track*> gone;  // moved on while there was nothing to leave
  for (const auto& t : tracks_)
    if (t->at > index) gone.push_back(t.get());
  lock.unlock();
  changed_.notify_all();
  for (const auto* t : gone) end_feeds(*t);
  lock.lock();
  return branch;
}

ChunkWriter::Branch ChunkWriter::new_branch(std::int64_t index, ChunkFile file) {
  auto branch = std::make_shared<ChunkBranch>(index, std::move(file));
  if (setup_.muxer.fragments) {
    auto start = [this, raw = branch.get()](std::uint32_t track) { return start_of(*raw, track); };
    auto delay = [this, raw = branch.get()](std::uint32_t track) { return delay_of(*raw, track); };
    branch->fragments = std::make_unique<ChunkFragments>(std::move(start), std::move(delay));
  }
  return branch;
}

// Where a track begins on the time axis of its file: the chunk's own or, as a player goes from file
// to file of a playlist, the programme's.
Nanoseconds ChunkWriter::start_of(const ChunkBranch& branch, std::uint32_t track) {
  const std::lock_guard lock{mutex_};
  std::optional<Nanoseconds> earliest;
  std::optional<Nanoseconds> first;
  for (const auto& [pad, feed] : branch.feeds) {
    if (feed.first) earliest = std::min(earliest.value_or(*feed.first), *feed.first);
    if (feed.track == track) first = feed.first;
  }
  const auto origin = playlist_ ? -kProgrammeStart : earliest.value_or(0ns);
  return std::max(first.value_or(0ns) - origin, 0ns);
}

// What an edit list is to take off.  Not every player of HLS heeds it, and with the programme's
// start as it is none is needed.
Nanoseconds ChunkWriter::delay_of(const ChunkBranch& branch, std::uint32_t track) {
  const std::lock_guard lock{mutex_};
  for (const auto& [pad, feed] : branch.feeds)
    if (feed.track == track && !playlist_) return std::max(feed.delay, 0ns);
  return 0ns;
}

// Called with the segment and at each cut, not before: until its own segment is out,
// GstVideoEncoder (1.22) knows no running time, takes every request for its first frame, and then
// refuses later ones.
void ChunkWriter::request_keys(Track& t) {
  if (!t.video) return;
  const auto last = std::max(t.at, first_) + kRequestsAhead;
  for (; t.next_request <= last; ++t.next_request) {
    const auto cut = setup_.cuts.start(t.next_request);
    if (!cut) return;
    const auto time = static_cast<GstClockTime>(cut->count());
    gst_pad_push_event(t.pad.get(), gst_video_event_new_upstream_force_key_unit(time, TRUE, 0));
  }
}

void ChunkWriter::forward(Track& t, GstEvent* event) {
  GstPad* to = nullptr;
  Branch branch;
  {
    const std::lock_guard lock{mutex_};
    const auto found = open_.find(t.at);
    if (found == open_.end()) return;
    branch = found->second;
    const auto feed = branch->feeds.find(t.pad.get());
    if (feed == branch->feeds.end() || !feed->second.started || feed->second.ended) return;
    to = feed->second.pad.get();
  }
  gst_pad_push_event(to, gst_event_ref(event));
}

// Nothing comes before its start: earlier chunks need not wait for this stream.
void ChunkWriter::skip_gap(Track& t, GstEvent* event) {
  GstClockTime start = GST_CLOCK_TIME_NONE;
  gst_event_parse_gap(event, &start, nullptr);
  const auto time = running_time(t, start);
  if (!time || t.video) return;
  const auto index = setup_.cuts.index_of(*time);
  {
    const std::lock_guard lock{mutex_};
    if (t.stale || index <= t.at) return;
  }
  leave(t, index, {});
}

bool ChunkWriter::event(GstPad* pad, GstPtr<GstEvent> event) {
  auto* t = track(pad);
  if (!t) return false;
  switch (GST_EVENT_TYPE(event.get())) {
  case GST_EVENT_CAPS:
    forward(*t, event.get());
    return true;
  case GST_EVENT_SEGMENT:
    gst_event_copy_segment(event.get(), &t->segment);
    request_keys(*t);
    forward(*t, event.get());
    return t->segment.format == GST_FORMAT_TIME;
  case GST_EVENT_TAG:
    forward(*t, event.get());
    return true;
  case GST_EVENT_GAP:
    skip_gap(*t, event.get());
    return true;
  case GST_EVENT_EOS: {
    leave(*t, kEnded, {});
    const std::lock_guard lock{mutex_};
    eos_seqnum_ = gst_event_get_seqnum(event.get());
    break;
  }
  case GST_EVENT_FLUSH_START:
    flush_start(*t, gst_event_get_seqnum(event.get()));
    return true;
  case GST_EVENT_FLUSH_STOP:
    flush_stop(*t);
    return true;
  default:
    return true;
  }
  commit();
  return true;
}

}  // namespace rostrum
