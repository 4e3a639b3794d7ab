// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/clip_player.h"

#include <algorithm>

namespace rostrum {

ClipPlayer::ClipPlayer(TrackSettings settings, Wanted wanted, std::shared_ptr<DecoderSignal> signal)
    : settings_{std::move(settings)}, wanted_{wanted}, signal_{std::move(signal)} {}

void ClipPlayer::open(std::size_t index, Nanoseconds from) {
  const auto& location = clip(index).location;
  opened_from_ = std::max(from, Nanoseconds{0});
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
    opened_from_ = std::max(clip(index).in, Nanoseconds{0});
  } else {
    decoder_ = std::make_unique<ClipDecoder>(location, wanted_, opened_from_, signal_);
  }
  next_decoder_.reset();
  next_.reset();
}

bool ClipPlayer::enter(std::size_t index, Nanoseconds from, Nanoseconds position) {
  const bool goes_on = decoder_ && !failure_ && position != kNoTime &&
                       carries_on(decoder_->path(), position, clip(index), from);
  current_ = index;
  if (!goes_on) open(index, from);
  return goes_on;
}

void ClipPlayer::prepare(std::size_t index, Nanoseconds position) {
  const auto& c = clip(index);
  if (next_ == index || unusable_.contains(c.location)) return;
  if (decoder_ && position != kNoTime && carries_on(decoder_->path(), position, c, c.in)) return;
  next_ = index;
  next_decoder_ =
      std::make_unique<ClipDecoder>(c.location, wanted_, std::max(c.in, Nanoseconds{0}), signal_);
}

void ClipPlayer::leave_unless_for(std::size_t next, Nanoseconds position) {
  if (!decoder_) return;
  const bool needed = next < settings_.schedule.clips().size() && position != kNoTime &&
                      carries_on(decoder_->path(), position, clip(next), clip(next).in);
  if (needed) return;
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
  case ClipDecoder::Pull::sample:
    return Next::sample;
  case ClipDecoder::Pull::flushing:
    return Next::flushing;
  case ClipDecoder::Pull::failed:
    failure_ = decoder_->failure();
    if (decoder_->unusable()) unusable_.emplace(decoder_->path(), *failure_);
    break;
  case ClipDecoder::Pull::nothing: {
    const auto seconds = std::to_string(to_seconds(settings_.stall_timeout));
    failure_ = {"stalled", "no data came for " + seconds.substr(0, seconds.find('.') + 2) + " s"};
    unusable_.emplace(decoder_->path(), *failure_);
    decoder_.reset();
    break;
  }
  case ClipDecoder::Pull::ended:
    break;
  }
  ended_ = true;
  return Next::ended;
}

bool ClipPlayer::try_earlier(Nanoseconds first, Nanoseconds wanted) {
  if (!decoder_ || opened_from_ <= 0ns || first - kGridTolerance <= wanted) return false;
  opened_from_ = std::max(opened_from_ - step_back_, Nanoseconds{0});
  step_back_ *= 8;
  decoder_->rewind(opened_from_);
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
