// SPDX-License-Identifier: LGPL-2.1-or-later
// Scenes -> what each input of the compositor and of the audio mixer plays.
#include "core/slice.h"

#include "core/initials.h"
#include "core/limiter.h"
#include "core/plan_overlays.h"
#include "core/plan_scenes.h"
#include "core/voice_filter.h"

#include <algorithm>

namespace rostrum {

namespace {

// What one slot must show during one scene.
struct Demand {
  bool slides = false;
  bool screen = false;
  int z = 0;
  std::string source;  // the same text = the same source: it keeps its slot
  Piece piece;         // without times yet
  Nanoseconds clip_start{0};
  Rect rect;
  FrameRange scene = {};      // all of it, of which the slice may have a part
  std::int64_t fade_in = 0;   // frames
  std::int64_t fade_out = 0;  // frames
};

Demand tile_demand(const Plan& plan, const SceneTile& tile) {
  const auto& track = plan.tracks[tile.track];
  const auto& clip = track.clips[tile.clip];
  Demand d;
  d.slides = track.kind == TrackKind::slides || clip.still;
  d.screen = track.kind == TrackKind::screen && !clip.still;
  d.z = tile.z;
  d.source = track.id;
  d.piece.asset = clip.asset;
  d.piece.page = clip.page;
  d.piece.in = clip.in;
  d.piece.size = {tile.rect.width, tile.rect.height};
  d.piece.fit = tile.fit;
  if (!d.slides) d.piece.colors = clip.colors;
  d.clip_start = clip.start;
  d.rect = tile.rect;
  return d;
}

Demand color_demand(Rect rect, std::uint32_t color, int z) {
  Demand d;
  d.slides = true;
  d.z = z;
  d.source = "#" + std::to_string(color) + "/" + std::to_string(z);
  d.piece.size = {rect.width, rect.height};
  d.piece.color = color;
  d.rect = rect;
  return d;
}

// A plain tile in the colour of its person.
Demand card_demand(const Plan& plan, const SceneTile& tile) {
  const auto& id = plan.tracks[tile.track].person;
  const auto person = std::find_if(plan.people.begin(), plan.people.end(),
                                   [&](const Person& p) { return p.id == id; });
  const auto index = static_cast<std::size_t>(person - plan.people.begin());
  auto d = color_demand(tile.rect, card_color(index), tile.z);
  d.source = "card " + id;
  return d;
}

std::vector<Demand> demands(const Plan& plan, const Scene& scene) {
  std::vector<Demand> found;
  if (plan.background != 0)
    found.push_back(
        color_demand({0, 0, plan.canvas.width, plan.canvas.height}, plan.background, -2));
  for (const auto& b : scene.backdrops) found.push_back(color_demand(b.rect, b.color, -1));
  for (const auto& tile : scene.tiles) {
    auto& d = found.emplace_back(tile.card ? card_demand(plan, tile) : tile_demand(plan, tile));
    d.fade_in = tile.fade_in;
    d.fade_out = tile.fade_out;
  }
  for (auto& d : found) d.scene = scene.frames;
  return found;
}

// How opaque the picture is in a frame: ramps in equal steps, neither invisible nor opaque in them.
int opacity_at(const Demand& d, std::int64_t frame) {
  const auto in = frame - d.scene.first + 1;
  const auto out = d.scene.end - frame;
  auto permille = std::int64_t{1000};
  if (in <= d.fade_in) permille = std::min(permille, 1000 * in / (d.fade_in + 1));
  if (out <= d.fade_out) permille = std::min(permille, 1000 * out / (d.fade_out + 1));
  return static_cast<int>(permille);
}

// Notes how opaque the slot is during the frames, where that changes.
void set_opacity(Slot& slot, const Demand& d, FrameRange frames) {
  const auto set = [&slot](std::int64_t frame, int permille) {
    const int before = slot.opacities.empty() ? 1000 : slot.opacities.back().permille;
    if (permille != before) slot.opacities.push_back({frame, permille});
  };
  const auto opaque = std::clamp(d.scene.first + d.fade_in, frames.first, frames.end);
  const auto fading = std::clamp(d.scene.end - d.fade_out, opaque, frames.end);
  for (auto n = frames.first; n < opaque; ++n) set(n, opacity_at(d, n));
  if (opaque < fading) set(opaque, 1000);
  for (auto n = fading; n < frames.end; ++n) set(n, opacity_at(d, n));
}

// Hands each demand of a scene to a slot: the one that showed the same source in the scene before,
// else a free one of the same kind, else a new one.
class SlotBuilder {
 public:
  explicit SlotBuilder(const FrameGrid& grid) : grid_{grid} {}

