// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/composed_frame.h"

#include "engine/elements.h"

#include <gst/app/gstappsink.h>

namespace rostrum {

namespace {

// Sources give up on a medium long before; this is for what has no limit of its own.
constexpr GstClockTime kPatience = 60 * GST_SECOND;

// A pipeline that is stopped when the scope ends.
class Played {
 public:
  explicit Played(GstPtr<GstElement> pipeline) : pipeline_{std::move(pipeline)} {}
  ~Played() { gst_element_set_state(pipeline_.get(), GST_STATE_NULL); }
  Played(const Played&) = delete;
  Played& operator=(const Played&) = delete;

  GstElement* get() const { return pipeline_.get(); }

 private:
  GstPtr<GstElement> pipeline_;
};

// The video bin with a sink that keeps what it gives, and lets the pipeline end by itself.
Result<GstElement*> fill(GstElement* pipeline, const GraphInput& input) {
  auto bin = make_video_bin(input);
  if (!bin) return tl::unexpected(bin.error());
  auto* raw = bin->get();
  gst_bin_add(GST_BIN(pipeline), bin->release());
  auto sink = add_element(pipeline, "appsink");
  if (!sink) return sink;
  g_object_set(*sink, "sync", FALSE, "wait-on-eos", FALSE, nullptr);
  if (auto done = link(raw, "src", *sink, "sink"); !done) return tl::unexpected(done.error());
  return sink;
}

Error error_of(GstMessage* message) {
  GError* raw = nullptr;
  gst_message_parse_error(message, &raw, nullptr);
  const GErrorPtr error{raw};
  return {Kind::media, std::string{GST_MESSAGE_SRC_NAME(message)} + ": " + error->message};
}

// Until the end of the stream.
Result<void> play(GstElement* pipeline, const std::stop_token& stop) {
  const auto bus = adopt(gst_element_get_bus(pipeline));
  const std::stop_callback wake{
      stop, [&] {
        gst_bus_post(bus.get(),
                     gst_message_new_application(nullptr, gst_structure_new_empty("rostrum-stop")));
      }};
  const bool started =
      gst_element_set_state(pipeline, GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE;
  const auto ends =
      static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_APPLICATION);
  const auto message = adopt(gst_bus_timed_pop_filtered(bus.get(), started ? kPatience : 0, ends));
  if (!message && !started) return fail(Kind::internal, "the graph did not start");
  if (!message) return fail(Kind::media, "no picture came within a minute");
  if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_APPLICATION)
    return fail(Kind::interrupted, "interrupted");
  if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_ERROR)
    return tl::unexpected(error_of(message.get()));
  return {};
}

}  // namespace

Result<GstPtr<GstBuffer>> compose_frame(const GraphInput& input, const std::stop_token& stop) {
  const Played pipeline{retain(gst_pipeline_new("frame"))};
  const auto sink = fill(pipeline.get(), input);
  if (!sink) return tl::unexpected(sink.error());
  if (auto done = play(pipeline.get(), stop); !done) return tl::unexpected(done.error());
  const auto sample = adopt(gst_app_sink_try_pull_sample(GST_APP_SINK(*sink), 0));
  if (!sample) return fail(Kind::internal, "the graph ended without a picture");
  return retain(gst_sample_get_buffer(sample.get()));
}

}  // namespace rostrum
