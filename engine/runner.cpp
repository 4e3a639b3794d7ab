// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/runner.h"

#include "engine/interrupt.h"
#include "engine/substitution.h"

#include <glib-unix.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <vector>

namespace rostrum {

namespace {

constexpr guint kTick = 200;  // ms between two looks at progress

// The state only moves forward, so that end, error, stall and Ctrl-C may race.
enum class Phase { running, ended };

class Run {
 public:
  Run(GstElement* pipeline, const RunOptions& options) : pipeline_{pipeline}, options_{options} {}

  Result<RunResult> play() {
    loop_ = g_main_loop_new(nullptr, FALSE);
    const auto bus = adopt(gst_element_get_bus(pipeline_));
    const guint watch = gst_bus_add_watch(bus.get(), on_message, this);
    Interrupt::install();
    const guint interrupt = g_unix_fd_add(Interrupt::descriptor(), G_IO_IN, on_interrupt, this);
    const guint tick = g_timeout_add(kTick, on_tick, this);
    add_progress_probe();
    last_change_ = g_get_monotonic_time();
    if (gst_element_set_state(pipeline_, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
      take_pending_error(bus.get());
    if (phase_ == Phase::running) g_main_loop_run(loop_);
    gst_element_set_state(pipeline_, GST_STATE_NULL);
    for (const guint id : {watch, interrupt, tick}) g_source_remove(id);
    g_main_loop_unref(loop_);
    if (error_) return tl::unexpected(*error_);
    return std::move(result_);
  }

 private:
  void end(std::optional<Error> error) {
    if (phase_ == Phase::ended) return;
    phase_ = Phase::ended;
    error_ = std::move(error);
    g_main_loop_quit(loop_);
  }

  void take_pending_error(GstBus* bus) {
    const auto message = adopt(gst_bus_pop_filtered(bus, GST_MESSAGE_ERROR));
    if (message)
      handle(message.get());
    else if (options_.on_refused || !encoder_starts())
      end(refused({Kind::encoder, "the encoder did not start"}));
    else
      end(Error{Kind::internal, "the pipeline did not start"});
  }

  Error refused(Error error) const {
    if (options_.on_refused) options_.on_refused();
    return error;
  }

  // That of the film, and one for each rendition; borrowed.
  std::vector<GstElement*> encoder_bins() const {
    std::vector<GstElement*> found;
    for (const auto* item = GST_BIN_CHILDREN(GST_BIN(pipeline_)); item; item = item->next)
      if (g_str_has_prefix(GST_OBJECT_NAME(item->data), options_.encoder_bin))
        found.push_back(GST_ELEMENT(item->data));
    return found;
  }

  // Tried alone, for a pipeline that fails takes its elements back and forgets which one it was.
  bool encoder_starts() const {
    const auto bins = encoder_bins();
    return std::all_of(bins.begin(), bins.end(), [](GstElement* encoder) {
      return gst_element_set_state(encoder, GST_STATE_PAUSED) != GST_STATE_CHANGE_FAILURE;
    });
  }

  bool is_encoders(GstMessage* message) const {
    const auto bins = encoder_bins();
    return std::any_of(bins.begin(), bins.end(), [&](GstElement* encoder) {
      return gst_object_has_as_ancestor(GST_MESSAGE_SRC(message), GST_OBJECT(encoder));
    });
  }

  void add_progress_probe() {
    const auto element = adopt(gst_bin_get_by_name(GST_BIN(pipeline_), options_.progress_element));
    if (!element) return;
    const auto pad = adopt(gst_element_get_static_pad(element.get(), "src"));
    gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_BUFFER, on_buffer, this, nullptr);
  }

  void handle(GstMessage* message) {
    if (auto substitution = read_substitution(message)) {
      result_.substitutions.push_back(std::move(*substitution));
      return;
    }
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS) end({});
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) end(error_of(message));
  }

