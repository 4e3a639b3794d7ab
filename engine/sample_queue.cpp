// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/sample_queue.h"

#include <gst/app/gstappsink.h>

#include <algorithm>
#include <utility>

namespace rostrum {

namespace {

constexpr std::size_t kMostBytes = 8 << 20;  // that wait; but for two samples, however large

struct Attachment {
  SampleQueue* queue;
  std::shared_ptr<void> owner;
};

}  // namespace

void SampleQueue::attach(GstElement* appsink, std::shared_ptr<void> owner) {
  sink_ = appsink;
  GstAppSinkCallbacks callbacks{};
  callbacks.eos = [](GstAppSink*, gpointer data) {
    auto& signal = static_cast<Attachment*>(data)->queue->signal_;
    const std::lock_guard lock{signal.mutex};  // between the reader's look and its wait
    signal.changed.notify_all();
  };
  callbacks.new_sample = [](GstAppSink*, gpointer data) {
    static_cast<Attachment*>(data)->queue->on_sample();
    return GST_FLOW_OK;
  };
  gst_app_sink_set_callbacks(GST_APP_SINK(sink_), &callbacks,
                             new Attachment{this, std::move(owner)},
                             [](gpointer data) { delete static_cast<Attachment*>(data); });
  const auto pad = adopt(gst_element_get_static_pad(sink_, "sink"));
  gst_pad_add_probe(
      pad.get(), GST_PAD_PROBE_TYPE_EVENT_FLUSH,
      [](GstPad*, GstPadProbeInfo* info, gpointer data) {
        const auto type = GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info));
        static_cast<SampleQueue*>(data)->on_flush(type == GST_EVENT_FLUSH_START);
        return GST_PAD_PROBE_OK;
      },
      this, nullptr);
}

// The decoder's thread. The sample may have been taken already.
void SampleQueue::on_sample() {
  std::unique_lock lock{signal_.mutex};
  if (++queued_ == limits_.wake) {
    lock.unlock();  // who is woken needs the mutex
    signal_.changed.notify_all();
    lock.lock();
  }
  if (queued_ < limits_.most) return;
  signal_.changed.notify_all();
  signal_.changed.wait(lock, [this] { return closed_ || flushing_ || queued_ <= limits_.least; });
}

// At the end of a flush the decoder's thread is stopped and the sink drops what it holds.
void SampleQueue::on_flush(bool begins) {
  {
    const std::lock_guard lock{signal_.mutex};
    flushing_ = begins;
    if (!begins) queued_ = 0;
  }
  signal_.changed.notify_all();
}

GstPtr<GstSample> SampleQueue::take() {
  auto sample = adopt(gst_app_sink_try_pull_sample(GST_APP_SINK(sink_), 0));
  if (sample && --queued_ == limits_.least) signal_.changed.notify_all();
  return sample;
}

void SampleQueue::set_sample_size(std::size_t bytes) {
  const auto fit = std::max<std::size_t>(kMostBytes / std::max<std::size_t>(bytes, 1), 2);
  limits_.most = static_cast<int>(std::min(fit, static_cast<std::size_t>(wanted_.most)));
  limits_.least = std::min(wanted_.least, limits_.most - 1);
  limits_.wake = std::min(wanted_.wake, limits_.most);
}

bool SampleQueue::ended() const { return gst_app_sink_is_eos(GST_APP_SINK(sink_)); }

}  // namespace rostrum
