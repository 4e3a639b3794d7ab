// SPDX-License-Identifier: LGPL-2.1-or-later
// An encoder for tests that stands for one with a device: x264enc with other parameter sets than
// those of the profiles, which fails as it is told.
#include <fcntl.h>
#include <gst/video/video.h>
#include <sys/file.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace {

enum class Fault { none, memory, device, driver, busy, corrupt, wrong, hang, crash };

constexpr GEnumValue kFaults[] = {
    {static_cast<int>(Fault::none), "Works", "none"},
    {static_cast<int>(Fault::memory), "Runs out of memory", "memory"},
    {static_cast<int>(Fault::device), "Loses its device", "device"},
    {static_cast<int>(Fault::driver), "Gets an error of its driver", "driver"},
    {static_cast<int>(Fault::busy), "Has no free session at the beginning", "busy"},
    {static_cast<int>(Fault::corrupt), "Spoils its packets", "corrupt"},
    {static_cast<int>(Fault::wrong), "Encodes another picture", "wrong"},
    {static_cast<int>(Fault::hang), "Never ends", "hang"},
    {static_cast<int>(Fault::crash), "Crashes", "crash"},
    {0, nullptr, nullptr}};

enum { PROP_0, PROP_FAULT, PROP_FRAME, PROP_LUMA, PROP_SESSIONS, PROP_SESSION_FOLDER };

}  // namespace

struct FaultyEncoder {
  GstBin parent;
  int fault;
  guint frame;  // at which it fails, from 0
  int luma;     // only where the first frame is so bright; -1: always
  guint sessions;
  gchar* session_folder;
  guint seen;  // frames
  guint packets;
  gboolean struck;  // the first frame is so bright
};

struct FaultyEncoderClass {
  GstBinClass parent_class;
};

G_DEFINE_TYPE(FaultyEncoder, faulty_encoder, GST_TYPE_BIN)

static FaultyEncoder* encoder_of(gpointer object) { return static_cast<FaultyEncoder*>(object); }

static int mean_luma(GstPad* pad, GstBuffer* buffer) {
  GstVideoInfo info;
  GstVideoFrame frame;
  GstCaps* caps = gst_pad_get_current_caps(pad);
  int sum = 0;
  if (caps && gst_video_info_from_caps(&info, caps) &&
      gst_video_frame_map(&frame, &info, buffer, GST_MAP_READ)) {
    const auto* middle = static_cast<guint8*>(GST_VIDEO_FRAME_PLANE_DATA(&frame, 0)) +
                         info.height / 2 * GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 0);
    for (int x = 0; x < info.width; ++x) sum += middle[x];
    sum /= info.width;
    gst_video_frame_unmap(&frame);
  }
  if (caps) gst_caps_unref(caps);
  return sum;
}

static void spoil(GstPadProbeInfo* info, gsize from) {
  auto* buffer = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
  const auto size = gst_buffer_get_size(buffer);
  if (size > from) gst_buffer_memset(buffer, from, 0x55, size - from);
  GST_PAD_PROBE_INFO_DATA(info) = buffer;
}

static GstPadProbeReturn fail(FaultyEncoder* self) {
  switch (static_cast<Fault>(self->fault)) {
  case Fault::memory:
    GST_ELEMENT_ERROR(self, LIBRARY, ENCODE, ("out of memory"), (nullptr));
    return GST_PAD_PROBE_DROP;
  case Fault::device:
    GST_ELEMENT_ERROR(self, RESOURCE, FAILED, ("the device is lost"), (nullptr));
    return GST_PAD_PROBE_DROP;
  case Fault::driver:
    GST_ELEMENT_ERROR(self, LIBRARY, FAILED, ("error 42 of the driver"), (nullptr));
    return GST_PAD_PROBE_DROP;
  case Fault::hang:
    while (true) pause();
  case Fault::crash:
    std::abort();
  default:
    return GST_PAD_PROBE_OK;
  }
}

static GstPadProbeReturn on_frame(GstPad* pad, GstPadProbeInfo* info, gpointer object) {
  auto* self = encoder_of(object);
  const auto number = self->seen++;
  if (number == 0)
    self->struck = self->luma < 0 ||
                   std::abs(mean_luma(pad, GST_PAD_PROBE_INFO_BUFFER(info)) - self->luma) < 3;
  if (!self->struck || number < self->frame) return GST_PAD_PROBE_OK;
  if (self->fault == static_cast<int>(Fault::wrong)) spoil(info, 0);
  return number == self->frame ? fail(self) : GST_PAD_PROBE_OK;
}

static GstPadProbeReturn on_packet(GstPad*, GstPadProbeInfo* info, gpointer object) {
  auto* self = encoder_of(object);
  constexpr gsize kHeader = 5;  // start code and the NAL unit's
  if (self->struck && self->fault == static_cast<int>(Fault::corrupt) &&
      self->packets >= self->frame)
    spoil(info, kHeader);
  ++self->packets;
  return GST_PAD_PROBE_OK;
}

