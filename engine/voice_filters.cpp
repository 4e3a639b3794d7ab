// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/voice_filters.h"

#include "core/clip_schedule.h"
#include "core/voice_filter.h"
#include "engine/components.h"
#include "engine/library_builds.h"
#include "engine/sound_conform.h"

#include <gst/audio/audio.h>

#include <algorithm>
#include <memory>
#include <span>

namespace rostrum {

namespace {

constexpr char kHighPass[] = "audiocheblimit";
constexpr char kSuppressor[] = "webrtcdsp";
constexpr std::int64_t kFrameBytes = kSoundChannels * static_cast<std::int64_t>(sizeof(float));

// What comes out of the filters, and what of it is heard.  Indices of the job's sample grid.
struct Line {
  std::int64_t position;  // of the next sample
  std::int64_t first;
  std::int64_t end;
  std::int64_t mix_first;
  Nanoseconds mix_start;
  std::vector<GainCurve> gains;

  GstClockTime time_of(std::int64_t sample) const {
    return static_cast<GstClockTime>((mix_start + sample_time_up(sample - mix_first)).count());
  }
};

// Filters keep no times that could be trusted: they are counted.
GstPadProbeReturn on_sound(Line& line, GstPadProbeInfo* info) {
  auto* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  const auto start = line.position;
  line.position += static_cast<std::int64_t>(gst_buffer_get_size(buffer)) / kFrameBytes;
  const auto from = std::max(start, line.first);
  const auto to = std::min(line.position, line.end);
  if (from >= to) return GST_PAD_PROBE_DROP;
  buffer =
      gst_audio_buffer_truncate(buffer, static_cast<gint>(kFrameBytes),
                                static_cast<gsize>(from - start), static_cast<gsize>(to - from));
  buffer = gst_buffer_make_writable(buffer);
  GstMapInfo map;
  if (gst_buffer_map(buffer, &map, GST_MAP_READWRITE)) {
    const std::span samples{reinterpret_cast<float*>(map.data), map.size / sizeof(float)};
    for (const auto& gain : line.gains) apply_gain(gain, from, samples, kSoundChannels);
    gst_buffer_unmap(buffer, &map);
  }
  GST_BUFFER_PTS(buffer) = line.time_of(from);
  GST_BUFFER_DURATION(buffer) = line.time_of(to) - line.time_of(from);
  GST_BUFFER_FLAG_UNSET(buffer, GST_BUFFER_FLAG_GAP);
  GST_PAD_PROBE_INFO_DATA(info) = buffer;
  return GST_PAD_PROBE_OK;
}

// Lets a stream's segment begin at another time.
GstPadProbeReturn move_segment(GstPadProbeInfo* info, GstClockTime start) {
  auto* event = GST_PAD_PROBE_INFO_EVENT(info);
  if (GST_EVENT_TYPE(event) != GST_EVENT_SEGMENT) return GST_PAD_PROBE_OK;
  GstSegment segment;
  gst_event_copy_segment(event, &segment);
  segment.start = segment.time = segment.position = start;
  segment.stop = GST_CLOCK_TIME_NONE;
  gst_event_unref(event);
  GST_PAD_PROBE_INFO_DATA(info) = gst_event_new_segment(&segment);
  return GST_PAD_PROBE_OK;
}

bool is_sound(const GstPadProbeInfo* info) {
  return GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER;
}

constexpr auto kSoundAndEvents =
    static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM);

GstPadProbeReturn on_data(GstPad*, GstPadProbeInfo* info, gpointer data) {
  auto& line = *static_cast<Line*>(data);
  return is_sound(info) ? on_sound(line, info) : move_segment(info, line.time_of(line.mix_first));
}

GstPadProbeReturn on_source(GstPad*, GstPadProbeInfo* info, gpointer data) {
  if (!is_sound(info)) return move_segment(info, 0);
  auto* buffer = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
  GST_BUFFER_PTS(buffer) -= *static_cast<GstClockTime*>(data);
  GST_PAD_PROBE_INFO_DATA(info) = buffer;
  return GST_PAD_PROBE_OK;
}

// webrtcdsp takes the length of a segment for its end.
void begin_at_zero(GstElement* source, Nanoseconds from) {
  const auto pad = adopt(gst_element_get_static_pad(source, "src"));
  gst_pad_add_probe(pad.get(), kSoundAndEvents, on_source,
                    new GstClockTime{static_cast<GstClockTime>(from.count())},
                    [](gpointer data) { delete static_cast<GstClockTime*>(data); });
}

void lay_out(GstElement* last, const Voice& voice, const Slice& slice) {
  auto line = std::make_unique<Line>(
      Line{.position = sample_at(voice.played.from) - filter_delay(voice.filter),
           .first = sample_at(voice.heard.from),
           .end = sample_at(voice.heard.to),
           .mix_first = sample_at(slice.mixed.from),
           .mix_start = slice.mixed.from,
           .gains = voice.gains});
  const auto pad = adopt(gst_element_get_static_pad(last, "src"));
  gst_pad_add_probe(pad.get(), kSoundAndEvents, on_data, line.release(),
                    [](gpointer data) { delete static_cast<Line*>(data); });
}

Result<GstElement*> append(GstElement* bin, GstElement* before, const char* factory) {
  auto made = add_element(bin, factory);
  if (!made) return made;
  if (auto done = link(before, "src", *made, "sink"); !done) return tl::unexpected(done.error());
  return made;
}

Result<GstElement*> append_caps(GstElement* bin, GstElement* before, const char* layout) {
  auto convert = append(bin, before, "audioconvert");
  if (!convert) return convert;
  auto filter = append(bin, *convert, "capsfilter");
  if (!filter) return filter;
  const auto caps = adopt(
      gst_caps_new_simple("audio/x-raw", "format", G_TYPE_STRING, "F32LE", "rate", G_TYPE_INT,
                          kSoundRate, "channels", G_TYPE_INT, kSoundChannels, "channel-mask",
                          GST_TYPE_BITMASK, guint64{3}, "layout", G_TYPE_STRING, layout, nullptr));
  g_object_set(*filter, "caps", caps.get(), nullptr);
  return filter;
}

// A Butterworth filter: without ripple.
Result<GstElement*> append_high_pass(GstElement* bin, GstElement* before, double cutoff) {
  auto filter = append(bin, before, kHighPass);
  if (!filter) return filter;
  gst_util_set_object_arg(G_OBJECT(*filter), "mode", "high-pass");
  g_object_set(*filter, "type", 1, "poles", 2, "ripple", 0.0F, "cutoff",
               static_cast<gfloat>(cutoff), nullptr);
  return filter;
}

// Of all that webrtcdsp can do, the suppressor alone.
Result<GstElement*> append_suppressor(GstElement* bin, GstElement* before, Suppression how) {
  auto planes = append_caps(bin, before, "non-interleaved");
  if (!planes) return planes;
  auto filter = append(bin, *planes, kSuppressor);
  if (!filter) return filter;
  g_object_set(*filter, "echo-cancel", FALSE, "high-pass-filter", FALSE, "gain-control", FALSE,
               "limiter", FALSE, "voice-detection", FALSE, "noise-suppression", TRUE, nullptr);
  gst_util_set_object_arg(G_OBJECT(*filter), "noise-suppression-level", name_of(how));
  return append_caps(bin, *filter, "interleaved");
}

// Loads it, so that its build can be told.
void load(const char* element) {
  if (const auto factory = adopt(gst_element_factory_find(element)))
    (void)adopt(gst_plugin_feature_load(GST_PLUGIN_FEATURE(factory.get())));
}

bool installed(const char* element) { return adopt(gst_element_factory_find(element)) != nullptr; }

}  // namespace