  void add(const std::vector<Demand>& wanted, FrameRange frames) {
    std::vector<std::string> before = std::move(showing_);
    before.resize(slots_.size());
    showing_.assign(slots_.size(), {});
    std::vector<const Demand*> rest;
    for (const auto& d : wanted) {
      const auto kept = find(d, [&](std::size_t s) { return before[s] == d.source; });
      kept < slots_.size() ? assign(kept, d, frames) : rest.push_back(&d);
    }
    for (const auto* d : rest) {
      auto free = find(*d, [](std::size_t) { return true; });
      if (free == slots_.size()) {
        slots_.push_back(
            {.slides = d->slides, .screen = d->screen, .z = d->z, .pieces = {}, .placements = {}});
        showing_.emplace_back();
      }
      assign(free, *d, frames);
    }
  }

  std::vector<Slot> take() { return std::move(slots_); }

 private:
  template <typename Condition>
  std::size_t find(const Demand& d, Condition condition) const {
    std::size_t s = 0;
    while (s < slots_.size() &&
           !(showing_[s].empty() && slots_[s].slides == d.slides && slots_[s].screen == d.screen &&
             slots_[s].z == d.z && condition(s)))
      ++s;
    return s;
  }

  void assign(std::size_t s, const Demand& d, FrameRange frames) {
    showing_[s] = d.source;
    auto& slot = slots_[s];
    if (slot.placements.empty() || slot.placements.back().rect != d.rect)
      slot.placements.push_back({frames.first, d.rect});
    set_opacity(slot, d, frames);
    auto piece = d.piece;
    const bool picture = d.slides;
    piece.start = std::max(grid_.start(frames.first), picture ? 0ns : d.clip_start);
    if (!picture) piece.in += piece.start - d.clip_start;
    piece.duration = grid_.start(frames.end) - piece.start;
    if (!slot.pieces.empty() && continues(slot.pieces.back(), piece, picture))
      slot.pieces.back().duration = piece.start + piece.duration - slot.pieces.back().start;
    else
      slot.pieces.push_back(piece);
  }

  static bool continues(const Piece& a, const Piece& b, bool picture) {
    return a.asset == b.asset && a.page == b.page && a.color == b.color && a.size == b.size &&
           a.fit == b.fit && a.start + a.duration == b.start &&
           (picture || a.in + a.duration == b.in);
  }

