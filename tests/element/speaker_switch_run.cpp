// SPDX-License-Identifier: LGPL-2.1-or-later
#include "speaker_switch_run.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>
#include <thread>

namespace rostrum::test {

namespace {

constexpr const char* kFrameCaps = "video/x-raw,format=GRAY8,width=16,height=16,framerate=25/1";
constexpr gsize kFrameBytes = 256;

SourceState& state_of(GstPad* pad) {
  return *static_cast<SourceState*>(g_object_get_data(G_OBJECT(pad), "state"));
}

gboolean answer(GstPad* pad, GstObject* parent, GstQuery* query) {
  if (GST_QUERY_TYPE(query) != GST_QUERY_LATENCY) return gst_pad_query_default(pad, parent, query);
  const auto& latency = state_of(pad).latency;
  gst_query_set_latency(query, latency.live, latency.min, latency.max);
  return TRUE;
}

void flush_from(GstPad* pad, guint32 seqnum) {
  const auto push = [&](GstEvent* event) {
    gst_event_set_seqnum(event, seqnum);
    gst_pad_push_event(pad, event);
  };
  push(gst_event_new_flush_start());
  GST_PAD_STREAM_LOCK(pad);
  push(gst_event_new_flush_stop(TRUE));
  state_of(pad).flushed = true;
  GST_PAD_STREAM_UNLOCK(pad);
}

// A source that seeks at once.
gboolean take_event(GstPad* pad, GstObject*, GstEvent* event) {
  const auto owned = adopt(event);
  if (GST_EVENT_TYPE(event) != GST_EVENT_SEEK) return TRUE;
  ++state_of(pad).seeks;
  flush_from(pad, gst_event_get_seqnum(event));
  return TRUE;
}

Nanoseconds from_gst(GstClockTime t) {
  return GST_CLOCK_TIME_IS_VALID(t) ? Nanoseconds{static_cast<std::int64_t>(t)} : Nanoseconds{0};
}

std::string text_of(const GstStructure* structure, const char* field) {
  const char* text = gst_structure_get_string(structure, field);
  return text ? text : "";
}

}  // namespace

Talker::Talker(GstElement* element, const std::string& name, Latency latency, int rate)
    : name_{name},
      rate_{rate},
      element_{retain(element)},
      pad_{retain(gst_pad_new(name.c_str(), GST_PAD_SRC))},
      sink_{adopt(gst_element_request_pad_simple(element, name.c_str()))} {
  auto* state = new SourceState;
  state->latency = latency;
  g_object_set_data_full(G_OBJECT(pad_.get()), "state", state,
                         [](gpointer data) { delete static_cast<SourceState*>(data); });
  gst_pad_set_query_function(pad_.get(), answer);
  gst_pad_set_event_function(pad_.get(), take_event);
  gst_pad_set_active(pad_.get(), TRUE);
  EXPECT_EQ(gst_pad_link(pad_.get(), sink_.get()), GST_PAD_LINK_OK) << name;
}

void Talker::begin(const char* caps) {
  const auto sound =
      "audio/x-raw,format=F32LE,layout=interleaved,channels=1,rate=" + std::to_string(rate_);
  const bool video = name_.starts_with("video");
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  event(gst_event_new_stream_start(name_.c_str()));
  const auto parsed = adopt(gst_caps_from_string(caps ? caps : video ? kFrameCaps : sound.c_str()));
  event(gst_event_new_caps(parsed.get()));
  event(gst_event_new_segment(&segment));
}

GstFlowReturn Talker::sound(Nanoseconds start, Nanoseconds length, double dbfs) {
  const auto frames =
      static_cast<gsize>(std::llround(static_cast<double>(length.count()) * rate_ / 1e9));
  auto* buffer = gst_buffer_new_allocate(nullptr, frames * sizeof(float), nullptr);
  GstMapInfo map;
  gst_buffer_map(buffer, &map, GST_MAP_WRITE);
  const auto amplitude = static_cast<float>(std::pow(10, dbfs / 20));
  auto* samples = reinterpret_cast<float*>(map.data);
  for (gsize i = 0; i < frames; ++i) samples[i] = i % 32 < 16 ? amplitude : -amplitude;
  gst_buffer_unmap(buffer, &map);
  GST_BUFFER_PTS(buffer) = static_cast<GstClockTime>(start.count());
  GST_BUFFER_DURATION(buffer) = static_cast<GstClockTime>(length.count());
  return gst_pad_push(pad_.get(), buffer);
}

GstFlowReturn Talker::frame(Nanoseconds start, Nanoseconds length) {
  auto* buffer = gst_buffer_new_allocate(nullptr, kFrameBytes, nullptr);
  const auto mark = name_.substr(name_.find('_') + 1);
  gst_buffer_memset(buffer, 0, static_cast<guint8>(std::stoi(mark)), kFrameBytes);
  GST_BUFFER_PTS(buffer) = static_cast<GstClockTime>(start.count());
  GST_BUFFER_DURATION(buffer) = static_cast<GstClockTime>(length.count());
  return gst_pad_push(pad_.get(), buffer);
}

SourceState& Talker::state() { return state_of(pad_.get()); }

void Talker::flush() { flush_from(pad_.get(), gst_util_seqnum_next()); }

void Talker::unlink() {
  std::call_once(released_, [this] {
    gst_element_release_request_pad(element_.get(), sink_.get());
    gst_pad_set_active(pad_.get(), FALSE);
  });
}

SwitchRun::SwitchRun(const std::string& properties)
    : pipeline_{retain(gst_parse_launch(
          ("speakerswitch name=s " + properties + " ! fakesink name=v sync=false async=false")
              .c_str(),
          nullptr))},
      clock_{GST_TEST_CLOCK(gst_test_clock_new())} {
  gst_pipeline_use_clock(GST_PIPELINE(pipeline_.get()), GST_CLOCK(clock_));
  element_ = adopt(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "s"));
  if (const auto audio = adopt(gst_element_get_static_pad(element_.get(), "audio"))) {
    auto* sink = gst_element_factory_make("fakesink", "a");
    g_object_set(sink, "sync", FALSE, "async", FALSE, nullptr);
    gst_bin_add(GST_BIN(pipeline_.get()), sink);
    gst_element_link_pads(element_.get(), "audio", sink, "sink");
  }
  for (const char* name : {"video", "audio"}) {
    const auto pad = adopt(gst_element_get_static_pad(element_.get(), name));
    const auto types = GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM |
                       GST_PAD_PROBE_TYPE_EVENT_FLUSH;
    if (pad) gst_pad_add_probe(pad.get(), static_cast<GstPadProbeType>(types), note, this, nullptr);
  }
}

