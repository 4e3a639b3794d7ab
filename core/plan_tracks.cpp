// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plan_tracks.h"

#include "core/intervals.h"
#include "core/plan_sound.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace rostrum {

namespace {

constexpr Nanoseconds kShortfall = 100ms;  // a medium may end that much before its clip unreported

bool shows_pictures(TrackKind kind) {
  return kind == TrackKind::camera || kind == TrackKind::screen || kind == TrackKind::slides;
}

// Nothing when the medium has what the track is for.
const char* unsuitable(TrackKind kind, const MediaInfo& info) {
  if (!shows_pictures(kind)) return info.audio ? nullptr : "it has no sound";
  return info.video || info.audio || kind == TrackKind::slides ? nullptr
                                                               : "it has neither picture nor sound";
}

// Why a medium cannot stand in for another on a track of that kind; "" = it can.
std::string useless(TrackKind kind, const MediaInfo& info) {
  if (!info.usable()) return info.problem;
  if (kind == TrackKind::slides && info.pages == 0) return "it is no picture";
  const char* why = unsuitable(kind, info);
  return why ? why : "";
}

// Sound without a picture for so long is none that the layout heeds: recorders write sound some
// tenths before the picture, in each of the files that follow each other, and layouts do not
// flicker.
constexpr Nanoseconds kBlink = 2s;

// Where a medium's picture is, if its sound is there for longer; nothing: as long as the medium.
std::optional<Interval> picture_of(const MediaInfo& info) {
  if (!info.usable() || !info.video || info.pages > 0 || info.picture.empty()) return {};
  const bool late = info.picture.from > kBlink;
  const bool short_of_sound = info.picture.to + kBlink < info.duration;
  if (!late && !short_of_sound) return {};
  return Interval{late ? info.picture.from : 0ns, short_of_sound ? info.picture.to : info.duration};
}

// What of a clip its own medium cannot give.
struct Lack {
  Interval when;
  std::string what;  // as in Substitution
  std::string why;
};

// Why a clip's medium cannot be played, and which of its fallbacks could not be used either: some
// of them by name, for there may be a hundred of each of a hundred thousand clips.
class UselessFallbacks {
 public:
  explicit UselessFallbacks(std::string why) : why_{std::move(why)} {}

  void add(const std::string& asset, const std::string& problem) {
    if (++count_ <= kNamed) why_ += "; nor can the fallback \"" + asset + "\" be used: " + problem;
  }
  std::string why() const {
    return count_ <= kNamed ? why_ : why_ + "; nor " + std::to_string(count_ - kNamed) + " more";
  }

 private:
  static constexpr std::size_t kNamed = 2;
  std::string why_;
  std::size_t count_ = 0;
};

// Builds the plan's tracks out of the manifest's, noting what cannot be played.
class Resolver {
 public:
  Resolver(const Manifest& manifest, const MediaMap& media) : manifest_{manifest}, media_{media} {
    for (const auto& asset : manifest.assets)
      if (asset.colors != Colors::own) colors_.emplace(asset.id, asset.colors);
  }

  Nanoseconds programme() const {
    if (manifest_.duration) return *manifest_.duration;
    Nanoseconds end{0};
    for (const auto& track : manifest_.tracks)
      for (std::size_t c = 0; c < track.clips.size(); ++c)
        end = std::max(end, track.clips[c].start + own_length(track, c).value_or(0ns));
    return std::min<Nanoseconds>(end, std::chrono::hours{kLongestHours});
  }

  std::vector<std::vector<Interval>> times(Nanoseconds programme) const {
    std::vector<std::vector<Interval>> all;
    for (const auto& track : manifest_.tracks) {
      auto& times = all.emplace_back();
      for (std::size_t c = 0; c < track.clips.size(); ++c) {
        const auto clip = own_clip(track, c, programme);
        times.push_back({clip.start, std::max(clip.start, clip.end())});
      }
    }
    return all;
  }

  ResolvedTracks resolve(Nanoseconds programme) {
    std::vector<PlannedTrack> planned;
    for (std::size_t t = 0; t < manifest_.tracks.size(); ++t) {
      const auto& track = manifest_.tracks[t];
      planned.push_back({track.id, track.kind, track.person, {}});
      const auto noise = manifest_.noise_of(track);
      planned.back().filter = {noise.high_pass.value_or(0),
                               noise.suppression.value_or(Suppression::off)};
      PlannedSound sound{planned.back(), track.sound};
      for (std::size_t c = 0; c < track.clips.size(); ++c) add_clip(t, c, programme, sound);
      sound.finish();
    }
    return {std::move(planned), std::move(substitutions_)};
  }

