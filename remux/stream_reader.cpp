// SPDX-License-Identifier: LGPL-2.1-or-later
#include "remux/stream_reader.h"

#include "core/media_elements.h"
#include "engine/components.h"
#include "engine/elements.h"
#include "lib/bus_error.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace rostrum {

namespace {

constexpr GstClockTime kLook = 100 * GST_MSECOND;  // between two looks at what may end a wait
constexpr guint kMostPackets = 64;                 // that wait to be taken

// Of caps of this name, and of that version if it is not 0.
struct Parser {
  std::string_view caps;
  int version;
  const char* element;
};

constexpr auto kParsers = std::to_array<Parser>({
    {"video/x-h264", 0, "h264parse"},
    {"video/x-h265", 0, "h265parse"},
    {"video/mpeg", 4, "mpeg4videoparse"},
    {"video/mpeg", 0, "mpegvideoparse"},
    {"video/x-vp9", 0, "vp9parse"},
    {"video/x-av1", 0, "av1parse"},
    {"audio/mpeg", 1, "mpegaudioparse"},
    {"audio/mpeg", 0, "aacparse"},
    {"audio/x-ac3", 0, "ac3parse"},
    {"audio/x-eac3", 0, "ac3parse"},
    {"audio/x-opus", 0, "opusparse"},
    {"audio/x-flac", 0, "flacparse"},
});

const char* parser_of(GstPad* pad) {
  const auto caps = adopt(gst_pad_query_caps(pad, nullptr));
  if (!caps || gst_caps_is_empty(caps.get()) || gst_caps_is_any(caps.get())) return nullptr;
  const auto* structure = gst_caps_get_structure(caps.get(), 0);
  int version = 0;
  gst_structure_get_int(structure, "mpegversion", &version);
  const auto found = std::find_if(kParsers.begin(), kParsers.end(), [&](const Parser& parser) {
    return parser.caps == gst_structure_get_name(structure) &&
           (parser.version == 0 || parser.version == version);
  });
  return found != kParsers.end() && may_open_media(found->element) ? found->element : nullptr;
}

bool is_of(GstPad* pad, StreamKind kind) {
  const auto caps = adopt(gst_pad_query_caps(pad, nullptr));
  if (!caps || gst_caps_is_empty(caps.get()) || gst_caps_is_any(caps.get())) return false;
  const std::string_view name = gst_structure_get_name(gst_caps_get_structure(caps.get(), 0));
  return name.starts_with(kind == StreamKind::video ? "video/" : "audio/");
}

// In the form that both muxers take.
GstPtr<GstCaps> packet_caps(bool in_band) {
  const std::string h264 = in_band ? "avc3" : "avc";
  const std::string h265 = in_band ? "hev1" : "hvc1";
  const auto text = "video/x-h264,alignment=au,stream-format=" + h264 +
                    ";video/x-h265,alignment=au,stream-format=" + h265 +
                    ";video/mpeg;video/x-vp9;video/x-av1,stream-format=obu-stream,alignment=tu"
                    ";audio/mpeg,mpegversion={2,4},stream-format=raw;audio/mpeg,mpegversion=1"
                    ";audio/x-ac3;audio/x-eac3;audio/x-opus;audio/x-flac";
  return adopt(gst_caps_from_string(text.c_str()));
}

}  // namespace

Result<bool> is_fragmented(mp4::View bytes) {
  constexpr std::size_t kTransportPacket = 188;
  if (!bytes.empty() && bytes[0] == 0x47 &&
      (bytes.size() <= kTransportPacket || bytes[kTransportPacket] == 0x47))
    return false;
  const auto box = mp4::read_header(bytes);
  if (box && (box->type == mp4::fourcc("ftyp") || box->type == mp4::fourcc("styp") ||
              box->type == mp4::fourcc("moov")))
    return true;
  return fail(Kind::media,
              "its segments are neither MPEG transport streams nor fragmented MP4, or its key is "
              "another one");
}

StreamReader::StreamReader(const std::string& folder, const hls::Run& run, StreamKind kind,
                           bool in_band)
    : pieces_{folder, run.pieces}, kind_{kind}, in_band_{in_band} {}

StreamReader::~StreamReader() {
  if (pipeline_) gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
}

Result<std::unique_ptr<StreamReader>> StreamReader::open(const std::string& folder,
                                                         const hls::Run& run, StreamKind kind,
                                                         bool in_band) {
  const auto first = PieceReader{folder, run.pieces}.read();
  if (!first) return tl::unexpected(first.error());
  const auto fragmented = is_fragmented(*first);
  if (!fragmented) return tl::unexpected(fragmented.error());
  std::unique_ptr<StreamReader> reader{new StreamReader{folder, run, kind, in_band}};
  if (auto done = reader->build(*fragmented); !done) return tl::unexpected(done.error());
  return reader;
}

