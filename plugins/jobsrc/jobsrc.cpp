// SPDX-License-Identifier: LGPL-2.1-or-later

/**
 * SECTION:element-jobsrc
 * @title: jobsrc
 * @see_also: timelinesrc, slidesrc
 *
 * Plays a job as it will be rendered: the manifest, or a record that `rostrum import` knows, is
 * planned, and picture and sound come from the same graph that `rostrum render` makes.  It handles
 * the URIs `rostrum:///folder/job.json?at=12:34` and `rostrum:job.json`, so that any player plays
 * jobs.
 *
 * A flushing seek, to any frame and at any forward rate, puts another graph in place, which begins
 * there; so nothing is opened but what is visible.  When the manifest changes on disk, playing goes
 * on at the same place from the new one; of a manifest that has become invalid the old one is kept,
 * and "rostrum-job-invalid" says what is wrong.
 *
 * A live job, whose tracks have a `uri`, is played as it happens; "rostrum-live-source" says which
 * of its sources begin and are lost.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 jobsrc location=job.json name=j j.video ! videoconvert ! autovideosink \
 *     j.audio ! audioconvert ! autoaudiosink
 * gst-launch-1.0 jobsrc location=job.json at=2000000000 name=j j.video ! videoconvert \
 *     ! pngenc snapshot=true ! filesink location=frame.png j.audio ! fakesink
 * ]|
 */
#include "jobsrc/jobsrc.h"

#include "core/live_rules.h"

#include "jobsrc/job_messages.h"
#include "jobsrc/job_settings.h"
#include "jobsrc/job_streams.h"
#include "jobsrc/job_uri.h"
#include "jobsrc/live_streams.h"
#include "jobsrc/manifest_watch.h"

#include <atomic>
#include <filesystem>
#include <utility>

GST_DEBUG_CATEGORY_STATIC(job_src_debug);
#define GST_CAT_DEFAULT job_src_debug

using namespace rostrum;
using jobsrc::Settings;

namespace {

GstStaticPadTemplate video_template = GST_STATIC_PAD_TEMPLATE(
    "video", GST_PAD_SRC, GST_PAD_SOMETIMES,
    GST_STATIC_CAPS("video/x-raw, format = (string) I420, width = (int) [ 2, MAX ], height = (int) "
                    "[ 2, MAX ], framerate = (fraction) [ 0/1, MAX ], pixel-aspect-ratio = "
                    "(fraction) 1/1, colorimetry = (string) bt709"));
GstStaticPadTemplate audio_template = GST_STATIC_PAD_TEMPLATE(
    "audio", GST_PAD_SRC, GST_PAD_SOMETIMES,
    GST_STATIC_CAPS("audio/x-raw, format = (string) F32LE, rate = (int) 48000, channels = (int) "
                    "[ 1, 2 ], layout = (string) interleaved"));

enum { SIGNAL_RELOAD, SIGNAL_EXPLAIN, N_SIGNALS };
guint signals[N_SIGNALS];

}  // namespace

struct RostrumJobSrcPrivate {
  Guarded<Settings> settings;                     // any thread
  std::atomic<bool> open = false;                 // any thread: the job cannot become another
  KnownMedia known;                               // any thread
  Guarded<PlannedJobPtr> planned;                 // any thread; null: not open
  Guarded<std::shared_ptr<JobStreams>> streams;   // any thread; null: not open, or live
  std::shared_ptr<LiveStreams> live;              // state changes only; null: not open, or not live
  Guarded<std::shared_ptr<ManifestWatch>> watch;  // any thread
};

struct _RostrumJobSrc {
  GstBin parent;
  RostrumJobSrcPrivate* priv;
};

static void rostrum_job_src_uri_handler_init(gpointer iface, gpointer);

G_DEFINE_TYPE_WITH_CODE(RostrumJobSrc, rostrum_job_src, GST_TYPE_BIN,
                        G_IMPLEMENT_INTERFACE(GST_TYPE_URI_HANDLER,
                                              rostrum_job_src_uri_handler_init)
                            GST_DEBUG_CATEGORY_INIT(job_src_debug, "jobsrc", 0, "Job source"))
GST_ELEMENT_REGISTER_DEFINE(jobsrc, "jobsrc", GST_RANK_PRIMARY, ROSTRUM_TYPE_JOB_SRC)

