// SPDX-License-Identifier: LGPL-2.1-or-later
// One worker: a child process that renders one chunk job, or looks into media, and says how it
// goes.
#pragma once

#include "core/chunk_job.h"
#include "core/retry.h"
#include "core/timeline.h"
#include "engine/file.h"

#include <gio/gio.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rostrum {

// Called from the main loop of the thread that started the worker.
struct WorkerEvents {
  std::function<void(Nanoseconds position)> on_progress;
  std::function<void(Substitution)> on_substitution;
  // Instead of both: each line that it says, as it is.
  std::function<void(std::string_view line)> on_line = {};
  std::function<void(WorkerExit)> on_exit;  // once, last; the process is gone
  // How long its frames took to encode; of jobs whose output is checked.
  std::function<void(double seconds)> on_encoded = {};
};

struct WorkerCommand {
  std::string program;
  std::string spec;                        // the file with its job
  std::vector<File> media = {};            // what it may read
  std::vector<std::string> readable = {};  // files and folders that it may read, too
};

class WorkerProcess {
 public:
  // Starts `program worker SPEC`; the worker dies with this process.  Kind::internal when it cannot
  // be started.
  static Result<std::unique_ptr<WorkerProcess>> start(WorkerCommand command, WorkerEvents events);
  // The worker's descriptor of the first medium; the others follow.
  static constexpr int kFirstMedium = 3;
  // By what name the worker can open the medium of this index.
  static std::string path_of_medium(std::size_t index);
  ~WorkerProcess();  // kills it if it still runs
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  // Ends it at once; on_exit then says so.
  void kill_as(WorkerExit::How how);
  // Of its memory; 0 when it is gone.
  std::int64_t resident() const;
  // Whether it is in the midst of a line that is longer than one that is well ever writes: 1 MiB.
  bool says_too_much() const;

 private:
  WorkerProcess(GSubprocess* process, WorkerEvents events);
  void read_next();
  void take_line(std::string_view line);
  void ended();
  static void on_line(GObject* stream, GAsyncResult* result, gpointer self);
  static void on_end(GObject* process, GAsyncResult* result, gpointer self);

  GSubprocess* process_;      // owned
  GDataInputStream* output_;  // owned
  GCancellable* cancel_;  // owned; cancelled in the destructor, so that no callback comes after it
  WorkerEvents events_;
  std::optional<Error> reported_;
  bool refused_ = false;
  std::optional<WorkerExit::How> killed_as_;
};

// Whether a call has ended because it was cancelled: by a destructor, so that its object is gone.
bool was_cancelled(const GError* error);

// Makes what it spawns end with this process, and the thread that spawns it.
void end_with_parent(GSubprocessLauncher* launcher);

// For the worker's side: makes this process die with its parent, whose process id is given.  Call
// it first in main().
void die_with_parent(int parent);

}  // namespace rostrum
