// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/preview_player.h"

#include "engine/scratch.h"
#include "lib/bus_error.h"
#include "tools/options.h"
#include "tools/output_file.h"
#include "tools/terminal.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <utility>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

constexpr char kPlayer[] = "playbin3";
constexpr double kRates[] = {0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4};
constexpr Nanoseconds kJump{5s};
constexpr GstClockTime kLongestSeek = 5 * GST_SECOND;

Result<GstPtr<GstElement>> open_sink(const std::string& factory) {
  auto sink = retain(gst_element_factory_make(factory.c_str(), nullptr));
  if (!sink)
    return fail(Kind::missing_component, "the GStreamer element " + factory + " is missing");
  if (gst_element_set_state(sink.get(), GST_STATE_READY) != GST_STATE_CHANGE_FAILURE) return sink;
  gst_element_set_state(sink.get(), GST_STATE_NULL);
  return fail(Kind::missing_component, factory + " cannot be opened");
}

bool is(GstElement* element, const char* factory) {
  const auto* made_by = gst_element_get_factory(element);
  return made_by && g_str_equal(GST_OBJECT_NAME(made_by), factory);
}

std::string uri_of(const std::string& path, Nanoseconds at) {
  const GCharPtr escaped{g_uri_escape_string(fs::absolute(path).c_str(), "/", TRUE)};
  const std::string uri = "rostrum://" + std::string{escaped.get()};
  return at > 0ns ? uri + "?at=" + format_time(at) : uri;
}

void set_folders(GstElement* source, const char* property, const std::vector<std::string>& paths) {
  GValue list = G_VALUE_INIT;
  g_value_init(&list, GST_TYPE_ARRAY);
  for (const auto& path : paths) {
    GValue item = G_VALUE_INIT;
    g_value_init(&item, G_TYPE_STRING);
    g_value_set_string(&item, path.c_str());
    gst_value_array_append_and_take_value(&list, &item);
  }
  g_object_set_property(G_OBJECT(source), property, &list);
  g_value_unset(&list);
}

Nanoseconds frame_length(GstElement* source) {
  const auto pad = adopt(gst_element_get_static_pad(source, "video"));
  const auto caps = pad ? adopt(gst_pad_get_current_caps(pad.get())) : nullptr;
  gint num = 25, den = 1;
  if (caps)
    gst_structure_get_fraction(gst_caps_get_structure(caps.get(), 0), "framerate", &num, &den);
  return num > 0 ? FrameGrid{{num, den}}.start(1) : 40ms;
}

std::string first_error(GstElement* player) {
  const auto error = pop_error(player);
  if (!error) return "it cannot be played";
  std::string text = error->message;
  if (text.ends_with('.')) text.pop_back();
  return text;
}

}  // namespace

Result<PreviewSinks> open_sinks(const std::string& video, const std::string& audio) {
  if (!adopt(gst_element_factory_find(kPlayer)))
    return fail(Kind::missing_component,
                "the GStreamer element playbin3 is missing; install gstreamer1.0-plugins-base");
  auto picture = open_sink(video);
  if (!picture) return tl::unexpected(picture.error());
  if (video == PreviewOptions{}.video_sink && is(chosen_sink(picture->get()), "fakesink")) {
    gst_element_set_state(picture->get(), GST_STATE_NULL);
    return fail(Kind::missing_component,
                "no video sink that can open a window is there; install gstreamer1.0-x or "
                "gstreamer1.0-gl, or name one by --video-sink");
  }
  auto sound = open_sink(audio);
  if (sound) return PreviewSinks{std::move(*picture), std::move(*sound)};
  gst_element_set_state(picture->get(), GST_STATE_NULL);
  return tl::unexpected(sound.error());
}

PreviewPlayer::PreviewPlayer(const JobOptions& job, Nanoseconds at, PreviewSinks sinks)
    : job_{job}, video_sink_{std::move(sinks.video)} {
  player_ = retain(gst_element_factory_make(kPlayer, nullptr));
  bus_ = adopt(gst_element_get_bus(player_.get()));
  g_signal_connect(player_.get(), "source-setup", G_CALLBACK(on_source), this);
  g_object_set(player_.get(), "uri", uri_of(job.path, at).c_str(), "video-sink", video_sink_.get(),
               "audio-sink", sinks.audio.get(), nullptr);
}

