// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plan.h"

#include "core/findings.h"
#include "core/intervals.h"
#include "core/plan_copy.h"
#include "core/plan_overlays.h"
#include "core/plan_range.h"
#include "core/plan_rules.h"
#include "core/plan_scenes.h"
#include "core/plan_sound.h"
#include "core/plan_speaker.h"
#include "core/settle_clocks.h"
#include "core/silent_clips.h"

#include <algorithm>
#include <set>
#include <string_view>

namespace rostrum {

namespace {

constexpr Nanoseconds kShortfall = 100ms;  // a medium may end that much before its clip unreported
constexpr int kDraftHeight = 360;
constexpr int kLeastWidth = 16;

const MediaInfo& media_of(const MediaMap& media, const std::string& asset) {
  static const MediaInfo kMissing = [] {
    MediaInfo info;
    info.problem = "the file is missing";
    return info;
  }();
  const auto found = media.find(asset);
  return found == media.end() ? kMissing : found->second;
}

bool shows_pictures(TrackKind kind) {
  return kind == TrackKind::camera || kind == TrackKind::screen || kind == TrackKind::slides;
}

// Builds the plan's tracks out of the manifest's, noting what cannot be played.
class Resolver {
 public:
  Resolver(const Manifest& manifest, const MediaMap& media) : manifest_{manifest}, media_{media} {}

  Nanoseconds programme() const {
    if (manifest_.duration) return *manifest_.duration;
    Nanoseconds end{0};
    for (const auto& track : manifest_.tracks)
      for (std::size_t c = 0; c < track.clips.size(); ++c)
        end = std::max(end, track.clips[c].start + own_length(track, c).value_or(0ns));
    return end;
  }

  std::vector<PlannedTrack> tracks(Nanoseconds programme) {
    std::vector<PlannedTrack> planned;
    for (std::size_t t = 0; t < manifest_.tracks.size(); ++t) {
      const auto& track = manifest_.tracks[t];
      planned.push_back({track.id, track.kind, track.person, {}});
      const auto noise = manifest_.noise_of(track);
      planned.back().filter = {noise.high_pass.value_or(0),
                               noise.suppression.value_or(Suppression::off)};
      PlannedSound sound{planned.back(), track.sound};
      for (std::size_t c = 0; c < track.clips.size(); ++c)
        if (auto clip = resolve(t, c, programme); clip.duration > 0ns)
          sound.add(clip, track.clips[c], media_of(media_, clip.asset).duration);
        else
          note_nothing_left(clip, pointer_of(t, c), programme);
      sound.finish();
    }
    return planned;
  }

  std::vector<Substitution> take_substitutions() { return std::move(substitutions_); }

 private:
  // The clip's length by itself; nothing when only what follows can limit it.
  std::optional<Nanoseconds> own_length(const Track& track, std::size_t c) const {
    const auto& clip = track.clips[c];
    if (clip.duration || clip.loop) return clip.duration;
    const auto& info = media_of(media_, clip.asset);
    if (!info.usable() || info.pages > 0) return {};
    return std::max(0ns, info.duration - clip.in);
  }

  PlannedClip resolve(std::size_t t, std::size_t c, Nanoseconds programme) {
    const auto& track = manifest_.tracks[t];
    const auto& clip = track.clips[c];
    const auto& info = media_of(media_, clip.asset);
    auto end = clip.start + own_length(track, c).value_or(programme);
    if (c + 1 < track.clips.size()) end = std::min(end, track.clips[c + 1].start);
    end = std::min(end, programme);
    PlannedClip planned{.asset = clip.asset,
                        .page = clip.page,
                        .start = clip.start,
                        .in = clip.in,
                        .duration = end - clip.start,
                        .playable = {},
                        .has_video = shows_pictures(track.kind) && info.usable() && info.video,
                        .has_audio = info.usable() && info.audio,
                        .muted = clip.muted,
                        .hidden = clip.hidden,
                        .clock = info.clock};
    planned.playable = planned.duration;
    if (track.kind == TrackKind::slides)
      planned.has_video = true;  // an unreadable page is a plain slide
    note_shortfall(planned, track.kind, info, clip.loop, pointer_of(t, c));
    return planned;
  }

  static std::string pointer_of(std::size_t t, std::size_t c) {
    return "/tracks/" + std::to_string(t) + "/clips/" + std::to_string(c);
  }

