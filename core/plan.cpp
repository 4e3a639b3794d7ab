// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plan.h"

#include "core/copied_pictures.h"
#include "core/findings.h"
#include "core/intervals.h"
#include "core/output_kind.h"
#include "core/plan_copy.h"
#include "core/plan_overlays.h"
#include "core/plan_range.h"
#include "core/plan_rules.h"
#include "core/plan_scenes.h"
#include "core/plan_sound.h"
#include "core/plan_speaker.h"
#include "core/plan_tracks.h"
#include "core/renditions.h"
#include "core/settle_clocks.h"
#include "core/silent_clips.h"
#include "core/still_frames.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace rostrum {

namespace {

constexpr int kDraftHeight = 360;
constexpr int kLeastWidth = 16;

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

// A sound of one channel that could be copied stays so where nobody has asked for two.
void keep_one_channel(Plan& plan, AudioOptions audio, const MediaMap& media) {
  audio.channels = 1;
  const auto format = std::exchange(plan.sound, sound_format(audio));
  if (encoded_because(plan, audio, media).empty())
    plan.encoded_because.clear();
  else
    plan.sound = format;
}

Result<void> set_renditions(const Manifest& manifest, const PlanOptions& options, Plan& plan) {
  if (options.draft || options.lines) return {};
  auto renditions = plan_renditions(manifest, plan.canvas);
  if (!renditions) return tl::unexpected(renditions.error());
  plan.renditions = std::move(*renditions);
  return {};
}

// What of the media is taken as it is coded.
void set_copied(Plan& plan, const AudioOptions& audio, const MediaMap& media,
                const PlanOptions& options) {
  constexpr char kOff[] = "copying is off";
  plan.encoded_because = options.copy ? encoded_because(plan, audio, media) : kOff;
  if (options.copy && !audio.channels && !plan.encoded_because.empty())
    keep_one_channel(plan, audio, media);
  if (!plan.renditions.empty())
    plan.pictures.composed = {{plan.frames, "renditions are made of it"}};
  else if (options.copy && options.h264)
    plan.pictures = plan_pictures(plan, media);
  else
    plan.pictures.composed = {{plan.frames, options.copy ? "the film is not of H.264" : kOff}};
}

// With the codec that all films of the job can hold.
AudioOptions coded_audio(const Manifest& manifest) {
  auto audio = manifest.audio;
  if (!audio.codec && usual_codec(manifest.output) != AudioCodec::aac)
    audio.codec = usual_codec(manifest.output);
  return audio;
}

}  // namespace

Result<Plan> make_plan(const Manifest& manifest, const MediaMap& media,
                       const PlanOptions& options) {
  const auto programme = programme_of(manifest, media);
  Plan plan;
  plan.title = manifest.title;
  plan.grid = FrameGrid{manifest.canvas.rate};
  plan.background = manifest.canvas.background;
  plan.people = manifest.people;
  auto resolved = resolve_tracks(manifest, media, programme);
  plan.tracks = std::move(resolved.tracks);
  plan.substitutions = std::move(resolved.substitutions);
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
  const auto audio = coded_audio(manifest);
  plan.sound = sound_format(audio);
  plan.ceiling = manifest.audio.true_peak.value_or(kUsualTruePeak) - codec_peaks(plan.sound.codec);
  add_gains(plan, manifest, media);
  set_range(plan, manifest, media, programme);
  set_loudness(plan, manifest, media, programme);
  find_silent_clips(plan, manifest, media);
  warn_of_clocks(plan, media);
  if (auto done = add_graphics(plan, manifest, media, programme); !done)
    return tl::unexpected(done.error());
  if (auto fine = set_renditions(manifest, options, plan); !fine)
    return tl::unexpected(fine.error());
  set_copied(plan, audio, media, options);
  if (manifest.output.variable_rate) plan.stills = still_runs(plan);
  const bool slides = has_slides(plan.tracks);
  if (manifest.chapters.value_or(slides ? ChapterSource::slides : ChapterSource::none) ==
      ChapterSource::slides)
    plan.chapters = slide_chapters(plan);
  return plan;
}

std::map<std::string, std::vector<Interval>, std::less<>> sound_to_hear(const Manifest& manifest,
                                                                        const MediaMap& media,
                                                                        bool all) {
  const auto tracks = resolve_tracks(manifest, media, programme_of(manifest, media)).tracks;
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