Result<GstElement*> add_filters(GstElement* bin, GstElement* source, const Voice& voice,
                                const Slice& slice) {
  begin_at_zero(source, voice.played.from);
  Result<GstElement*> last = source;
  if (voice.filter.high_pass != 0) last = append_high_pass(bin, source, voice.filter.high_pass);
  if (last && voice.filter.suppression != Suppression::off)
    last = append_suppressor(bin, *last, voice.filter.suppression);
  if (last) lay_out(*last, voice, slice);
  return last;
}

std::string filter_builds(const VoiceFilter& filter) {
  std::string builds;
  if (filter.high_pass != 0) {
    load(kHighPass);
    builds += library_builds({"libgstaudiofx", "libgstfft"});
  }
  if (filter.suppression != Suppression::off) {
    load(kSuppressor);
    builds += library_builds({"libgstwebrtcdsp", "libwebrtc"});
  }
  return builds;
}

Result<void> check_filters(const Plan& plan) {
  for (const auto& track : plan.tracks) {
    const auto need = [&](bool wanted, const char* element, const char* key) -> Result<void> {
      if (!wanted || installed(element)) return {};
      return fail(Kind::missing_component,
                  "track \"" + track.id + "\": " + key + ": " + missing_element(element));
    };
    if (auto fine = need(track.filter.high_pass != 0, kHighPass, "high-pass"); !fine) return fine;
    if (auto fine =
            need(track.filter.suppression != Suppression::off, kSuppressor, "noise-suppression");
        !fine)
      return fine;
  }
  return {};
}

}  // namespace rostrum
