// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/zoom.h"

#include "core/findings.h"
#include "core/import/folder_assets.h"
#include "core/import/zoom_sessions.h"
#include "core/import/zoom_talk.h"
#include "core/initials.h"
#include "core/intervals.h"

#include <algorithm>
#include <map>
#include <utility>

namespace rostrum {

namespace {

using zoom::File;
using zoom::FileRole;
using zoom::Session;

// By so much the sound of one person may differ in length from the session's, and still be known
// to begin with it.
constexpr Nanoseconds kSameLength = 1s;

// "AnnaPetrova" -> "Anna Petrova": the names of files have no spaces.
std::string spaced(const std::string& name) {
  std::string text;
  char before = ' ';
  for (const char c : name) {
    const bool capital = c >= 'A' && c <= 'Z';
    if (capital && before >= 'a' && before <= 'z') text += ' ';
    text += before = c;
  }
  return single_line(text);
}

// How names are told apart: by their letters alone.
std::string key_of(const std::string& name) {
  auto key = lower_case(name);
  std::erase(key, ' ');
  return key;
}

class ZoomMaker {
 public:
  ZoomMaker(const MediaFolder& folder, const UriRewriter& uri_for)
      : folder_{folder}, assets_{imported_.manifest, uri_for} {}

  tl::expected<Imported, Problems> make() {
    const auto sessions = zoom::sessions_in(folder_, imported_.warnings);
    imported_.manifest.title = folder_.name;
    picture_ = {"picture", TrackKind::screen, {}, {}};
    sound_ = {"sound", TrackKind::microphone, {}, {}};
    for (const auto& session : sessions) {
      if (session.length() <= 0ns) {
        report_empty(session);
        continue;
      }
      add_talk(session);
      add_session(session);
      at_ += session.length();
    }
    if (at_ == 0ns) return tl::unexpected{nothing()};
    take_tracks();
    imported_.manifest.duration = at_;
    return std::move(imported_);
  }

 private:
  // Why there is no recording; files that Zoom has not converted are the usual cause.
  Problems nothing() const {
    Problems problems;
    for (const auto& warning : imported_.warnings) problems.push_back({"", warning});
    problems.push_back({"", "holds no picture or sound of a Zoom recording that can be played"});
    return problems;
  }

  void note(const File& file, const std::string& what) {
    imported_.notes.push_back(in_quotes(file.file->path) + ": " + what);
  }

  void report_empty(const Session& session) {
    for (const auto* files : {&session.pictures, &session.sounds, &session.voices, &session.texts})
      for (const auto& file : *files)
        imported_.warnings.push_back(in_quotes(file.file->path) +
                                     ": is of a part that lasts no time; it is not used");
  }

  void leave_out(const File& file) {
    note(file, std::string{zoom::describe(file.name.role)} + ", not needed");
  }

  void add_session(const Session& session) {
    if (imported_.manifest.title == folder_.name && !session.pictures.empty() &&
        !session.pictures[0].name.text.empty())
      imported_.manifest.title = single_line(session.pictures[0].name.text);
    const bool voices = add_voices(session);
    for (const auto& file : session.pictures) {
      if (&file == &session.pictures[0])
        add_picture(file, voices);
      else
        leave_out(file);
    }
    const bool heard =
        voices || (!session.pictures.empty() && session.pictures[0].file->media.audio.has_value());
    for (const auto& file : session.sounds) {
      if (heard || &file != &session.sounds[0]) {
        leave_out(file);
        continue;
      }
      sound_.clips.push_back(clip(file, "sound-"));
      note(file, zoom::describe(file.name.role));
    }
  }

  Clip clip(const File& file, std::string_view prefix) {
    Clip clip;
    clip.asset = assets_.id_of(file.file->path, prefix);
    clip.start = at_;
    return clip;
  }

  void add_picture(const File& file, bool voices) {
    const auto& media = file.file->media;
    auto placed = clip(file, "picture-");
    const bool silent = voices && media.audio && media.duration > 0ns;
    if (silent) placed.muted.push_back({at_, at_ + media.duration});
    if (picture_.clips.empty() && media.video) set_canvas(*media.video);
    picture_.clips.push_back(std::move(placed));
    note(file, std::string{zoom::describe(file.name.role)} +
                   (silent ? ", without its sound, for there is everybody's own" : ""));
  }

  // The film is as large and as fast as the picture, so that it may be copied.
  void set_canvas(const VideoInfo& video) {
    constexpr int kLeast = 16;
    constexpr int kMost = 16384;
    auto& canvas = imported_.manifest.canvas;
    if (std::min(video.width, video.height) >= kLeast &&
        std::max(video.width, video.height) <= kMost) {
      canvas.width = video.width & ~1;
      canvas.height = video.height & ~1;
    }
    const auto [num, den] = video.rate;
    if (num >= den && num <= 120 * den && num <= 240'000 && den <= 10'000) canvas.rate = video.rate;
  }