// Each session is a file that is locked until its process ends.
static gboolean take_session(FaultyEncoder* self) {
  if (self->sessions == 0) return TRUE;
  for (guint i = 0; i < self->sessions; ++i) {
    const auto path = std::string{self->session_folder} + "/session" + std::to_string(i);
    const int session = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (session >= 0 && flock(session, LOCK_EX | LOCK_NB) == 0) return TRUE;
    if (session >= 0) close(session);
  }
  return FALSE;
}

// A refusal is silent, as that of real ones; one that is busy says so.
static GstStateChangeReturn faulty_encoder_change_state(GstElement* element,
                                                        GstStateChange change) {
  auto* self = encoder_of(element);
  if (change == GST_STATE_CHANGE_NULL_TO_READY) {
    self->seen = self->packets = 0;
    if (self->fault == static_cast<int>(Fault::busy)) {
      GST_ELEMENT_ERROR(self, RESOURCE, BUSY, ("no free session"), (nullptr));
      return GST_STATE_CHANGE_FAILURE;
    }
    if (!take_session(self)) return GST_STATE_CHANGE_FAILURE;
  }
  return GST_ELEMENT_CLASS(faulty_encoder_parent_class)->change_state(element, change);
}

static void faulty_encoder_set_property(GObject* object, guint id, const GValue* value,
                                        GParamSpec*) {
  auto* self = encoder_of(object);
  if (id == PROP_FAULT) self->fault = g_value_get_enum(value);
  if (id == PROP_FRAME) self->frame = g_value_get_uint(value);
  if (id == PROP_LUMA) self->luma = g_value_get_int(value);
  if (id == PROP_SESSIONS) self->sessions = g_value_get_uint(value);
  if (id == PROP_SESSION_FOLDER) {
    g_free(self->session_folder);
    self->session_folder = g_value_dup_string(value);
  }
}

static void ghost(FaultyEncoder* self, GstElement* inner, const char* name,
                  GstPadProbeCallback probe) {
  GstPad* pad = gst_element_get_static_pad(inner, name);
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, probe, self, nullptr);
  gst_element_add_pad(GST_ELEMENT(self), gst_ghost_pad_new(name, pad));
  gst_object_unref(pad);
}

static void faulty_encoder_init(FaultyEncoder* self) {
  self->luma = -1;
  GstElement* inner = gst_parse_launch(
      "x264enc pass=qual quantizer=30 vbv-buf-capacity=0 speed-preset=ultrafast threads=1 "
      "sync-lookahead=0 rc-lookahead=0 dct8x8=true ref=4 key-int-max=250 byte-stream=true",
      nullptr);
  gst_bin_add(GST_BIN(self), inner);
  ghost(self, inner, "sink", on_frame);
  ghost(self, inner, "src", on_packet);
}

static void faulty_encoder_finalize(GObject* object) {
  g_free(encoder_of(object)->session_folder);
  G_OBJECT_CLASS(faulty_encoder_parent_class)->finalize(object);
}

static void faulty_encoder_class_init(FaultyEncoderClass* klass) {
  auto* object_class = G_OBJECT_CLASS(klass);
  object_class->set_property = faulty_encoder_set_property;
  object_class->finalize = faulty_encoder_finalize;
  const auto flags = static_cast<GParamFlags>(G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  const auto install = [&](guint id, GParamSpec* spec) {
    g_object_class_install_property(object_class, id, spec);
  };
  install(PROP_FAULT,
          g_param_spec_enum("fault", "Fault", "What goes wrong",
                            g_enum_register_static("FaultyEncoderFault", kFaults), 0, flags));
  install(PROP_FRAME,
          g_param_spec_uint("frame", "Frame", "At which it fails", 0, G_MAXUINT, 0, flags));
  install(PROP_LUMA, g_param_spec_int("luma", "Luma", "Of the first frame, where it is to fail", -1,
                                      255, -1, flags));
  install(PROP_SESSIONS,
          g_param_spec_uint("sessions", "Sessions", "How many at once; 0 = any", 0, 64, 0, flags));
  install(PROP_SESSION_FOLDER,
          g_param_spec_string("session-folder", "Session folder", "Holds session0, session1, ...",
                              nullptr, flags));
  auto* element_class = GST_ELEMENT_CLASS(klass);
  element_class->change_state = faulty_encoder_change_state;
  gst_element_class_set_static_metadata(element_class, "Faulty encoder", "Codec/Encoder/Video",
                                        "Fails as it is told", "The authors");
}

static gboolean plugin_init(GstPlugin* plugin) {
  return gst_element_register(plugin, "faultyh264enc", GST_RANK_NONE, faulty_encoder_get_type());
}

#define PACKAGE "rostrum"
GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, faulty, "Encoder for tests", plugin_init,
                  "0.1", "LGPL", PACKAGE, "https://example.org/")
