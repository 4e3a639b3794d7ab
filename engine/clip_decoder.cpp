// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/clip_decoder.h"

#include "engine/decoder_pipeline.h"
#include "engine/deinterlace.h"
#include "engine/medium_watch.h"
#include "engine/orientation.h"
#include "engine/patience.h"
#include "engine/sample_queue.h"

#include <gst/app/gstappsink.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <thread>
#include <utility>

GST_DEBUG_CATEGORY_STATIC(clip_decoder_debug);
#define GST_CAT_DEFAULT clip_decoder_debug

namespace rostrum {

namespace {

constexpr Nanoseconds kGrace{500ms};  // for what was decoded before an error to arrive
constexpr Nanoseconds kIdleTime{100ms};
// A burst of pictures is kept small for their size.
constexpr QueueLimits queue_limits(Wanted wanted) {
  return wanted == Wanted::audio ? QueueLimits{24, 4, 8} : QueueLimits{5, 1, 2};
}

void init_debug() {
  static std::once_flag once;
  std::call_once(once, [] { GST_DEBUG_CATEGORY_INIT(clip_decoder_debug, "clipdecoder", 0, ""); });
}

std::string sentence(const char* text) {
  std::string s = text ? text : "";
  while (!s.empty() && (s.back() == '.' || s.back() == '\n')) s.pop_back();
  return s;
}

// Opening anything but a regular file may block or never end.
std::optional<DecoderFailure> cannot_open(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  const auto status = fs::status(path, error);
  if (!fs::exists(status)) return DecoderFailure{"missing", "there is no such file"};
  if (!fs::is_regular_file(status)) return DecoderFailure{"missing", "this is not a regular file"};
  if (fs::file_size(path, error) == 0) return DecoderFailure{"damaged", "the file is empty"};
  return {};
}

}  // namespace

// Kept alive by the reader, the control thread and the pipeline's callbacks.
struct ClipDecoder::Shared {
  const std::string path;
  const Wanted wanted;
  const std::shared_ptr<DecoderSignal> signal;
  // Set by the control thread before `ready`, then constant.
  GstPtr<GstElement> pipeline;
  GstElement* sink = nullptr;  // the pipeline's child
  MediumWatch watch;
  SampleQueue samples;

  // Under the signal's mutex:
  Nanoseconds from;
  bool seek_wanted = false;
  bool prerolled = false;
  bool ready = false;  // samples are from where they were asked for
  bool dead = false;   // will never be ready
  bool closing = false;
  bool linked = false;
  std::optional<DecoderFailure> failed;
  Nanoseconds zero{0};                    // of the medium's time axis; constant once ready
  std::optional<FirstSound> first_sound;  // constant once ready
  GstVideoOrientationMethod orientation = GST_VIDEO_ORIENTATION_IDENTITY;

  Shared(std::string p, Wanted w, Nanoseconds f, std::shared_ptr<DecoderSignal> s)
      : path{std::move(p)},
        wanted{w},
        signal{std::move(s)},
        watch{*signal},
        samples{*signal, queue_limits(w)},
        from{f},
        seek_wanted{f > 0ns} {}

  template <typename Change>
  void change(Change apply) {
    const std::lock_guard lock{signal->mutex};
    apply();
    signal->changed.notify_all();
  }
  void fail(const char* what, std::string why) {
    GST_INFO("%s: %s: %s", path.c_str(), what, why.c_str());
    change([&] {
      if (!failed) failed = DecoderFailure{what, std::move(why)};
    });
  }