  // A clip of which nothing can be shown or heard is not dropped in silence.
  void note_nothing_left(const PlannedClip& clip, std::string pointer, Nanoseconds programme) {
    const auto why = clip.start >= programme
                         ? "it begins after the programme's end at " + format_time(programme)
                         : "its medium ends before the in-point " + format_time(clip.in);
    substitutions_.push_back(
        {clip.asset, std::move(pointer), "outside", {clip.start, clip.start}, why});
  }

  // Nothing when the medium has what the track is for.
  static const char* unsuitable(TrackKind kind, const MediaInfo& info) {
    if (!shows_pictures(kind)) return info.audio ? nullptr : "it has no sound";
    return info.video || info.audio || kind == TrackKind::slides
               ? nullptr
               : "it has neither picture nor sound";
  }

  void note_shortfall(PlannedClip& clip, TrackKind kind, const MediaInfo& info, bool loop,
                      std::string pointer) {
    if (clip.duration <= 0ns) return;
    const Interval whole{clip.start, clip.end()};
    if (!info.usable()) {
      substitutions_.push_back({clip.asset, std::move(pointer),
                                info.path.empty() ? "missing" : "damaged", whole, info.problem});
      return;
    }
    if (const char* why = unsuitable(kind, info)) {
      substitutions_.push_back({clip.asset, std::move(pointer), "unsuitable", whole, why});
      return;
    }
    if (info.pages > 0) return;
    if (loop && can_loop(clip, info.duration)) return;
    clip.playable = std::clamp(info.duration - clip.in, 0ns, clip.duration);
    if (clip.playable + kShortfall < clip.duration)
      substitutions_.push_back({clip.asset,
                                std::move(pointer),
                                "short",
                                {clip.start + clip.playable, clip.end()},
                                "the medium ends at " + format_time(info.duration)});
  }

