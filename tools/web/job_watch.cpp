// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/web/job_watch.h"

#include <exception>
#include <utility>

namespace rostrum {

JobWatch::JobWatch(const std::string& file, std::filesystem::file_time_type begun,
                   JobOptions options, KnownMedia& known, OnOpened on_opened)
    : options_{std::move(options)}, known_{known}, on_opened_{std::move(on_opened)} {
  watch_ = std::make_unique<ManifestWatch>(file, [this](const std::stop_token&) { open(); });
  std::error_code error;
  const auto changed = std::filesystem::last_write_time(file, error);
  if (!error && changed >= begun) watch_->request();
}

JobWatch::~JobWatch() {
  watch_.reset();
  while (g_idle_remove_by_data(this)) {
  }
}

// In the watch's thread.
void JobWatch::open() {
  Opened opened;
  try {
    opened = WebJob::open(options_, known_);
  } catch (const std::exception& mistake) {
    opened = fail(Kind::internal, std::string{"internal error: "} + mistake.what());
  }
  *opened_.lock() = std::move(opened);
  g_idle_add(on_done, this);
}

gboolean JobWatch::on_done(gpointer self) {
  auto& watch = *static_cast<JobWatch*>(self);
  if (const auto opened = std::exchange(*watch.opened_.lock(), std::nullopt))
    watch.on_opened_(*opened);
  return G_SOURCE_REMOVE;
}

}  // namespace rostrum
