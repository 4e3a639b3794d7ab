// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/folder.h"

#include "core/findings.h"
#include "core/import/folder_assets.h"
#include "core/import/folder_sources.h"
#include "core/import/slide_times.h"
#include "core/import/slide_voices.h"
#include "core/intervals.h"

#include <algorithm>
#include <map>
#include <utility>

namespace rostrum {

namespace {

// Media of one kind and person that follow each other.
struct Lane {
  TrackKind kind = TrackKind::camera;
  std::string person;
  std::vector<const FolderSource*> sources;
};

class FolderMaker {
 public:
  FolderMaker(const MediaFolder& folder, const UriRewriter& uri_for)
      : folder_{folder}, assets_{imported_.manifest, uri_for} {}

  tl::expected<Imported, Problems> make() {
    sources_ = sources_in(folder_, imported_.warnings);
    if (sources_.empty())
      return tl::unexpected{Problems{{"", "holds no medium that can be played"}}};
    set_starts(sources_, imported_.warnings);
    std::stable_sort(sources_.begin(), sources_.end(),
                     [](const auto& a, const auto& b) { return a.start < b.start; });
    for (const auto& source : sources_) end_ = std::max(end_, source.end());
    add_people();
    for (const auto& lane : lanes()) add_track(lane);
    if (auto added = add_slides(); !added) return tl::unexpected{added.error()};
    for (const auto& source : sources_) say(source);
    imported_.manifest.title = folder_.name;
    if (end_ > 0ns) imported_.manifest.duration = end_;
    return std::move(imported_);
  }

 private:
  void add_people() {
    auto& people = imported_.manifest.people;
    for (const auto& source : sources_) {
      if (source.person.empty()) continue;
      const auto [known, added] = people_.try_emplace(source.person, people.size());
      if (added) people.push_back({person_ids_.make("person-", source.person), source.person});
      if (source.guess.presenter) people[known->second].role = Role::presenter;
    }
    if (people.size() == 1) people.front().role = Role::presenter;
  }

  std::string person_id(const std::string& name) const {
    return name.empty() ? "" : imported_.manifest.people[people_.at(name)].id;
  }

  // What runs at the same time as another gets a lane of its own.
  std::vector<Lane> lanes() const {
    std::vector<Lane> all;
    for (const auto& source : sources_) {
      if (source.kind == TrackKind::slides) continue;
      const auto free = std::find_if(all.begin(), all.end(), [&](const Lane& lane) {
        return lane.kind == source.kind && lane.person == source.person &&
               lane.sources.back()->end() <= source.start;
      });
      if (free == all.end())
        all.push_back({source.kind, source.person, {&source}});
      else
        free->sources.push_back(&source);
    }
    return all;
  }

  void add_track(const Lane& lane) {
    Track track;
    track.kind = lane.kind;
    track.person = person_id(lane.person);
    track.id = track_ids_.make(std::string{name_of(lane.kind)} + "-", lane.person);
    track.duck = lane.kind == TrackKind::audio;
    for (const auto* source : lane.sources) {
      Clip clip;
      clip.asset = assets_.id_of(source->file->path, std::string{name_of(lane.kind)} + "-");
      clip.start = source->start;
      if (lane.kind == TrackKind::camera) clip.muted = heard_twice(*source);
      track.clips.push_back(std::move(clip));
    }
    imported_.manifest.tracks.push_back(std::move(track));
  }

  // While the same person has a microphone, their camera's sound would double the voice.
  std::vector<Interval> heard_twice(const FolderSource& camera) const {
    std::vector<Interval> parts;
    if (!camera.file->media.audio) return parts;
    for (const auto& other : sources_) {
      if (other.kind != TrackKind::microphone || other.person != camera.person) continue;
      const Interval both{std::max(camera.start, other.start), std::min(camera.end(), other.end())};
      if (!both.empty()) parts.push_back(both);
    }
    return merged(std::move(parts));
  }

  // By times.txt, else pictures by the times in their names, else the first one for good.
  tl::expected<void, Problems> add_slides() {
    const auto slides = slides_in(folder_);
    report_other_stills(slides);
    if (slides.empty()) return {};
    std::vector<SlideCue> cues;
    if (folder_.times) {
      auto read = read_slide_times(*folder_.times, slides.size());
      if (!read) return tl::unexpected{read.error()};
      cues = std::move(*read);
      end_ = std::max(end_, cues.back().at + 1s);
    } else {
      cues = cues_by_name(slides);
    }
    Track track;
    track.id = "slides";
    track.kind = TrackKind::slides;
    for (std::size_t i = 0; i < cues.size(); ++i) {
      const auto& slide = slides[cues[i].slide];
      Clip clip;
      clip.asset = assets_.id_of(slide.file->path, "slide-");
      clip.page = slide.page;
      clip.start = cues[i].at;
      const auto to = i + 1 < cues.size() ? cues[i + 1].at : std::max(end_, clip.start + 1s);
      clip.duration = to - clip.start;
      track.clips.push_back(std::move(clip));
    }
    imported_.manifest.tracks.push_back(std::move(track));
    imported_.manifest.chapters = ChapterSource::slides;
    return {};
  }

  void report_other_stills(const std::vector<Slide>& slides) {
    for (const auto& source : sources_) {
      if (source.kind != TrackKind::slides) continue;
      const auto& path = source.file->path;
      if (std::any_of(slides.begin(), slides.end(),
                      [&](const Slide& slide) { return slide.file == source.file; }))
        imported_.notes.push_back(in_quotes(path) + ": slides (" + source.why_kind + ")");
      else
        imported_.warnings.push_back(in_quotes(path) +
                                     ": there is a deck, or it lies in a folder "
                                     "of its own; it is not used");
    }
  }

  std::vector<SlideCue> cues_by_name(const std::vector<Slide>& slides) {
    std::map<Nanoseconds, std::size_t> at;
    for (std::size_t i = 0; i < slides.size(); ++i) {
      const auto source = std::find_if(sources_.begin(), sources_.end(), [&](const auto& known) {
        return known.file == slides[i].file;
      });
      if (source != sources_.end()) at.try_emplace(source->start, i);
    }
    if (at.size() < slides.size())
      imported_.warnings.push_back(
          "nothing says when " + std::to_string(slides.size() - at.size()) + " of " +
          std::to_string(slides.size()) +
          " slides are shown, so they are not; a file times.txt in the folder would");
    std::vector<SlideCue> cues;
    for (const auto& [time, slide] : at) cues.push_back({time, slide});
    return cues;
  }

  void say(const FolderSource& source) {
    if (source.kind == TrackKind::slides) return;
    std::string what = name_of(source.kind);
    if (!source.person.empty()) what += " of " + in_quotes(source.person);
    auto line = in_quotes(source.file->path) + ": " + what + " (" + source.why_kind + "), from " +
                format_time(source.start) + " (" + source.why_start + ")";
    if (source.kind == TrackKind::camera && !heard_twice(source).empty())
      line += "; its sound is off while the microphone is on";
    imported_.notes.push_back(std::move(line));
  }

  const MediaFolder& folder_;
  Imported imported_;
  FolderAssets assets_;
  std::vector<FolderSource> sources_;  // by start
  Nanoseconds end_{0};
  Ids track_ids_;
  Ids person_ids_;
  std::map<std::string, std::size_t> people_;  // name -> index
};

}  // namespace

tl::expected<Imported, Problems> import_folder(const MediaFolder& folder,
                                               const UriRewriter& uri_for) {
  return FolderMaker{folder, uri_for}.make();
}

}  // namespace rostrum
