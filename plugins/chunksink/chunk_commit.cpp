// SPDX-License-Identifier: LGPL-2.1-or-later
// The end of chunks: commit in order, discard at flush and stop, errors.
#include "chunksink/chunk_writer.h"

namespace rostrum {

namespace {

// A sink says what the system said at the end of its debug text only.
std::string cause_of(const GError& error, std::string_view debug) {
  if (g_error_matches(&error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT))
    return "No space left on device.";
  const auto colon = debug.rfind(": ");
  if (!g_error_matches(&error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE) || colon == debug.npos)
    return error.message;
  return std::string(debug.substr(colon + 2)) + '.';
}

}  // namespace

// The first flush of a seek takes everything unfinished away; what other streams still send from
// before it is dropped until their own flush (of the same seqnum) is over.
void ChunkWriter::flush_start(Track& flushed, std::uint32_t seqnum) {
  std::unique_lock lock{mutex_};
  if (flush_ != seqnum) {
    flush_ = seqnum;
    for (const auto& t : tracks_) t->stale = true;
    eos_posted_ = false;
    discard(lock);
  }
  flushed.stale = true;
}

void ChunkWriter::flush_stop(Track& t) {
  gst_segment_init(&t.segment, GST_FORMAT_TIME);
  t.next_request = std::max<std::int64_t>(first_, 1);  // the encoder has forgotten them
  const std::lock_guard lock{mutex_};
  t.stale = false;
  t.at = kNotBegun;
}

void ChunkWriter::discard(std::unique_lock<std::mutex>& lock) {
  changed_.wait(lock, [&] { return !creating_ && !committing_; });
  auto branches = std::exchange(open_, {});
  for (const auto& [index, branch] : branches) branch->disposed = true;
  lock.unlock();
  for (const auto& [index, branch] : branches) stop_branch(bin_, *branch);
  // Now that no thread of theirs commits any more; a new file may have the same temporary name
  // soon.
  for (const auto& [index, branch] : branches) branch->file.discard();
  lock.lock();
}

void ChunkWriter::stop() {
  std::unique_lock lock{mutex_};
  running_ = false;
  changed_.notify_all();
  discard(lock);
}

bool ChunkWriter::take_message(GstMessage* message) {
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS) return complete(GST_MESSAGE_SRC(message));
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) return child_error(message);
  return false;
}

bool ChunkWriter::complete(GstObject* sink) {
  {
    const std::lock_guard lock{mutex_};
    for (const auto& [index, branch] : open_)
      if (GST_OBJECT(branch->sink) == sink) branch->complete = true;
  }
  commit();
  return true;
}

// The first open chunk, as long as it is whole: no stream comes back to an earlier one.  After the
// last of them, the end.
void ChunkWriter::commit() {
  std::unique_lock lock{mutex_};
  if (committing_) return;  // that thread takes this chunk, too
  committing_ = true;
  bool ended = false;
  while (!told_) {
    if (!open_.empty() && open_.begin()->second->complete) {
      const auto branch = open_.begin()->second;
      lock.unlock();
      const bool done = publish(*branch);
      lock.lock();
      if (!done) break;
      branch->disposed = true;
      open_.erase(branch->index);
      stop_branch_async(bin_, branch);
    } else if (ends_now()) {
      eos_posted_ = true;
      lock.unlock();
      ended = end_playlist();
      lock.lock();
    } else {
      break;
    }
  }
  committing_ = false;
  lock.unlock();
  changed_.notify_all();
  if (ended) post_eos();
}

