// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/video_track.h"

namespace rostrum {

namespace {

constexpr Size kNoMediumSize{640, 360};  // of black before anything could be opened
constexpr Nanoseconds kUsualFrame{40ms};

std::optional<FrameTime> time_of(const auto& decoded) {
  return decoded ? std::optional{decoded->time} : std::nullopt;
}

// Pictures that refer to others before the place where decoding began (open GOPs) are broken.
bool is_broken(GstSample* sample) {
  return GST_BUFFER_FLAG_IS_SET(gst_sample_get_buffer(sample), GST_BUFFER_FLAG_CORRUPTED);
}

Nanoseconds caps_frame(const GstCaps* caps) {
  GstVideoInfo info;
  if (!caps || !gst_video_info_from_caps(&info, caps) || info.fps_n <= 0) return kUsualFrame;
  return Nanoseconds{scale_floor(info.fps_d, 1'000'000'000, info.fps_n)};
}

}  // namespace

void VideoTrack::restart() {
  player_.restart();
  current_.reset();
  ahead_.reset();
  shown_.reset();
  ended_ = broken_ = false;
}

Nanoseconds VideoTrack::position() const {
  if (current_) return current_->time.pts;
  return ahead_ ? ahead_->time.pts : kNoTime;
}

void VideoTrack::enter(std::size_t clip, Nanoseconds from) {
  if (player_.enter(clip, from, position())) return;
  current_.reset();
  ahead_.reset();
  shown_.reset();
  ended_ = broken_ = false;
}

VideoTrack::Decoded VideoTrack::timed(GstPtr<GstSample> sample) const {
  FrameTime time;
  time.pts = player_.decoder()->time_of(sample.get());
  const auto last = time_of(ahead_ ? ahead_ : current_);
  if (time.pts == kNoTime) time.pts = last ? last->end() : 0ns;  // elementary streams have none
  const auto own = GST_BUFFER_DURATION(gst_sample_get_buffer(sample.get()));
  time.duration = GST_CLOCK_TIME_IS_VALID(own) ? Nanoseconds{static_cast<std::int64_t>(own)}
                                               : caps_frame(gst_sample_get_caps(sample.get()));
  return {std::move(sample), time};
}

// Decoders give every frame the usual length, but the last one of a screen share may be long.
void VideoTrack::lengthen_last() {
  auto& last = ahead_ ? ahead_ : current_;
  if (!last || !player_.decoder()) return;
  const auto end = player_.decoder()->end_of_last(last->time.pts);
  if (end > last->time.end()) last->time.duration = end - last->time.pts;
}

// One more frame into ahead_; false when the wait was interrupted.
bool VideoTrack::decode(Nanoseconds wanted) {
  GstPtr<GstSample> sample;
  switch (player_.next(sample)) {
  case ClipPlayer::Next::flushing:
    return false;
  case ClipPlayer::Next::ended:
    if (std::exchange(broken_, false) && player_.try_earlier(Nanoseconds::max(), wanted))
      return true;
    ended_ = true;
    lengthen_last();
    return true;
  case ClipPlayer::Next::sample:
    break;
  }
  if (!current_ && !ahead_ && player_.opened_inside() && is_broken(sample.get())) {
    broken_ = true;
    return true;
  }
  broken_ = false;
  auto decoded = timed(std::move(sample));
  if (!current_ && player_.try_earlier(decoded.time.pts, wanted)) return true;
  ahead_ = std::move(decoded);
  return true;
}

VideoTrack::Choice VideoTrack::choose(Nanoseconds t, Nanoseconds hold) {
  for (;;) {
    switch (choose_frame(t, hold, time_of(current_), time_of(ahead_), ended_)) {
    case FrameVerdict::wait:
      if (!decode(t)) return Choice::flushing;
      break;
    case FrameVerdict::advance:
      current_ = std::exchange(ahead_, std::nullopt);
      shown_.reset();
      break;
    case FrameVerdict::show:
      return Choice::show;
    case FrameVerdict::gap:
      return Choice::gap;
    }
  }
}

VideoTrack::Step VideoTrack::show(const TimelineClip& clip, bool black_gaps) {
  auto* sample = current_->sample.get();
  const auto orientation = player_.decoder()->orientation();
  size_ = clip.size.width > 0 ? clip.size : display_size(gst_sample_get_caps(sample), orientation);
  if (shown_ && shown_size_ == size_ &&
      shown_colors_ == clip.colors)  // the same memory, without another conversion
    return {Step::Kind::picture, adopt(gst_buffer_copy(shown_.get())), size_};
  shown_ = fitter_.fit(sample, orientation, clip.size, clip.fit, clip.colors);
  shown_size_ = size_;
  shown_colors_ = clip.colors;
  if (!shown_) return gap(size_, black_gaps);
  return {Step::Kind::picture, retain(shown_.get()), size_};
}

// Caps are needed even before the first picture: those of the clip that comes next.
Size VideoTrack::gap_size(std::size_t next) {
  if (size_.width > 0) return size_;
  if (next >= player_.settings().schedule.clips().size()) return kNoMediumSize;
  const auto& clip = player_.clip(next);
  if (clip.size.width > 0) return clip.size;
  if (player_.current() != next) enter(next, clip.in);
  while (!ahead_ && !current_ && !ended_)
    if (!decode(clip.in)) return {};
  if (!ahead_ && !current_) return kNoMediumSize;
  return display_size(gst_sample_get_caps((current_ ? current_ : ahead_)->sample.get()),
                      player_.decoder()->orientation());
}

VideoTrack::Step VideoTrack::gap(Size size, bool black) {
  if (size.width <= 0) return {Step::Kind::flushing, {}, {}};
  size_ = size;
  auto picture = black ? adopt(gst_buffer_copy(fitter_.black(size).get())) : nullptr;
  return {Step::Kind::gap, std::move(picture), size};
}

VideoTrack::Step VideoTrack::step(const TimelineClip& clip, Nanoseconds t, bool black_gaps) {
  switch (choose(t, clip.hold)) {
  case Choice::flushing:
    return {Step::Kind::flushing, {}, {}};
  case Choice::show:
    return show(clip, black_gaps);
  case Choice::gap:
    break;
  }
  if (ended_) player_.report(current_ ? current_->time.end() : clip.in);
  return gap(clip.size.width > 0 ? clip.size : gap_size(*player_.current()), black_gaps);
}

VideoTrack::Step VideoTrack::frame(std::int64_t n, std::int64_t end, bool black_gaps) {
  const auto& settings = player_.settings();
  const auto& clips = settings.schedule.clips();
  const auto spot = settings.schedule.at_frame(settings.grid, n, end);
  const bool near = spot.until < end && spot.until - n < settings.grid.frames(kOpenAhead);
  if (spot.gap) {
    if (player_.current() != spot.clip) player_.leave_unless_for(spot.clip, position());
    if (near && spot.clip < clips.size()) player_.prepare(spot.clip, position());
    return gap(gap_size(spot.clip), black_gaps);
  }
  const auto& clip = clips[spot.clip];
  const auto t = clip.source_time(settings.grid.start(n));
  if (player_.current() != spot.clip) enter(spot.clip, t);
  auto made = step(clip, t, black_gaps);
  if (near && spot.clip + 1 < clips.size())
    player_.prepare(spot.clip + 1, clip.source_time(clip.end()));
  return made;
}

}  // namespace rostrum