  static void control(const std::shared_ptr<Shared>& self);
  bool build(const std::shared_ptr<Shared>& self);
  void connect(GstElement* decodebin);
  bool wait_prerolled();
  void seek(Nanoseconds to);
  void link(GstPad* pad);
  void on_message(GstMessage* message);
  void note_size(GstEvent* event);
  void on_sink_pad(GstPadProbeInfo* info);
  void watch_sink();
  void watch_bus();
  Nanoseconds time_of(GstSample* sample) const;
  void note_start();
};

void ClipDecoder::Shared::link(GstPad* pad) {
  auto caps = adopt(gst_pad_get_current_caps(pad));
  if (!caps) caps = adopt(gst_pad_query_caps(pad, nullptr));
  if (!caps || gst_caps_is_any(caps.get()) || gst_caps_is_empty(caps.get())) return;
  const char* name = gst_structure_get_name(gst_caps_get_structure(caps.get(), 0));
  if (!g_str_equal(name, wanted == Wanted::video ? "video/x-raw" : "audio/x-raw")) return;
  const auto target = adopt(gst_element_get_static_pad(sink, "sink"));
  if (gst_pad_is_linked(target.get())) return;
  const auto entry = is_interlaced(caps.get()) ? deinterlaced(pipeline.get(), sink) : nullptr;
  if (GST_PAD_LINK_FAILED(gst_pad_link(pad, entry ? entry.get() : target.get())))
    return fail("damaged", "its format cannot be used");
  change([this] { linked = true; });
}

void ClipDecoder::Shared::on_message(GstMessage* message) {
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ASYNC_DONE) change([this] { prerolled = true; });
  if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_ERROR) return;
  GError* raw = nullptr;
  gst_message_parse_error(message, &raw, nullptr);
  const GErrorPtr error{raw};
  const bool unread = g_error_matches(raw, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ);
  fail(unread ? kReadError : "damaged", sentence(error->message));
}

void ClipDecoder::Shared::connect(GstElement* decodebin) {
  restrict_autoplug(decodebin, wanted);
  watch.watch(decodebin);
  g_signal_connect(decodebin, "pad-added", G_CALLBACK(+[](GstElement*, GstPad* pad, gpointer data) {
                     static_cast<Shared*>(data)->link(pad);
                   }),
                   this);
  g_signal_connect(decodebin, "no-more-pads", G_CALLBACK(+[](GstElement*, gpointer data) {
                     auto* s = static_cast<Shared*>(data);
                     bool linked = false;
                     s->change([&] { linked = s->linked; });
                     if (linked) return;
                     const bool video = s->wanted == Wanted::video;
                     s->fail("damaged", video ? "it has no picture that can be decoded"
                                              : "it has no sound that can be decoded");
                   }),
                   this);
}

void ClipDecoder::Shared::note_size(GstEvent* event) {
  GstCaps* caps = nullptr;
  GstVideoInfo video;
  gst_event_parse_caps(event, &caps);
  if (wanted == Wanted::video && gst_video_info_from_caps(&video, caps))
    change([&] { samples.set_sample_size(GST_VIDEO_INFO_SIZE(&video)); });
}

void ClipDecoder::Shared::on_sink_pad(GstPadProbeInfo* info) {
  if (GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM) {
    // Decoders then hand out their own padded pictures instead of copies.
    auto* query = GST_PAD_PROBE_INFO_QUERY(info);
    if (GST_QUERY_TYPE(query) == GST_QUERY_ALLOCATION && wanted == Wanted::video)
      gst_query_add_allocation_meta(query, GST_VIDEO_META_API_TYPE, nullptr);
    return;
  }
  auto* event = GST_PAD_PROBE_INFO_EVENT(info);
  if (GST_EVENT_TYPE(event) == GST_EVENT_CAPS) note_size(event);
  if (GST_EVENT_TYPE(event) != GST_EVENT_TAG) return;
  GstTagList* tags = nullptr;
  gst_event_parse_tag(event, &tags);
  GstVideoOrientationMethod found = GST_VIDEO_ORIENTATION_IDENTITY;
  if (!gst_video_orientation_from_tag(tags, &found)) return;
  if (found != GST_VIDEO_ORIENTATION_IDENTITY) found = orientation_in_file(path).value_or(found);
  change([&] { orientation = found; });
}

void ClipDecoder::Shared::watch_sink() {
  const auto pad = adopt(gst_element_get_static_pad(sink, "sink"));
  gst_pad_add_probe(
      pad.get(),
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM |
                                   GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM),
      [](GstPad*, GstPadProbeInfo* info, gpointer data) {
        static_cast<Shared*>(data)->on_sink_pad(info);
        return GST_PAD_PROBE_OK;
      },
      this, nullptr);
}

void ClipDecoder::Shared::watch_bus() {
  const auto bus = adopt(gst_pipeline_get_bus(GST_PIPELINE(pipeline.get())));
  gst_bus_set_sync_handler(
      bus.get(),
      [](GstBus*, GstMessage* message, gpointer data) {
        static_cast<Shared*>(data)->on_message(message);
        gst_message_unref(message);  // a sync handler that drops owns the message
        return GST_BUS_DROP;
      },
      this, nullptr);
}

