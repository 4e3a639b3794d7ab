// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/graph.h"

#include "engine/allocation.h"
#include "engine/elements.h"
#include "engine/graph_sources.h"
#include "engine/overlays.h"
#include "engine/sound_cut.h"

#include <gst/controller/gstdirectcontrolbinding.h>
#include <gst/controller/gstinterpolationcontrolsource.h>

namespace rostrum {

namespace {

GstPtr<GstCaps> canvas_caps(const Slice& slice) {
  const auto rate = slice.grid.rate();
  return adopt(gst_caps_new_simple(
      "video/x-raw", "format", G_TYPE_STRING, "I420", "width", G_TYPE_INT, slice.canvas.width,
      "height", G_TYPE_INT, slice.canvas.height, "framerate", GST_TYPE_FRACTION,
      static_cast<int>(rate.num), static_cast<int>(rate.den), "pixel-aspect-ratio",
      GST_TYPE_FRACTION, 1, 1, "colorimetry", G_TYPE_STRING, "bt709", nullptr));
}

// The values of one property of a pad, each from an exact output frame on.  The mixer asks for the
// value at each frame's stream time, which it counts from the slice's first frame by the same
// rounding as FrameGrid.
class PropertyTrack {
 public:
  explicit PropertyTrack(const Slice& slice) : slice_{slice} {
    g_object_set(source_.get(), "mode", GST_INTERPOLATION_MODE_NONE, nullptr);
  }

  void begin(double value) { set(0ns, value); }
  void set(std::int64_t frame, double value) {
    set(slice_.grid.start(frame - slice_.frames.first), value);
  }
  void bind(GstPad* pad, const char* property) {
    gst_object_add_control_binding(GST_OBJECT(pad), gst_direct_control_binding_new_absolute(
                                                        GST_OBJECT(pad), property, source_.get()));
  }

 private:
  void set(Nanoseconds at, double value) {
    gst_timed_value_control_source_set(GST_TIMED_VALUE_CONTROL_SOURCE(source_.get()),
                                       static_cast<GstClockTime>(at.count()), value);
  }

