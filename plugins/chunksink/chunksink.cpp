// SPDX-License-Identifier: LGPL-2.1-or-later

/**
 * SECTION:element-chunksink
 * @title: chunksink
 * @see_also: splitmuxsink
 *
 * Writes encoded H.264 and AAC into one file per chunk, cut exactly at given running times. It asks
 * the encoder upstream for key frames there (GstForceKeyUnit), and fails when there is none. A file
 * gets its name only when it is whole and on the medium; then a line of the journal
 * (`<location>.journal`) and the element message `rostrum-chunk` say so.
 *
 * `rostrum-chunk` has the fields `index` (guint), `location` (string), `first-time` and `duration`
 * (guint64, nanoseconds of running time), `frames` (guint64: video frames, or AAC packets of a
 * chunk without video) and `bytes` (guint64, of the file). EOS is posted after the last of them.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 videotestsrc num-buffers=150 ! x264enc speed-preset=veryfast ! h264parse \
 *   ! chunksink location=out-%05d.mp4 chunk-duration=2000000000
 * ]|
 * Three files of two seconds.
 * |[
 * gst-launch-1.0 chunksink name=c location=cut-%02d.mp4 boundaries="<1000000000, 2500000000>" \
 *   videotestsrc num-buffers=120 ! queue ! x264enc tune=zerolatency ! h264parse ! c.video \
 *   audiotestsrc num-buffers=180 ! avenc_aac ! aacparse ! queue ! c.audio_0
 * ]|
 * Picture and sound, cut at 1 s and 2.5 s.
 * |[
 * gst-launch-1.0 -e videotestsrc is-live=true num-buffers=90 ! x264enc tune=zerolatency \
 *   ! h264parse ! chunksink location=live-%05d.ts muxer=mpegts chunk-duration=1000000000 \
 *   playlist=live.m3u8
 * ]|
 * A live source and an HLS playlist. By -e an interrupt ends the last chunk, and the playlist, as
 * EOS does.
 */
#include "chunksink/chunksink.h"

#include "chunksink/chunk_settings.h"
#include "chunksink/chunk_writer.h"
#include "lib/guarded.h"

#include <atomic>

GST_DEBUG_CATEGORY_STATIC(chunk_sink_debug);
#define GST_CAT_DEFAULT chunk_sink_debug

using namespace rostrum;

namespace {

GstStaticPadTemplate video_template = GST_STATIC_PAD_TEMPLATE(
    "video", GST_PAD_SINK, GST_PAD_REQUEST,
    GST_STATIC_CAPS("video/x-h264, stream-format = (string) { avc, avc3, byte-stream }, "
                    "alignment = (string) au"));
GstStaticPadTemplate audio_template = GST_STATIC_PAD_TEMPLATE(
    "audio_%u", GST_PAD_SINK, GST_PAD_REQUEST,
    GST_STATIC_CAPS("audio/mpeg, mpegversion = (int) 4, stream-format = (string) { raw, adts }"));

}  // namespace

struct RostrumChunkSinkPrivate {
  Guarded<ChunkSettings> settings;                   // any thread
  Guarded<std::shared_ptr<ChunkWriter>> writer;      // any thread; between start and stop
  std::atomic<unsigned> next_audio{0};               // any thread
  std::atomic<std::uint64_t> chunks_before_stop{0};  // any thread: of the last run
};

struct _RostrumChunkSink {
  GstBin parent;
  RostrumChunkSinkPrivate* priv;
};

G_DEFINE_TYPE_WITH_CODE(RostrumChunkSink, rostrum_chunk_sink, GST_TYPE_BIN,
                        GST_DEBUG_CATEGORY_INIT(chunk_sink_debug, "chunksink", 0, "Chunk sink"))
GST_ELEMENT_REGISTER_DEFINE(chunksink, "chunksink", GST_RANK_NONE, ROSTRUM_TYPE_CHUNK_SINK)

static std::shared_ptr<ChunkWriter> writer_of(gpointer self) {
  return ROSTRUM_CHUNK_SINK(self)->priv->writer.copy();
}

static bool is_video(GstPad* pad) { return g_str_equal(GST_PAD_NAME(pad), "video"); }

static GstFlowReturn rostrum_chunk_sink_chain(GstPad* pad, GstObject* parent, GstBuffer* buffer) {
  auto owned = adopt(buffer);
  const auto writer = writer_of(parent);
  return writer ? writer->chain(pad, std::move(owned)) : GST_FLOW_FLUSHING;
}

static gboolean rostrum_chunk_sink_pad_event(GstPad* pad, GstObject* parent, GstEvent* event) {
  auto owned = adopt(event);
  const auto writer = writer_of(parent);
  return writer && writer->event(pad, std::move(owned));
}

