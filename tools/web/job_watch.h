// SPDX-License-Identifier: LGPL-2.1-or-later
// Opens a job again whenever its file changes, beside what goes on.
#pragma once

#include "jobsrc/manifest_watch.h"
#include "lib/guarded.h"
#include "tools/web/web_job.h"

#include <glib.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

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

  bool watches() const { return watch_->watches(); }

 private:
  using Opened = Result<std::shared_ptr<const WebJob>>;

  void open();
  static gboolean on_done(gpointer self);

  const JobOptions options_;
  KnownMedia& known_;
  const OnOpened on_opened_;
  Guarded<std::optional<Opened>> opened_;  // any thread; until it has been handed on
  std::unique_ptr<ManifestWatch> watch_;
};

}  // namespace rostrum