 private:
  // The clip's length by itself; nothing when only what follows can limit it.
  std::optional<Nanoseconds> own_length(const Track& track, std::size_t c) const {
    const auto& clip = track.clips[c];
    if (clip.duration || clip.loop) return clip.duration;
    const auto& info = media_of(media_, clip.asset);
    if (!info.usable() || info.pages > 0) return {};
    return std::max(0ns, info.duration - clip.in);
  }

  PlannedClip planned(const Track& track, std::size_t c, const std::string& asset) const {
    const auto& clip = track.clips[c];
    const auto& info = media_of(media_, asset);
    PlannedClip made{.asset = asset,
                     .declared = c,
                     .page = clip.page,
                     .start = clip.start,
                     .in = clip.in,
                     .playable = {},
                     .has_video = shows_pictures(track.kind) && info.usable() && info.video,
                     .has_audio = info.usable() && info.audio,
                     .still = track.kind != TrackKind::slides && info.pages > 0,
                     .muted = clip.muted,
                     .hidden = clip.hidden,
                     .clock = info.clock};
    if (const auto said = colors_.find(asset); said != colors_.end()) made.colors = said->second;
    if (track.kind == TrackKind::slides) made.has_video = true;  // unreadable: a plain slide
    if (made.has_video && track.kind != TrackKind::slides) made.picture = picture_of(info);
    return made;
  }

  PlannedClip own_clip(const Track& track, std::size_t c, Nanoseconds programme) const {
    auto clip = planned(track, c, track.clips[c].asset);
    auto end = clip.start + own_length(track, c).value_or(programme);
    if (c + 1 < track.clips.size()) end = std::min(end, track.clips[c + 1].start);
    clip.duration = clip.playable = std::min(end, programme) - clip.start;
    return clip;
  }

  void add_clip(std::size_t t, std::size_t c, Nanoseconds programme, PlannedSound& sound) {
    const auto& track = manifest_.tracks[t];
    auto clip = own_clip(track, c, programme);
    const auto pointer = "/tracks/" + std::to_string(t) + "/clips/" + std::to_string(c);
    if (clip.duration <= 0ns) {
      if (!goes_on(track, c)) note_nothing_left(clip, pointer, programme);
      return;
    }
    const auto& info = media_of(media_, clip.asset);
    auto declared = track.clips[c];
    declared.loop = declared.loop && info.usable() && takes_rounds(clip, info.duration);
    const auto lack = lack_of(clip, track.kind, info, track.clips[c].loop, declared.loop);
    if (!declared.loop) note_picture_over(clip, pointer);
    const auto stand_ins = lack ? fill(track, c, *lack, pointer) : std::vector<PlannedClip>{};
    if (stand_ins.empty()) return sound.add(std::move(clip), declared, info.duration);
    declared.loop = false;
    add_around(std::move(clip), stand_ins, *lack, declared, sound);
  }

  // The clip itself before and after what stands in for it.
  static void add_around(PlannedClip clip, const std::vector<PlannedClip>& stand_ins,
                         const Lack& lack, const Clip& declared, PlannedSound& sound) {
    const auto filled = stand_ins.back().end();
    const Interval whole{clip.start, clip.end()};
    const auto add = [&](PlannedClip piece) {
      auto part = declared;
      if (piece.start > whole.from) part.sound.fade_in = 0ns;
      if (piece.end() < whole.to) part.sound.fade_out = 0ns;
      sound.add(std::move(piece), part, 0ns);
    };
    if (lack.when.from > clip.start) {
      auto before = clip;
      before.duration = before.playable = lack.when.from - clip.start;
      add(std::move(before));
    }
    for (const auto& piece : stand_ins) add(piece);
    if (filled < whole.to && lack.when.from == whole.from) {
      clip.in += filled - clip.start;
      clip.start = filled;
      clip.duration = clip.playable = whole.to - filled;
      add(std::move(clip));
    }
  }

  // A session of unknown length that a cut of the recording divides may have ended before it.
  bool goes_on(const Track& track, std::size_t c) const {
    const auto& clip = track.clips[c];
    return c > 0 && !clip.duration && track.clips[c - 1].asset == clip.asset &&
           track.clips[c - 1].in < clip.in && media_of(media_, clip.asset).duration <= clip.in;
  }

  // A clip of which nothing can be shown or heard is not dropped in silence.
  void note_nothing_left(const PlannedClip& clip, std::string pointer, Nanoseconds programme) {
    const auto why = clip.start >= programme
                         ? "it begins after the programme's end at " + format_time(programme)
                         : "its medium ends before the in-point " + format_time(clip.in);
    substitutions_.push_back(
        {clip.asset, std::move(pointer), "outside", {clip.start, clip.start}, why, {}});
  }