static gboolean rostrum_chunk_sink_pad_query(GstPad* pad, GstObject* parent, GstQuery* query) {
  if (GST_QUERY_TYPE(query) == GST_QUERY_ALLOCATION) return FALSE;
  if (GST_QUERY_TYPE(query) != GST_QUERY_CAPS) return gst_pad_query_default(pad, parent, query);
  const auto settings = ROSTRUM_CHUNK_SINK(parent)->priv->settings.copy();
  auto caps = adopt(gst_pad_get_pad_template_caps(pad));
  if (const auto accepted = accepted_caps(settings.chunk_muxer(), is_video(pad)))
    caps = adopt(gst_caps_intersect(caps.get(), accepted.get()));
  GstCaps* filter = nullptr;
  gst_query_parse_caps(query, &filter);
  if (filter) caps = adopt(gst_caps_intersect_full(filter, caps.get(), GST_CAPS_INTERSECT_FIRST));
  gst_query_set_caps_result(query, caps.get());
  return TRUE;
}

static GstPad* rostrum_chunk_sink_request_new_pad(GstElement* element, GstPadTemplate* templ,
                                                  const gchar* name, const GstCaps*) {
  auto* self = ROSTRUM_CHUNK_SINK(element);
  const bool video = g_str_equal(GST_PAD_TEMPLATE_NAME_TEMPLATE(templ), "video");
  const auto number = std::to_string(self->priv->next_audio);
  const std::string chosen = video ? "video" : name ? name : "audio_" + number;
  if (const auto taken = adopt(gst_element_get_static_pad(element, chosen.c_str()))) {
    GST_WARNING_OBJECT(self, "pad %s exists already", chosen.c_str());
    return nullptr;
  }
  guint given = 0;
  if (!video && std::sscanf(chosen.c_str(), "audio_%u", &given) == 1)
    self->priv->next_audio = std::max<unsigned>(self->priv->next_audio, given + 1);
  GstPad* pad = gst_pad_new_from_template(templ, chosen.c_str());
  gst_pad_set_chain_function(pad, rostrum_chunk_sink_chain);
  gst_pad_set_event_function(pad, rostrum_chunk_sink_pad_event);
  gst_pad_set_query_function(pad, rostrum_chunk_sink_pad_query);
  if (const auto writer = writer_of(self)) {
    writer->add(pad, video);
    gst_pad_set_active(pad, TRUE);
  }
  gst_element_add_pad(element, pad);
  return pad;
}

static void rostrum_chunk_sink_release_pad(GstElement* element, GstPad* pad) {
  gst_pad_set_active(pad, FALSE);
  if (const auto writer = writer_of(element)) writer->remove(pad);
  gst_element_remove_pad(element, pad);
}

// Nothing after an error was posted.
static std::shared_ptr<ChunkWriter> rostrum_chunk_sink_open(RostrumChunkSink* self,
                                                            const ChunkSettings& settings,
                                                            const ChunkPattern& pattern,
                                                            const ChunkCuts& cuts) {
  const ChunkMuxer& muxer = settings.chunk_muxer();
  const auto fail_open = [&](const Error& error) {
    GST_ELEMENT_ERROR(self, RESOURCE, OPEN_WRITE, ("%s", error.message.c_str()), (nullptr));
    return nullptr;
  };
  auto journal =
      ChunkJournal::open(settings.location, pattern, cuts, settings.resume, settings.fsync);
  if (!journal) return fail_open(journal.error());
  std::optional<ChunkPlaylist> playlist;
  if (!settings.playlist.empty()) {
    auto opened = ChunkPlaylist::open(
        {settings.playlist, pattern, cuts.longest(), muxer.fragments, settings.fsync},
        journal->kept());
    if (!opened) return fail_open(opened.error());
    playlist = *std::move(opened);
  }
  return std::make_shared<ChunkWriter>(GST_BIN(self),
                                       ChunkWriter::Setup{muxer, pattern, cuts, settings.fsync},
                                       *std::move(journal), std::move(playlist));
}

static bool rostrum_chunk_sink_start(RostrumChunkSink* self) {
  const auto settings = self->priv->settings.copy();
  const auto pattern = ChunkPattern::parse(settings.location);
  const auto cuts = settings.cuts();
  const auto container = settings.container();
  if (!pattern || !cuts || !container) {
    const auto& error = !pattern ? pattern.error() : !cuts ? cuts.error() : container.error();
    GST_ELEMENT_ERROR(self, RESOURCE, SETTINGS, ("%s.", error.message.c_str()), (nullptr));
    return false;
  }
  if (!accepted_caps(settings.chunk_muxer(), true)) {
    GST_ELEMENT_ERROR(self, CORE, MISSING_PLUGIN,
                      ("Element %s is not installed.", settings.chunk_muxer().factory), (nullptr));
    return false;
  }
  auto writer = rostrum_chunk_sink_open(self, settings, *pattern, *cuts);
  if (!writer) return false;
  const auto add = [](GstElement*, GstPad* pad, gpointer data) -> gboolean {
    static_cast<ChunkWriter*>(data)->add(pad, is_video(pad));
    return TRUE;
  };
  gst_element_foreach_sink_pad(GST_ELEMENT(self), add, writer.get());
  *self->priv->writer.lock() = std::move(writer);
  return true;
}

