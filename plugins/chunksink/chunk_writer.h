// SPDX-License-Identifier: LGPL-2.1-or-later
// One run of chunksink: takes the streams' buffers and events, puts each into its chunk, and
// commits the chunks in order.
#pragma once

#include "chunksink/chunk_branch.h"
#include "chunksink/chunk_file.h"
#include "chunksink/chunk_playlist.h"
#include "core/chunk_cuts.h"

#include <condition_variable>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace rostrum {

class ChunkWriter {
 public:
  struct Setup {
    ChunkMuxer muxer{};
    ChunkPattern pattern;
    ChunkCuts cuts;
    bool sync = true;
  };

  // The bin outlives the writer.
  ChunkWriter(GstBin* bin, Setup setup, ChunkJournal journal,
              std::optional<ChunkPlaylist> playlist);

  // Any thread.
  void add(GstPad* pad, bool video);
  void remove(GstPad* pad);
  std::uint64_t chunks();  // whole ones, with those that a resumed run found
  // The bin's children: true when the message was for the writer only.
  bool take_message(GstMessage* message);
  // Ends the run: unfinished chunks disappear.  Not from a streaming thread.
  void stop();

  // The pad's streaming thread.
  GstFlowReturn chain(GstPad* pad, GstPtr<GstBuffer> buffer);
  bool event(GstPad* pad, GstPtr<GstEvent> event);

 private:
  static constexpr std::int64_t kNotBegun = -1;
  static constexpr std::int64_t kEnded = std::numeric_limits<std::int64_t>::max();

  struct Track {
    GstPtr<GstPad> pad;
    bool video = false;
    GstSegment segment{};           // streaming thread only
    std::int64_t next_request = 1;  // streaming thread only: first cut without key-frame request
    std::int64_t at = kNotBegun;    // with the lock: the chunk it is in
    bool stale = false;             // with the lock: what comes is from before a flush
  };
  using Branch = std::shared_ptr<ChunkBranch>;

  Track* track(GstPad* pad);
  std::optional<Nanoseconds> running_time(const Track& track, GstClockTime time) const;
  GstFlowReturn place(Track& track, std::optional<Nanoseconds> time, bool key);
  GstFlowReturn refuse(Admission why, std::int64_t index, Nanoseconds time);
  void leave(Track& track, std::int64_t index, std::optional<Nanoseconds> next);
  Branch enter(const Track& track);
  Branch create(std::int64_t index, std::unique_lock<std::mutex>& lock);
  Branch new_branch(std::int64_t index, ChunkFile file);
  Nanoseconds start_of(const ChunkBranch& branch, std::uint32_t track);
  Nanoseconds delay_of(const ChunkBranch& branch, std::uint32_t track);
  void count(const Track& track, ChunkBranch& branch, ChunkFeed& feed, Nanoseconds time,
             const GstBuffer* buffer);
  void end_feeds(const Track& track);
  void request_keys(Track& track);
  void forward(Track& track, GstEvent* event);
  void skip_gap(Track& track, GstEvent* event);
  void flush_start(Track& track, std::uint32_t seqnum);
  void flush_stop(Track& track);
  void discard(std::unique_lock<std::mutex>& lock);
  bool complete(GstObject* sink);
  void commit();
  bool publish(ChunkBranch& branch);
  bool ends_now() const;
  bool end_playlist();
  void post_chunk(const ChunkRecord& record, const char* location);
  void post_eos();
  bool child_error(GstMessage* message);
  void fail_run(GQuark domain, int code, const std::string& text, const std::string& detail);

  GstBin* const bin_;
  const Setup setup_;
  ChunkJournal journal_;                   // committing thread only
  std::optional<ChunkPlaylist> playlist_;  // committing thread only
  const std::int64_t first_;               // earlier chunks are there already

  std::mutex mutex_;  // guards all below; never held across anything that GStreamer does
  std::condition_variable changed_;
  std::vector<std::unique_ptr<Track>> tracks_;
  std::map<std::int64_t, Branch> open_;  // by index
  std::uint64_t chunks_ = 0;
  std::optional<std::uint32_t> flush_;  // seqnum of the last flush
  std::uint32_t eos_seqnum_ = GST_SEQNUM_INVALID;
  bool running_ = true;
  bool told_ = false;    // an error is or was told: nothing else is from then on
  bool failed_ = false;  // it was: streams may end with an error
  bool creating_ = false;
  bool committing_ = false;
  bool eos_posted_ = false;
};

}  // namespace rostrum