static Result<PlannedJobPtr> rostrum_job_src_plan(RostrumJobSrc* self,
                                                  const std::stop_token& stop) {
  const auto settings = self->priv->settings.copy();
  if (settings.location.empty())
    return fail(Kind::usage, "There is nothing to play: location, or a rostrum: URI, is not set");
  PlanningOptions options;
  options.job = {settings.location, settings.media_dirs, settings.roots};
  options.program = settings.program.value_or(find_program());
  options.stop = stop;
  auto planned = plan_job(options, self->priv->known);
  if (!planned) return tl::unexpected(planned.error());
  GST_INFO_OBJECT(self, "%s: %zu scenes; media looked into by %s; levels %s",
                  settings.location.c_str(), planned->plan.scenes.size(),
                  options.program.empty() ? "this process" : options.program.c_str(),
                  planned->levels_known ? "known" : "not all known");
  return std::make_shared<const PlannedJob>(std::move(*planned));
}

// Where the sinks are, as far as the pipeline knows; else what was pushed last.
static Nanoseconds rostrum_job_src_position(RostrumJobSrc* self, const JobStreams& streams) {
  const auto root = outermost(GST_ELEMENT(self));
  gint64 position = 0;
  if (root.get() != GST_OBJECT(self) &&
      gst_element_query_position(GST_ELEMENT(root.get()), GST_FORMAT_TIME, &position) &&
      position >= 0)
    return Nanoseconds{position};
  return streams.position();
}

// From the thread of the watch.
static void rostrum_job_src_reload(RostrumJobSrc* self, const std::stop_token& stop) {
  const auto location = self->priv->settings.copy().location;
  const auto planned = rostrum_job_src_plan(self, stop);
  if (stop.stop_requested()) return;
  if (!planned) return post_invalid(GST_ELEMENT(self), location, planned.error());
  const auto streams = self->priv->streams.copy();
  if (!streams) return;
  const auto seqnum = streams->seqnum();
  const auto done = streams->replace(*planned, rostrum_job_src_position(self, *streams), seqnum);
  if (!done) return post_invalid(GST_ELEMENT(self), location, done.error());
  *self->priv->planned.lock() = *planned;
  g_object_notify(G_OBJECT(self), "scenes");
  g_object_notify(G_OBJECT(self), "levels-known");
  post_reloaded(GST_ELEMENT(self), location);
}

static Result<void> rostrum_job_src_open_live(RostrumJobSrc* self, const Settings& settings,
                                              const Job& job) {
  if (settings.at > 0ns)
    return fail(Kind::usage, job.path + ": is a live job, which begins now: leave out at");
  auto live = LiveStreams::open(GST_BIN(self), job, settings.hosts);
  if (!live) return tl::unexpected(live.error());
  self->priv->live = std::move(*live);
  return {};
}

static Result<void> rostrum_job_src_open(RostrumJobSrc* self) {
  self->priv->open = true;
  // What is wrong with a job is said when it is planned.
  const auto wanted = self->priv->settings.copy();
  if (const auto job = read_job(wanted.location); job && is_live(job->manifest))
    return rostrum_job_src_open_live(self, wanted, *job);
  const auto begun = std::filesystem::file_time_type::clock::now();
  const auto planned = rostrum_job_src_plan(self, {});
  if (!planned) return tl::unexpected(planned.error());
  *self->priv->planned.lock() = *planned;
  const auto settings = self->priv->settings.copy();
  const auto streams = JobStreams::make(GST_BIN(self), job_uri({(*planned)->job.path, 0ns}));
  *self->priv->streams.lock() = streams;
  if (auto done = streams->open(*planned, settings.at); !done) return done;
  streams->add_pads();
  const auto watched = settings.watch ? (*planned)->job.path : std::string{};
  *self->priv->watch.lock() = std::make_shared<ManifestWatch>(
      watched, [self](const std::stop_token& stop) { rostrum_job_src_reload(self, stop); });
  std::error_code error;
  const auto changed = std::filesystem::last_write_time(watched, error);
  if (!error && changed >= begun) self->priv->watch.copy()->request();  // while it was opened
  return {};
}

// Before the graphs stop: none is to be put in place after that.
static void rostrum_job_src_begin_close(RostrumJobSrc* self) {
  auto watch = std::exchange(*self->priv->watch.lock(), nullptr);
  watch.reset();  // waits for its thread, with nothing locked
  if (const auto streams = self->priv->streams.copy()) streams->close();
  if (const auto& live = self->priv->live) live->close();
}

static void rostrum_job_src_close(RostrumJobSrc* self) {
  const auto streams = std::exchange(*self->priv->streams.lock(), nullptr);
  if (streams) streams->remove();
  if (const auto live = std::exchange(self->priv->live, nullptr)) live->remove();
  *self->priv->planned.lock() = nullptr;
  self->priv->open = false;
}