SwitchRun::~SwitchRun() {
  gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
  gst_object_unref(clock_);
}

void SwitchRun::play() {
  gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
  GstState state = GST_STATE_NULL;
  gst_element_get_state(pipeline_.get(), &state, nullptr, GST_CLOCK_TIME_NONE);
  ASSERT_EQ(state, GST_STATE_PLAYING);
}

void SwitchRun::drive(const std::atomic<int>& busy, bool all) {
  while (busy > 0) {
    GstClockID next = nullptr;
    if (gst_test_clock_peek_id_count(clock_) < static_cast<guint>(all ? busy.load() : 1) ||
        !gst_test_clock_peek_next_pending_id(clock_, &next)) {
      std::this_thread::yield();
      continue;
    }
    const auto now = gst_clock_get_time(GST_CLOCK(clock_));
    gst_test_clock_set_time(clock_, std::max(now, gst_clock_id_get_time(next)));
    gst_clock_id_unref(next);
    // None when others have woken who waited.
    if (auto* done = gst_test_clock_process_next_clock_id(clock_)) gst_clock_id_unref(done);
  }
}

GstPadProbeReturn SwitchRun::note(GstPad* pad, GstPadProbeInfo* info, gpointer data) {
  auto* self = static_cast<SwitchRun*>(data);
  const auto which = g_str_equal(GST_PAD_NAME(pad), "video") ? 0 : 1;
  if (!(info->type & GST_PAD_PROBE_TYPE_BUFFER)) {
    const std::lock_guard lock{self->mutex_};
    self->events_[which].push_back(GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)));
    return GST_PAD_PROBE_OK;
  }
  auto* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  Shown shown;
  shown.start = from_gst(GST_BUFFER_PTS(buffer));
  shown.length = from_gst(GST_BUFFER_DURATION(buffer));
  if (const auto caps = adopt(gst_pad_get_current_caps(pad)))
    shown.caps = GCharPtr{gst_caps_to_string(caps.get())}.get();
  shown.bytes = gst_buffer_get_size(buffer);
  gst_buffer_extract(buffer, 0, &shown.mark, 1);
  shown.discont = GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DISCONT);
  shown.clock = from_gst(gst_clock_get_time(GST_CLOCK(self->clock_)));
  const std::lock_guard lock{self->mutex_};
  self->shown_[which].push_back(shown);
  return GST_PAD_PROBE_OK;
}

std::vector<Shown> SwitchRun::shown(const char* pad) {
  const std::lock_guard lock{mutex_};
  return shown_[g_str_equal(pad, "video") ? 0 : 1];
}

int SwitchRun::count(const char* pad, GstEventType type) {
  const std::lock_guard lock{mutex_};
  const auto& events = events_[g_str_equal(pad, "video") ? 0 : 1];
  return static_cast<int>(std::count(events.begin(), events.end(), type));
}

