// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/reference_sound.h"

#include "core/plan_scenes.h"
#include "engine/audio_track.h"

#include <algorithm>
#include <map>
#include <span>
#include <string>

namespace rostrum {

namespace {

// Media by their paths, open for as long as they are read.
using OpenFiles = std::map<std::string, File>;

std::vector<TimelineClip> clips_within(const PlannedTrack& track, const MediaMap& media,
                                       Interval when, const MediaFiles& files, OpenFiles& open) {
  std::vector<TimelineClip> clips;
  for (const auto& clip : track.clips) {
    const auto info = media.find(clip.asset);
    if (!clip.has_audio || info == media.end()) continue;
    const Interval heard{std::max(clip.start, when.from),
                         std::min(clip.start + clip.playable, when.to)};
    const auto& path = info->second.path;
    for (const auto& part : subtract(heard, clip.muted)) {
      if (!open.contains(path)) open.emplace(path, files.open_or_none(path));
      clips.push_back({.location = open.at(path).link(),
                       .asset = clip.asset,
                       .start = part.from,
                       .in = clip.in + (part.from - clip.start),
                       .duration = part.to - part.from,
                       .size = {},
                       .volume = clip.volume,
                       .clock = clip.clock});
    }
  }
  return clips;
}

Result<Envelope> envelope_of(const PlannedTrack& track, std::vector<TimelineClip> clips,
                             Interval when, const std::stop_token& stop) {
  const auto signal = std::make_shared<DecoderSignal>();
  AudioTrack sound{{.schedule = ClipSchedule{std::move(clips)},
                    .grid = FrameGrid{{25, 1}},
                    .played = when,
                    .gains = track.gains,
                    .keep_open = true},
                   signal};
  const std::stop_callback interrupt{stop, [&] { signal->set_flushing(true); }};
  EnvelopeMeter meter{kSoundChannels};
  const auto end = sample_at(when.to);
  for (auto n = sample_at(when.from); n < end;) {
    const auto step = sound.samples(n, end, true);
    if (step.kind == AudioTrack::Step::Kind::flushing || stop.stop_requested())
      return fail(Kind::interrupted, "interrupted");
    GstMapInfo map;
    if (step.sound && gst_buffer_map(step.sound.get(), &map, GST_MAP_READ)) {
      meter.add({reinterpret_cast<const float*>(map.data), map.size / sizeof(float)});
      gst_buffer_unmap(step.sound.get(), &map);
    }
    n += step.count;
  }
  return meter.take();
}

// The louder of two levels: at most 3 dB less than both together.
void join(Envelope& sum, const Envelope& other) {
  for (std::size_t i = 0; i < std::min(sum.size(), other.size()); ++i)
    sum[i] = std::max(sum[i], other[i]);
}

}  // namespace

Result<Envelope> reference_envelope(const Plan& plan, const MediaMap& media,
                                    const PlannedVoice& voice, Interval when,
                                    const MediaFiles& files, const std::stop_token& stop) {
  Envelope sum;
  OpenFiles open;
  for (const auto t : voice.tracks) {
    auto clips = clips_within(plan.tracks[t], media, when, files, open);
    if (clips.empty()) continue;
    auto envelope = envelope_of(plan.tracks[t], std::move(clips), when, stop);
    if (!envelope) return envelope;
    if (sum.empty())
      sum = std::move(*envelope);
    else
      join(sum, *envelope);
  }
  return sum;
}

}  // namespace rostrum
