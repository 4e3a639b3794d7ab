// SPDX-License-Identifier: LGPL-2.1-or-later
// Opens a job again whenever its file changes, beside what goes on.
#pragma once

#include "tools/web/web_job.h"

#include <gio/gio.h>

#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace rostrum {

class JobWatch {
 public:
  using OnOpened = std::function<void(Result<std::shared_ptr<const WebJob>>)>;

  // `on_opened` is called in the default main context.  A file that cannot be watched is not
  // noticed.
  JobWatch(const std::string& file, JobOptions options, KnownMedia& known, OnOpened on_opened);
  ~JobWatch();
  JobWatch(const JobWatch&) = delete;
  JobWatch& operator=(const JobWatch&) = delete;

 private:
  void open();
  static void on_changed(GFileMonitor*, GFile*, GFile*, GFileMonitorEvent, gpointer self);
  static gboolean on_settled(gpointer self);
  static gboolean on_done(gpointer self);

  JobOptions options_;
  KnownMedia& known_;
  OnOpened on_opened_;
  GFileMonitor* monitor_ = nullptr;  // owned
  guint settling_ = 0;               // a timeout
  guint done_ = 0;                   // an idle source
  bool again_ = false;               // it has changed while it was opened
  std::jthread thread_;
  Result<std::shared_ptr<const WebJob>> opened_;  // the thread's, until done_
};

}  // namespace rostrum