  FrameGrid grid_;
  std::vector<Slot> slots_;
  std::vector<std::string> showing_;  // per slot, the source during the scene in hand; "" = free
};

// What of the track sounds within an interval.
std::vector<Piece> sounding_pieces(const PlannedTrack& track, Interval sound) {
  std::vector<Piece> pieces;
  for (const auto& clip : track.clips) {
    if (!clip.has_audio) continue;
    const Interval heard{std::max(clip.start, sound.from),
                         std::min(clip.start + clip.playable, sound.to)};
    for (const auto& part : subtract(heard, clip.muted))
      pieces.push_back({.asset = clip.asset,
                        .page = 1,
                        .start = part.from,
                        .in = clip.in + (part.from - clip.start),
                        .duration = part.to - part.from,
                        .size = {},
                        .fit = {},
                        .color = {},
                        .volume = clip.volume,
                        .pan = clip.pan,
                        .clock = clip.clock});
  }
  return pieces;
}

void add_curves(const std::vector<GainCurve>& curves, Interval sound, Voice& voice) {
  for (const auto& curve : curves)
    if (auto part = within(curve, sound); !part.empty()) voice.gains.push_back(std::move(part));
}

// A voice for each run of the track's filters.
void add_filtered(const PlannedTrack& track, Interval sound, std::vector<Voice>& found) {
  for (const auto& run : filter_runs(track.filter, sound)) {
    Voice voice{track.id, sounding_pieces(track, run.played)};
    if (voice.pieces.empty()) continue;
    for (auto& piece : voice.pieces) piece.volume = 1;
    add_curves(track.gains, run.heard, voice);
    add_curves({volume_curve(track.clips), run.seam}, run.heard, voice);
    voice.filter = track.filter;
    voice.heard = run.heard;
    voice.played = run.played;
    found.push_back(std::move(voice));
  }
}

}  // namespace

std::vector<Slot> slots(const Plan& plan, FrameRange frames) {
  SlotBuilder builder{plan.grid};
  for (const auto& scene : plan.scenes) {
    const FrameRange part{std::max(scene.frames.first, frames.first),
                          std::min(scene.frames.end, frames.end)};
    if (!part.empty()) builder.add(demands(plan, scene), part);
  }
  return builder.take();
}

std::vector<Voice> voices(const Plan& plan, Interval sound,
                          const std::vector<std::string>& tracks) {
  std::vector<Voice> found;
  for (const auto& track : plan.tracks) {
    if (!tracks.empty() && std::find(tracks.begin(), tracks.end(), track.id) == tracks.end())
      continue;
    if (!track.filter.none()) {
      add_filtered(track, sound, found);
      continue;
    }
    Voice voice{track.id, sounding_pieces(track, sound)};
    if (voice.pieces.empty()) continue;
    add_curves(track.gains, sound, voice);
    found.push_back(std::move(voice));
  }
  return found;
}

Nanoseconds sample_time(const Plan& plan, std::int64_t sample) {
  return plan.grid.start(plan.frames.first) +
         Nanoseconds{scale_floor(sample, 1'000'000'000, kSampleRate)};
}

std::int64_t sample_count(const Plan& plan) {
  return plan.grid.samples(plan.frames.count(), kSampleRate);
}

Slice make_picture_slice(const Plan& plan, FrameRange frames) {
  return {
      plan.canvas, plan.grid, frames, {}, slots(plan, frames), {}, overlays_within(plan, frames)};
}

Slice make_sound_slice(const Plan& plan, std::int64_t first, std::int64_t end,
                       const std::vector<std::string>& tracks) {
  constexpr std::int64_t kBefore = limiter_pre_roll(kSampleRate);
  constexpr std::int64_t kAfter = limiter_look_ahead(kSampleRate);
  const auto from = std::max<std::int64_t>(first - kBefore, 0) / kMixBlock * kMixBlock;
  const auto to = std::max(end, std::min(end + kAfter, sample_count(plan)));
  const Interval sound{sample_time(plan, first), sample_time(plan, end)};
  const Interval mixed{sample_time(plan, from), sample_time(plan, to)};
  return {.canvas = plan.canvas,
          .grid = plan.grid,
          .frames = {},
          .sound = sound,
          .slots = {},
          .voices = voices(plan, mixed, tracks),
          .overlays = {},
          .mixed = mixed,
          .ceiling = plan.ceiling,
          .format = plan.sound};
}

Slice make_slice(const Plan& plan, FrameRange frames) {
  const Interval sound{plan.grid.start(frames.first),
                       plan.grid.start(frames.first) + plan.grid.start(frames.count())};
  return {plan.canvas,
          plan.grid,
          frames,
          sound,
          slots(plan, frames),
          voices(plan, sound),
          overlays_within(plan, frames),
          sound,
          plan.ceiling,
          plan.sound};
}

}  // namespace rostrum
