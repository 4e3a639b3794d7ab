// SPDX-License-Identifier: LGPL-2.1-or-later
#include "remux/remux.h"

#include "engine/components.h"
#include "engine/elements.h"
#include "lib/bus_error.h"
#include "remux/run_facts.h"

#include <algorithm>
#include <thread>

namespace rostrum {

namespace {

constexpr GstClockTime kLook = 200 * GST_MSECOND;
constexpr guint64 kMostWaiting = guint64{8} << 20;  // bytes before the muxer
constexpr guint kTimescale = 90000;                 // that of transport streams
// Times of decoding may be negative, times of buffers may not: both are moved, as encoders do it.
constexpr Nanoseconds kZero = 1000h;

// One stream of the whole, of one run after another.
struct Lane {
  StreamKind kind = StreamKind::video;
  const std::vector<RunFacts>* runs = nullptr;
  std::vector<Nanoseconds> shifts;  // of each run
  GstPtr<GstCaps> caps{};           // of its first packet
  GstElement* entry = nullptr;      // its appsrc; owned by the pipeline

  bool in_band() const { return runs->size() > 1; }
};

bool holds(const char* muxer, const Lane& lane) {
  const auto factory = adopt(gst_element_factory_find(muxer));
  if (!factory) return false;
  const auto* pads = gst_element_factory_get_static_pad_templates(factory.get());
  for (; pads; pads = pads->next) {
    auto* pad = static_cast<GstStaticPadTemplate*>(pads->data);
    const auto caps = adopt(gst_static_pad_template_get_caps(pad));
    if (pad->direction == GST_PAD_SINK && gst_caps_can_intersect(caps.get(), lane.caps.get()))
      return true;
  }
  return false;
}

// Reads, places and hands on the packets of a lane, in a thread of its own: where the streams of a
// segment lie behind each other no amount of buffering before the muxer would be enough for one
// thread that reads both.
class Feeder {
 public:
  Feeder(const std::string& folder, Lane& lane)
      : folder_{folder}, lane_{lane}, thread_{[this] { feed(); }} {}
  ~Feeder() { join(); }
  Feeder(const Feeder&) = delete;
  Feeder& operator=(const Feeder&) = delete;

  // After the pipeline was stopped.
  void join() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }
  std::optional<Error> fault() { return fault_.copy(); }
  Nanoseconds position() const { return Nanoseconds{position_.load()}; }

 private:
  void feed() {
    for (std::size_t i = 0; i < lane_.runs->size() && !stop_; ++i) {
      const auto& facts = (*lane_.runs)[i];
      if (!facts.has(lane_.kind)) continue;
      retimer_.begin_run(lane_.shifts[i] + facts.edit(lane_.kind));
      const auto done = feed_run(*facts.run);
      if (!done) *fault_.lock() = done.error();
      if (!done || !*done) return;
    }
    gst_app_src_end_of_stream(GST_APP_SRC(lane_.entry));
  }

  // False: the muxer takes no more.
  Result<bool> feed_run(const hls::Run& run) {
    const auto reader = StreamReader::open(folder_, run, lane_.kind, lane_.in_band());
    if (!reader) return tl::unexpected(reader.error());
    for (;;) {
      const auto sample = (*reader)->next(stop_);
      if (!sample) return tl::unexpected(sample.error());
      if (!*sample) return !stop_;
      if (!push(sample->get())) return false;
    }
  }

  bool push(GstSample* sample) {
    auto* packet = gst_sample_get_buffer(sample);
    const auto placed = retimer_.place(times_of(packet));
    if (!placed) return true;
    auto buffer = adopt(gst_buffer_copy(packet));
    GST_BUFFER_PTS(buffer.get()) = clock_time(placed->shown);
    GST_BUFFER_DTS(buffer.get()) = clock_time(placed->decoded);
    GstSegment segment;
    gst_segment_init(&segment, GST_FORMAT_TIME);
    segment.start = clock_time(Nanoseconds{0});
    const auto moved =
        adopt(gst_sample_new(buffer.get(), gst_sample_get_caps(sample), &segment, nullptr));
    position_ = std::max(placed->shown, Nanoseconds{0}).count();
    return gst_app_src_push_sample(GST_APP_SRC(lane_.entry), moved.get()) == GST_FLOW_OK;
  }

  static GstClockTime clock_time(Nanoseconds time) {
    return static_cast<GstClockTime>(std::max(time + kZero, Nanoseconds{0}).count());
  }

  const std::string& folder_;
  Lane& lane_;
  hls::Retimer retimer_{lane_.kind == StreamKind::audio};  // the thread only
  std::atomic<bool> stop_ = false;
  std::atomic<std::int64_t> position_ = 0;
  Guarded<std::optional<Error>> fault_;  // any thread
  std::thread thread_;                   // last: it uses all of the others
};

class Remuxer {
 public:
  Remuxer(const hls::RemuxJob& job, const std::string& folder,
          const std::function<void(Nanoseconds)>& on_progress)
      : job_{job}, folder_{folder}, on_progress_{on_progress} {}

  Result<void> run() {
    if (auto done = find_lanes(); !done) return done;
    if (auto done = build(); !done) return done;
    return play();
  }

