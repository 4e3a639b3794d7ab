// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/film_compare.h"

#include "engine/reference_pictures.h"
#include "engine/reference_sound.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace rostrum {

namespace {

constexpr std::size_t kSecondLooks = 4;     // at sources that seem to differ
constexpr Nanoseconds kLongestLead = 60s;   // of a second look
constexpr std::size_t kStillLooks = 8;      // at a source, through a stretch
constexpr std::size_t kMostStretches = 60;  // that are looked into, the longest
constexpr Nanoseconds kLeastBlackScene = 400ms;
constexpr Nanoseconds kLeastStillScene = 1s;
constexpr int kVisibleLuma = 40;  // of a cell that nobody takes for black

bool all_dark(const Signature& s, int luma) {
  return std::all_of(s.luma.begin(), s.luma.end(), [&](auto value) { return value < luma; });
}

// More than a speck of it can be seen.
bool is_visible(const Signature& s, const CellMask& mask) {
  std::size_t bright = 0;
  for (std::size_t i = 0; i < s.luma.size(); ++i)
    if ((mask.empty() || !mask[i]) && s.luma[i] > kVisibleLuma) ++bright;
  return 50 * bright > s.luma.size();
}

class PictureComparer {
 public:
  PictureComparer(const PlannedFilm& planned, const FilmPictures& film)
      : planned_{planned}, plan_{planned.plan}, film_{film} {}

  Result<void> compare(Comparison& found) {
    wish_for_probes();
    wish_for_stills();
    wish_for_black();
    auto looks = reference_pictures(wishes_, plan_.grid, planned_.base, planned_.pool);
    if (!looks) return tl::unexpected(looks.error());
    looks_ = std::move(*looks);
    if (auto done = look_again(); !done) return done;
    for (std::size_t i = 0; i < film_.probes.size(); ++i) judge_probe(i, found);
    for (const auto& still : stills_) judge_still(still, found);
    for (const auto& black : blacks_) judge_black(black, found);
    found.still = still_stretches_;
    found.dark = dark_stretches_;
    return {};
  }

 private:
  struct Still {
    LifelessTile tile;
    CellMask mask;
    std::size_t first;  // of kStillLooks wishes
  };
  struct Black {
    LifelessTile tile;
    CellMask mask;
    std::size_t wish;
  };
  using SlideKey = std::tuple<std::string, int, Fit, int, int>;

  Nanoseconds origin() const { return plan_.grid.start(plan_.frames.first); }
  const SceneTile& tile_of(std::size_t scene, std::size_t tile) const {
    return plan_.scenes[scene].tiles[tile];
  }

  bool is_slide(const SceneTile& tile) const {
    return plan_.tracks[tile.track].kind == TrackKind::slides;
  }

  // What the tile's source shows at frames of the job from `first` on.
  std::size_t wish_for(const SceneTile& tile, std::int64_t first, std::int64_t frames,
                       CellGrid grid) {
    const auto& track = plan_.tracks[tile.track];
    const auto& clip = track.clips[tile.clip];
    PictureWish wish;
    wish.asset = clip.asset;
    wish.page = clip.page;
    wish.fit = tile.fit;
    if (track.kind != TrackKind::slides) wish.colors = clip.colors;
    wish.slide = track.kind == TrackKind::slides;
    wish.screen = track.kind == TrackKind::screen;
    wish.grid = grid;
    wish.frames = frames;
    // frames before 0 keep their distance on the grid
    const auto start = first < 0 ? -plan_.grid.start(-first) : plan_.grid.start(first);
    wish.in = clip.in + start - clip.start;
    if (wish.slide) {
      wish.frames = 1;
      const SlideKey key{wish.asset, wish.page, wish.fit, grid.columns, grid.rows};
      const auto [known, added] = slides_.emplace(key, wishes_.size());
      if (!added) return known->second;
    }
    wishes_.push_back(std::move(wish));
    return wishes_.size() - 1;
  }

  int reach_of(const ProbedTile& probed) const {
    const auto& tile = tile_of(probed.probe.scene, probed.probe.tile);
    if (is_slide(tile)) return 0;
    return probed.film.size() > 1 ? kReachFrames : kInStep;
  }

  void wish_for_probes() {
    for (const auto& probed : film_.probes) {
      const auto& probe = probed.probe;
      const auto reach = reach_of(probed);
      probes_.push_back(wish_for(tile_of(probe.scene, probe.tile), probe.frames.first - reach,
                                 probe.frames.count() + 2 * reach, probe.grid));
    }
  }

  // Cameras before screens, which stand still by right, then by length.
  bool tells_more(const LifelessTile& a, const LifelessTile& b) const {
    const auto rank = [&](const LifelessTile& still) {
      const auto kind = plan_.tracks[tile_of(still.scene, still.tile).track].kind;
      return std::pair{kind == TrackKind::screen, still.when.from - still.when.to};
    };
    return rank(a) < rank(b);
  }