PreviewPlayer::~PreviewPlayer() { gst_element_set_state(player_.get(), GST_STATE_NULL); }

void PreviewPlayer::on_source(GstElement*, GstElement* source, gpointer self) {
  auto& player = *static_cast<PreviewPlayer*>(self);
  player.source_ = retain(source);
  g_object_set(source, "program", own_program().c_str(), nullptr);
  set_folders(source, "allow-roots", player.job_.roots);
  set_folders(source, "media-dirs", player.job_.media_dirs);
}

Result<void> PreviewPlayer::begin() {
  if (gst_element_set_state(player_.get(), GST_STATE_PAUSED) != GST_STATE_CHANGE_FAILURE) return {};
  return fail(Kind::media, first_error(player_.get()));
}

void PreviewPlayer::play() {
  job_changed();
  set_paused(false);
}

void PreviewPlayer::job_changed() {
  gint64 length = 0;
  if (gst_element_query_duration(player_.get(), GST_FORMAT_TIME, &length))
    length_ = Nanoseconds{length};
  frame_ = frame_length(source_.get());
  scenes_.clear();
  GValue list = G_VALUE_INIT;
  g_object_get_property(G_OBJECT(source_.get()), "scenes", &list);
  for (guint i = 0; i < gst_value_array_get_size(&list); ++i)
    scenes_.emplace_back(
        static_cast<std::int64_t>(g_value_get_uint64(gst_value_array_get_value(&list, i))));
  g_value_unset(&list);
}

bool PreviewPlayer::levels_known() const {
  gboolean known = FALSE;
  g_object_get(source_.get(), "levels-known", &known, nullptr);
  return known;
}

Nanoseconds PreviewPlayer::position() const {
  const bool arriving =
      gst_element_get_state(player_.get(), nullptr, nullptr, 0) == GST_STATE_CHANGE_ASYNC;
  if (arriving && sought_) return *sought_;
  gint64 position = 0;
  gst_element_query_position(player_.get(), GST_FORMAT_TIME, &position);
  return Nanoseconds{std::max<gint64>(position, 0)};
}

std::size_t PreviewPlayer::scene_at(Nanoseconds t) const {
  const auto after = std::upper_bound(scenes_.begin(), scenes_.end(), t);
  return static_cast<std::size_t>(std::max<std::ptrdiff_t>(after - scenes_.begin(), 1)) - 1;
}

std::string PreviewPlayer::status() const {
  const auto now = position();
  auto text = format_time(now) + " / " + format_time(length_) + "  scene " +
              std::to_string(scene_at(now) + 1) + "/" + std::to_string(scenes_.size());
  char rate[16];
  std::snprintf(rate, sizeof rate, "  %gx", rate_);
  if (rate_ != 1) text += rate;
  return text + (ended_ ? "  at the end" : paused_ ? "  paused" : "");
}

void PreviewPlayer::seek(Nanoseconds to, bool exact) {
  to = std::clamp(to, 0ns, length_);
  const auto flags = static_cast<GstSeekFlags>(
      GST_SEEK_FLAG_FLUSH | (exact ? GST_SEEK_FLAG_ACCURATE : GST_SEEK_FLAG_KEY_UNIT));
  ended_ = false;
  sought_ = to;
  gst_element_seek(player_.get(), rate_, GST_FORMAT_TIME, flags, GST_SEEK_TYPE_SET, to.count(),
                   GST_SEEK_TYPE_NONE, -1);
}

void PreviewPlayer::step(Nanoseconds by) { seek(position() + by, false); }

void PreviewPlayer::to_scene(bool forward) {
  const auto now = position();
  const auto scene = scene_at(now);
  constexpr Nanoseconds kJustBegun{1s};  // then the one before is meant
  const bool before = scene > 0 && now - scenes_[scene] < kJustBegun;
  const auto wanted = forward ? scene + 1 : scene - (before ? 1 : 0);
  if (wanted < scenes_.size()) seek(scenes_[wanted], false);
}