 private:
  Result<void> find_lanes() {
    const auto look = [this] { on_progress_(Nanoseconds{0}); };
    auto main = look_at_runs(folder_, job_.main, look);
    if (!main) return tl::unexpected(main.error());
    auto sound = look_at_runs(folder_, job_.sound, look);
    if (!sound) return tl::unexpected(sound.error());
    main_ = std::move(*main);
    sound_ = std::move(*sound);
    auto shifts = hls::shifts_of(times_of(main_), times_of(sound_));
    add_lane(StreamKind::video, main_, shifts.main);
    if (job_.sound.empty())
      add_lane(StreamKind::audio, main_, shifts.main);
    else
      add_lane(StreamKind::audio, sound_, shifts.sound);
    if (lanes_.empty()) return fail(Kind::media, "its segments hold neither a picture nor sound");
    return find_caps();
  }

  void add_lane(StreamKind kind, const std::vector<RunFacts>& runs,
                const std::vector<Nanoseconds>& shifts) {
    if (std::any_of(runs.begin(), runs.end(), [&](const auto& run) { return run.has(kind); }))
      lanes_.push_back({kind, &runs, shifts});
  }

  Result<void> find_caps() {
    const std::atomic<bool> never = false;
    for (auto& lane : lanes_) {
      const auto run = std::find_if(lane.runs->begin(), lane.runs->end(),
                                    [&](const auto& facts) { return facts.has(lane.kind); });
      const auto reader = StreamReader::open(folder_, *run->run, lane.kind, lane.in_band());
      const auto sample = reader ? (*reader)->next(never) : tl::unexpected(reader.error());
      if (!sample) return tl::unexpected(sample.error());
      if (*sample) lane.caps = retain(gst_sample_get_caps(sample->get()));
      if (!lane.caps) return fail(Kind::media, "its segments cannot be read twice");
    }
    return {};
  }

  // An MP4, or Matroska where only that can hold all of the streams.
  Result<void> build() {
    const char* muxer = nullptr;
    for (const char* candidate : {"matroskamux", "mp4mux"})
      if (std::all_of(lanes_.begin(), lanes_.end(),
                      [&](const auto& lane) { return holds(candidate, lane); }))
        muxer = candidate;
    if (!muxer) return fail(Kind::media, "neither an MP4 nor a Matroska file can hold its streams");
    const bool mp4 = muxer == std::string_view{"mp4mux"};
    pipeline_ = retain(gst_pipeline_new(nullptr));
    const auto mux = add_element(pipeline_.get(), muxer);
    if (!mux) return tl::unexpected(mux.error());
    const auto file = add_element(pipeline_.get(), "filesink");
    if (!file) return tl::unexpected(file.error());
    const auto path = folder_ + "/" + (mp4 ? kWholeMp4 : kWholeMatroska);
    g_object_set(*file, "location", path.c_str(), "async", FALSE, nullptr);
    if (auto done = link(*mux, nullptr, *file, nullptr); !done) return done;
    for (auto& lane : lanes_)
      if (auto done = connect(lane, *mux, mp4); !done) return done;
    return {};
  }

  Result<void> connect(Lane& lane, GstElement* muxer, bool mp4) {
    const auto entry = add_element(pipeline_.get(), "appsrc");
    if (!entry) return tl::unexpected(entry.error());
    lane.entry = *entry;
    g_object_set(lane.entry, "format", GST_FORMAT_TIME, "block", TRUE, "max-bytes", kMostWaiting,
                 "handle-segment-change", TRUE, "caps", lane.caps.get(), nullptr);
    const bool video = lane.kind == StreamKind::video;
    const auto pad = adopt(gst_element_request_pad_simple(muxer, video ? "video_%u" : "audio_%u"));
    const auto source = adopt(gst_element_get_static_pad(lane.entry, "src"));
    if (!pad || gst_pad_link(source.get(), pad.get()) != GST_PAD_LINK_OK)
      return fail(Kind::internal, "a stream does not fit the file");
    if (mp4 && video) g_object_set(pad.get(), "trak-timescale", kTimescale, nullptr);
    return {};
  }

  Result<void> play() {
    gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
    std::vector<std::unique_ptr<Feeder>> feeders;
    for (auto& lane : lanes_) feeders.push_back(std::make_unique<Feeder>(folder_, lane));
    auto result = watch(feeders);
    gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
    for (auto& feeder : feeders) feeder->join();
    return result;
  }

  Result<void> watch(const std::vector<std::unique_ptr<Feeder>>& feeders) {
    const auto bus = adopt(gst_element_get_bus(pipeline_.get()));
    constexpr auto kEnds = static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
    for (;;) {
      const auto message = adopt(gst_bus_timed_pop_filtered(bus.get(), kLook, kEnds));
      for (const auto& feeder : feeders)
        if (auto fault = feeder->fault()) return tl::unexpected(std::move(*fault));
      if (message && GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_EOS) return {};
      if (message) return fail(Kind::media, describe_error(error_of(message.get()).get()));
      auto position = feeders.front()->position();
      for (const auto& feeder : feeders) position = std::min(position, feeder->position());
      on_progress_(position);
    }
  }

  const hls::RemuxJob& job_;
  const std::string& folder_;
  const std::function<void(Nanoseconds)>& on_progress_;
  std::vector<RunFacts> main_;
  std::vector<RunFacts> sound_;
  std::vector<Lane> lanes_;
  GstPtr<GstElement> pipeline_;
};

}  // namespace

Result<void> remux(const hls::RemuxJob& job, const std::string& folder,
                   const std::function<void(Nanoseconds)>& on_progress) {
  return Remuxer{job, folder, on_progress}.run();
}

}  // namespace rostrum
