// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/clip_player.h"

#include <algorithm>

namespace rostrum {

ClipPlayer::ClipPlayer(TrackSettings settings, Wanted wanted, std::shared_ptr<DecoderSignal> signal)
    : settings_{std::move(settings)}, wanted_{wanted}, signal_{std::move(signal)} {}

Nanoseconds ClipPlayer::sought(const TimelineClip& clip, Nanoseconds from) const {
  from = std::max(from, Nanoseconds{0});
  if (wanted_ == Wanted::video || clip.clock.own()) return from;
  // Samples are made from one on at which both grids meet.
  return std::max(clip.clock.stored_time(from) - kLongestStep, Nanoseconds{0});
}

bool ClipPlayer::goes_on(std::size_t index, Nanoseconds position, Nanoseconds from) const {
  return decoder_ && position != kNoTime && clock_ == clip(index).clock &&
         carries_on(decoder_->path(), position, clip(index), from);
}

bool ClipPlayer::seeks(std::size_t index, Nanoseconds position, Nanoseconds from) const {
  return settings_.keep_open && decoder_ && !failure_ && wanted_ == Wanted::audio &&
         position != kNoTime && decoder_->path() == clip(index).location && from > position;
}

void ClipPlayer::open(std::size_t index, Nanoseconds from, Nanoseconds position) {
  const auto& location = clip(index).location;
  const bool seek = seeks(index, position, from);
  opened_from_ = sought(clip(index), from);
  clock_ = clip(index).clock;
  step_back_ = 1s;
  ended_ = false;
  failure_.reset();
  const auto known = unusable_.find(location);
  if (known != unusable_.end()) {
    ended_ = true;
    failure_ = known->second;
    decoder_.reset();
  } else if (next_ == index) {
    decoder_ = std::move(next_decoder_);
    opened_from_ = sought(clip(index), clip(index).in);
  } else if (seek) {
    decoder_->seek(opened_from_);
  } else {
    decoder_ = open_decoder(location, wanted_, opened_from_, signal_);
  }
  next_decoder_.reset();
  next_.reset();
}

bool ClipPlayer::enter(std::size_t index, Nanoseconds from, Nanoseconds position) {
  const bool on = !failure_ && goes_on(index, position, from);
  current_ = index;
  if (!on) open(index, from, position);
  return on;
}

void ClipPlayer::prepare(std::size_t index, Nanoseconds position) {
  const auto& c = clip(index);
  if (next_ == index || unusable_.contains(c.location)) return;
  if (goes_on(index, position, c.in) || seeks(index, position, c.in)) return;
  next_ = index;
  next_decoder_ = open_decoder(c.location, wanted_, sought(c, c.in), signal_);
}

void ClipPlayer::leave_unless_for(std::size_t next, Nanoseconds position) {
  if (!decoder_) return;
  if (next < settings_.schedule.clips().size()) {
    const auto from = clip(next).in;
    if (goes_on(next, position, from) || seeks(next, position, from)) return;
  }
  decoder_.reset();
  current_.reset();
}

void ClipPlayer::restart() {
  current_.reset();
  decoder_.reset();
  next_.reset();
  next_decoder_.reset();
}

ClipPlayer::Next ClipPlayer::next(GstPtr<GstSample>& sample) {
  if (ended_ || !decoder_) return Next::ended;
  switch (decoder_->pull(settings_.stall_timeout, sample)) {
  case MediumDecoder::Pull::sample:
    return Next::sample;
  case MediumDecoder::Pull::flushing:
    return Next::flushing;
  case MediumDecoder::Pull::failed:
    failure_ = decoder_->failure();
    if (decoder_->unusable()) unusable_.emplace(decoder_->path(), *failure_);
    break;
  case MediumDecoder::Pull::nothing: {
    const auto seconds = std::to_string(to_seconds(settings_.stall_timeout));
    failure_ = {kStalled, "no data came for " + seconds.substr(0, seconds.find('.') + 2) + " s"};
    unusable_.emplace(decoder_->path(), *failure_);
    decoder_.reset();
    break;
  }
  case MediumDecoder::Pull::ended:
    break;
  }
  ended_ = true;
  return Next::ended;
}

bool ClipPlayer::try_earlier(Nanoseconds first, Nanoseconds wanted) {
  const auto needed = sought(clip(*current_), wanted);
  if (!decoder_ || opened_from_ <= 0ns || first - kGridTolerance <= needed) return false;
  ended_ = false;
  opened_from_ = std::max(opened_from_ - step_back_, Nanoseconds{0});
  step_back_ *= 8;
  // Demuxers that guess where a time is in the file (MPEG-PS) can miss even the beginning.
  if (opened_from_ > 0ns)
    decoder_->seek(opened_from_);
  else
    decoder_ = open_decoder(clip(*current_).location, wanted_, opened_from_, signal_);
  return true;
}

void ClipPlayer::report(Nanoseconds end) {
  const auto& c = clip(*current_);
  const auto from = std::max(c.start, std::min(c.end(), c.timeline_time(end)));
  if (!failure_ && c.end() - from <= kShortTolerance) return;
  if (!reported_.insert(*current_).second) return;
  const auto& played = settings_.played;
  const auto failure = failure_.value_or(
      DecoderFailure{"short", "it ends at " + format_time(std::max(end, Nanoseconds{0}))});
  reports_.push_back(
      {Substitution{.asset = c.asset,
                    .pointer = {},
                    .what = failure.what,
                    .when = {std::max(from, played.from), std::min(c.end(), played.to)},
                    .why = failure.why},
       c.location});
}

std::optional<ClipReport> ClipPlayer::take_report() {
  if (reports_.empty()) return {};
  auto report = std::move(reports_.front());
  reports_.pop_front();
  return report;
}

}  // namespace rostrum