  const Slice& slice_;
  GstPtr<GstControlSource> source_ = retain(gst_interpolation_control_source_new());
};

void bind_position(GstPad* pad, const char* property, const GraphInput& input, const Slot& slot,
                   int Rect::*value) {
  PropertyTrack track{input.slice};
  track.begin(slot.placements.front().rect.*value);
  for (const auto& p : slot.placements) track.set(p.frame, p.rect.*value);
  track.bind(pad, property);
}

void bind_opacity(GstPad* pad, const GraphInput& input, const Slot& slot) {
  if (slot.opacities.empty()) return;
  PropertyTrack track{input.slice};
  track.begin(1);
  for (const auto& o : slot.opacities) track.set(o.frame, o.permille / 1000.0);
  track.bind(pad, "alpha");
}

Result<void> add_slot(GstElement* bin, GstElement* mixer, const GraphInput& input, const Slot& slot,
                      int index) {
  const auto source = slot.slides ? add_slides(bin, input, slot) : add_camera(bin, input, slot);
  if (!source) return tl::unexpected(source.error());
  const auto pad = adopt(gst_element_request_pad_simple(mixer, "sink_%u"));
  g_object_set(pad.get(), "zorder", static_cast<guint>((slot.z + 2) * 1000 + index), nullptr);
  bind_position(pad.get(), "xpos", input, slot, &Rect::x);
  bind_position(pad.get(), "ypos", input, slot, &Rect::y);
  bind_opacity(pad.get(), input, slot);
  return link(*source, "src", mixer, GST_PAD_NAME(pad.get()));
}

Result<GstElement*> add_capsfilter(GstElement* bin, GstCaps* caps) {
  auto filter = add_element(bin, "capsfilter");
  if (filter) g_object_set(*filter, "caps", caps, nullptr);
  return filter;
}

Result<void> fill_video_bin(GstElement* bin, const GraphInput& input) {
  const auto mixer = add_element(bin, "compositor", "compositor");
  if (!mixer) return tl::unexpected(mixer.error());
  gst_util_set_object_arg(G_OBJECT(*mixer), "background", "black");
  keep_pool(adopt(gst_element_get_static_pad(*mixer, "src")).get());
  const auto filter = add_capsfilter(bin, canvas_caps(input.slice).get());
  if (!filter) return tl::unexpected(filter.error());
  if (auto done = link(*mixer, "src", *filter, "sink"); !done) return done;

  // A picture of nobody still has the slice's length: this slot is only a clock.
  Slot base{.slides = false,
            .screen = false,
            .z = -2,
            .pieces = {},
            .placements = {{input.slice.frames.first, {}}}};
  if (auto done = add_slot(bin, *mixer, input, base, 0); !done) return done;
  int index = 0;
  for (const auto& slot : input.slice.slots)
    if (auto done = add_slot(bin, *mixer, input, slot, ++index); !done) return done;
  if (!input.slice.overlays.empty()) draw_overlays(*filter, input);
  return expose_source(bin, *filter);
}

// A row for each channel that comes out, in it a factor for each that goes in.
void set_mean_of_two(GstElement* convert) {
  GValue matrix = G_VALUE_INIT;
  GValue row = G_VALUE_INIT;
  GValue factor = G_VALUE_INIT;
  g_value_init(&matrix, GST_TYPE_ARRAY);
  g_value_init(&row, GST_TYPE_ARRAY);
  g_value_init(&factor, G_TYPE_FLOAT);
  g_value_set_float(&factor, 0.5F);
  gst_value_array_append_value(&row, &factor);
  gst_value_array_append_value(&row, &factor);
  gst_value_array_append_and_take_value(&matrix, &row);
  g_object_set_property(G_OBJECT(convert), "mix-matrix", &matrix);
  g_value_unset(&factor);
  g_value_unset(&matrix);
}

// The mix as one channel: what is alike in both keeps its level.
Result<GstElement*> add_downmix(GstElement* bin, GstElement* stereo) {
  const auto convert = add_element(bin, "audioconvert");
  const auto mono =
      add_capsfilter(bin, adopt(gst_caps_from_string("audio/x-raw,format=F32LE,channels=1")).get());
  if (!convert) return convert;
  if (!mono) return mono;
  set_mean_of_two(*convert);
  if (auto done = link(stereo, "src", *convert, "sink"); !done) return tl::unexpected(done.error());
  if (auto done = link(*convert, "src", *mono, "sink"); !done) return tl::unexpected(done.error());
  return mono;
}

Result<GstElement*> add_limiter(GstElement* bin, GstElement* sound, double ceiling) {
  const auto limiter = add_element(bin, "truepeaklimiter");
  if (!limiter) return limiter;
  g_object_set(*limiter, "ceiling", ceiling, nullptr);
  if (auto done = link(sound, "src", *limiter, "sink"); !done) return tl::unexpected(done.error());
  return limiter;
}

// What comes between the mixer and the bin's end.
Result<GstElement*> add_master(GstElement* bin, GstElement* mixer, const Slice& slice) {
  const auto caps = adopt(gst_caps_from_string(
      "audio/"
      "x-raw,format=F32LE,rate=48000,channels=2,channel-mask=(bitmask)0x3,layout=interleaved"));
  auto end = add_capsfilter(bin, caps.get());
  if (!end) return end;
  if (auto done = link(mixer, "src", *end, "sink"); !done) return tl::unexpected(done.error());
  if (slice.format.channels == 1) end = add_downmix(bin, *end);
  if (end && slice.ceiling) end = add_limiter(bin, *end, *slice.ceiling);
  if (end) cut_sound(*end, slice);
  return end;
}

Result<void> fill_audio_bin(GstElement* bin, const GraphInput& input) {
  const auto mixer = add_element(bin, "audiomixer", "audiomixer");
  if (!mixer) return tl::unexpected(mixer.error());
  g_object_set(*mixer, "output-buffer-duration", GST_SECOND * kMixBlock / kSampleRate, nullptr);
  const auto end = add_master(bin, *mixer, input.slice);
  if (!end) return tl::unexpected(end.error());
  auto all = input.slice.voices;
  all.push_back({"silence", {}});  // gives the mix its length whoever is there
  for (const auto& voice : all) {
    const auto source = add_voice(bin, input, voice);
    if (!source) return tl::unexpected(source.error());
    if (auto done = link(*source, "src", *mixer, "sink_%u"); !done) return done;
  }
  return expose_source(bin, *end);
}

template <typename Fill>
Result<GstPtr<GstElement>> make_bin(const char* name, const GraphInput& input, Fill fill) {
  auto bin = retain(gst_bin_new(name));
  if (auto done = fill(bin.get(), input); !done) return tl::unexpected(done.error());
  return bin;
}

}  // namespace

Result<GstPtr<GstElement>> make_video_bin(const GraphInput& input) {
  return make_bin("video", input, fill_video_bin);
}

Result<GstPtr<GstElement>> make_audio_bin(const GraphInput& input) {
  return make_bin("audio", input, fill_audio_bin);
}

}  // namespace rostrum