Result<void> StreamReader::build(bool fragmented) {
  pipeline_ = retain(gst_pipeline_new(nullptr));
  const auto source = add_element(pipeline_.get(), "appsrc");
  if (!source) return tl::unexpected(source.error());
  const auto demuxer = add_element(pipeline_.get(), fragmented ? "qtdemux" : "tsdemux");
  if (!demuxer) return tl::unexpected(demuxer.error());
  const auto sink = add_element(pipeline_.get(), "appsink");
  if (!sink) return tl::unexpected(sink.error());
  sink_ = *sink;
  const auto caps = packet_caps(in_band_);
  g_object_set(sink_, "caps", caps.get(), "sync", FALSE, "max-buffers", kMostPackets, nullptr);
  // With a segment of time qtdemux gives the times of the fragments as they are.
  g_object_set(*source, "format", fragmented ? GST_FORMAT_TIME : GST_FORMAT_BYTES, nullptr);
  GstAppSrcCallbacks callbacks{};
  callbacks.need_data = feed;
  gst_app_src_set_callbacks(GST_APP_SRC(*source), &callbacks, this, nullptr);
  g_signal_connect(*demuxer, "pad-added", G_CALLBACK(on_pad), this);
  g_signal_connect(*demuxer, "no-more-pads", G_CALLBACK(on_all_pads), this);
  if (auto done = link(*source, nullptr, *demuxer, nullptr); !done) return done;
  gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
  return {};
}

void StreamReader::feed(GstAppSrc* source, guint, gpointer self) {
  auto& reader = *static_cast<StreamReader*>(self);
  const auto bytes = reader.pieces_.read();
  if (!bytes) *reader.fault_.lock() = bytes.error();
  if (!bytes || bytes->empty()) {
    gst_app_src_end_of_stream(source);
    return;
  }
  auto* buffer = gst_buffer_new_memdup(bytes->data(), bytes->size());
  gst_app_src_push_buffer(source, buffer);  // takes it
}

void StreamReader::on_pad(GstElement*, GstPad* pad, gpointer self) {
  static_cast<StreamReader*>(self)->take(pad);
}

void StreamReader::on_all_pads(GstElement*, gpointer self) {
  auto& reader = *static_cast<StreamReader*>(self);
  if (!reader.linked_) reader.absent_ = true;
}

void StreamReader::take(GstPad* pad) {
  if (!linked_ && is_of(pad, kind_) && link_parser(pad)) {
    linked_ = true;
    return;
  }
  const auto rest = add_element(pipeline_.get(), "fakesink");
  if (!rest) return;
  g_object_set(*rest, "async", FALSE, "sync", FALSE, nullptr);
  const auto target = adopt(gst_element_get_static_pad(*rest, "sink"));
  gst_pad_link(pad, target.get());
  gst_element_sync_state_with_parent(*rest);
}

bool StreamReader::link_parser(GstPad* pad) {
  const char* name = parser_of(pad);
  if (!name) return false;
  const auto parser = add_element(pipeline_.get(), name);
  if (!parser) {
    *fault_.lock() = parser.error();
    return false;
  }
  const bool sets =
      in_band_ && g_object_class_find_property(G_OBJECT_GET_CLASS(*parser), "config-interval");
  if (sets) g_object_set(*parser, "config-interval", -1, nullptr);  // before each key frame
  const auto entry = adopt(gst_element_get_static_pad(*parser, "sink"));
  if (!gst_element_link(*parser, sink_) || gst_pad_link(pad, entry.get()) != GST_PAD_LINK_OK)
    return false;
  gst_element_sync_state_with_parent(*parser);
  return true;
}

std::optional<Error> StreamReader::error() {
  if (auto fault = fault_.copy()) return fault;
  const auto error = pop_error(pipeline_.get());
  if (!error) return {};
  return Error{Kind::media, describe_error(error.get())};
}

Result<GstPtr<GstSample>> StreamReader::next(const std::atomic<bool>& stop) {
  while (!stop) {
    auto sample = adopt(gst_app_sink_try_pull_sample(GST_APP_SINK(sink_), kLook));
    if (sample) return sample;
    if (absent_) break;
    if (auto wrong = error()) return tl::unexpected(std::move(*wrong));
    if (gst_app_sink_is_eos(GST_APP_SINK(sink_))) break;
  }
  return GstPtr<GstSample>{};
}

}  // namespace rostrum
