// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/bigbluebutton.h"

#include "core/import/bigbluebutton_files.h"
#include "core/import/bigbluebutton_log.h"
#include "core/import/film_parts.h"
#include "core/import/ids.h"
#include "core/import/xml_text.h"
#include "core/intervals.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

namespace rostrum {

namespace {

using bigbluebutton::Log;
using bigbluebutton::Medium;
using bigbluebutton::Source;

constexpr std::size_t kMostMedia = 10'000;
constexpr std::size_t kMostPieces = 100'000;  // what a manifest may hold

// Media that follow each other on one track.
struct Lane {
  Source source;
  std::string user;
  std::vector<const Medium*> media;
  Nanoseconds end{0};
};

Nanoseconds end_of(const Medium& medium, const Log& log) {
  return medium.end.value_or(log.duration);
}

// One lane for each user's cameras and microphones, the screen, the conference; what runs at the
// same time as another gets one of its own.
std::vector<Lane> lanes(const Log& log, const FilmParts& film) {
  std::vector<Lane> all;
  std::map<std::pair<Source, std::string>, std::vector<std::size_t>> of;
  for (const auto& medium : log.media) {
    const auto end = end_of(medium, log);
    if (film.on_film({medium.start, end}).empty()) continue;
    auto& same = of[{medium.source, medium.user}];
    const auto free = std::find_if(same.begin(), same.end(),
                                   [&](std::size_t i) { return all[i].end <= medium.start; });
    if (free == same.end()) {
      same.push_back(all.size());
      all.push_back({medium.source, medium.user, {&medium}, end});
    } else {
      all[*free].media.push_back(&medium);
      all[*free].end = end;
    }
  }
  return all;
}

TrackKind kind_of(Source source) {
  switch (source) {
  case Source::conference:
  case Source::microphone:
    return TrackKind::microphone;
  case Source::shared_sound:
    return TrackKind::audio;
  case Source::camera:
    return TrackKind::camera;
  case Source::screen:
    return TrackKind::screen;
  }
  return TrackKind::audio;
}

const char* name_of(Source source) {
  switch (source) {
  case Source::conference:
    return "conference";
  case Source::microphone:
    return "microphone";
  case Source::shared_sound:
    return "shared-sound";
  case Source::camera:
    return "camera";
  case Source::screen:
    return "screen";
  }
  return "";
}

class ManifestMaker {
 public:
  ManifestMaker(const Log& log, const bigbluebutton::Files& files, const UriRewriter& uri_for)
      : log_{log},
        files_{files},
        uri_for_{uri_for},
        film_{log.marked.empty() ? std::vector{Interval{Nanoseconds{0}, log.duration}}
                                 : log.marked} {
    for (const auto& user : log.users) users_.emplace(user.id, &user);
  }

  // Nothing: more than a manifest may hold.
  std::optional<Manifest> make() {
    manifest_.title = log_.title;
    manifest_.duration = film_.duration();
    add_people();
    for (const auto& lane : lanes(log_, film_)) add_track(lane);
    add_slides();
    if (pieces_ > kMostPieces) return {};
    return std::move(manifest_);
  }

 private:
  using User = bigbluebutton::User;

  // Who was the presenter for the longest in the film; without any the first moderator.
  const User* presenter() const {
    const User* found = nullptr;
    Nanoseconds longest{0};
    for (const auto& user : log_.users) {
      Nanoseconds all{0};
      for (const auto& part : film_.on_film(user.presenting)) all += part.to - part.from;
      if (all <= longest) continue;
      longest = all;
      found = &user;
    }
    if (found) return found;
    const auto moderator = std::find_if(log_.users.begin(), log_.users.end(),
                                        [](const User& u) { return u.moderator; });
    return moderator == log_.users.end() ? nullptr : &*moderator;
  }

  // The presenter, who talks, and who has a camera or a microphone of their own.
  void add_people() {
    const auto* first = presenter();
    std::unordered_map<std::string, bool> recorded;
    for (const auto& medium : log_.media) recorded[medium.user] = true;
    for (const auto& user : log_.users) {
      auto talking = film_.on_film(user.talking);
      if (&user != first && talking.empty() && !recorded.contains(user.id)) continue;
      pieces_ += talking.size();
      if (!talking.empty()) manifest_.layout.speaker.source = SpeakerSource::log;
      const auto id = person_ids_.make("user-", user.id);
      person_of_.emplace(user.id, id);
      manifest_.people.push_back({id, user.name.empty() ? id : user.name,
                                  &user == first ? Role::presenter : Role::participant,
                                  std::move(talking)});
    }
  }

  void add_track(const Lane& lane) {
    Track track;
    track.kind = kind_of(lane.source);
    const auto person = person_of_.find(lane.user);
    if (person != person_of_.end()) track.person = person->second;
    track.id = track_ids_.make(name_of(lane.source), track.person.empty() ? "" : "-" + lane.user);
    for (const auto* medium : lane.media) add_clips(*medium, track);
    manifest_.tracks.push_back(std::move(track));
  }

