// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/live_run.h"

#include "engine/interrupt.h"
#include "lib/bus_error.h"
#include "tools/terminal.h"

#include <glib-unix.h>
#include <unistd.h>

#include <utility>

namespace rostrum {

namespace {

constexpr guint kTick = 250;                   // ms
constexpr gint64 kPlainLine = 10 * 1'000'000;  // µs between two where there is no terminal
constexpr gint64 kStuck = 20 * 1'000'000;      // µs without a frame
constexpr Nanoseconds kBehind = 5s;            // then the encoder is too slow

std::string text_of(const GstStructure* structure, const char* field) {
  const char* text = gst_structure_get_string(structure, field);
  return text ? text : "";
}

}  // namespace

LiveRun::LiveRun(LiveGraph& graph, GstElement* pipeline, LiveRunOptions options)
    : graph_{graph}, pipeline_{pipeline}, options_{std::move(options)} {}

LiveRun::~LiveRun() {
  for (const auto watch : watches_) g_source_remove(watch);
  if (loop_) g_main_loop_unref(loop_);
}

Result<void> LiveRun::run() {
  Interrupt::install();
  loop_ = g_main_loop_new(nullptr, FALSE);
  const auto bus = adopt(gst_element_get_bus(pipeline_));
  watches_.push_back(gst_bus_add_watch(bus.get(), on_message, this));
  watches_.push_back(g_unix_fd_add(Interrupt::descriptor(), G_IO_IN, on_interrupt, this));
  if (auto playing = play(); !playing) return playing;
  graph_.close();
  gst_element_set_state(pipeline_, GST_STATE_NULL);
  terminal_.reset();
  return result_;
}

Result<void> LiveRun::play() {
  const FrameGrid grid{graph_.plan().canvas.rate};
  if (options_.duration) graph_.end_at(grid.start(grid.frames(*options_.duration)));
  if (gst_element_set_state(pipeline_, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) {
    const auto bus = adopt(gst_element_get_bus(pipeline_));
    if (const auto message = adopt(gst_bus_pop_filtered(bus.get(), GST_MESSAGE_ERROR)))
      take_trouble(message.get());
    else
      result_ = fail(Kind::internal, "the live graph does not start");
    gst_element_set_state(pipeline_, GST_STATE_NULL);
    return result_;
  }
  graph_.begin();
  terminal_.emplace(options_.on_key != nullptr);
  if (terminal_->has_keys()) {
    say("h: the keys");
    watches_.push_back(g_unix_fd_add(STDIN_FILENO, G_IO_IN, on_typed, this));
  }
  last_move_ = said_ = g_get_monotonic_time();
  watches_.push_back(g_timeout_add(kTick, on_tick, this));
  if (phase_ != Phase::ended) g_main_loop_run(loop_);
  return {};
}

// Picture and sound end together, on a frame.
void LiveRun::stop() {
  if (phase_ != Phase::running) return;
  if (!options_.records) return end();
  phase_ = Phase::draining;
  const FrameGrid grid{graph_.plan().canvas.rate};
  const auto now = graph_.running_time().value_or(0ns);
  graph_.end_at(grid.start(grid.first_at(now) + 1));
}

void LiveRun::end() {
  phase_ = Phase::ended;
  g_main_loop_quit(loop_);
}

void LiveRun::give_up(Error error) {
  if (result_) result_ = tl::unexpected(std::move(error));
  end();
}

// Between two showings of the line.
template <typename Say>
void LiveRun::interject(Say say_it) {
  if (terminal_) terminal_->clear();
  say_it();
  if (terminal_) show();
}

// --- messages

void LiveRun::take(GstMessage* message) {
  switch (GST_MESSAGE_TYPE(message)) {
  case GST_MESSAGE_LATENCY:
    gst_bin_recalculate_latency(GST_BIN(pipeline_));
    break;
  case GST_MESSAGE_EOS:
    end();
    break;
  case GST_MESSAGE_ERROR:
  case GST_MESSAGE_WARNING:
    take_trouble(message);
    break;
  case GST_MESSAGE_ELEMENT:
    take_element(message);
    break;
  default:
    break;
  }
}

void LiveRun::take_trouble(GstMessage* message) {
  const auto error = error_of(message);
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_WARNING)
    return interject([&] { say_warning(error->message); });
  give_up({Kind::internal, error->message});
}

void LiveRun::take_element(GstMessage* message) {
  const auto* structure = gst_message_get_structure(message);
  if (gst_message_has_name(message, "rostrum-live-source")) return take_source(structure);
  if (gst_message_has_name(message, "rostrum-chunk")) {
    guint64 bytes = 0;
    gst_structure_get_uint64(structure, "bytes", &bytes);
    bytes_ += static_cast<double>(bytes);
  } else if (const auto key = key_pressed(message); options_.on_key && !key.empty()) {
    press(bytes_of_key(key));
  }
}

void LiveRun::take_source(const GstStructure* source) {
  const auto track = text_of(source, "track");
  if (text_of(source, "state") == "begun") {
    there_.insert(track);
    return interject([&] { say("track \"" + track + "\" is there"); });
  }
  guint64 pause = 0;
  gst_structure_get_uint64(source, "retry-time", &pause);
  there_.erase(track);
  const auto why = "the source of track \"" + track + "\" is lost: " + text_of(source, "text");
  if (graph_.plan().ends_on_loss) {
    if (result_) result_ = fail(Kind::media, why + "; \"on-damage\" is \"fail\"");
    return stop();
  }
  const auto seconds = std::to_string(pause / GST_SECOND);
  interject([&] { say_warning(why + "; it is tried again in " + seconds + " s"); });
}

// --- the terminal

void LiveRun::press(std::string_view bytes) {
  if (terminal_) terminal_->clear();
  for (const auto key : keys_of(bytes))
    if (!options_.on_key(key)) return stop();
  show();
}

// "0:00:12.480  Anna  3.1 MB  2 of 3 sources"
std::string LiveRun::status() const {
  auto text = format_time(graph_.position());
  const auto* speaker = graph_.speaker();
  if (speaker && there_.contains(speaker->id)) text += "  " + speaker->name;
  if (options_.records) text += "  " + size_text(bytes_);
  const auto all = graph_.plan().tracks.size();
  if (there_.size() < all)
    text += "  " + std::to_string(there_.size()) + " of " + std::to_string(all) + " sources";
  return text + (phase_ == Phase::draining ? "  ending" : "");
}

void LiveRun::show() {
  if (isatty(STDERR_FILENO)) return terminal_->show(status());
  const auto now = g_get_monotonic_time();
  if (now - said_ < kPlainLine) return;
  said_ = now;
  say(status());
}

void LiveRun::tick() {
  show();
  watch_pace();
}

void LiveRun::watch_pace() {
  const auto now = g_get_monotonic_time();
  const auto position = graph_.position();
  // At its end what is encoded and written may take as long as the disk needs.
  if (position != position_ || (phase_ == Phase::draining && options_.records)) last_move_ = now;
  position_ = position;
  if (now - last_move_ > kStuck)
    return give_up({Kind::internal, "nothing has come out of the live graph for 20 s; given up"});
  const auto behind = graph_.running_time().value_or(position) - position;
  if (warned_of_pace_ || behind < kBehind || phase_ != Phase::running) return;
  warned_of_pace_ = true;
  interject([] {
    say_warning(
        "this machine falls behind, and may lose what comes; a smaller canvas or --profile fast "
        "takes less time");
  });
}

gboolean LiveRun::on_message(GstBus*, GstMessage* message, gpointer self) {
  of(self).take(message);
  return G_SOURCE_CONTINUE;
}

gboolean LiveRun::on_interrupt(gint, GIOCondition, gpointer self) {
  std::erase(of(self).watches_, g_source_get_id(g_main_current_source()));
  of(self).stop();
  return G_SOURCE_REMOVE;  // it stays readable
}

gboolean LiveRun::on_typed(gint, GIOCondition, gpointer self) {
  const auto bytes = PreviewTerminal::read();
  if (!bytes.empty()) {
    of(self).press(bytes);
    return G_SOURCE_CONTINUE;
  }
  std::erase(of(self).watches_, g_source_get_id(g_main_current_source()));
  of(self).stop();  // the terminal is gone
  return G_SOURCE_REMOVE;
}

gboolean LiveRun::on_tick(gpointer self) {
  of(self).tick();
  return G_SOURCE_CONTINUE;
}

}  // namespace rostrum
