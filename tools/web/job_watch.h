// SPDX-License-Identifier: LGPL-2.1-or-later
// Opens a job again whenever its file changes, beside what goes on.
#pragma once

#include "tools/web/web_job.h"

#include <gio/gio.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace rostrum {

class JobWatch {
 public:
  using OnOpened = std::function<void(const Result<std::shared_ptr<const WebJob>>&)>;

  // `on_opened` is called in the default main context.  What has changed since `begun` counts, too.
  JobWatch(const std::string& file, std::filesystem::file_time_type begun, JobOptions options,
           KnownMedia& known, OnOpened on_opened);
  ~JobWatch();
  JobWatch(const JobWatch&) = delete;
  JobWatch& operator=(const JobWatch&) = delete;

  bool watches() const { return monitor_ != nullptr; }

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
  guint done_ = 0;                   // an idle source, of the thread's until it is joined
  bool again_ = false;               // it has changed while it was opened
  std::jthread thread_;
  Result<std::shared_ptr<const WebJob>> opened_;  // the thread's, until done_
};

}  // namespace rostrum
