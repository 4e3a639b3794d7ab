// SPDX-License-Identifier: LGPL-2.1-or-later
#include "jobsrc/job_settings.h"

#include "lib/glib_cpp.h"

namespace rostrum::jobsrc {

namespace {

GParamSpec* props[N_PROPS];

std::string text_of(const GValue* value) {
  const char* text = g_value_get_string(value);
  return text ? text : "";
}

std::vector<std::string> texts_of(const GValue* value) {
  std::vector<std::string> texts;
  for (guint i = 0; i < gst_value_array_get_size(value); ++i)
    texts.push_back(text_of(gst_value_array_get_value(value, i)));
  return texts;
}

void set_texts(const std::vector<std::string>& texts, GValue* value) {
  for (const auto& text : texts) {
    GValue item = G_VALUE_INIT;
    g_value_init(&item, G_TYPE_STRING);
    g_value_set_string(&item, text.c_str());
    gst_value_array_append_and_take_value(value, &item);
  }
}

GParamSpec* folders(const char* name, const char* nick, const char* blurb) {
  return gst_param_spec_array(
      name, nick, blurb,
      g_param_spec_string("folder", "Folder", "Path of a folder", nullptr, kMutableReady),
      kMutableReady);
}

void make_host_spec() {
  /**
   * RostrumJobSrc:allow-hosts:
   *
   * Hosts that the sources of a live job may call, and addresses at which they may wait for
   * callers, as `--allow-host` of `rostrum record`.
   */
  props[PROP_ALLOW_HOSTS] = gst_param_spec_array(
      "allow-hosts", "Allowed hosts", "Hosts that a live job may call",
      g_param_spec_string("host", "Host", "Name or address of a host", nullptr, kMutableReady),
      kMutableReady);
}

void make_job_specs() {
  /**
   * RostrumJobSrc:location:
   *
   * The job: a manifest, a record that `rostrum import` knows, or a folder that holds one.
   */
  props[PROP_LOCATION] =
      g_param_spec_string("location", "Location", "Path of the job", nullptr, kMutableReady);
  /**
   * RostrumJobSrc:at:
   *
   * Where playing begins, in nanoseconds from the beginning of the film.
   */
  props[PROP_AT] = g_param_spec_uint64("at", "At", "Where playing begins, in ns", 0, G_MAXINT64, 0,
                                       kMutableReady);
  /**
   * RostrumJobSrc:allow-roots:
   *
   * Folders, besides the job's own, that its media may lie in, as `--allow-root` of `rostrum
   * render`.
   */
  props[PROP_ALLOW_ROOTS] =
      folders("allow-roots", "Allowed roots", "Folders that media may lie in, besides the job's");
  /**
   * RostrumJobSrc:media-dirs:
   *
   * Folders with local copies of media that the job names by http(s), as `--media` of `rostrum
   * render`.
   */
  props[PROP_MEDIA_DIRS] =
      folders("media-dirs", "Media folders", "Folders with local copies of remote media");
}

void make_behaviour_specs() {
  /**
   * RostrumJobSrc:program:
   *
   * The rostrum executable, whose confined worker processes look into the media. NULL: the one that
   * was installed with this plugin, if there is one. Empty, or none: media are looked into in this
   * process.
   */
  props[PROP_PROGRAM] =
      g_param_spec_string("program", "Program",
                          "The rostrum executable that looks into media; empty: this process does",
                          nullptr, kMutableReady);
  /**
   * RostrumJobSrc:watch:
   *
   * Whether the job is planned anew when its file changes.
   */
  props[PROP_WATCH] = g_param_spec_boolean("watch", "Watch", "Reload the job when its file changes",
                                           Settings{}.watch, kMutableReady);
  /**
   * RostrumJobSrc:scenes:
   *
   * When each scene begins: what is visible where is constant from one to the next.
   */
  props[PROP_SCENES] = gst_param_spec_array(
      "scenes", "Scenes", "When each scene begins, in ns",
      g_param_spec_uint64("start", "Start", "Start of a scene in ns", 0, G_MAXUINT64, 0, kReadable),
      kReadable);
  /**
   * RostrumJobSrc:levels-known:
   *
   * Whether it was known how loud all media are that picture and sound depend on. If not, these
   * count as silent, until `rostrum plan` or `rostrum render` has listened to them.
   */
  props[PROP_LEVELS_KNOWN] = g_param_spec_boolean(
      "levels-known", "Levels known", "Whether the film sounds and cuts as it will be rendered",
      FALSE, kReadable);
}

}  // namespace

void install_properties(GObjectClass* klass) {
  make_job_specs();
  make_host_spec();
  make_behaviour_specs();
  g_object_class_install_properties(klass, N_PROPS, props);
}

bool set_property(Settings& s, guint id, const GValue* value) {
  switch (id) {
  case PROP_LOCATION:
    s.location = text_of(value);
    return true;
  case PROP_AT:
    s.at = Nanoseconds{static_cast<std::int64_t>(g_value_get_uint64(value))};
    return true;
  case PROP_ALLOW_ROOTS:
    s.roots = texts_of(value);
    return true;
  case PROP_MEDIA_DIRS:
    s.media_dirs = texts_of(value);
    return true;
  case PROP_ALLOW_HOSTS:
    s.hosts = texts_of(value);
    return true;
  case PROP_PROGRAM:
    s.program = g_value_get_string(value) ? std::optional{text_of(value)} : std::nullopt;
    return true;
  case PROP_WATCH:
    s.watch = g_value_get_boolean(value);
    return true;
  default:
    return false;
  }
}

bool get_property(const Settings& s, guint id, GValue* value) {
  switch (id) {
  case PROP_LOCATION:
    g_value_set_string(value, s.location.c_str());
    return true;
  case PROP_AT:
    g_value_set_uint64(value, static_cast<guint64>(s.at.count()));
    return true;
  case PROP_ALLOW_ROOTS:
    set_texts(s.roots, value);
    return true;
  case PROP_MEDIA_DIRS:
    set_texts(s.media_dirs, value);
    return true;
  case PROP_ALLOW_HOSTS:
    set_texts(s.hosts, value);
    return true;
  case PROP_PROGRAM:
    g_value_set_string(value, s.program ? s.program->c_str() : nullptr);
    return true;
  case PROP_WATCH:
    g_value_set_boolean(value, s.watch);
    return true;
  default:
    return false;
  }
}

}  // namespace rostrum::jobsrc