  void add_clips(const Medium& medium, Track& track) {
    if (pieces_ > kMostPieces) return;
    for (const auto& piece : film_.pieces({medium.start, end_of(medium, log_)})) {
      if (++pieces_ > kMostPieces) return;
      Clip clip;
      clip.asset = asset(files_.of(medium), std::string{name_of(medium.source)} + "-");
      clip.start = piece.film;
      clip.in = piece.log.from - medium.start;
      if (medium.end) clip.duration = piece.log.to - piece.log.from;
      if (medium.source == Source::camera) clip.hidden = hidden(medium, piece);
      track.clips.push_back(std::move(clip));
    }
  }

  // When the meeting let only moderators see the viewers' cameras, the film does not show them.
  std::vector<Interval> hidden(const Medium& medium, const FilmParts::Piece& piece) {
    const auto user = users_.find(medium.user);
    if (user != users_.end() && user->second->moderator) return {};
    std::vector<Interval> parts;
    auto when =
        std::upper_bound(log_.moderators_only.begin(), log_.moderators_only.end(), piece.log.from,
                         [](Nanoseconds t, const Interval& i) { return t < i.to; });
    for (; when != log_.moderators_only.end() && when->from < piece.log.to; ++when) {
      if (++pieces_ > kMostPieces) break;
      parts.push_back({std::max(when->from, piece.log.from), std::min(when->to, piece.log.to)});
    }
    return film_.on_film(parts);
  }

  void add_slides() {
    Track track;
    track.id = track_ids_.make("slides", "");
    track.kind = TrackKind::slides;
    const bigbluebutton::SlideChange* before = nullptr;
    for (std::size_t i = 0; i < log_.slides.size() && pieces_ <= kMostPieces; ++i) {
      const auto& slide = log_.slides[i];
      const auto to = i + 1 < log_.slides.size() ? log_.slides[i + 1].at : log_.duration;
      const auto shown = film_.on_film({slide.at, to});
      if (shown.empty()) continue;
      const bool same = before && before->deck == slide.deck && before->page == slide.page;
      before = &slide;
      if (slide.deck.empty()) continue;
      if (same)
        *track.clips.back().duration += shown.to - shown.from;
      else if (++pieces_ <= kMostPieces)
        track.clips.push_back(slide_clip(slide, shown));
    }
    manifest_.chapters = track.clips.empty() ? ChapterSource::none : ChapterSource::slides;
    if (!track.clips.empty()) manifest_.tracks.push_back(std::move(track));
  }

  Clip slide_clip(const bigbluebutton::SlideChange& slide, Interval shown) {
    const auto file = files_.page(slide.deck, slide.page);
    Clip clip;
    clip.asset = asset(file.path, "deck-");
    clip.page = file.page;
    clip.start = shown.from;
    clip.duration = shown.to - shown.from;
    return clip;
  }

  // The id of the file's asset; a new file gets one.
  const std::string& asset(const std::string& path, std::string_view prefix) {
    const auto [known, added] = assets_.try_emplace(path);
    if (added) {
      const auto name = path.substr(path.rfind('/') + 1);
      known->second = asset_ids_.make(prefix, name.substr(0, name.rfind('.')));
      manifest_.assets.push_back({known->second, uri_for_ ? uri_for_(path) : path, {}, {}});
    }
    return known->second;
  }

  const Log& log_;
  const bigbluebutton::Files& files_;
  const UriRewriter& uri_for_;
  FilmParts film_;
  Manifest manifest_;
  std::size_t pieces_ = 0;  // clips and intervals
  Ids track_ids_;
  Ids person_ids_;
  Ids asset_ids_;
  std::unordered_map<std::string, const User*> users_;      // by id
  std::unordered_map<std::string, std::string> person_of_;  // user -> person's id
  std::unordered_map<std::string, std::string> assets_;     // path -> asset's id
};

void report_marks(const Log& log, Warnings& warnings) {
  if (log.marked.empty()) return;
  Nanoseconds all{0};
  for (const auto& part : log.marked) all += part.to - part.from;
  warnings.add("marks", "/recording: the film is what the recording button marked: " +
                            std::to_string(log.marked.size()) + " part" +
                            (log.marked.size() == 1 ? "" : "s") + ", " + format_time(all) + " of " +
                            format_time(log.duration));
}

}  // namespace

bool is_bigbluebutton(std::string_view xml) {
  return begins_with_element(xml, "recording") || begins_with_element(xml, "events");
}

tl::expected<Imported, Problems> import_bigbluebutton(std::string_view xml,
                                                      const std::vector<std::string>& files,
                                                      const UriRewriter& uri_for) {
  Warnings warnings;
  const auto events = bigbluebutton::EventLog::parse(xml, warnings);
  if (!events) return tl::unexpected{events.error()};
  auto log = bigbluebutton::read_log(*events, warnings);
  const bigbluebutton::Files folder{files};
  if (!log.names_sound)
    for (auto& sound : folder.sound_by_time(log.epoch, log.duration))
      log.media.push_back(std::move(sound));
  if (log.media.size() > kMostMedia)
    return tl::unexpected{
        Problems{{"/recording", "more than " + std::to_string(kMostMedia) + " recorded files"}}};
  report_marks(log, warnings);
  auto manifest = ManifestMaker{log, folder, uri_for}.make();
  if (!manifest)
    return tl::unexpected{Problems{
        {"/recording", "more than " + std::to_string(kMostPieces) + " clips, slides and talks"}}};
  return Imported{std::move(*manifest), warnings.take()};
}

}  // namespace rostrum
