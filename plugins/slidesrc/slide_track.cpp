// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/manifest.h"
#include "engine/assets.h"
#include "lib/gst_ptr.h"
#include "slidesrc/slide.h"

#include <algorithm>
#include <map>

namespace rostrum {

namespace {

std::string text_of(const Problems& problems, const std::string& path) {
  std::string text;
  for (const auto& found : problems)
    text += (text.empty() ? "" : "; ") + path + ":" + found.pointer + ": " + found.message;
  return text;
}

Result<Manifest> read_manifest(const std::string& path) {
  char* data = nullptr;
  gsize size = 0;
  GError* problem = nullptr;
  if (!g_file_get_contents(path.c_str(), &data, &size, &problem)) {
    const GErrorPtr error{problem};
    return fail(Kind::manifest, error->message);
  }
  const GCharPtr text{data};
  auto manifest = parse_manifest({text.get(), size});
  if (manifest) return std::move(*manifest);
  return fail(Kind::manifest, text_of(manifest.error(), path));
}

// Where a clip without a duration ends: at the next clip, the job's end or the programme's.
std::optional<Nanoseconds> end_of(const Track& track, std::size_t i,
                                  std::optional<Nanoseconds> duration,
                                  std::optional<Nanoseconds> stop) {
  const auto& clip = track.clips[i];
  if (clip.duration) return clip.start + *clip.duration;
  if (i + 1 < track.clips.size()) return track.clips[i + 1].start;
  return duration ? duration : stop;
}

// What is left of the slide's time when it is switched off now and then.
std::vector<Interval> visible(Interval when, const std::vector<Interval>& hidden) {
  std::vector<Interval> left{when};
  for (const auto& off : hidden) {
    std::vector<Interval> rest;
    for (const auto& on : left) {
      const Interval before{on.from, std::min(on.to, off.from)};
      const Interval after{std::max(on.from, off.to), on.to};
      if (!before.empty()) rest.push_back(before);
      if (!after.empty()) rest.push_back(after);
    }
    left = std::move(rest);
  }
  return left;
}

// The files of the track's assets; the job's other assets are no concern of this element.
Result<std::map<std::string, std::string>> locations_of(Manifest manifest, const Track& track,
                                                        const std::string& path) {
  std::erase_if(manifest.assets, [&](const Asset& asset) {
    return std::none_of(track.clips.begin(), track.clips.end(),
                        [&](const Clip& clip) { return clip.asset == asset.id; });
  });
  const GCharPtr folder{g_path_get_dirname(path.c_str())};
  const auto assets = resolve_assets(manifest, {folder.get(), {}, {}});
  if (!assets) return fail(Kind::manifest, text_of(assets.error(), path));
  std::map<std::string, std::string> locations;
  for (const auto& asset : *assets) locations[asset.id] = asset.path;
  return locations;
}

}  // namespace

Result<std::vector<Slide>> slides_of_track(const std::string& location, const std::string& id,
                                           std::optional<Nanoseconds> stop) {
  const auto manifest = read_manifest(location);
  if (!manifest) return tl::unexpected(manifest.error());
  const auto track = std::find_if(manifest->tracks.begin(), manifest->tracks.end(),
                                  [&](const Track& t) { return t.id == id; });
  if (track == manifest->tracks.end())
    return fail(Kind::usage, location + " has no track \"" + id + "\"");
  if (track->kind != TrackKind::slides)
    return fail(Kind::usage, "the track \"" + id + "\" of " + location + " is not one of slides");

  const auto locations = locations_of(*manifest, *track, location);
  if (!locations) return tl::unexpected(locations.error());
  std::vector<Slide> slides;
  for (std::size_t i = 0; i < track->clips.size(); ++i) {
    const auto& clip = track->clips[i];
    const auto end = end_of(*track, i, manifest->duration, stop);
    if (!end) return fail(Kind::usage, "the last slide has no duration, nor has the job: set stop");
    Slide slide{.location = locations->at(clip.asset), .asset = clip.asset, .page = clip.page};
    for (const auto& when : visible({clip.start, *end}, clip.hidden)) {
      slide.when = when;
      slides.push_back(slide);
    }
  }
  return slides;
}

}  // namespace rostrum
