// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/live_graph.h"

#include "core/findings.h"
#include "core/live_signs.h"
#include "engine/components.h"
#include "engine/live_hosts.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace rostrum {

namespace {

constexpr gint64 kSecond = 1'000'000;     // µs
constexpr gint64 kLookup = 10 * kSecond;  // until a name is known
constexpr gint64 kLook = kSecond;         // between two looks at the signs of life
constexpr gint64 kSteady = 10 * kSecond;  // so long there, a source has not failed in a row

// Better known before than by every try.
Result<void> find_elements(const LivePlan& plan) {
  using Scheme = LiveSource::Scheme;
  for (const auto& [scheme, element] :
       {std::pair{Scheme::rtsp, "rtspsrc"}, {Scheme::srt, "srtsrc"}, {Scheme::v4l2, "v4l2src"}})
    for (const auto& track : plan.tracks)
      if (track.source.scheme == scheme && !adopt(gst_element_factory_find(element)))
        return fail(Kind::missing_component,
                    "track " + in_quotes(track.id) + ": " + missing_element(element));
  return {};
}

}  // namespace

Result<std::unique_ptr<LiveGraph>> LiveGraph::make(LivePlan plan, HostRules hosts) {
  if (auto found = find_elements(plan); !found) return tl::unexpected(found.error());
  std::unique_ptr<LiveGraph> graph{new LiveGraph{std::move(plan), std::move(hosts)}};
  graph->bin_ = retain(gst_bin_new("live"));
  auto mixers = LiveMixers::make(graph->bin_.get(), graph->plan_);
  if (!mixers) return tl::unexpected(mixers.error());
  graph->mixers_ = std::move(*mixers);
  for (const auto& track : graph->plan_.tracks) graph->sources_.emplace_back().track = &track;
  return graph;
}

LiveGraph::~LiveGraph() { close(); }

std::optional<Nanoseconds> LiveGraph::running_time() const {
  const auto clock = adopt(gst_element_get_clock(bin_.get()));
  const auto base = gst_element_get_base_time(bin_.get());
  if (!clock || GST_STATE(bin_.get()) != GST_STATE_PLAYING) return {};
  const auto now = gst_clock_get_time(clock.get());
  return Nanoseconds{static_cast<std::int64_t>(now > base ? now - base : 0)};
}

void LiveGraph::begin() {
  control_ = std::thread{[this] { run(); }};
}

void LiveGraph::close() {
  {
    const std::lock_guard lock{mutex_};
    closing_ = true;
    changed_.notify_all();
  }
  if (control_.joinable()) control_.join();
}

// --- the control thread

void LiveGraph::run() {
  for (;;) {
    std::vector<Loss> losses;
    {
      std::unique_lock lock{mutex_};
      const auto wait = std::clamp<gint64>(next_time() - g_get_monotonic_time(), 0, kLook);
      changed_.wait_for(lock, std::chrono::microseconds{wait},
                        [&] { return closing_ || looked_up_ || !losses_.empty(); });
      if (closing_) break;
      looked_up_ = false;
      losses = std::exchange(losses_, {});
    }
    for (const auto& loss : losses) take(loss);
    look();
  }
  for (std::size_t i = 0; i < sources_.size(); ++i) shut(i);
}

// Whose time has come: those to be opened, and those of which nothing is heard.
void LiveGraph::look() {
  if (mixers_->ended()) return;
  const auto now = g_get_monotonic_time();
  const bool plays = running_time().has_value();
  played_ = played_ || plays;
  resting_ = played_ && !plays;
  if (!plays) rested_ = now;
  for (std::size_t i = 0; i < sources_.size() && !resting_; ++i) look_at(i, now);
}

void LiveGraph::look_at(std::size_t index, gint64 now) {
  auto& source = sources_[index];
  if (source.lookup) return follow(index, now);
  if (!source.input) {
    if (now >= source.retry) open(index);
    return;
  }
  if (source.input->begun() && now - source.opened >= kSteady) source.failures = 0;
  if (const auto why = why_lost(source, now); !why.empty()) take({index, source.generation, why});
}

std::string LiveGraph::why_lost(const Source& source, gint64 now) const {
  const auto time = [](gint64 t) { return Nanoseconds{t * 1000}; };
  return rostrum::why_lost({source.input->begun(), !source.track->source.listens.empty(),
                            time(source.input->last_sign())},
                           time(rested_), time(now));
}

void LiveGraph::open(std::size_t index) {
  auto& source = sources_[index];
  unsigned generation = 0;
  {
    const std::lock_guard lock{mutex_};
    generation = ++source.generation;
    source.open = true;
  }
  source.opened = g_get_monotonic_time();
  const auto& from = source.track->source;
  if (const auto why = refusal(from, hosts_); !why.empty())
    return report_loss(index, generation, why);
  if (from.host.empty()) return enter(index);
  // Its name may lead elsewhere by now.
  source.lookup = std::make_unique<HostLookup>(from.host, [this] {
    const std::lock_guard lock{mutex_};
    looked_up_ = true;
    changed_.notify_all();
  });
}

