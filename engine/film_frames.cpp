// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/film_frames.h"

#include "engine/autoplug.h"
#include "engine/components.h"
#include "engine/elements.h"
#include "engine/film_index.h"
#include "engine/patience.h"
#include "lib/bus_error.h"

#include <gst/app/gstappsink.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace rostrum {

namespace {

constexpr auto kLook = 200ms;
constexpr Nanoseconds kStall = 20s;
constexpr Nanoseconds kWithinFrame = 1ms;  // of one that begins there, for all rates and roundings

struct Shown {
  GstPtr<GstSample> sample;
  std::int64_t frame = 0;
};

// The film's pictures in order of presentation, from the place of the last seek on.
class Pictures {
 public:
  Pictures(FrameGrid grid, const std::stop_token& stop) : grid_{grid}, stop_{stop} {}
  ~Pictures() {
    if (pipeline_) gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
  }
  Pictures(const Pictures&) = delete;
  Pictures& operator=(const Pictures&) = delete;

  Result<void> open(const std::string& path) {
    pipeline_ = retain(gst_pipeline_new(nullptr));
    const auto source = add_element(pipeline_.get(), "filesrc");
    const auto decoder = add_element(pipeline_.get(), "decodebin");
    const auto sink = add_element(pipeline_.get(), "appsink");
    for (const auto* made : {&source, &decoder, &sink})
      if (!*made) return tl::unexpected(made->error());
    sink_ = *sink;
    g_object_set(*source, "location", path.c_str(), nullptr);
    g_object_set(sink_, "sync", FALSE, "max-buffers", 4U, nullptr);
    restrict_autoplug(*decoder, Wanted::video);
    g_signal_connect(*decoder, "pad-added", G_CALLBACK(on_decoded), sink_);
    if (auto done = link(*source, nullptr, *decoder, nullptr); !done) return done;
    gst_element_set_state(pipeline_.get(), GST_STATE_PAUSED);
    return await_preroll();
  }

  // To a picture that decoding can begin with.
  Result<void> seek(Nanoseconds t) {
    if (!gst_element_seek_simple(pipeline_.get(), GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH,
                                 (t + kWithinFrame).count()))
      return fail(Kind::media, "the film cannot be entered at " + format_time(t));
    return {};
  }
  void play() { gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING); }

  // Nothing at the end.
  Result<std::optional<Shown>> next() {
    Patience patience{kStall};
    while (!stop_.stop_requested()) {
      auto sample = adopt(gst_app_sink_try_pull_sample(
          GST_APP_SINK(sink_), static_cast<GstClockTime>(Nanoseconds{kLook}.count())));
      if (sample) return shown(std::move(sample));
      if (gst_app_sink_is_eos(GST_APP_SINK(sink_))) return std::nullopt;
      if (auto wrong = error()) return tl::unexpected(std::move(*wrong));
      if (patience.over()) return fail(Kind::media, "reading the film came to a standstill");
    }
    return fail(Kind::interrupted, "interrupted");
  }

 private:
  static void on_decoded(GstElement*, GstPad* pad, gpointer sink) {
    const auto target = adopt(gst_element_get_static_pad(GST_ELEMENT(sink), "sink"));
    const auto caps = adopt(gst_pad_get_current_caps(pad));
    if (caps && !gst_pad_is_linked(target.get()) &&
        gst_structure_has_name(gst_caps_get_structure(caps.get(), 0), "video/x-raw"))
      gst_pad_link(pad, target.get());
  }

  Result<void> await_preroll() {
    Patience patience{kStall};
    while (!stop_.stop_requested()) {
      const auto state =
          gst_element_get_state(pipeline_.get(), nullptr, nullptr, Nanoseconds{kLook}.count());
      if (auto wrong = error()) return tl::unexpected(std::move(*wrong));
      if (state != GST_STATE_CHANGE_ASYNC) return {};
      if (patience.over()) return fail(Kind::media, "the film does not begin");
    }
    return fail(Kind::interrupted, "interrupted");
  }

