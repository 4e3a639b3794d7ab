// SPDX-License-Identifier: LGPL-2.1-or-later
// The pads of a job, picture and sound.  A seek on either of them, whichever a player uses, puts
// graphs in the place of both that begin there: any frame is then what a chunk that begins with it
// would show, and nothing but what is visible there is opened.
#pragma once

#include "jobsrc/job_branch.h"

#include <array>
#include <memory>
#include <mutex>

namespace rostrum {

class JobStreams {
 public:
  // With pads of the owner's templates "video" and "audio".
  static std::shared_ptr<JobStreams> make(GstBin* owner, const std::string& uri);
  JobStreams(const JobStreams&) = delete;
  JobStreams& operator=(const JobStreams&) = delete;

  // Before anything plays: what comes from `at` on.  The owner has yet to go to PAUSED.
  Result<void> open(PlannedJobPtr planned, Nanoseconds at);
  void add_pads();
  // Any thread but those that push buffers.  False where nothing was changed.
  bool seek(GstEvent* event);
  // Goes on with another plan in the same running time: from `position` on, or from where a seek
  // led that has come after the one of `seqnum`.
  Result<void> replace(PlannedJobPtr planned, Nanoseconds position, guint32 seqnum);
  // Of the last seek.
  guint32 seqnum() { return playing_.copy().seqnum; }
  // Any thread.  A message of a graph, with the film's times where it has the graph's.
  GstPtr<GstMessage> in_film_time(GstPtr<GstMessage> message);
  // No graph is put in place any more.
  void close();
  // After close(), when the owner is in READY.
  void remove();

  Nanoseconds position() const { return branches_.front()->position(); }

 private:
  struct OfPad;

  explicit JobStreams(GstBin* owner) : owner_{owner} {}
  void add_branch(const std::shared_ptr<JobStreams>& self, Medium medium,
                  GstStreamCollection* streams, guint group);
  Result<void> go(const Playing& playing, bool new_time);
  bool answer(GstQuery* query, const JobBranch& branch);
  static gboolean on_event(GstPad* pad, GstObject* parent, GstEvent* event);
  static gboolean on_query(GstPad* pad, GstObject* parent, GstQuery* query);

  GstBin* const owner_;
  std::array<std::unique_ptr<JobBranch>, 2> branches_;  // set in make(), then constant
  // Held while graphs take the place of others: across flushes and state changes, because no two
  // threads may do that at once.  Nothing that is called meanwhile comes back for it, but a seek
  // from a thread of the graph's own, which is refused.
  std::mutex turn_;
  bool closed_ = false;       // with turn_
  bool running_ = false;      // with turn_: open() is over
  Guarded<Playing> playing_;  // any thread
};

}  // namespace rostrum
