// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/slides.h"

#include "core/import/folder_assets.h"
#include "core/import/slide_times.h"
#include "core/import/slide_voices.h"

#include <algorithm>
#include <utility>

namespace rostrum {

namespace {

// What is shown from when on, up to the next one.
struct Showing {
  Nanoseconds at{0};
  std::size_t slide = 0;
};

std::string quoted(const std::string& path) { return "\"" + path + "\""; }

class SlidesMaker {
 public:
  SlidesMaker(const MediaFolder& folder, const UriRewriter& uri_for, Nanoseconds slide_length)
      : folder_{folder},
        slide_length_{slide_length},
        slides_{slides_in(folder)},
        voices_{match_voices(folder, slides_)},
        assets_{imported_.manifest, uri_for} {}

  tl::expected<Imported, Problems> make() {
    if (slides_.empty()) return tl::unexpected{no_slides()};
    std::vector<Showing> shown;
    if (folder_.times) {
      const auto cues = read_slide_times(*folder_.times, slides_.size());
      if (!cues) return tl::unexpected{cues.error()};
      for (const auto& cue : *cues) shown.push_back({cue.at, cue.slide});
    } else {
      shown = voices_.whole ? spread() : one_after_another();
    }
    add_slides(shown);
    add_sound(shown);
    report_unused();
    imported_.manifest.title = folder_.name;
    imported_.manifest.chapters = ChapterSource::slides;
    return std::move(imported_);
  }

 private:
  Problems no_slides() const {
    Problems problems;
    for (const auto& file : folder_.files)
      if (file.type == FileType::pdf && !file.media.usable())
        problems.push_back({"/" + file.path, file.media.problem});
    if (problems.empty())
      problems.push_back({"", "holds no slides: no PDF, presentation or picture"});
    return problems;
  }

  Nanoseconds length_of(std::size_t slide) const {
    const auto* voice = voices_.of_slide[slide];
    if (!voice || voice->media.duration <= 0ns) return slide_length_;
    return voice->media.duration + kPauseAfterVoice;
  }

  std::vector<Showing> one_after_another() {
    std::vector<Showing> shown;
    for (std::size_t i = 0; i < slides_.size(); ++i) {
      shown.push_back({end_, i});
      end_ += length_of(i);
    }
    return shown;
  }

  // All slides equally long, as long as the one sound lasts.
  std::vector<Showing> spread() {
    const auto whole = voices_.whole->media.duration;
    if (whole <= 0ns) return one_after_another();
    const auto count = static_cast<std::int64_t>(slides_.size());
    std::vector<Showing> shown;
    for (std::int64_t i = 0; i < count; ++i)
      shown.push_back({Nanoseconds{scale_floor(whole.count(), i, count)}, shown.size()});
    end_ = whole;
    imported_.notes.push_back(quoted(voices_.whole->path) +
                              ": one sound for all slides, which share its length equally, for "
                              "there is no times.txt that says when they are shown");
    return shown;
  }

  // The film goes on until the last slide has stood, and the sound has ended.
  void settle_end(const Showing& last) {
    end_ = std::max(end_, last.at + length_of(last.slide));
    if (voices_.whole) end_ = std::max(end_, voices_.whole->media.duration);
  }

  void add_slides(const std::vector<Showing>& shown) {
    if (folder_.times) settle_end(shown.back());
    Track track;
    track.id = "slides";
    track.kind = TrackKind::slides;
    for (std::size_t i = 0; i < shown.size(); ++i) {
      const auto& slide = slides_[shown[i].slide];
      Clip clip;
      clip.asset =
          assets_.id_of(slide.file->path, slide.file->type == FileType::pdf ? "deck-" : "slide-");
      clip.page = slide.page;
      clip.start = shown[i].at;
      clip.duration = (i + 1 < shown.size() ? shown[i + 1].at : end_) - shown[i].at;
      track.clips.push_back(std::move(clip));
    }
    imported_.manifest.duration = end_;
    imported_.manifest.tracks.push_back(std::move(track));
  }

  void add_sound(const std::vector<Showing>& shown) {
    Track track;
    track.id = "voice";
    track.kind = TrackKind::microphone;
    if (voices_.whole) add_voice(track, *voices_.whole, 0ns);
    std::vector<bool> heard(slides_.size());
    for (const auto& showing : shown) {
      const auto* voice = voices_.of_slide[showing.slide];
      if (!voice || heard[showing.slide]) continue;
      heard[showing.slide] = true;
      add_voice(track, *voice, showing.at);
      imported_.notes.push_back(quoted(voice->path) + ": the voice of slide " +
                                std::to_string(showing.slide + 1) + ", from " +
                                format_time(showing.at));
    }
    if (!track.clips.empty()) imported_.manifest.tracks.push_back(std::move(track));
  }

  // Who speaks on while the next voice begins is cut short.
  void add_voice(Track& track, const FolderFile& voice, Nanoseconds at) {
    if (!voice.media.usable())
      imported_.warnings.push_back(quoted(voice.path) + ": " + voice.media.problem);
    if (!track.clips.empty() && track.clips.back().start + last_length_ > at)
      imported_.warnings.push_back(quoted(last_path_) + ": is cut at " + format_time(at) +
                                   ", where the next voice begins");
    Clip clip;
    clip.asset = assets_.id_of(voice.path, "voice-");
    clip.start = at;
    track.clips.push_back(std::move(clip));
    last_length_ = voice.media.duration;
    last_path_ = voice.path;
  }

  void report_unused() {
    for (const auto* sound : voices_.others)
      imported_.warnings.push_back(
          quoted(sound->path) +
          ": no slide has its number or its name, or another sound has it; it is not used");
    const bool decks = slides_.front().file->type == FileType::pdf;
    for (const auto& file : folder_.files) {
      const bool below = file.path.find('/') != file.path.npos && file.path.front() != '/';
      if (file.type == FileType::picture && decks && !below)
        imported_.warnings.push_back(quoted(file.path) + ": there is a deck; it is not used");
      else if (file.type == FileType::film)
        imported_.warnings.push_back(quoted(file.path) + ": a film is no slide; it is not used");
      else if (file.type == FileType::other || below)
        imported_.warnings.push_back(quoted(file.path) + ": is not used");
    }
  }

  const MediaFolder& folder_;
  Nanoseconds slide_length_;
  std::vector<Slide> slides_;
  SlideVoices voices_;
  Imported imported_;
  FolderAssets assets_;
  Nanoseconds end_{0};          // of the film
  Nanoseconds last_length_{0};  // of the last voice
  std::string last_path_;
};

}  // namespace

bool is_slides(const MediaFolder& folder) {
  const auto slides = slides_in(folder);
  if (slides.empty()) return false;
  const bool films = std::any_of(folder.files.begin(), folder.files.end(),
                                 [](const auto& file) { return file.type == FileType::film; });
  return !films && match_voices(folder, slides).others.empty();
}

tl::expected<Imported, Problems> import_slides(const MediaFolder& folder,
                                               const UriRewriter& uri_for,
                                               Nanoseconds slide_length) {
  return SlidesMaker{folder, uri_for, slide_length}.make();
}

}  // namespace rostrum