  Error error_of(GstMessage* message) {
    GError* raw = nullptr;
    gchar* detail = nullptr;
    gst_message_parse_error(message, &raw, &detail);
    const GErrorPtr error{raw};
    const GCharPtr owned{detail};
    GST_DEBUG_BIN_TO_DOT_FILE_WITH_TS(GST_BIN(pipeline_), GST_DEBUG_GRAPH_SHOW_ALL,
                                      "rostrum-error");
    GST_WARNING("%s: %s (%s)", GST_MESSAGE_SRC_NAME(message), error->message, detail ? detail : "");
    if (g_error_matches(error.get(), GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT))
      return {Kind::internal, location_of(message) + ": no space left: the disk is full"};
    Error found{is_encoders(message) ? Kind::encoder : Kind::media,
                std::string{GST_MESSAGE_SRC_NAME(message)} + ": " + error->message};
    const bool busy = g_error_matches(error.get(), GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY);
    return found.kind == Kind::encoder && busy ? refused(std::move(found)) : found;
  }

  // The file that the message's source writes, else the source's name.
  static std::string location_of(GstMessage* message) {
    auto* source = G_OBJECT(GST_MESSAGE_SRC(message));
    gchar* location = nullptr;
    if (g_object_class_find_property(G_OBJECT_GET_CLASS(source), "location"))
      g_object_get(source, "location", &location, nullptr);
    const GCharPtr owned{location};
    return location ? location : GST_MESSAGE_SRC_NAME(message);
  }

  void tick() {
    const auto now = g_get_monotonic_time();
    const auto done = position_.load(std::memory_order_relaxed);
    if (done != seen_) {
      seen_ = done;
      last_change_ = now;
      if (options_.on_progress) options_.on_progress(Nanoseconds{done});
    } else if (Nanoseconds{(now - last_change_) * 1000} > options_.stall_timeout) {
      end(Error{Kind::media, "no progress for " + std::to_string(options_.stall_timeout / 1s) +
                                 " s at " + format_time(Nanoseconds{done}) +
                                 " of the output; given up"});
    }
  }

  static GstPadProbeReturn on_buffer(GstPad*, GstPadProbeInfo* info, gpointer self) {
    const auto* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
    if (!GST_BUFFER_PTS_IS_VALID(buffer)) return GST_PAD_PROBE_OK;
    // Encoders with B-frames move PTS by a constant to keep DTS positive: only for showing, so left
    // as it is.
    auto& position = static_cast<Run*>(self)->position_;
    const auto pts = static_cast<std::int64_t>(GST_BUFFER_PTS(buffer) % (1000 * 3600 * GST_SECOND));
    if (pts > position.load(std::memory_order_relaxed))
      position.store(pts, std::memory_order_relaxed);
    return GST_PAD_PROBE_OK;
  }

  static gboolean on_message(GstBus*, GstMessage* message, gpointer self) {
    static_cast<Run*>(self)->handle(message);
    return G_SOURCE_CONTINUE;
  }

  static gboolean on_interrupt(gint, GIOCondition, gpointer self) {
    static_cast<Run*>(self)->end(Error{Kind::interrupted, "interrupted"});
    return G_SOURCE_CONTINUE;
  }

  static gboolean on_tick(gpointer self) {
    static_cast<Run*>(self)->tick();
    return G_SOURCE_CONTINUE;
  }

  GstElement* pipeline_;       // borrowed
  const RunOptions& options_;  // outlives the run
  GMainLoop* loop_ = nullptr;
  Phase phase_ = Phase::running;  // main thread only, as everything but position_
  std::optional<Error> error_;
  RunResult result_;
  std::atomic<std::int64_t> position_{0};  // written by the streaming thread
  std::int64_t seen_ = 0;
  gint64 last_change_ = 0;  // microseconds, monotonic
};

}  // namespace

Result<RunResult> run_pipeline(GstElement* pipeline, const RunOptions& options) {
  return Run{pipeline, options}.play();
}

}  // namespace rostrum