static GstStateChangeReturn rostrum_job_src_change_state(GstElement* element,
                                                         GstStateChange change) {
  auto* self = ROSTRUM_JOB_SRC(element);
  if (change == GST_STATE_CHANGE_READY_TO_PAUSED) {
    if (const auto done = rostrum_job_src_open(self); !done) {
      rostrum_job_src_begin_close(self);
      rostrum_job_src_close(self);
      post_unplayable(element, done.error());
      return GST_STATE_CHANGE_FAILURE;
    }
  }
  if (change == GST_STATE_CHANGE_PAUSED_TO_READY) rostrum_job_src_begin_close(self);
  const auto done = GST_ELEMENT_CLASS(rostrum_job_src_parent_class)->change_state(element, change);
  const bool failed = done == GST_STATE_CHANGE_FAILURE;
  const auto& live = self->priv->live;
  if (change == GST_STATE_CHANGE_PAUSED_TO_PLAYING && !failed && live) live->begin();
  const bool not_opened = change == GST_STATE_CHANGE_READY_TO_PAUSED && failed;
  if (not_opened) rostrum_job_src_begin_close(self);
  if (not_opened || change == GST_STATE_CHANGE_PAUSED_TO_READY) rostrum_job_src_close(self);
  return done;
}

// Of the graphs.
static void rostrum_job_src_handle_message(GstBin* bin, GstMessage* message) {
  auto owned = adopt(message);
  if (const auto planned = ROSTRUM_JOB_SRC(bin)->priv->planned.copy())
    owned = with_names(std::move(owned), *planned);
  if (const auto streams = ROSTRUM_JOB_SRC(bin)->priv->streams.copy())
    owned = streams->in_film_time(std::move(owned));
  GST_BIN_CLASS(rostrum_job_src_parent_class)->handle_message(bin, owned.release());
}

// A bin would ask its sinks, of which there are none.
static gboolean rostrum_job_src_send_event(GstElement* element, GstEvent* event) {
  if (GST_EVENT_TYPE(event) != GST_EVENT_SEEK)
    return GST_ELEMENT_CLASS(rostrum_job_src_parent_class)->send_event(element, event);
  const auto seek = adopt(event);
  const auto streams = ROSTRUM_JOB_SRC(element)->priv->streams.copy();
  return streams && streams->seek(event);
}

static gboolean rostrum_job_src_query(GstElement* element, GstQuery* query) {
  if (const auto pad = adopt(gst_element_get_static_pad(element, "video")))
    return gst_pad_query(pad.get(), query);
  return GST_ELEMENT_CLASS(rostrum_job_src_parent_class)->query(element, query);
}

static GstURIType rostrum_job_src_uri_type(GType) { return GST_URI_SRC; }

static const gchar* const* rostrum_job_src_protocols(GType) {
  static const gchar* const protocols[] = {kJobScheme, nullptr};
  return protocols;
}

static gchar* rostrum_job_src_get_uri(GstURIHandler* handler) {
  const auto settings = ROSTRUM_JOB_SRC(handler)->priv->settings.copy();
  if (settings.location.empty()) return nullptr;
  return g_strdup(job_uri({settings.location, settings.at}).c_str());
}

static gboolean rostrum_job_src_set_uri(GstURIHandler* handler, const gchar* uri, GError** error) {
  auto* self = ROSTRUM_JOB_SRC(handler);
  if (self->priv->open) {
    g_set_error_literal(error, GST_URI_ERROR, GST_URI_ERROR_BAD_STATE,
                        "The job cannot be changed while it is open.");
    return FALSE;
  }
  const auto job = parse_job_uri(uri ? uri : "");
  if (!job) {
    g_set_error_literal(error, GST_URI_ERROR, GST_URI_ERROR_BAD_URI, job.error().message.c_str());
    return FALSE;
  }
  auto settings = self->priv->settings.lock();
  settings->location = job->path;
  settings->at = job->at;
  return TRUE;
}

static void rostrum_job_src_uri_handler_init(gpointer iface, gpointer) {
  auto* handler = static_cast<GstURIHandlerInterface*>(iface);
  handler->get_type = rostrum_job_src_uri_type;
  handler->get_protocols = rostrum_job_src_protocols;
  handler->get_uri = rostrum_job_src_get_uri;
  handler->set_uri = rostrum_job_src_set_uri;
}

static void rostrum_job_src_on_reload(RostrumJobSrc* self) {
  if (const auto watch = self->priv->watch.copy()) watch->request();
}

