// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/web/job_watch.h"

#include "lib/gst_ptr.h"

#include <utility>

namespace rostrum {

namespace {

// Editors write a file in several steps.
constexpr guint kSettle = 150;  // ms without a change

}  // namespace

JobWatch::JobWatch(const std::string& file, std::filesystem::file_time_type begun,
                   JobOptions options, KnownMedia& known, OnOpened on_opened)
    : options_{std::move(options)}, known_{known}, on_opened_{std::move(on_opened)} {
  const std::unique_ptr<GFile, Freed<g_object_unref>> path{g_file_new_for_path(file.c_str())};
  monitor_ = g_file_monitor_file(path.get(), G_FILE_MONITOR_WATCH_MOVES, nullptr, nullptr);
  if (!monitor_) return;
  g_file_monitor_set_rate_limit(monitor_, kSettle);
  g_signal_connect(monitor_, "changed", G_CALLBACK(on_changed), this);
  std::error_code error;
  const auto changed = std::filesystem::last_write_time(file, error);
  if (!error && changed >= begun) settling_ = g_timeout_add(kSettle, on_settled, this);
}

JobWatch::~JobWatch() {
  if (thread_.joinable()) thread_.join();
  if (settling_) g_source_remove(settling_);
  if (done_) g_source_remove(done_);
  if (!monitor_) return;
  g_signal_handlers_disconnect_by_data(monitor_, this);
  g_object_unref(monitor_);
}

void JobWatch::on_changed(GFileMonitor*, GFile*, GFile*, GFileMonitorEvent, gpointer self) {
  auto& watch = *static_cast<JobWatch*>(self);
  if (watch.settling_) g_source_remove(watch.settling_);
  watch.settling_ = g_timeout_add(kSettle, on_settled, self);
}

gboolean JobWatch::on_settled(gpointer self) {
  auto& watch = *static_cast<JobWatch*>(self);
  watch.settling_ = 0;
  if (watch.thread_.joinable())
    watch.again_ = true;
  else
    watch.open();
  return G_SOURCE_REMOVE;
}

void JobWatch::open() {
  again_ = false;
  thread_ = std::jthread{[this] {
    try {
      opened_ = WebJob::open(options_, known_);
    } catch (const std::exception& mistake) {
      opened_ = fail(Kind::internal, std::string{"internal error: "} + mistake.what());
    }
    done_ = g_idle_add(on_done, this);
  }};
}

gboolean JobWatch::on_done(gpointer self) {
  auto& watch = *static_cast<JobWatch*>(self);
  watch.thread_.join();
  watch.done_ = 0;
  watch.on_opened_(watch.opened_);
  if (watch.again_) watch.open();
  return G_SOURCE_REMOVE;
}

}  // namespace rostrum