bool ClipDecoder::Shared::build(const std::shared_ptr<Shared>& self) {
  pipeline = retain(gst_pipeline_new(nullptr));
  gst_pipeline_use_clock(GST_PIPELINE(pipeline.get()), nullptr);
  auto* source = gst_element_factory_make("filesrc", nullptr);
  auto* decodebin = gst_element_factory_make("decodebin", nullptr);
  sink = gst_element_factory_make("appsink", nullptr);
  for (auto* element : {source, decodebin, sink})
    if (element) gst_bin_add(GST_BIN(pipeline.get()), element);
  if (!source || !decodebin || !sink) return false;
  g_object_set(source, "location", path.c_str(), nullptr);
  g_object_set(sink, "sync", FALSE, "enable-last-sample", FALSE, "wait-on-eos", FALSE, nullptr);
  connect(decodebin);
  samples.attach(sink, self);
  watch_sink();
  watch_bus();
  return gst_element_link(source, decodebin);
}

bool ClipDecoder::Shared::wait_prerolled() {
  // decodebin sometimes swallows a demuxer's error, and then nothing moves any more.
  constexpr int kIdleChecks = 3;
  int idle = 0;
  std::unique_lock lock{signal->mutex};
  const auto settled = [this] { return prerolled || closing || failed; };
  while (!signal->changed.wait_for(lock, kIdleTime, settled)) {
    lock.unlock();
    idle = has_running_task(pipeline.get()) ? 0 : idle + 1;
    if (idle == kIdleChecks) fail("damaged", "nothing in it can be decoded");
    lock.lock();
  }
  // The frames before the damage may still be on their way.
  if (linked) signal->changed.wait_for(lock, kGrace, [this] { return prerolled || closing; });
  return prerolled;
}

void ClipDecoder::Shared::seek(Nanoseconds to) {
  // Pictures from the key frame on: an accurate seek drops the frame that is held over a hole.
  const bool video = wanted == Wanted::video;
  const auto flags = static_cast<GstSeekFlags>(
      GST_SEEK_FLAG_FLUSH | (video ? GST_SEEK_FLAG_KEY_UNIT | GST_SEEK_FLAG_SNAP_BEFORE
                                   : static_cast<int>(GST_SEEK_FLAG_ACCURATE)));
  if (!video) to -= kSoundPreroll;
  // Its pictures are counted, and the first is the only one that the seek could leave out.
  if (video && !has_demuxer(pipeline.get())) to = zero;
  const auto position = static_cast<GstClockTime>(std::max(to, Nanoseconds{0}).count());
  // Else (no index, not seekable) decoding goes on from the start of the medium.
  if (!gst_element_seek_simple(pipeline.get(), GST_FORMAT_TIME, flags, position))
    GST_INFO("%s: not seekable", path.c_str());
}

Nanoseconds ClipDecoder::Shared::time_of(GstSample* sample) const {
  const auto* buffer = gst_sample_get_buffer(sample);
  if (!buffer || !GST_BUFFER_PTS_IS_VALID(buffer)) return kNoTime;
  const auto time = stream_time(*gst_sample_get_segment(sample), GST_BUFFER_PTS(buffer));
  return time == kNoTime ? kNoTime : time - zero;
}

// What was decoded so far is the medium's beginning: no seek was made yet.
void ClipDecoder::Shared::note_start() {
  zero = watch.wait_start([this] { return closing; });
  if (wanted != Wanted::audio) return;
  if (cuts_packets(pipeline.get())) return;
  const auto sample = adopt(gst_app_sink_try_pull_preroll(GST_APP_SINK(sink), 0));
  const auto time = sample ? time_of(sample.get()) : kNoTime;
  if (time != kNoTime)
    first_sound = FirstSound{time, frames_of(sample.get()), !packets_vary(pipeline.get())};
}