  // The film's tiles that stand still, and what moves in its scenes while all of it stands still.
  void wish_for_stills() {
    struct Candidate {
      LifelessTile tile;
      CellMask mask;
      CellGrid grid;
    };
    std::vector<Candidate> candidates;
    for (const auto& still : film_.still_tiles)
      candidates.push_back(
          {{still.scene, still.tile, still.stretch.when}, still.mask, still.stretch.looks.grid});
    for (const auto& still : film_.still)
      for_scenes(still.when, kLeastStillScene, [&](std::size_t s, Interval part) {
        for (const auto& probe : probes_at(plan_, middle_of(part)))
          if (probe.scene == s && !is_slide(tile_of(s, probe.tile)))
            candidates.push_back({{s, probe.tile, part}, probe.mask, probe.grid});
      });
    std::stable_sort(candidates.begin(), candidates.end(),
                     [&](const auto& a, const auto& b) { return tells_more(a.tile, b.tile); });
    still_stretches_ = {candidates.size(), std::min(candidates.size(), kMostStretches)};
    candidates.resize(still_stretches_.looked_into);
    for (const auto& still : candidates) wish_for_still(still.tile, still.mask, still.grid);
  }

  void wish_for_still(const LifelessTile& still, const CellMask& mask, CellGrid grid) {
    const auto first = wishes_.size();
    const auto length = still.when.to - still.when.from;
    for (std::size_t i = 0; i < kStillLooks; ++i) {
      const auto t = still.when.from + length * static_cast<std::int64_t>(2 * i + 1) /
                                           static_cast<std::int64_t>(2 * kStillLooks);
      wish_for(tile_of(still.scene, still.tile), plan_.grid.first_at(t + origin()), 1, grid);
    }
    stills_.push_back({still, mask, first});
  }

  // Calls with each scene of which at least so much lies in a stretch of the film.
  template <typename Take>
  void for_scenes(Interval when, Nanoseconds least, Take take) {
    for (std::size_t s = 0; s < plan_.scenes.size(); ++s) {
      const auto& frames = plan_.scenes[s].frames;
      const Interval part{std::max(when.from, plan_.grid.start(frames.first) - origin()),
                          std::min(when.to, plan_.grid.start(frames.end) - origin())};
      if (part.to - part.from >= least) take(s, part);
    }
  }

  // The job's frame in the middle of a stretch of the film.
  std::int64_t middle_of(Interval when) const {
    return plan_.grid.first_at(when.from + (when.to - when.from) / 2 + origin());
  }

  void wish_for_black() {
    auto longest = film_.black;
    std::stable_sort(longest.begin(), longest.end(), [](const Interval& a, const Interval& b) {
      return a.to - a.from > b.to - b.from;
    });
    dark_stretches_ = {longest.size(), std::min(longest.size(), kMostStretches)};
    longest.resize(dark_stretches_.looked_into);
    for (const auto& when : longest)
      for_scenes(when, kLeastBlackScene, [&](std::size_t s, Interval part) {
        const auto middle = middle_of(part);
        for (const auto& probe : probes_at(plan_, middle)) {
          if (probe.scene != s) continue;
          const auto wish = wish_for(tile_of(s, probe.tile), middle, 1, probe.grid);
          blacks_.push_back({{s, probe.tile, part}, probe.mask, wish});
        }
      });
  }

  std::optional<PictureMatch> match_probe(std::size_t i) const {
    const auto& probed = film_.probes[i];
    return match({probed.film, looks_[probes_[i]], reach_of(probed)}, probed.probe.mask);
  }

  // Frames from the beginning of a tile's clip to the first that was looked at.
  std::int64_t lead_of(const PictureProbe& probe, int reach) const {
    const auto& tile = tile_of(probe.scene, probe.tile);
    const auto& clip = plan_.tracks[tile.track].clips[tile.clip];
    const auto first = probe.frames.first - reach;
    const auto longest = plan_.grid.first_at(kLongestLead);
    return std::min(first - plan_.grid.first_at(clip.start), longest);
  }

  // What a damaged stream shows hangs on where its decoding began: a look began shortly before it,
  // the film with its clip or chunk.  So what differs is decoded once more from its clip on.
  Result<void> look_again() {
    std::size_t looks = 0;
    for (std::size_t i = 0; i < film_.probes.size() && looks < kSecondLooks; ++i) {
      const auto& probe = film_.probes[i].probe;
      const auto lead = lead_of(probe, reach_of(film_.probes[i]));
      const auto matched = match_probe(i);
      if (lead <= 0 || !matched || !matched->unlike || is_slide(tile_of(probe.scene, probe.tile)))
        continue;
      ++looks;
      if (auto done = look_again(i, lead); !done) return done;
    }
    return {};
  }