static gchar* rostrum_job_src_on_explain(RostrumJobSrc* self, guint64 time) {
  const auto planned = self->priv->planned.copy();
  if (!planned || time > G_MAXINT64) return nullptr;
  const Nanoseconds t{static_cast<std::int64_t>(time)};
  return g_strdup(explain(planned->plan, planned->job.manifest, planned->job.media, t).c_str());
}

static void rostrum_job_src_set_property(GObject* object, guint id, const GValue* value,
                                         GParamSpec* pspec) {
  auto* self = ROSTRUM_JOB_SRC(object);
  if (id == jobsrc::PROP_LOCATION && self->priv->open) {
    GST_ELEMENT_WARNING(self, RESOURCE, SETTINGS, ("The job cannot be changed while it is open."),
                        ("set location in READY"));
    return;
  }
  auto settings = self->priv->settings.lock();
  if (!jobsrc::set_property(*settings, id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void scenes_to_value(const PlannedJobPtr& planned, GValue* value) {
  if (!planned) return;
  for (const auto& scene : planned->plan.scenes) {
    GValue start = G_VALUE_INIT;
    g_value_init(&start, G_TYPE_UINT64);
    g_value_set_uint64(&start,
                       static_cast<guint64>(planned->plan.grid.start(scene.frames.first).count()));
    gst_value_array_append_and_take_value(value, &start);
  }
}

static void rostrum_job_src_get_property(GObject* object, guint id, GValue* value,
                                         GParamSpec* pspec) {
  auto* priv = ROSTRUM_JOB_SRC(object)->priv;
  const auto planned = priv->planned.copy();
  if (id == jobsrc::PROP_SCENES)
    scenes_to_value(planned, value);
  else if (id == jobsrc::PROP_LEVELS_KNOWN)
    g_value_set_boolean(value, planned && planned->levels_known);
  else if (!jobsrc::get_property(priv->settings.copy(), id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void rostrum_job_src_init(RostrumJobSrc* self) {
  self->priv = new RostrumJobSrcPrivate;
  GST_OBJECT_FLAG_SET(self, GST_ELEMENT_FLAG_SOURCE);
}

static void rostrum_job_src_finalize(GObject* object) {
  delete ROSTRUM_JOB_SRC(object)->priv;
  G_OBJECT_CLASS(rostrum_job_src_parent_class)->finalize(object);
}

static void install_signals(GType type) {
  /**
   * RostrumJobSrc::reload:
   * @self: the source
   *
   * Plans the job anew, as when its file changes, and looks into those of its media that have
   * changed.  Returns at once; "rostrum-job-reloaded" or "rostrum-job-invalid" follows.
   */
  signals[SIGNAL_RELOAD] = g_signal_new_class_handler(
      "reload", type, static_cast<GSignalFlags>(G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION),
      G_CALLBACK(rostrum_job_src_on_reload), nullptr, nullptr, nullptr, G_TYPE_NONE, 0);
  /**
   * RostrumJobSrc::explain:
   * @self: the source
   * @time: nanoseconds from the beginning of the film
   *
   * Returns: (transfer full): what is seen and heard then, and why: the text of `rostrum plan
   * --explain`; %NULL before a job is open.
   */
  signals[SIGNAL_EXPLAIN] = g_signal_new_class_handler(
      "explain", type, static_cast<GSignalFlags>(G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION),
      G_CALLBACK(rostrum_job_src_on_explain), nullptr, nullptr, nullptr, G_TYPE_STRING, 1,
      G_TYPE_UINT64);
}

static void rostrum_job_src_class_init(RostrumJobSrcClass* klass) {
  auto* object_class = G_OBJECT_CLASS(klass);
  object_class->set_property = rostrum_job_src_set_property;
  object_class->get_property = rostrum_job_src_get_property;
  object_class->finalize = rostrum_job_src_finalize;
  jobsrc::install_properties(object_class);
  install_signals(G_TYPE_FROM_CLASS(klass));

  auto* element_class = GST_ELEMENT_CLASS(klass);
  gst_element_class_add_static_pad_template(element_class, &video_template);
  gst_element_class_add_static_pad_template(element_class, &audio_template);
  gst_element_class_set_static_metadata(element_class, "Job source", "Source/Audio/Video",
                                        "Plays a job as it will be rendered",
                                        "The rostrum authors");
  element_class->change_state = GST_DEBUG_FUNCPTR(rostrum_job_src_change_state);
  element_class->send_event = GST_DEBUG_FUNCPTR(rostrum_job_src_send_event);
  GST_BIN_CLASS(klass)->handle_message = GST_DEBUG_FUNCPTR(rostrum_job_src_handle_message);
  element_class->query = GST_DEBUG_FUNCPTR(rostrum_job_src_query);
}