  const Manifest& manifest_;
  const MediaMap& media_;
  std::vector<Substitution> substitutions_;
};

std::vector<std::vector<Size>> picture_sizes(const std::vector<PlannedTrack>& tracks,
                                             const MediaMap& media, Size fallback) {
  std::vector<std::vector<Size>> sizes;
  for (const auto& track : tracks) {
    auto& row = sizes.emplace_back();
    for (const auto& clip : track.clips) {
      const auto& video = media_of(media, clip.asset).video;
      row.push_back(video ? Size{video->width, video->height} : fallback);
    }
  }
  return sizes;
}

bool has_slides(const std::vector<PlannedTrack>& tracks) {
  return std::any_of(tracks.begin(), tracks.end(), [](const PlannedTrack& t) {
    return t.kind == TrackKind::slides && !t.clips.empty();
  });
}

Size choose_canvas(const Manifest& manifest, const std::vector<PlannedTrack>& tracks,
                   const MediaMap& media, const PlanOptions& options) {
  Size canvas{manifest.canvas.width, manifest.canvas.height};
  if (manifest.canvas.automatic) {
    std::vector<Size> pictures;
    for (const auto& track : tracks)
      for (const auto& clip : track.clips)
        if (const auto& video = media_of(media, clip.asset).video; clip.has_video && video)
          pictures.push_back({video->width, video->height});
    canvas = automatic_canvas(pictures, has_slides(tracks));
  }
  const int most = options.lines.value_or(options.draft ? kDraftHeight : canvas.height);
  if (canvas.height > most)
    canvas = {std::max(kLeastWidth, (canvas.width * most / canvas.height + 1) / 2 * 2), most};
  return canvas;
}

std::vector<bool> presenters(const Manifest& manifest) {
  std::set<std::string_view> people;
  for (const auto& person : manifest.people)
    if (person.role == Role::presenter) people.insert(person.id);
  std::vector<bool> found;
  for (const auto& track : manifest.tracks) found.push_back(people.contains(track.person));
  return found;
}

// A chapter per slide from its first frame on; one for what comes before the first slide.
std::vector<Chapter> slide_chapters(const Plan& plan) {
  std::vector<Chapter> chapters;
  std::vector<std::pair<std::string, int>> numbers;  // a slide keeps its number when it comes back
  for (const auto& track : plan.tracks) {
    if (track.kind != TrackKind::slides) continue;
    for (const auto& clip : track.clips) {
      const std::pair<std::string, int> slide{clip.asset, clip.page};
      auto known = std::find(numbers.begin(), numbers.end(), slide);
      if (known == numbers.end()) known = numbers.insert(numbers.end(), slide);
      const auto frames = plan.grid.range({clip.start, clip.end()});
      if (frames.empty() || frames.end <= plan.frames.first || frames.first >= plan.frames.end)
        continue;
      const auto first = std::max(frames.first, plan.frames.first) - plan.frames.first;
      chapters.push_back(
          {plan.grid.start(first), "Slide " + std::to_string(known - numbers.begin() + 1)});
    }
  }
  std::stable_sort(chapters.begin(), chapters.end(),
                   [](const Chapter& a, const Chapter& b) { return a.start < b.start; });
  if (!chapters.empty() && chapters.front().start > 0ns)
    chapters.insert(chapters.begin(), {0ns, plan.title.empty() ? "Start" : plan.title});
  return chapters;
}

bool nothing_plays(const std::vector<PlannedTrack>& tracks, const MediaMap& media) {
  for (const auto& track : tracks)
    for (const auto& clip : track.clips)
      if (media_of(media, clip.asset).usable() && (clip.has_video || clip.has_audio)) return false;
  return true;
}

Result<FrameRange> chosen_frames(const FrameGrid& grid, Nanoseconds programme,
                                 const PlanOptions& options) {
  FrameRange frames{0, grid.frames(programme)};
  if (options.from) frames.first = std::max(frames.first, grid.first_at(*options.from));
  if (options.to) frames.end = std::min(frames.end, grid.first_at(*options.to));
  if (frames.empty())
    return fail(Kind::usage, "nothing lies between --from and --to: the programme is " +
                                 format_time(programme) + " long");
  return frames;
}

// Who speaks, for the scenes and for those who read the plan.
void find_speakers(const Manifest& manifest, const MediaMap& media, Nanoseconds programme,
                   Plan& plan, SceneInput& scenes) {
  if (!needs_speaker(manifest, plan.tracks)) return;
  const auto people = participants(plan.tracks);
  scenes.participants = participant_of_tracks(plan.tracks, people);
  scenes.speakers = planned_speakers(manifest, media, plan.tracks, people, programme);
  for (const auto& s : scenes.speakers) {
    PlannedSpeaker speaker{s.from, {}, {}};
    if (s.person != kNobody) speaker.person = people[s.person].person;
    if (s.person != kNobody && speaker.person.empty())
      speaker.track = plan.tracks[people[s.person].tracks.front()].id;
    plan.speakers.push_back(std::move(speaker));
  }
}

void set_scenes(const Manifest& manifest, const MediaMap& media, Nanoseconds programme,
                Size declared, Plan& plan) {
  const auto sizes = picture_sizes(plan.tracks, media, plan.canvas);
  const auto presenter = presenters(manifest);
  SceneInput scenes{plan.tracks,
                    sizes,
                    presenter,
                    {.policy = manifest.layout.policy,
                     .canvas = plan.canvas,
                     .deck_in_record = has_slides(plan.tracks),
                     .custom = manifest.layout.custom,
                     .declared = declared},
                    plan.grid,
                    plan.frames};
  scenes.rules = manifest.scenes;
  plan.warnings = unseen_warnings(named_unseen(scenes.rules, plan.tracks, plan.grid, plan.frames),
                                  plan.tracks, plan.grid);
  scenes.cards = manifest.layout.cards;
  find_speakers(manifest, media, programme, plan, scenes);
  plan.scenes = make_scenes(scenes);
}

// Custom layouts on a canvas that only the media give; others were checked when they were read.
Result<void> check_places(const Manifest& manifest, Size canvas) {
  if (!manifest.canvas.automatic) return {};
  Findings findings;
  const auto check = [&](const CustomLayout& layout, const std::string& pointer) {
    for (const auto& [index, key, why] : misplaced(layout, canvas))
      findings.add(pointer_to(pointer_to(pointer, index), key), why);
  };
  check(manifest.layout.custom, "/layout/custom");
  for (std::size_t i = 0; i < manifest.scenes.size() && !findings.full(); ++i)
    if (manifest.scenes[i].custom != manifest.layout.custom)
      check(manifest.scenes[i].custom, pointer_to(pointer_to("/scenes", i), "layout"));
  std::string text;
  for (const auto& [pointer, message] : findings.take())
    text += (text.empty() ? "" : "\n") + pointer + (pointer.empty() ? "" : ": ") + message;
  if (text.empty()) return {};
  return fail(Kind::manifest, text);
}

// Each medium once that is heard by another clock than its own.
void warn_of_clocks(Plan& plan, const MediaMap& media) {
  std::set<std::string_view> heard;
  for (const auto& track : plan.tracks)
    for (const auto& clip : track.clips)
      if (const auto& info = media_of(media, clip.asset);
          clip.has_audio && !info.clock_why.empty() && heard.insert(clip.asset).second)
        plan.warnings.push_back(clock_warning(clip.asset, info));
}

// Only what stands in for something within the part that is rendered counts.
void keep_within(Plan& plan) {
  const auto to = plan.grid.start(plan.frames.end);
  const auto from = plan.grid.start(plan.frames.first);
  std::erase_if(plan.substitutions, [&](Substitution& s) {
    if (s.when.empty()) return false;  // outside the programme altogether
    s.when = {std::max(s.when.from, from), std::min(s.when.to, to)};
    return s.when.empty();
  });
}

}  // namespace

Result<Plan> make_plan(const Manifest& manifest, const MediaMap& media,
                       const PlanOptions& options) {
  Resolver resolver{manifest, media};
  const auto programme = resolver.programme();
  Plan plan;
  plan.title = manifest.title;
  plan.grid = FrameGrid{manifest.canvas.rate};
  plan.background = manifest.canvas.background;
  plan.people = manifest.people;
  plan.tracks = resolver.tracks(programme);
  plan.substitutions = resolver.take_substitutions();
  if (programme > 0ns && nothing_plays(plan.tracks, media))
    return fail(Kind::media, "nothing of this job can be played: it has no usable medium");
  if (programme <= 0ns)
    return fail(Kind::manifest, "/duration: is needed, for no clip says when it ends");
  const auto frames = chosen_frames(plan.grid, programme, options);
  if (!frames) return tl::unexpected(frames.error());
  plan.frames = *frames;
  keep_within(plan);
  plan.canvas = choose_canvas(manifest, plan.tracks, media, options);
  const auto declared = choose_canvas(manifest, plan.tracks, media, {});
  if (auto fine = check_places(manifest, declared); !fine) return tl::unexpected(fine.error());
  set_scenes(manifest, media, programme, declared, plan);
  plan.sound = sound_format(manifest.audio);
  plan.ceiling = manifest.audio.true_peak.value_or(kUsualTruePeak) - codec_peaks(plan.sound.codec);
  add_gains(plan, manifest, media);
  set_range(plan, manifest, media, programme);
  set_loudness(plan, manifest, media, programme);
  find_silent_clips(plan, manifest, media);
  warn_of_clocks(plan, media);
  plan.encoded_because =
      options.copy_sound ? encoded_because(plan, manifest, media) : "copying is off";
  if (auto done = add_graphics(plan, manifest, media, programme); !done)
    return tl::unexpected(done.error());
  const bool slides = has_slides(plan.tracks);
  if (manifest.chapters.value_or(slides ? ChapterSource::slides : ChapterSource::none) ==
      ChapterSource::slides)
    plan.chapters = slide_chapters(plan);
  return plan;
}

std::map<std::string, std::vector<Interval>, std::less<>> sound_to_hear(const Manifest& manifest,
                                                                        const MediaMap& media,
                                                                        bool all) {
  Resolver resolver{manifest, media};
  const auto tracks = resolver.tracks(resolver.programme());
  const bool shown =
      manifest.layout.speaker.source == SpeakerSource::levels && needs_speaker(manifest, tracks);
  const bool loudness = all || needs_loudness(manifest);
  if (!shown && !loudness && !needs_levels(manifest)) return {};
  const auto people = participant_of_tracks(tracks, participants(tracks));
  std::map<std::string, std::vector<Interval>, std::less<>> found;
  for (std::size_t t = 0; t < tracks.size(); ++t)
    for (const auto& clip : tracks[t].clips) {
      if (!clip.has_audio || (!loudness && people[t] == kNobody)) continue;
      auto& parts = found[clip.asset];
      for (const auto& heard : subtract({clip.start, clip.start + clip.playable}, clip.muted))
        parts.push_back({clip.in + heard.from - clip.start, clip.in + heard.to - clip.start});
    }
  for (auto& [asset, parts] : found) parts = merged(std::move(parts));
  return found;
}

}  // namespace rostrum