  // A look that could not be had, or is black, says nothing.
  Result<void> look_again(std::size_t i, std::int64_t lead) {
    const auto& probe = film_.probes[i].probe;
    const auto& tile = tile_of(probe.scene, probe.tile);
    auto& first = looks_[probes_[i]];
    wishes_.clear();
    wish_for(tile, probe.frames.first - reach_of(film_.probes[i]) - lead, lead + std::ssize(first),
             probe.grid);
    // rounding must not begin before the clip does
    const auto& clip = plan_.tracks[tile.track].clips[tile.clip];
    wishes_.front().in = std::max(wishes_.front().in, clip.in);
    auto looks = reference_pictures(wishes_, plan_.grid, planned_.base, planned_.pool);
    if (!looks && looks.error().kind == Kind::interrupted) return tl::unexpected(looks.error());
    if (!looks || std::ssize(looks->front()) != lead + std::ssize(first)) return {};
    auto& again = looks->front();
    again.erase(again.begin(), again.begin() + lead);
    if (!std::all_of(again.begin(), again.end(),
                     [](const Signature& s) { return all_dark(s, kBlackLuma); }))
      first = std::move(again);
    return {};
  }

  void judge_probe(std::size_t i, Comparison& found) const {
    const auto& probed = film_.probes[i];
    const auto matched = match_probe(i);
    if (!matched) return;
    SeenTile seen{probed.probe.scene,
                  probed.probe.tile,
                  probed.probe.frames,
                  *matched,
                  all_dark(probed.film.front(), kBlackLuma),
                  {}};
    const auto& tile = tile_of(seen.scene, seen.tile);
    if (is_slide(tile)) find_other_slide(probed, seen);
    found.seen.push_back(std::move(seen));
  }

  void find_other_slide(const ProbedTile& probed, SeenTile& seen) const {
    std::vector<const Signature*> others;
    std::vector<std::string> names;
    for (const auto& [key, wish] : slides_)
      if (!looks_[wish].empty()) {
        others.push_back(&looks_[wish].front());
        names.push_back("page " + std::to_string(std::get<1>(key)) + " of \"" + std::get<0>(key) +
                        "\"");
      }
    const auto other =
        shown_instead(probed.film.front(), seen.match.likeness, others, probed.probe.mask);
    if (other) seen.instead = names[*other];
  }

  void judge_still(const Still& still, Comparison& found) const {
    std::vector<Signature> frames;
    for (std::size_t i = 0; i < kStillLooks; ++i)
      if (!looks_[still.first + i].empty()) frames.push_back(looks_[still.first + i].front());
    if (moves(frames, still.mask)) found.frozen.push_back(still.tile);
  }

  void judge_black(const Black& black, Comparison& found) const {
    const auto& look = looks_[black.wish];
    if (!look.empty() && is_visible(look.front(), black.mask)) found.black.push_back(black.tile);
  }

  const PlannedFilm& planned_;
  const Plan& plan_;
  const FilmPictures& film_;
  std::vector<PictureWish> wishes_;
  std::map<SlideKey, std::size_t> slides_;
  std::vector<std::size_t> probes_;
  std::vector<Still> stills_;
  std::vector<Black> blacks_;
  Stretches still_stretches_;
  Stretches dark_stretches_;
  std::vector<std::vector<Signature>> looks_;
};

// The film's envelope around a stretch of its time; nothing is heard outside the film.
Envelope film_around(const FilmSound& sound, Interval when) {
  constexpr float kNothing = -120;
  Envelope part;
  const auto first = (when.from - kSoundReach) / kEnvelopeStep;
  const auto end = (when.to + kSoundReach) / kEnvelopeStep;
  for (auto i = first; i < end; ++i)
    part.push_back(i >= 0 && i < std::ssize(sound.envelope)
                       ? sound.envelope[static_cast<std::size_t>(i)]
                       : kNothing);
  return part;
}

Result<void> compare_sound(const PlannedFilm& planned, const FilmSound& film, Comparison& found,
                           const std::stop_token& stop) {
  const auto& plan = planned.plan;
  const auto sound = sound_plan(plan, planned.media, planned.programme);
  if (!sound.known) return {};
  const auto origin = plan.grid.start(plan.frames.first);
  found.sound = judge_levels(sound, film.power, static_cast<std::size_t>(origin / kLoudnessWindow));
  const Interval all{origin, plan.grid.start(plan.frames.end)};
  for (const auto& probe : voice_probes(sound, all, planned.voices)) {
    const auto& voice = sound.voices[probe.voice];
    const auto source =
        reference_envelope(plan, planned.media, voice, probe.when, planned.pool.files, stop);
    if (!source) return tl::unexpected(source.error());
    const auto heard = film_around(film, {probe.when.from - origin, probe.when.to - origin});
    found.heard.push_back({voice.tracks, probe.when, find_lag(heard, *source)});
  }
  return {};
}

}  // namespace

Result<Comparison> compare_film(const PlannedFilm& planned, const FilmPictures* pictures,
                                const FilmSound* sound, const std::stop_token& stop) {
  Comparison found;
  found.substitutions = planned.substitutions;
  found.every_frame = pictures && pictures->readable && pictures->every_frame;
  if (pictures && pictures->readable)
    if (auto done = PictureComparer{planned, *pictures}.compare(found); !done)
      return tl::unexpected(done.error());
  if (sound)
    if (auto done = compare_sound(planned, *sound, found, stop); !done)
      return tl::unexpected(done.error());
  return found;
}

}  // namespace rostrum