void PreviewPlayer::set_rate(bool faster) {
  const auto* at = std::find(std::begin(kRates), std::end(kRates), rate_);
  if (faster ? at + 1 == std::end(kRates) : at == std::begin(kRates)) return;
  const auto now = position();
  rate_ = faster ? at[1] : at[-1];
  seek(now, true);
}

void PreviewPlayer::set_paused(bool paused) {
  paused_ = paused;
  gst_element_set_state(player_.get(), paused ? GST_STATE_PAUSED : GST_STATE_PLAYING);
}

// Beside where the command was called.
void PreviewPlayer::save() {
  gst_element_get_state(player_.get(), nullptr, nullptr, kLongestSeek);
  const auto caps = adopt(gst_caps_new_empty_simple("image/png"));
  GstSample* raw = nullptr;
  g_signal_emit_by_name(player_.get(), "convert-sample", caps.get(), &raw);
  const auto sample = adopt(raw);
  auto time = format_time(position());
  std::replace(time.begin(), time.end(), ':', '-');
  const auto name = fs::path{job_.path}.stem().string() + "-" + time + ".png";
  std::error_code error;
  GstMapInfo map;
  if (!sample || !gst_buffer_map(gst_sample_get_buffer(sample.get()), &map, GST_MAP_READ))
    return say_warning(
        "this frame cannot be saved: there is no PNG encoder (gstreamer1.0-plugins-good)");
  const auto* bytes = reinterpret_cast<const char*>(map.data);
  const auto done = fs::exists(name, error)
                        ? Result<void>{fail(Kind::usage, name + " is there already")}
                        : write_whole_file(name, {bytes, map.size});
  gst_buffer_unmap(gst_sample_get_buffer(sample.get()), &map);
  if (done)
    say("saved " + name);
  else
    say_warning(done.error().message);
}

void PreviewPlayer::explain() const {
  gchar* raw = nullptr;
  g_signal_emit_by_name(source_.get(), "explain", static_cast<guint64>(position().count()), &raw);
  const GCharPtr text{raw};
  if (text) std::fputs(printable(text.get(), true).c_str(), stdout);
  std::fflush(stdout);
}

GstElement* chosen_sink(GstElement* sink) {
  return GST_IS_BIN(sink) && GST_BIN_NUMCHILDREN(sink) > 0
             ? GST_ELEMENT(GST_BIN_CHILDREN(sink)->data)
             : sink;
}

bool toggle_full_screen(GstElement* video_sink) {
  auto* sink = chosen_sink(video_sink);
  if (!g_object_class_find_property(G_OBJECT_GET_CLASS(sink), "fullscreen")) return false;
  gboolean full = FALSE;
  g_object_get(sink, "fullscreen", &full, nullptr);
  g_object_set(sink, "fullscreen", !full, nullptr);
  return true;
}

void try_full_screen(GstElement* video_sink) {
  if (toggle_full_screen(video_sink)) return;
  const auto* factory = gst_element_get_factory(chosen_sink(video_sink));
  say("the video sink " + std::string{GST_OBJECT_NAME(factory)} + " cannot fill the screen");
}

// To another place, or at another speed; false for other keys.
bool PreviewPlayer::move(PreviewKey key) {
  using enum PreviewKey;
  switch (key) {
  case back:
  case forward:
    step(key == forward ? kJump : -kJump);
    return true;
  case frame_back:
  case frame_forward:
    set_paused(true);
    step(key == frame_forward ? frame_ : -frame_);
    return true;
  case scene_back:
  case scene_forward:
    to_scene(key == scene_forward);
    return true;
  case slower:
  case faster:
    set_rate(key == faster);
    return true;
  default:
    return false;
  }
}

bool PreviewPlayer::press(PreviewKey key) {
  if (move(key)) return true;
  switch (key) {
  case PreviewKey::pause:
    if (ended_) seek(0ns, false);
    set_paused(!paused_);
    return true;
  case PreviewKey::full_screen:
    try_full_screen(video_sink_.get());
    return true;
  case PreviewKey::save:
    save();
    return true;
  case PreviewKey::explain:
    explain();
    return true;
  case PreviewKey::help:
    say(preview_keys_help());
    return true;
  default:
    return false;
  }
}

void PreviewPlayer::end() {
  set_paused(true);
  ended_ = true;
}

}  // namespace rostrum
