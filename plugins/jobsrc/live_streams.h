// SPDX-License-Identifier: LGPL-2.1-or-later
// The pads of a live job: what there is now, which nobody can seek in.
#pragma once

#include "engine/job.h"
#include "engine/live_graph.h"

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace rostrum {

class LiveStreams {
 public:
  // Puts the graph into the owner, with pads of the owner's templates "video" and "audio".
  // Kind::manifest where a host is not among `hosts`.
  static Result<std::shared_ptr<LiveStreams>> open(GstBin* owner, const Job& job,
                                                   const std::vector<std::string>& hosts);
  LiveStreams(const LiveStreams&) = delete;
  LiveStreams& operator=(const LiveStreams&) = delete;

  // The owner plays; once.
  void begin();
  // Before the owner leaves PAUSED: no source is opened any more.
  void close() { graph_->close(); }
  // After that.
  void remove();

 private:
  LiveStreams(GstBin* owner, std::unique_ptr<LiveGraph> graph)
      : owner_{owner}, graph_{std::move(graph)} {}
  void add_pads();
  static gboolean on_event(GstPad* pad, GstObject* parent, GstEvent* event);
  static gboolean on_query(GstPad* pad, GstObject* parent, GstQuery* query);

  GstBin* const owner_;
  std::unique_ptr<LiveGraph> graph_;
  std::array<GstPad*, 2> pads_{};  // borrowed: the owner's
  bool begun_ = false;             // with the owner's state lock
};

}  // namespace rostrum