static GstStateChangeReturn rostrum_chunk_sink_change_state(GstElement* element,
                                                            GstStateChange transition) {
  auto* self = ROSTRUM_CHUNK_SINK(element);
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED && !rostrum_chunk_sink_start(self))
    return GST_STATE_CHANGE_FAILURE;
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) {
    if (const auto writer = writer_of(self)) writer->stop();
  }
  const auto result =
      GST_ELEMENT_CLASS(rostrum_chunk_sink_parent_class)->change_state(element, transition);
  const bool began = transition == GST_STATE_CHANGE_READY_TO_PAUSED;
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY ||
      (began && result == GST_STATE_CHANGE_FAILURE)) {
    if (const auto writer = writer_of(self)) self->priv->chunks_before_stop = writer->chunks();
    self->priv->writer.lock()->reset();
  }
  return result;
}

static gboolean rostrum_chunk_sink_send_event(GstElement* element, GstEvent* event) {
  if (!(gst_event_type_get_flags(GST_EVENT_TYPE(event)) & GST_EVENT_TYPE_UPSTREAM))
    return GST_ELEMENT_CLASS(rostrum_chunk_sink_parent_class)->send_event(element, event);
  // Our children know no pads of ours: a seek goes up from the sink pads.
  const auto owned = adopt(event);
  const auto push = [](GstElement*, GstPad* pad, gpointer data) -> gboolean {
    return gst_pad_push_event(pad, gst_event_ref(static_cast<GstEvent*>(data)));
  };
  return gst_element_foreach_sink_pad(element, push, owned.get());
}

static void rostrum_chunk_sink_handle_message(GstBin* bin, GstMessage* message) {
  const auto type = GST_MESSAGE_TYPE(message);
  const auto writer = writer_of(bin);
  if (writer && (type == GST_MESSAGE_EOS || type == GST_MESSAGE_ERROR) &&
      writer->take_message(message)) {
    gst_message_unref(message);
    return;
  }
  GST_BIN_CLASS(rostrum_chunk_sink_parent_class)->handle_message(bin, message);
}

static void rostrum_chunk_sink_set_property(GObject* object, guint id, const GValue* value,
                                            GParamSpec* pspec) {
  auto settings = ROSTRUM_CHUNK_SINK(object)->priv->settings.lock();
  if (!set_setting(*settings, id, value)) G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void rostrum_chunk_sink_get_property(GObject* object, guint id, GValue* value,
                                            GParamSpec* pspec) {
  auto* priv = ROSTRUM_CHUNK_SINK(object)->priv;
  if (id == PROP_CHUNKS) {
    const auto writer = writer_of(object);
    g_value_set_uint64(value, writer ? writer->chunks() : priv->chunks_before_stop.load());
  } else if (!get_setting(priv->settings.copy(), id, value)) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
}

static void rostrum_chunk_sink_init(RostrumChunkSink* self) {
  self->priv = new RostrumChunkSinkPrivate;
  // A sink at all times, also while it has no child that is one.
  gst_bin_set_suppressed_flags(
      GST_BIN(self), static_cast<GstElementFlags>(GST_ELEMENT_FLAG_SINK | GST_ELEMENT_FLAG_SOURCE));
  GST_OBJECT_FLAG_SET(self, GST_ELEMENT_FLAG_SINK);
}

static void rostrum_chunk_sink_finalize(GObject* object) {
  delete ROSTRUM_CHUNK_SINK(object)->priv;
  G_OBJECT_CLASS(rostrum_chunk_sink_parent_class)->finalize(object);
}

static void rostrum_chunk_sink_class_init(RostrumChunkSinkClass* klass) {
  auto* object_class = G_OBJECT_CLASS(klass);
  object_class->set_property = rostrum_chunk_sink_set_property;
  object_class->get_property = rostrum_chunk_sink_get_property;
  object_class->finalize = rostrum_chunk_sink_finalize;
  install_chunk_sink_properties(object_class);

  auto* element_class = GST_ELEMENT_CLASS(klass);
  gst_element_class_add_static_pad_template(element_class, &video_template);
  gst_element_class_add_static_pad_template(element_class, &audio_template);
  gst_element_class_set_static_metadata(element_class, "Chunk sink", "Sink/File/Muxer",
                                        "Writes exact chunks, each one whole or not at all",
                                        "The rostrum authors");
  gst_type_mark_as_plugin_api(chunk_sink_muxer_type(), static_cast<GstPluginAPIFlags>(0));
  element_class->request_new_pad = GST_DEBUG_FUNCPTR(rostrum_chunk_sink_request_new_pad);
  element_class->release_pad = GST_DEBUG_FUNCPTR(rostrum_chunk_sink_release_pad);
  element_class->change_state = GST_DEBUG_FUNCPTR(rostrum_chunk_sink_change_state);
  element_class->send_event = GST_DEBUG_FUNCPTR(rostrum_chunk_sink_send_event);
  GST_BIN_CLASS(klass)->handle_message = GST_DEBUG_FUNCPTR(rostrum_chunk_sink_handle_message);
}
