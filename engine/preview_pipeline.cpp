// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/preview_pipeline.h"

#include "engine/elements.h"
#include "engine/graph.h"

namespace rostrum {

namespace {

// Composing and encoding share out the cores. Without B-frames the first picture is there at once,
// and each key frame begins a fragment.
constexpr char kVideoEncoder[] =
    "queue max-size-buffers=8 max-size-bytes=0 max-size-time=0 ! x264enc speed-preset=ultrafast "
    "tune=zerolatency threads=1 pass=quant quantizer=20 key-int-max=12 ! "
    "video/x-h264,profile=constrained-baseline ! queue";
constexpr char kAudioEncoder[] =
    "queue ! audioconvert ! avenc_aac aac-coder=fast bitrate=128000 ! aacparse ! queue";
constexpr char kPictureEncoder[] = "jpegenc quality=90";
constexpr guint kFragment = 400;  // ms

struct Branch {
  GstPtr<GstElement> raw;
  const char* encoder;  // launch description
  const char* name;
  GstElement* target;
  const char* pad;  // of the target
};

Result<void> add_branch(GstElement* pipeline, Branch branch) {
  auto* source = branch.raw.get();
  gst_bin_add(GST_BIN(pipeline), branch.raw.release());
  const auto coder = add_description(pipeline, branch.encoder, branch.name);
  if (!coder) return tl::unexpected(coder.error());
  if (auto done = link(source, "src", *coder, "sink"); !done) return done;
  return link(*coder, "src", branch.target, branch.pad);
}

Result<GstElement*> add_output(GstElement* pipeline, int descriptor) {
  const auto sink = add_element(pipeline, "fdsink");
  if (sink) g_object_set(*sink, "fd", descriptor, "sync", FALSE, nullptr);
  return sink;
}

Result<GstElement*> add_muxer(GstElement* pipeline, int descriptor) {
  const auto muxer = add_element(pipeline, "mp4mux");
  if (!muxer) return muxer;
  g_object_set(*muxer, "fragment-duration", kFragment, "streamable", TRUE, nullptr);
  const auto sink = add_output(pipeline, descriptor);
  if (!sink) return sink;
  if (auto done = link(*muxer, "src", *sink, "sink"); !done) return tl::unexpected(done.error());
  return muxer;
}

GstPadProbeReturn drop_once(GstPad* pad, GstPadProbeInfo* info, gpointer) {
  gst_pad_remove_probe(pad, GST_PAD_PROBE_INFO_ID(info));
  return GST_PAD_PROBE_DROP;
}

// The first packet of AAC is the encoder's priming, and the muxer lets every track of fragments
// begin at 0.
void leave_out_priming(GstElement* muxer) {
  const auto pad = adopt(gst_element_get_static_pad(muxer, "audio_0"));
  gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_BUFFER, drop_once, nullptr, nullptr);
}

Result<void> fill_stream(GstElement* pipeline, const GraphInput& input, int descriptor) {
  const auto muxer = add_muxer(pipeline, descriptor);
  if (!muxer) return tl::unexpected(muxer.error());
  auto video = make_video_bin(input);
  if (!video) return tl::unexpected(video.error());
  auto audio = make_audio_bin(input);
  if (!audio) return tl::unexpected(audio.error());
  if (auto done = add_branch(
          pipeline, {std::move(*video), kVideoEncoder, "video-encoder", *muxer, "video_%u"});
      !done)
    return done;
  if (auto done = add_branch(
          pipeline, {std::move(*audio), kAudioEncoder, "audio-encoder", *muxer, "audio_%u"});
      !done)
    return done;
  leave_out_priming(*muxer);
  return {};
}

// Of the commonest media, and of what is made of them.
constexpr const char* kUsual[] = {
    "filesrc",   "decodebin",  "typefind",     "qtdemux",      "matroskademux", "multiqueue",
    "h264parse", "avdec_h264", "aacparse",     "avdec_aac",    "appsink",       "audiomixer",
    "queue",     "x264enc",    "audioconvert", "avenc_aac",    "mp4mux",        "fdsink",
    "jpegenc",   "capsfilter", "videoconvert", "audioresample"};

}  // namespace

void make_preview_ready() {
  for (const char* name : kUsual)
    const auto begun = retain(gst_element_factory_make(name, nullptr));
  if (auto* finders = gst_plugin_load_by_name("typefindfunctions")) gst_object_unref(finders);
}

Result<GstPtr<GstElement>> make_preview_stream(const ChunkJob& job, int descriptor) {
  auto pipeline = retain(gst_pipeline_new("preview"));
  const GraphInput input{job.slice, job.paths, job.on_damage, {}};
  if (auto done = fill_stream(pipeline.get(), input, descriptor); !done)
    return tl::unexpected(done.error());
  return pipeline;
}

Result<GstPtr<GstElement>> make_preview_picture(const ChunkJob& job, int descriptor) {
  auto pipeline = retain(gst_pipeline_new("picture"));
  auto video = make_video_bin({job.slice, job.paths, job.on_damage, {}});
  if (!video) return tl::unexpected(video.error());
  const auto sink = add_output(pipeline.get(), descriptor);
  if (!sink) return tl::unexpected(sink.error());
  if (auto done = add_branch(pipeline.get(),
                             {std::move(*video), kPictureEncoder, "encoder", *sink, "sink"});
      !done)
    return tl::unexpected(done.error());
  return pipeline;
}

}  // namespace rostrum
