// SPDX-License-Identifier: LGPL-2.1-or-later
// The format is what ges-xml-formatter.c of GStreamer Editing Services reads and writes.
#include "core/export/xges.h"

#include "core/clip_schedule.h"
#include "core/export/ges_text.h"
#include "core/export/shots.h"
#include "core/file_ending.h"
#include "core/initials.h"
#include "core/intervals.h"
#include "core/plan_tracks.h"

#include <algorithm>
#include <map>
#include <optional>
#include <pugixml.hpp>
#include <set>
#include <sstream>
#include <utility>

namespace rostrum {

namespace {

constexpr int kAudio = 2;        // GES_TRACK_TYPE_AUDIO
constexpr int kVideo = 4;        // GES_TRACK_TYPE_VIDEO
constexpr int kSolidColor = 17;  // pattern of videotestsrc
constexpr std::uint32_t kOpaque = 0xff000000;

// A clip of GES: its times in nanoseconds, its source's properties.
struct GesClip {
  std::string asset;  // URI, or the name of the type
  const char* type = "GESUriClip";
  int tracks = kVideo;
  Nanoseconds start{0}, duration{0}, in{0};
  std::string source;  // properties of what is inside it
};

bool is_pdf(const std::string& uri) { return has_ending(file_title(uri), ".pdf"); }

class ProjectWriter {
 public:
  ProjectWriter(const ExportSource& source, const Plan& plan) : source_{source}, plan_{plan} {}

  Exported write() {
    lay_pictures();
    lay_sound();
    layers_.push_back({background()});
    auto project = document();
    add_assets(project);
    add_timeline(project);
    std::ostringstream text;
    document_.save(text, "  ", pugi::format_indent | pugi::format_no_declaration);
    return {text.str(), std::move(warnings_)};
  }

 private:
  using Layer = std::vector<GesClip>;

  const std::string& uri_of(const PlannedClip& clip) const {
    return source_.places.at(clip.asset).front();
  }
  Nanoseconds at(std::int64_t frame) const {
    return plan_.grid.start(frame) - plan_.grid.start(plan_.frames.first);
  }
  void warn(const std::string& sentence) {
    if (said_.insert(sentence).second) warnings_.push_back(sentence);
  }

  // Higher tiles on higher layers; of one track in one layer, whose clips must not overlap.
  void lay_pictures() {
    std::map<std::pair<int, std::size_t>, Layer> by_height;
    for (const auto& shot : shots(plan_)) {
      const auto& track = plan_.tracks[shot.tile.track];
      const auto& clip = track.clips[shot.tile.clip];
      if (is_pdf(uri_of(clip))) {
        warn("track \"" + track.id + "\": the pages of " + file_title(uri_of(clip)) +
             " are left out: GES shows no PDF; make pictures of them");
        continue;
      }
      if (auto made = picture(shot, clip))
        by_height[{-shot.tile.z, shot.tile.track}].push_back(std::move(*made));
    }
    for (auto& [height, layer] : by_height) add_layers(std::move(layer));
    warn("names, initials, cards, the logo and fades are not in the project");
  }

  // One layer, or more where the same clip is shown twice at once.
  void add_layers(Layer clips) {
    const auto first = layers_.size();
    for (auto& clip : clips) {
      auto layer = first;
      while (layer < layers_.size() &&
             layers_[layer].back().start + layers_[layer].back().duration > clip.start)
        ++layer;
      if (layer == layers_.size()) layers_.emplace_back();
      layers_[layer].push_back(std::move(clip));
    }
  }

  // GES refuses what lies beyond a medium's end.
  static Nanoseconds within(const MediaInfo& info, Nanoseconds in, Nanoseconds duration) {
    return info.pages > 0 ? duration : std::min(duration, info.duration - in);
  }

  std::optional<GesClip> picture(const Shot& shot, const PlannedClip& clip) {
    const auto& info = media_of(source_.media, clip.asset);
    if (!info.usable() || (!info.video && info.pages == 0)) return {};
    GesClip made;
    made.asset = uri_of(clip);
    made.start = at(shot.frames.first);
    const auto shown = plan_.grid.start(shot.frames.first);
    if (info.pages == 0) made.in = std::max(0ns, clip.in + shown - clip.start);
    made.duration = within(info, made.in, at(shot.frames.end) - made.start);
    if (made.duration <= 0ns) return {};
    made.source = place(shot.tile, info).str();
    return made;
  }

  // A cropped picture or one with an edge would need effects.
  GesFields place(const SceneTile& tile, const MediaInfo& info) {
    auto rect = tile.rect;
    if (tile.fit != Fit::stretch && info.video) {
      const auto inside = place_in_box({info.video->width, info.video->height},
                                       {tile.rect.width, tile.rect.height});
      rect = {rect.x + inside.x, rect.y + inside.y, inside.width, inside.height};
    }
    if (tile.fit == Fit::cover) warn("pictures that fill their place by cropping are shown whole");
    if (!tile.edge.plain()) warn("round corners and borders are not in the project");
    GesFields fields{"properties"};
    fields.integer("GstFramePositioner::posx", rect.x).integer("GstFramePositioner::posy", rect.y);
    fields.integer("GstFramePositioner::width", rect.width);
    fields.integer("GstFramePositioner::height", rect.height);
    return fields;
  }

  void lay_sound() {
    for (const auto& track : plan_.tracks) {
      Layer layer;
      for (const auto& clip : track.clips)
        if (clip.has_audio) add_sound(layer, clip);
      if (layer.empty()) continue;
      layers_.push_back(std::move(layer));
      if (!track.gains.empty() || !track.filter.none())
        warn("fades, ducking, levelling and filters of sound are not in the project");
    }
  }