bool ChunkWriter::publish(ChunkBranch& branch) {
  ChunkRecord record{.index = branch.index, .file = setup_.pattern.name(branch.index)};
  {
    const std::lock_guard lock{mutex_};
    const auto& content = branch.video.buffers ? branch.video : branch.audio;
    record.frames = content.buffers;
    record.first_time = std::max(content.first, 0ns);
    record.duration = content.end - record.first_time;
  }
  const auto written =
      branch.file.publish(setup_.sync)
          .and_then([&](std::uint64_t size) {
            record.bytes = size;
            return journal_.append(record);
          })
          .and_then([&] { return playlist_ ? playlist_->add(record) : Result<void>{}; });
  if (!written) {
    fail_run(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE, written.error().message, "");
    return false;
  }
  {
    const std::lock_guard lock{mutex_};
    ++chunks_;
  }
  post_chunk(record, branch.file.path().c_str());
  return true;
}

void ChunkWriter::post_chunk(const ChunkRecord& r, const char* location) {
  auto* structure = gst_structure_new(
      "rostrum-chunk", "index", G_TYPE_UINT, static_cast<guint>(r.index), "location", G_TYPE_STRING,
      location, "first-time", G_TYPE_UINT64, static_cast<guint64>(r.first_time.count()), "duration",
      G_TYPE_UINT64, static_cast<guint64>(r.duration.count()), "frames", G_TYPE_UINT64,
      static_cast<guint64>(r.frames), "bytes", G_TYPE_UINT64, static_cast<guint64>(r.bytes),
      nullptr);
  gst_element_post_message(GST_ELEMENT(bin_), gst_message_new_element(GST_OBJECT(bin_), structure));
}

// With the lock.
bool ChunkWriter::ends_now() const {
  const auto ended = [](const auto& t) { return t->at == kEnded && !t->stale; };
  return running_ && !eos_posted_ && !creating_ && open_.empty() && !tracks_.empty() &&
         std::all_of(tracks_.begin(), tracks_.end(), ended);
}

bool ChunkWriter::end_playlist() {
  if (!playlist_) return true;
  const auto written = playlist_->end();
  if (!written) fail_run(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE, written.error().message, "");
  return written.has_value();
}

void ChunkWriter::post_eos() {
  std::uint32_t seqnum = GST_SEQNUM_INVALID;
  {
    const std::lock_guard lock{mutex_};
    seqnum = eos_seqnum_;
  }
  auto message = adopt(gst_message_new_eos(GST_OBJECT(bin_)));
  if (seqnum != GST_SEQNUM_INVALID) gst_message_set_seqnum(message.get(), seqnum);
  gst_element_post_message(GST_ELEMENT(bin_), message.release());
}

bool ChunkWriter::child_error(GstMessage* message) {
  GError* error = nullptr;
  gchar* debug = nullptr;
  gst_message_parse_error(message, &error, &debug);
  const GErrorPtr error_owner{error};
  const GCharPtr debug_owner{debug};
  std::string path = setup_.pattern.path(0);
  {
    const std::lock_guard lock{mutex_};
    for (const auto& [index, branch] : open_) {
      const auto* source = GST_MESSAGE_SRC(message);
      if (source == GST_OBJECT(branch->sink) || source == GST_OBJECT(branch->muxer))
        path = branch->file.path();
    }
  }
  fail_run(error->domain, error->code,
           "Could not write " + path + ": " + cause_of(*error, debug ? debug : ""),
           debug ? debug : "");
  return true;
}

// The first failure is the one that is told.  Until it has been, no thread returns with an error: a
// source that sees one posts a generic error of its own, which must not come first.
void ChunkWriter::fail_run(GQuark domain, int code, const std::string& text,
                           const std::string& detail) {
  {
    std::unique_lock lock{mutex_};
    if (told_) changed_.wait(lock, [&] { return failed_ || !running_; });
    if (failed_ || !running_) return;
    told_ = true;
  }
  gst_element_message_full(
      GST_ELEMENT(bin_), GST_MESSAGE_ERROR, domain, code, g_strdup(text.c_str()),
      detail.empty() ? nullptr : g_strdup(detail.c_str()), __FILE__, GST_FUNCTION, __LINE__);
  {
    const std::lock_guard lock{mutex_};
    failed_ = true;
  }
  changed_.notify_all();
}

}  // namespace rostrum
