// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/render_pipeline.h"

#include "core/still_frames.h"
#include "engine/elements.h"
#include "engine/rendition_frames.h"
#include "engine/sound_encoders.h"
#include "engine/still_frames.h"

namespace rostrum {

namespace {

// source -> encoder -> muxer pad. The encoder runs in the thread that composes: a worker is for
// one core, and handing every frame to another thread costs more than it gains.
struct Branch {
  GstElement* source;  // in the pipeline
  const char* source_pad;
  std::string encoder;  // launch description; "" = none
  std::string encoder_name;
  const char* progress_name;  // null = nobody asks
  const char* muxer_pad;
  std::string raw_output = {};  // without a muxer: where it goes; "" = nowhere
  guint timescale = 0;          // of the muxer's track; 0 = as the muxer finds fit
};

// The raw bin of a branch, in the pipeline.
GstElement* add_source(GstElement* pipeline, GstPtr<GstElement> bin) {
  auto* added = bin.get();
  gst_bin_add(GST_BIN(pipeline), bin.release());
  return added;
}

// mp4mux 1.22.0 crashes where caps of VP9 do not say where the chroma samples lie.
GstPadProbeReturn add_chroma_site(GstPad*, GstPadProbeInfo* info, gpointer) {
  auto* event = GST_PAD_PROBE_INFO_EVENT(info);
  GstCaps* caps = nullptr;
  if (GST_EVENT_TYPE(event) != GST_EVENT_CAPS) return GST_PAD_PROBE_OK;
  gst_event_parse_caps(event, &caps);
  const auto* structure = gst_caps_get_structure(caps, 0);
  if (!gst_structure_has_name(structure, "video/x-vp9") ||
      gst_structure_has_field(structure, "chroma-site"))
    return GST_PAD_PROBE_OK;
  const auto whole = adopt(gst_caps_copy(caps));
  gst_caps_set_simple(whole.get(), "chroma-site", G_TYPE_STRING, "mpeg2", nullptr);
  GST_PAD_PROBE_INFO_DATA(info) = gst_event_new_caps(whole.get());
  gst_event_unref(event);
  return GST_PAD_PROBE_OK;
}

// In it frames of the grid last whole ticks.  mp4mux takes a rate whose denominator is neither 1
// nor 1001 for a common one nearby, 2997/100 for 30000/1001.
guint picture_timescale(const FrameGrid& grid) { return static_cast<guint>(grid.rate().num * 100); }

Result<void> link_muxer(GstElement* last, GstElement* muxer, const Branch& branch) {
  const auto pad = adopt(gst_element_get_static_pad(last, "src"));
  gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, add_chroma_site, nullptr,
                    nullptr);
  if (auto done = link(last, "src", muxer, branch.muxer_pad); !done) return done;
  const auto track = adopt(gst_pad_get_peer(pad.get()));
  g_object_set(track.get(), "trak-timescale", branch.timescale, nullptr);
  return {};
}

Result<void> add_branch(GstElement* pipeline, const Branch& branch, GstElement* muxer) {
  const auto progress = add_element(pipeline, "identity", branch.progress_name);
  if (!progress) return tl::unexpected(progress.error());
  g_object_set(*progress, "silent", TRUE, nullptr);
  auto* first = *progress;
  if (!branch.encoder.empty()) {
    const auto coder = add_description(pipeline, branch.encoder, branch.encoder_name.c_str());
    if (!coder) return tl::unexpected(coder.error());
    if (auto done = link(*coder, "src", first, "sink"); !done) return done;
    first = *coder;
  }
  if (auto done = link(branch.source, branch.source_pad, first, "sink"); !done) return done;
  if (muxer) return link_muxer(*progress, muxer, branch);
  const auto sink = add_element(pipeline, branch.raw_output.empty() ? "fakesink" : "filesink");
  if (!sink) return tl::unexpected(sink.error());
  g_object_set(*sink, "sync", FALSE, nullptr);
  if (!branch.raw_output.empty())
    g_object_set(*sink, "location", branch.raw_output.c_str(), nullptr);
  return link(*progress, "src", *sink, "sink");
}

std::string ending_of(Size rendition) { return "-" + std::to_string(rendition.height); }

// `ending`: of its elements' names.  `alone`: it is the only file.  Else it must not wait for the
// first packet of another, whose encoder may look ahead further.
Result<GstElement*> add_muxer(GstElement* pipeline, const std::string& output,
                              const std::string& ending, bool alone) {
  auto muxer = add_element(pipeline, "mp4mux", ("muxer" + ending).c_str());
  if (!muxer) return muxer;
  auto sink = add_element(pipeline, "filesink", ("output" + ending).c_str());
  if (!sink) return sink;
  g_object_set(*sink, "location", output.c_str(), "sync", FALSE, "async", alone, nullptr);
  if (auto done = link(*muxer, "src", *sink, "sink"); !done) return tl::unexpected(done.error());
  return muxer;
}

// Nothing for a job without an output, or with one that needs none.
Result<GstElement*> add_muxer(GstElement* pipeline, const ChunkJob& job) {
  if (job.raw || job.output.empty() || is_flac_stream(job)) return nullptr;
  return add_muxer(pipeline, job.output, "", job.rendition_outputs.empty());
}

// The frames that are to be encoded.  What stands still is composed only where it changes.
Result<GstPtr<GstElement>> make_frames(const GraphInput& input, bool renditions) {
  const auto& slice = input.slice;
  const auto changes = composed_frames(slice);
  if (changes.empty()) return make_video_bin(input);
  const auto pictures = gathered(slice, changes);
  auto bin = make_video_bin({pictures, input.paths, input.on_damage, input.options});
  if (bin) hold_frames(bin->get(), slice, {changes, coded_frames(slice, renditions), renditions});
  return bin;
}

Result<void> add_rendition(GstElement* pipeline, GstElement* tee, const FrameGrid& grid,
                           const RenditionCoding& coding, const std::string& output) {
  const auto muxer = add_muxer(pipeline, output, ending_of(coding.size), false);
  if (!muxer) return tl::unexpected(muxer.error());
  const auto scaled = add_scaled(pipeline, tee, coding.size);
  if (!scaled) return tl::unexpected(scaled.error());
  return add_branch(pipeline,
                    {*scaled, "src", coding.description, rendition_encoder_bin(coding.size),
                     nullptr, "video_%u", "", picture_timescale(grid)},
                    *muxer);
}

Result<void> add_video(GstElement* pipeline, const ChunkJob& job, const GraphInput& input,
                       GstElement* muxer) {
  auto bin = make_frames(input, !job.coding.renditions.empty());
  if (!bin) return tl::unexpected(bin.error());
  auto* frames = add_source(pipeline, std::move(*bin));
  const bool renditions = muxer && !job.rendition_outputs.empty();
  if (renditions) {
    const auto tee = add_tee(pipeline, frames, job.slice);
    if (!tee) return tl::unexpected(tee.error());
    frames = *tee;
  }
  const char* pad = renditions ? kTeePad : "src";
  auto done = add_branch(pipeline,
                         {frames, pad, muxer ? job.coding.description : std::string{},
                          kVideoEncoderBin, kVideoProgress, "video_%u",
                          muxer ? std::string{} : job.output, picture_timescale(job.slice.grid)},
                         muxer);
  for (std::size_t i = 0; done && renditions && i < job.rendition_outputs.size(); ++i)
    done = add_rendition(pipeline, frames, job.slice.grid, job.coding.renditions[i],
                         job.rendition_outputs[i]);
  return done;
}

Result<void> add_audio(GstElement* pipeline, const ChunkJob& job, const GraphInput& input,
                       GstElement* muxer) {
  auto bin = make_audio_bin(input);
  if (!bin) return tl::unexpected(bin.error());
  const bool stream = is_flac_stream(job);
  const auto encoder = muxer || stream ? describe_sound_encoder(job.slice.format) : std::string{};
  return add_branch(pipeline,
                    {add_source(pipeline, std::move(*bin)), "src", encoder, "audio-encoder",
                     kAudioProgress, "audio_%u", stream ? job.output : std::string{}},
                    muxer);
}

}  // namespace

std::string rendition_encoder_bin(Size rendition) {
  return kVideoEncoderBin + ending_of(rendition);
}

bool is_flac_stream(const ChunkJob& job) {
  return job.slice.frames.empty() && !job.raw && !job.output.empty() &&
         job.slice.format.codec == AudioCodec::flac;
}

Result<GstPtr<GstElement>> make_render_pipeline(const ChunkJob& job, const GraphOptions& options) {
  const GraphInput input{job.slice, job.paths, job.on_damage, options};
  auto pipeline = retain(gst_pipeline_new("render"));
  const auto muxer = add_muxer(pipeline.get(), job);
  if (!muxer) return tl::unexpected(muxer.error());
  if (!job.slice.frames.empty())
    if (auto done = add_video(pipeline.get(), job, input, *muxer); !done)
      return tl::unexpected(done.error());
  if (!job.slice.sound.empty() && !job.raw)
    if (auto done = add_audio(pipeline.get(), job, input, *muxer); !done)
      return tl::unexpected(done.error());
  return pipeline;
}

}  // namespace rostrum