// Sources look names up, too, on this thread: so one that nobody knows is not opened.
void LiveGraph::follow(std::size_t index, gint64 now) {
  auto& source = sources_[index];
  const auto found = source.lookup->found();
  if (!found && now - source.opened < kLookup) return;
  source.lookup.reset();
  const auto& host = source.track->source.host;
  const auto why = !found           ? "the name " + host + " could not be looked up within 10 s"
                   : found->empty() ? "the name " + host + " is not known"
                                    : refusal(*found, hosts_);
  if (!why.empty()) return report_loss(index, source.generation, why);
  enter(index);
}

void LiveGraph::enter(std::size_t index) {
  auto& source = sources_[index];
  const auto generation = source.generation;
  LiveInput::Events events;
  events.on_pad = [this, index, generation](LiveOutput output, GstPad* pad) {
    connect(index, generation, output, pad);
  };
  events.on_begun = [this, index] { post(*sources_[index].track, "begun", "", 0ns); };
  events.on_lost = [this, index, generation](const std::string& why) {
    report_loss(index, generation, why);
  };
  source.input =
      std::make_unique<LiveInput>(*source.track, plan_.format.channels, std::move(events));
  auto* bin = source.input->bin();
  // The graph may be on its way to PLAYING, and must not start what is half made.
  gst_element_set_locked_state(bin, TRUE);
  gst_bin_add(GST_BIN(bin_.get()), bin);
  const auto opened = source.input->open(running_time().value_or(0ns));
  if (!opened) return report_loss(index, generation, opened.error().message);
  gst_element_set_locked_state(bin, FALSE);
  if (!gst_element_sync_state_with_parent(bin))
    report_loss(index, generation, "it cannot be opened");
}

// Its pads go first: whoever waits in one of them would keep its thread from ending.
void LiveGraph::shut(std::size_t index) {
  auto& source = sources_[index];
  const auto disconnect = [&] {
    std::vector<LiveLink> links;
    {
      const std::lock_guard lock{mutex_};
      source.open = false;
      links = std::exchange(source.links, {});
    }
    for (auto& link : links) mixers_->disconnect(std::move(link));
  };
  disconnect();
  source.lookup.reset();
  if (!source.input) return;
  auto* bin = source.input->bin();
  gst_element_set_locked_state(bin, TRUE);
  gst_element_set_state(bin, GST_STATE_NULL);
  gst_bin_remove(GST_BIN(bin_.get()), bin);
  source.input.reset();
}

void LiveGraph::take(const Loss& loss) {
  auto& source = sources_[loss.source];
  {
    const std::lock_guard lock{mutex_};
    if (loss.generation != source.generation || !source.open) return;
  }
  shut(loss.source);
  const auto pause = pause_before_retry(++source.failures);
  source.retry = g_get_monotonic_time() + pause / 1us;
  post(*source.track, "lost", loss.why, pause);
}

// When a source is to be opened.
gint64 LiveGraph::next_time() const {
  gint64 next = G_MAXINT64;
  if (mixers_->ended() || resting_) return next;
  for (const auto& source : sources_)
    if (!source.input && !source.lookup) next = std::min(next, source.retry);
  return next;
}

// --- any thread

void LiveGraph::connect(std::size_t index, unsigned generation, LiveOutput output, GstPad* pad) {
  auto& source = sources_[index];
  auto link = mixers_->connect(*source.track, output, pad);
  if (!link) return report_loss(index, generation, link.error().message);
  {
    const std::lock_guard lock{mutex_};
    if (source.open && source.generation == generation) {
      source.links.push_back(std::move(*link));
      return;
    }
  }
  mixers_->disconnect(std::move(*link));
}

void LiveGraph::report_loss(std::size_t source, unsigned generation, const std::string& why) {
  if (mixers_->ended()) return;
  const std::lock_guard lock{mutex_};
  losses_.push_back({source, generation, why});
  changed_.notify_all();
}

void LiveGraph::post(const LiveTrack& track, const char* state, const std::string& text,
                     Nanoseconds retry) {
  auto* structure = gst_structure_new(
      "rostrum-live-source", "track", G_TYPE_STRING, track.id.c_str(), "name", G_TYPE_STRING,
      track.name.c_str(), "state", G_TYPE_STRING, state, "text", G_TYPE_STRING, text.c_str(),
      "retry-time", G_TYPE_UINT64, static_cast<guint64>(retry.count()), nullptr);
  gst_element_post_message(bin_.get(), gst_message_new_element(GST_OBJECT(bin_.get()), structure));
}

}  // namespace rostrum
