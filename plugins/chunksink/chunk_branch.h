// SPDX-License-Identifier: LGPL-2.1-or-later
// The muxer and sink that write one chunk, as children of chunksink.
#pragma once

#include "chunksink/chunk_file.h"
#include "chunksink/chunk_fragments.h"
#include "core/timeline.h"
#include "lib/gst_ptr.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>

namespace rostrum {

// A muxer that chunks can be written with.
struct ChunkMuxer {
  const char* factory;
  const char* video_pad;  // names of its pad templates
  const char* audio_pad;
  const char* setting;  // a property and its value as text; nullptr = none
  const char* value;
  bool fragments = false;  // it writes fragmented MP4
  bool playlist = false;   // HLS knows its chunks
};

// What the muxer takes on its video (audio) pad; nullptr when it is not installed.
GstPtr<GstCaps> accepted_caps(const ChunkMuxer& muxer, bool video);

// How much of one kind of stream a chunk has.
struct ChunkContent {
  std::uint64_t buffers = 0;
  Nanoseconds first{0};
  Nanoseconds end{0};

  void add(Nanoseconds start, Nanoseconds duration) {
    first = buffers ? std::min(first, start) : start;
    end = std::max(end, start + duration);
    ++buffers;
  }
};

// The way of one stream into one chunk: a source pad of nobody, linked to the muxer.
struct ChunkFeed {
  GstPtr<GstPad> pad;
  GstPtr<GstPad> origin;    // the sink pad of chunksink that it continues
  std::uint32_t track = 0;  // the muxer's number for it, from 1
  bool started = false;     // streaming thread only
  bool ended = false;       // with the writer's lock
  // With the writer's lock, of its first buffer:
  std::optional<Nanoseconds> first{};  // running time
  Nanoseconds delay{0};                // from decoding to presentation
};

struct ChunkBranch {
  ChunkBranch(std::int64_t i, ChunkFile f) : index{i}, file{std::move(f)} {}

  const std::int64_t index;
  ChunkFile file;                             // until published: the committing thread's
  GstElement* muxer = nullptr;                // borrowed: the bin's children
  GstElement* sink = nullptr;                 // borrowed
  std::unique_ptr<ChunkFragments> fragments;  // the muxer's thread; nullptr = not to be changed
  std::map<GstPad*, ChunkFeed> feeds;         // by sink pad of chunksink; constant once running
  // With the writer's lock:
  ChunkContent video;
  ChunkContent audio;
  bool complete = false;  // its sink has everything
  bool disposed = false;  // somebody takes it down
};

// Puts muxer and sink into the bin and brings them to its state.  False: a component is missing.
bool start_branch(GstBin* bin, const ChunkMuxer& muxer, ChunkBranch& branch,
                  const std::map<GstPad*, bool>& origins);
// Pushes what a feed has to know before its first buffer.
void start_feed(ChunkFeed& feed);
// Takes the elements down and out of the bin; not from a streaming thread of theirs.
void stop_branch(GstBin* bin, ChunkBranch& branch);
// The same from any thread, later.
void stop_branch_async(GstBin* bin, std::shared_ptr<ChunkBranch> branch);

}  // namespace rostrum
