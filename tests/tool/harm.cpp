// SPDX-License-Identifier: LGPL-2.1-or-later
// A plugin whose demuxer does what its file says: "HARM crash", "HARM eat" or "HARM hang", and
// whose decoder of A-law crashes ten seconds into it.  They go by the names of some that may open
// media (core/media_elements.h) and that no plugin has here.
#include <gst/audio/audio.h>
#include <gst/gst.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string>

#define PACKAGE "rostrum"

namespace {

constexpr char kType[] = "application/x-rostrum-harm";

struct Harm {
  GstElement parent;
};
struct HarmClass {
  GstElementClass parent;
};
G_DEFINE_TYPE(Harm, harm, GST_TYPE_ELEMENT)

GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE("sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS(kType));

// Twice what is allowed, and no more: without a limit the test fails, not the machine.
void eat() {
  constexpr std::size_t kBlock = std::size_t{64} << 20;
  for (int blocks = 0; blocks < 48; ++blocks)
    if (void* block = std::malloc(kBlock)) std::memset(block, 1, kBlock);
}

void hang() {
  GMutex mutex;
  GCond never;
  g_mutex_init(&mutex);
  g_cond_init(&never);
  g_mutex_lock(&mutex);
  for (;;) g_cond_wait(&never, &mutex);
}

GstFlowReturn chain(GstPad*, GstObject*, GstBuffer* buffer) {
  std::array<char, 16> text{};
  gst_buffer_extract(buffer, 0, text.data(), text.size() - 1);
  gst_buffer_unref(buffer);
  const std::string what = text.data();
  if (what.starts_with("HARM crash")) std::raise(SIGSEGV);
  if (what.starts_with("HARM eat")) eat();
  if (what.starts_with("HARM hang")) hang();
  return GST_FLOW_EOS;
}

void harm_init(Harm* self) {
  auto* pad = gst_pad_new_from_static_template(&sink_template, "sink");
  gst_pad_set_chain_function(pad, chain);
  gst_element_add_pad(GST_ELEMENT(self), pad);
}

void harm_class_init(HarmClass* klass) {
  auto* element_class = GST_ELEMENT_CLASS(klass);
  gst_element_class_add_static_pad_template(element_class, &sink_template);
  gst_element_class_set_static_metadata(element_class, "Harm", "Codec/Demuxer", "Does harm",
                                        "Test");
}

constexpr char kAlaw[] = "audio/x-alaw, rate=(int)8000, channels=(int)1";
constexpr GstClockTime kGoesWell = 10 * GST_SECOND;

struct Late {
  GstAudioDecoder parent;
};
struct LateClass {
  GstAudioDecoderClass parent;
};
G_DEFINE_TYPE(Late, late, GST_TYPE_AUDIO_DECODER)

GstStaticPadTemplate alaw_template =
    GST_STATIC_PAD_TEMPLATE("sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS(kAlaw));
GstStaticPadTemplate raw_template = GST_STATIC_PAD_TEMPLATE(
    "src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS(GST_AUDIO_CAPS_MAKE("S16LE")));

gboolean set_format(GstAudioDecoder* decoder, GstCaps*) {
  GstAudioInfo info;
  gst_audio_info_set_format(&info, GST_AUDIO_FORMAT_S16LE, 8000, 1, nullptr);
  return gst_audio_decoder_set_output_format(decoder, &info);
}

GstFlowReturn decode(GstAudioDecoder* decoder, GstBuffer* buffer) {
  if (!buffer) return GST_FLOW_OK;
  if (GST_BUFFER_PTS(buffer) >= kGoesWell) std::raise(SIGSEGV);
  const auto bytes = 2 * gst_buffer_get_size(buffer);
  auto* samples = gst_buffer_new_allocate(nullptr, bytes, nullptr);
  gst_buffer_memset(samples, 0, 0x10, bytes);
  return gst_audio_decoder_finish_frame(decoder, samples, 1);
}

void late_init(Late*) {}

void late_class_init(LateClass* klass) {
  auto* element_class = GST_ELEMENT_CLASS(klass);
  gst_element_class_add_static_pad_template(element_class, &alaw_template);
  gst_element_class_add_static_pad_template(element_class, &raw_template);
  gst_element_class_set_static_metadata(element_class, "Late", "Codec/Decoder/Audio",
                                        "Does harm later", "Test");
  klass->parent.set_format = set_format;
  klass->parent.handle_frame = decode;
}

void find_harm(GstTypeFind* find, gpointer) {
  const auto* data = gst_type_find_peek(find, 0, 4);
  if (data && std::memcmp(data, "HARM", 4) == 0)
    gst_type_find_suggest_empty_simple(find, GST_TYPE_FIND_MAXIMUM, kType);
}

gboolean plugin_init(GstPlugin* plugin) {
  GstCaps* caps = gst_caps_new_empty_simple(kType);
  const bool done =
      gst_element_register(plugin, "mad", GST_RANK_PRIMARY + 1, harm_get_type()) &&
      gst_element_register(plugin, "fdkaacdec", GST_RANK_PRIMARY + 1, late_get_type()) &&
      gst_type_find_register(plugin, kType, GST_RANK_PRIMARY + 1, find_harm, nullptr, caps, nullptr,
                             nullptr);
  gst_caps_unref(caps);
  return done;
}

}  // namespace

GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, harm, "Does harm", plugin_init, "1", "LGPL",
                  PACKAGE, "https://rostrum.invalid/")