  // Its sound goes on without a picture.
  void note_picture_over(const PlannedClip& clip, const std::string& pointer) {
    if (!clip.picture) return;
    const auto from = std::max(clip.start, clip.start + clip.picture->to - clip.in);
    const auto to = clip.start + clip.playable;
    for (const auto& part : difference({{from, to}}, merged(clip.hidden)))
      if (part.to - part.from > kShortfall)
        substitutions_.push_back({clip.asset,
                                  pointer,
                                  "short",
                                  part,
                                  "its picture ends at " + format_time(clip.picture->to),
                                  {}});
  }

  // Whether the job may have as many rounds more as the clip needs.
  bool takes_rounds(const PlannedClip& clip, Nanoseconds medium) {
    const auto rounds = rounds_of(clip, medium);
    if (!rounds || *rounds > rounds_left_) return false;
    rounds_left_ -= *rounds;
    return true;
  }

  std::optional<Lack> lack_of(PlannedClip& clip, TrackKind kind, const MediaInfo& info,
                              bool wants_loop, bool loops) {
    const Interval whole{clip.start, clip.end()};
    if (!info.usable()) return Lack{whole, info.path.empty() ? "missing" : "damaged", info.problem};
    if (const char* why = unsuitable(kind, info)) return Lack{whole, "unsuitable", why};
    if (info.pages > 0 || loops) return {};
    clip.playable = std::clamp(info.duration - clip.in, 0ns, clip.duration);
    if (clip.playable + kShortfall >= clip.duration) return {};
    auto why = "the medium ends at " + format_time(info.duration);
    if (wants_loop && clip.playable > 0ns)
      why += ", and the job's loops would begin again more than " + std::to_string(kMostRounds) +
             " times";
    return Lack{{clip.start + clip.playable, clip.end()}, "short", std::move(why)};
  }

  std::vector<std::string> fallbacks(const Track& track, std::size_t c) const {
    auto all = track.clips[c].fallback;
    all.insert(all.end(), track.fallback.begin(), track.fallback.end());
    return all;
  }

  // What plays instead, and an entry for each piece of it, and for what stays empty.
  std::vector<PlannedClip> fill(const Track& track, std::size_t c, const Lack& lack,
                                const std::string& pointer) {
    std::vector<PlannedClip> found;
    auto rest = lack.when;
    UselessFallbacks useless_ones{lack.why};
    const auto& own = track.clips[c].asset;
    for (const auto& asset : fallbacks(track, c)) {
      if (rest.to - rest.from <= kShortfall && !found.empty()) break;
      const auto& info = media_of(media_, asset);
      if (const auto problem = useless(track.kind, info); !problem.empty()) {
        useless_ones.add(asset, problem);
        continue;
      }
      auto piece = planned(track, c, asset);
      piece.page = 1;
      piece.start = rest.from;
      piece.in = 0ns;
      piece.duration = rest.to - rest.from;
      if (info.pages == 0) piece.duration = std::min(piece.duration, info.duration);
      piece.playable = piece.duration;
      substitutions_.push_back(
          {own, pointer, lack.what, {piece.start, piece.end()}, useless_ones.why(), asset});
      rest.from = piece.end();
      found.push_back(std::move(piece));
    }
    if (found.empty() || rest.to - rest.from > kShortfall)
      substitutions_.push_back({own, pointer, lack.what, rest, useless_ones.why(), {}});
    return found;
  }

  const Manifest& manifest_;
  const MediaMap& media_;
  std::map<std::string, Colors> colors_;  // of assets for which the manifest says them
  std::int64_t rounds_left_ = kMostRounds;
  std::vector<Substitution> substitutions_;
};

}  // namespace

const MediaInfo& media_of(const MediaMap& media, const std::string& asset) {
  static const MediaInfo kMissing = [] {
    MediaInfo info;
    info.problem = "the file is missing";
    return info;
  }();
  const auto found = media.find(asset);
  return found == media.end() ? kMissing : found->second;
}

Nanoseconds programme_of(const Manifest& manifest, const MediaMap& media) {
  return Resolver{manifest, media}.programme();
}

std::vector<std::vector<Interval>> clip_times(const Manifest& manifest, const MediaMap& media,
                                              Nanoseconds programme) {
  return Resolver{manifest, media}.times(programme);
}

ResolvedTracks resolve_tracks(const Manifest& manifest, const MediaMap& media,
                              Nanoseconds programme) {
  return Resolver{manifest, media}.resolve(programme);
}

}  // namespace rostrum
