// SPDX-License-Identifier: LGPL-2.1-or-later
// The picture or the sound of a job behind one pad: the graph that a render makes of the film from
// some frame or sample on.
#pragma once

#include "engine/planned_job.h"
#include "jobsrc/job_qos.h"
#include "lib/gst_ptr.h"
#include "lib/guarded.h"

#include <atomic>
#include <memory>

namespace rostrum {

using ObjectPtr = std::unique_ptr<GstObject, Freed<gst_object_unref>>;
// The pipeline around an element, or itself: an application may hold it as floating still.
inline ObjectPtr outermost(GstElement* element) {
  ObjectPtr root{GST_OBJECT(gst_object_ref(element))};
  while (auto* above = gst_object_get_parent(root.get())) root.reset(above);
  return root;
}

enum class Medium { picture, sound };
inline constexpr Medium kMedia[] = {Medium::picture, Medium::sound};
using PlannedJobPtr = std::shared_ptr<const PlannedJob>;

// What is played, and from where on.
struct Playing {
  PlannedJobPtr planned;
  GstSegment segment;
  guint32 seqnum = 0;  // of the seek; 0 = none

  Nanoseconds length() const { return planned->plan.grid.start(planned->plan.frames.end); }
};

// The frame that is seen at a time, to within 1 ms as everywhere.
std::int64_t frame_at(const FrameGrid& grid, Nanoseconds t);

// One thread at a time, but for what says otherwise.
class JobBranch {
 public:
  // `pad`: a ghost pad without a target; `streams`: of all branches, in the order of kMedia.
  JobBranch(GstBin* owner, Medium medium, GstPtr<GstPad> pad, GstStreamCollection* streams,
            guint group);
  ~JobBranch();
  JobBranch(const JobBranch&) = delete;
  JobBranch& operator=(const JobBranch&) = delete;

  GstPad* pad() const { return pad_.get(); }

  // Before the pad is added: what it is.  Without this, urisourcebin would have to find out, and
  // decodebin3 takes streams apart that are in no collection, and loses them at their end.
  void announce(const Plan& plan);
  // Makes the graph that start() will put in place.
  Result<void> prepare(const Playing& playing);
  void flush_start(guint32 seqnum);
  void flush_stop(guint32 seqnum, bool new_time);
  // What was prepared takes the place that stop() has made free; `running`: it is to be in the
  // owner's state at once.
  void start(bool running);
  void stop();
  void forget_prepared();

  // Any thread.  Of the last buffer.
  Nanoseconds position() const { return Nanoseconds{position_.load()}; }
  // Any thread.  Whether it is the one that pushes the buffers.
  bool pushes_from(GThread* thread) const { return pushing_ == thread; }
  // Any thread.  Where the graph in place began.
  GraphBegin begun() { return begun_.copy(); }

 private:
  class Passage;
  struct Prepared {
    GstPtr<GstElement> graph;
    std::unique_ptr<Passage> passage;
    Playing playing;
    Nanoseconds begin{0};
  };
  void flush(GstEvent* event, guint32 seqnum);
  FrameRange range_of(const Playing& playing) const;
  Nanoseconds time_of(std::int64_t index, const PlannedJob& planned) const;
  GstStream* stream() const;
  GstEvent* stream_start() const;
  GstPtr<GstCaps> caps_of(const Plan& plan) const;

  GstBin* const owner_;
  const Medium medium_;
  const GstPtr<GstPad> pad_;
  GstStreamCollection* const streams_;  // owned
  const guint group_;
  GstPtr<GstElement> graph_;
  Prepared prepared_;
  Guarded<GraphBegin> begun_;  // any thread
  bool started_ = false;       // streaming thread only
  bool chapters_ = false;      // streaming thread only: sent
  std::atomic<std::int64_t> position_{0};
  std::atomic<GThread*> pushing_{nullptr};
};

}  // namespace rostrum