std::vector<Said> SwitchRun::said() {
  std::vector<Said> all;
  const auto bus = adopt(gst_element_get_bus(pipeline_.get()));
  while (const auto message = adopt(gst_bus_pop_filtered(bus.get(), GST_MESSAGE_ELEMENT))) {
    const auto* structure = gst_message_get_structure(message.get());
    if (!gst_structure_has_name(structure, "rostrum-speaker")) continue;
    Said said{{}, text_of(structure, "old"), text_of(structure, "new"), {}};
    guint64 at = 0;
    gst_structure_get_uint64(structure, "running-time", &at);
    said.at = from_gst(at);
    const auto* levels =
        static_cast<GstStructure*>(g_value_get_boxed(gst_structure_get_value(structure, "levels")));
    for (int i = 0; i < gst_structure_n_fields(levels); ++i) {
      const auto* name = gst_structure_nth_field_name(levels, static_cast<guint>(i));
      gst_structure_get_double(levels, name, &said.levels.emplace_back(name, 0).second);
    }
    all.push_back(said);
  }
  return all;
}

std::string SwitchRun::active() {
  gchar* name = nullptr;
  g_object_get(element_.get(), "active-pad", &name, nullptr);
  return name ? GCharPtr{name}.get() : "";
}

Script make_script(std::size_t people, Nanoseconds length, unsigned seed) {
  std::mt19937 random{seed};
  const auto below = [&](unsigned n) { return static_cast<std::size_t>(random() % n); };
  Script script;
  const auto windows = static_cast<std::size_t>(length / kLevelWindow);
  script.levels.assign(people, std::vector<float>(windows, -70));
  std::vector<float> loudness;
  for (std::size_t p = 0; p < people; ++p)
    loudness.push_back(-18.25F - static_cast<float>(below(12)));
  for (std::size_t at = 0; at < windows;) {
    const auto who = below(static_cast<unsigned>(people));
    const auto turn = 3 + below(60);
    for (std::size_t i = 0; i < turn && at + i < windows; ++i)
      if (i % 9 < 7) script.levels[who][at + i] = loudness[who] + static_cast<float>(below(3));
    const bool over = below(4) == 0;  // others begin before the end
    at += below(6) == 0 ? turn + below(150) : over ? turn / 2 : turn + below(4);
  }
  return script;
}

std::vector<Switch> decide(const Script& script, const SpeakerOptions& options) {
  SpeakerDecision decision{options};
  std::vector<Switch> switches{{0ns, 0}};
  for (std::size_t w = 0; w < script.windows(); ++w) {
    std::vector<Heard> heard;
    for (const auto& levels : script.levels) heard.push_back({.level = levels[w]});
    const auto change = decision.update(static_cast<std::int64_t>(w + 1) * kLevelWindow, heard);
    if (change && change->person != switches.back().person) switches.push_back(*change);
  }
  return switches;
}

Meeting::Meeting(std::size_t people, Latency latency, const std::string& properties)
    : run{properties} {
  for (std::size_t p = 0; p < people; ++p) {
    const auto number = std::to_string(p);
    constexpr int kRates[] = {48000, 16000, 8000};
    cameras.push_back(std::make_unique<Talker>(run.element(), "video_" + number, latency));
    microphones.push_back(
        std::make_unique<Talker>(run.element(), "audio_" + number, latency, kRates[p % 3]));
  }
}

void Meeting::begin() {
  run.play();
  for (const auto& camera : cameras) camera->begin();
  for (const auto& microphone : microphones) microphone->begin();
}

Nanoseconds Meeting::buffer_length(std::size_t person) {
  constexpr Nanoseconds kLengths[] = {20ms, 10ms, 50ms};
  return kLengths[person % 3];
}

void Meeting::push_all(const Script& script, Interval interval) {
  for (auto t = interval.from + 10ms; t <= interval.to; t += 10ms) {
    run.set_clock(t);
    for (std::size_t p = 0; p < microphones.size(); ++p) {
      const auto length = buffer_length(p);
      if (t % length == 0ns) microphones[p]->sound(t - length, length, script.at(p, t - length));
    }
    if (t % kFrame == 0ns)
      for (const auto& camera : cameras) camera->frame(t - kFrame, kFrame);
  }
}

void Meeting::push_camera(std::size_t person, Interval interval) {
  for (auto t = interval.from; t < interval.to; t += kFrame) cameras[person]->frame(t, kFrame);
}

void Meeting::push_microphone(std::size_t person, const Script& script, Interval interval) {
  const auto length = buffer_length(person);
  for (auto t = interval.from; t < interval.to; t += length)
    microphones[person]->sound(t, length, script.at(person, t));
}

}  // namespace rostrum::test