void ClipDecoder::Shared::control(const std::shared_ptr<Shared>& self) {
  auto& s = *self;
  if (!s.build(self))
    s.fail("damaged", "a part of GStreamer that decodes files is missing");
  else if (gst_element_set_state(s.pipeline.get(), GST_STATE_PAUSED) == GST_STATE_CHANGE_FAILURE)
    s.fail("damaged", "it cannot be opened");
  const bool usable = s.wait_prerolled();
  if (usable) s.note_start();
  if (!usable) s.change([&] { s.dead = true; });
  for (;;) {
    std::unique_lock lock{s.signal->mutex};
    s.signal->changed.wait(lock, [&] { return s.closing || (usable && !s.ready); });
    if (s.closing) break;
    const bool wanted = std::exchange(s.seek_wanted, false);
    const auto to = s.from + s.zero;
    lock.unlock();
    if (wanted) s.seek(to);
    gst_element_set_state(s.pipeline.get(), GST_STATE_PLAYING);
    s.change([&] { s.ready = true; });
  }
  gst_element_set_state(s.pipeline.get(), GST_STATE_NULL);
  s.pipeline.reset();
  s.change([&] { --s.signal->open; });
}

ClipDecoder::ClipDecoder(std::string path, Wanted wanted, Nanoseconds from,
                         std::shared_ptr<DecoderSignal> signal)
    : shared_{std::make_shared<Shared>(std::move(path), wanted, from, std::move(signal))} {
  init_debug();
  shared_->failed = cannot_open(shared_->path);
  if (shared_->failed) {
    shared_->dead = true;
    return;
  }
  shared_->change([this] { ++shared_->signal->open; });
  // A thread of its own, not joined: a demuxer may hang in opening, seeking or closing, and then
  // only this thread is lost.  DecoderSignal::wait_closed() waits for those that are well.
  std::thread{[shared = shared_] { Shared::control(shared); }}.detach();
}

ClipDecoder::~ClipDecoder() {
  shared_->change([this] {
    shared_->closing = true;
    shared_->samples.close();
  });
}

ClipDecoder::Pull ClipDecoder::pull(Nanoseconds limit, GstPtr<GstSample>& sample) {
  auto& s = *shared_;
  Patience patience{limit};
  bool grace = false;
  auto packets = s.watch.packets();
  std::unique_lock lock{s.signal->mutex};
  for (;;) {
    if (s.signal->flushing) return Pull::flushing;
    if (s.dead) return Pull::failed;
    if (s.ready) {
      sample = s.samples.take();
      if (sample) return Pull::sample;
      if (s.samples.ended()) return s.failed ? Pull::failed : Pull::ended;
      if (s.failed && !std::exchange(grace, true)) patience = Patience{std::min(limit, kGrace)};
    }
    if (s.signal->changed.wait_until(lock, patience.until()) != std::cv_status::timeout) continue;
    // Fewer than wake us may be there.
    if (s.ready) sample = s.samples.take();
    if (sample) return Pull::sample;
    // A busy machine is slow, but a medium whose packets still move does not stall.
    if (s.failed) return Pull::failed;
    const auto now = s.watch.packets();
    if (now == packets && patience.over()) return Pull::nothing;
    if (now != packets) patience = Patience{limit};
    packets = now;
  }
}

void ClipDecoder::seek(Nanoseconds from) {
  shared_->change([&] {
    shared_->from = from;
    shared_->seek_wanted = true;
    shared_->ready = false;
  });
}

const std::string& ClipDecoder::path() const { return shared_->path; }

DecoderFailure ClipDecoder::failure() const {
  DecoderFailure failure;
  shared_->change([&] { failure = shared_->failed.value_or(DecoderFailure{}); });
  return failure;
}

bool ClipDecoder::unusable() const {
  bool dead = false;
  shared_->change([&] { dead = shared_->dead; });
  return dead;
}

GstVideoOrientationMethod ClipDecoder::orientation() const {
  auto found = GST_VIDEO_ORIENTATION_IDENTITY;
  shared_->change([&] { found = shared_->orientation; });
  return found;
}

std::optional<FirstSound> ClipDecoder::first_sound() const { return shared_->first_sound; }

Nanoseconds ClipDecoder::time_of(GstSample* sample) const { return shared_->time_of(sample); }

Nanoseconds ClipDecoder::end_of_last(Nanoseconds pts) const {
  const auto end = shared_->watch.end_of_last(pts + shared_->zero);
  return end == kNoTime ? kNoTime : end - shared_->zero;
}

}  // namespace rostrum