  // Everybody's own sound, if it is known when it begins.
  bool add_voices(const Session& session) {
    if (session.voices.empty()) return false;
    for (const auto& file : session.voices) {
      const auto differs = file.file->media.duration - session.length();
      if (differs <= kSameLength && -differs <= kSameLength) continue;
      imported_.warnings.push_back(
          in_quotes(file.file->path) + ": lasts " + format_time(file.file->media.duration) +
          " of " + format_time(session.length()) +
          ", so it is not known when it begins; the sound of all is used instead of each one's");
      return false;
    }
    for (const auto& file : session.voices) {
      const auto person = person_of(spaced(file.name.text));
      auto& track = voices_[person];
      track.kind = TrackKind::microphone;
      track.person = imported_.manifest.people[person].id;
      if (!track.clips.empty() && track.clips.back().start == at_) {
        imported_.warnings.push_back(in_quotes(file.file->path) +
                                     ": a second sound of the same name; it is not used");
        continue;
      }
      track.clips.push_back(clip(file, "voice-"));
      note(file, "the sound of " + in_quotes(imported_.manifest.people[person].name));
    }
    return true;
  }

  // Index of the person of that name, who is added at first sight.
  std::size_t person_of(const std::string& name) {
    auto& people = imported_.manifest.people;
    const auto [known, added] = people_.try_emplace(key_of(name), people.size());
    if (added) {
      const auto id = ids_.make("person-", name);
      people.push_back({id, name.empty() ? id : name});
    }
    return known->second;
  }

  void add_talk(const Session& session) {
    for (const auto& file : session.texts) {
      if (&file != &session.texts[0]) {
        leave_out(file);
        continue;
      }
      const bool timeline = file.name.role == FileRole::timeline;
      const auto talks = timeline ? zoom::read_timeline(file.file->text, session.length())
                                  : zoom::read_transcript(file.file->text);
      if (!talks) {
        for (const auto& problem : talks.error())
          imported_.warnings.push_back(in_quotes(file.file->path) + problem.pointer + ": " +
                                       problem.message);
        continue;
      }
      for (const auto& talk : *talks) add_talk(talk, session.length());
      note(file, std::string{zoom::describe(file.name.role)} + (timeline ? "" : ": who speaks"));
    }
  }

  void add_talk(const zoom::Talk& talk, Nanoseconds length) {
    const Interval when{at_ + talk.when.from, at_ + std::min(talk.when.to, length)};
    if (when.empty()) return;
    imported_.manifest.people[person_of(talk.name)].talking.push_back(when);
    imported_.manifest.layout.speaker.source = SpeakerSource::log;
  }

  void take_tracks() {
    auto& manifest = imported_.manifest;
    for (auto& person : manifest.people) person.talking = merged(std::move(person.talking));
    Ids ids;
    if (!picture_.clips.empty()) manifest.tracks.push_back(std::move(picture_));
    if (!sound_.clips.empty()) manifest.tracks.push_back(std::move(sound_));
    for (auto& [person, track] : voices_) {
      track.id = ids.make("voice-", manifest.people[person].name);
      manifest.tracks.push_back(std::move(track));
    }
  }

  const MediaFolder& folder_;
  Imported imported_;
  FolderAssets assets_;
  Nanoseconds at_{0};  // where the session begins
  Track picture_;
  Track sound_;
  std::map<std::size_t, Track> voices_;  // by person
  Ids ids_;
  std::map<std::string, std::size_t> people_;  // key_of(name) -> index
};

// Whether nothing but Zoom writes a file of that name beside the others.
bool tells_zoom(const std::string& path, const std::vector<std::string>& paths) {
  constexpr std::string_view kVideo = "video";
  const auto name = zoom::read_name(path);
  if (!name) return false;
  if (name->role < FileRole::local || name->role == FileRole::unconverted) return true;
  if (name->role == FileRole::sound) return name->session.starts_with("GMT");
  if (name->role != FileRole::local) return false;
  if (!path.starts_with(kVideo)) return true;
  const auto number = std::string{stem_of(path).substr(kVideo.size())};
  return std::find(paths.begin(), paths.end(), "audio" + number + ".m4a") != paths.end();
}

}  // namespace

bool is_zoom(const std::vector<std::string>& paths) {
  return std::any_of(paths.begin(), paths.end(),
                     [&](const std::string& path) { return tells_zoom(path, paths); });
}

bool is_zoom_text(std::string_view path) {
  const auto name = zoom::read_name(path);
  return name && (name->role == FileRole::timeline || name->role == FileRole::transcript);
}

tl::expected<Imported, Problems> import_zoom(const MediaFolder& folder,
                                             const UriRewriter& uri_for) {
  return ZoomMaker{folder, uri_for}.make();
}

}  // namespace rostrum