  void add_sound(Layer& layer, const PlannedClip& clip) {
    const auto& info = media_of(source_.media, clip.asset);
    const Interval film{plan_.grid.start(plan_.frames.first), plan_.grid.start(plan_.frames.end)};
    const Interval heard{std::max(clip.start, film.from), std::min(clip.end(), film.to)};
    if (heard.empty()) return;
    for (const auto& part : difference({heard}, merged(clip.muted))) {
      GesClip made;
      made.asset = uri_of(clip);
      made.tracks = kAudio;
      made.start = part.from - film.from;
      made.in = clip.in + part.from - clip.start;
      made.duration = within(info, made.in, part.to - part.from);
      if (made.duration <= 0ns) continue;
      made.source = GesFields{"properties"}.number("GstVolume::volume", clip.volume).str();
      layer.push_back(std::move(made));
    }
    if (clip.pan != 0) warn("sound that is panned is in the middle");
  }

  // Holds the length of the film, and is seen where nothing else is.
  GesClip background() const {
    GesClip made{"GESTestClip", "GESTestClip", kVideo, 0ns, at(plan_.frames.end), 0ns, {}};
    made.source =
        GesFields{"properties"}
            .integer("GstVideoTestSrc::pattern", kSolidColor)
            .unsigned_integer("GstVideoTestSrc::foreground-color", kOpaque | plan_.background)
            .str();
    return made;
  }

  pugi::xml_node document() {
    auto ges = document_.append_child("ges");
    ges.append_attribute("version") = "0.7";
    auto project = ges.append_child("project");
    project.append_attribute("properties") = "properties;";
    GesFields about{"metadatas"};
    if (const auto title = single_line(plan_.title); !title.empty()) about.text("name", title);
    about.text("format-version", "0.7");
    project.append_attribute("metadatas") = about.str().c_str();
    return project;
  }

  void add_assets(pugi::xml_node project) const {
    auto list = project.append_child("ressources");  // the format's spelling
    std::set<std::string> seen;
    for (const auto& layer : layers_) {
      for (const auto& clip : layer) {
        if (!seen.insert(clip.asset).second) continue;
        auto asset = list.append_child("asset");
        asset.append_attribute("id") = clip.asset.c_str();
        asset.append_attribute("extractable-type-name") = clip.type;
        asset.append_attribute("properties") = "properties;";
        asset.append_attribute("metadatas") = "metadatas;";
      }
    }
  }

  std::string restriction() const {
    const auto rate = plan_.grid.rate();
    return "video/x-raw, width=(int)" + std::to_string(plan_.canvas.width) + ", height=(int)" +
           std::to_string(plan_.canvas.height) + ", framerate=(fraction)" +
           std::to_string(rate.num) + "/" + std::to_string(rate.den);
  }

  void add_timeline(pugi::xml_node project) const {
    auto timeline = project.append_child("timeline");
    timeline.append_attribute("properties") = "properties, auto-transition=(boolean)false;";
    timeline.append_attribute("metadatas") = "metadatas;";
    add_track(timeline, 0, kVideo, "video/x-raw(ANY)", restriction());
    add_track(timeline, 1, kAudio, "audio/x-raw(ANY)",
              "audio/x-raw, format=(string)S32LE, channels=(int)" +
                  std::to_string(plan_.sound.channels) +
                  ", rate=(int)48000, layout=(string)interleaved");
    std::size_t id = 0;
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      auto layer = timeline.append_child("layer");
      layer.append_attribute("priority") = i;
      layer.append_attribute("properties") = "properties, auto-transition=(boolean)false;";
      layer.append_attribute("metadatas") = "metadatas, volume=(float)1;";
      for (const auto& clip : layers_[i]) add_clip(layer, clip, id++, i);
    }
  }

  static void add_track(pugi::xml_node timeline, int id, int type, const char* caps,
                        const std::string& restriction) {
    auto track = timeline.append_child("track");
    track.append_attribute("caps") = caps;
    track.append_attribute("track-type") = type;
    track.append_attribute("track-id") = id;
    const auto properties =
        GesFields{"properties"}.text("restriction-caps", restriction).boolean("mixing", true);
    track.append_attribute("properties") = properties.str().c_str();
    track.append_attribute("metadatas") = "metadatas;";
  }

  static void add_clip(pugi::xml_node layer, const GesClip& clip, std::size_t id,
                       std::size_t priority) {
    auto node = layer.append_child("clip");
    node.append_attribute("id") = id;
    node.append_attribute("asset-id") = clip.asset.c_str();
    node.append_attribute("type-name") = clip.type;
    node.append_attribute("layer-priority") = priority;
    node.append_attribute("track-types") = clip.tracks;
    node.append_attribute("start") = static_cast<long long>(clip.start.count());
    node.append_attribute("duration") = static_cast<long long>(clip.duration.count());
    node.append_attribute("inpoint") = static_cast<long long>(clip.in.count());
    node.append_attribute("rate") = 0;
    node.append_attribute("properties") = "properties;";
    node.append_attribute("metadatas") = "metadatas;";
    auto source = node.append_child("source");
    source.append_attribute("track-id") = clip.tracks == kVideo ? 0 : 1;
    source.append_attribute("children-properties") = clip.source.c_str();
  }

  const ExportSource& source_;
  const Plan& plan_;
  std::vector<Layer> layers_;  // from the top
  std::vector<std::string> warnings_;
  std::set<std::string> said_;
  pugi::xml_document document_;
};

}  // namespace

Exported export_xges(const ExportSource& source, const Plan& plan) {
  return ProjectWriter{source, plan}.write();
}

}  // namespace rostrum