  std::optional<Error> error() {
    const auto error = pop_error(pipeline_.get());
    if (!error) return {};
    return Error{Kind::media, describe_error(error.get())};
  }

  Shown shown(GstPtr<GstSample> sample) const {
    const auto time =
        gst_segment_to_stream_time(gst_sample_get_segment(sample.get()), GST_FORMAT_TIME,
                                   GST_BUFFER_PTS(gst_sample_get_buffer(sample.get())));
    const Nanoseconds at{GST_CLOCK_TIME_IS_VALID(time) ? static_cast<std::int64_t>(time) : 0};
    return {std::move(sample), grid_.frames(at)};
  }

  const FrameGrid grid_;
  const std::stop_token& stop_;
  GstPtr<GstElement> pipeline_;
  GstElement* sink_ = nullptr;  // owned by the pipeline
};

Result<void> show(const Shown& picture, std::size_t index, const SeeFrame& see) {
  GstVideoInfo info;
  if (!gst_video_info_from_caps(&info, gst_sample_get_caps(picture.sample.get())))
    return fail(Kind::media, "a picture of the film cannot be read");
  return see(index, gst_sample_get_buffer(picture.sample.get()), info);
}

// The last picture that decoding can begin with and that is not after that frame.
std::optional<Nanoseconds> entrance_before(const std::vector<Nanoseconds>& entrances,
                                           Nanoseconds t) {
  const auto after = std::upper_bound(entrances.begin(), entrances.end(), t + kWithinFrame);
  return after == entrances.begin() ? std::nullopt : std::optional{*std::prev(after)};
}

// Goes through the pictures to those that are wanted.
class Walk {
 public:
  Walk(Pictures& pictures, FrameGrid grid, std::vector<Nanoseconds> entrances)
      : pictures_{pictures}, grid_{grid}, entrances_{std::move(entrances)} {}

  Result<const Shown*> to(std::int64_t frame) {
    if (auto done = enter(frame); !done) return tl::unexpected(done.error());
    while (!ended_ && (!current_ || !ahead_ || ahead_->frame <= frame)) {
      if (ahead_) current_ = std::exchange(ahead_, std::nullopt);
      auto next = pictures_.next();
      if (!next) return tl::unexpected(next.error());
      ended_ = !next->has_value();
      (current_ ? ahead_ : current_) = std::move(*next);
    }
    if (!current_) return fail(Kind::media, "the film has no picture");
    return &*current_;
  }

 private:
  Result<void> enter(std::int64_t frame) {
    const auto entrance = entrance_before(entrances_, grid_.start(frame));
    const auto* last = ahead_ ? &*ahead_ : current_ ? &*current_ : nullptr;
    if (!entrance || (last && grid_.frames(*entrance) <= last->frame)) return {};
    if (!last && grid_.frames(*entrance) == 0) return {};  // it is there already
    current_.reset();
    ahead_.reset();
    ended_ = false;
    return pictures_.seek(*entrance);
  }

  Pictures& pictures_;
  FrameGrid grid_;
  const std::vector<Nanoseconds> entrances_;
  std::optional<Shown> current_;
  std::optional<Shown> ahead_;
  bool ended_ = false;
};

}  // namespace

Result<void> see_frames(const std::string& film, const FrameGrid& grid,
                        const std::vector<std::int64_t>& frames, const SeeFrame& see,
                        const std::stop_token& stop) {
  const auto file = File::open_to_read(film);
  if (!file) return tl::unexpected(file.error());
  auto index = read_film_index(*file, film);
  if (!index) return tl::unexpected(index.error());
  Pictures pictures{grid, stop};
  if (auto done = pictures.open(film); !done) return done;
  pictures.play();
  Walk walk{pictures, grid, std::move(index->entrances)};
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const auto picture = walk.to(frames[i]);
    if (!picture) return tl::unexpected(picture.error());
    if (auto done = show(**picture, i, see); !done) return done;
  }
  return {};
}

}  // namespace rostrum
