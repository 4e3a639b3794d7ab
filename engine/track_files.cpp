// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/track_files.h"

#include "lib/gst_ptr.h"

#include <algorithm>

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

// The job's other assets are no concern of an element that plays one track.
void keep_assets_of(const Track& track, Manifest& manifest) {
  std::erase_if(manifest.assets, [&](const Asset& asset) {
    return std::none_of(track.clips.begin(), track.clips.end(),
                        [&](const Clip& clip) { return clip.asset == asset.id; });
  });
}

}  // namespace

Result<TrackFiles> read_track(const std::string& path, const std::string& id) {
  auto manifest = read_manifest(path);
  if (!manifest) return tl::unexpected(manifest.error());
  const auto track = std::find_if(manifest->tracks.begin(), manifest->tracks.end(),
                                  [&](const Track& t) { return t.id == id; });
  if (track == manifest->tracks.end())
    return fail(Kind::usage, path + " has no track \"" + id + "\"");
  TrackFiles files{*track, manifest->duration, {}};
  keep_assets_of(files.track, *manifest);
  const GCharPtr folder{g_path_get_dirname(path.c_str())};
  const auto assets = resolve_assets(*manifest, {folder.get(), {}, {}});
  if (!assets) return fail(Kind::manifest, text_of(assets.error(), path));
  for (const auto& asset : *assets) files.assets[asset.id] = asset;
  for (const auto& asset : manifest->assets) {
    files.clocks[asset.id] = asset.clock;
    files.colors[asset.id] = asset.colors;
  }
  return files;
}

std::vector<Interval> without(Interval when, const std::vector<Interval>& off) {
  std::vector<Interval> left{when};
  for (const auto& cut : off) {
    std::vector<Interval> rest;
    for (const auto& on : left) {
      const Interval before{on.from, std::min(on.to, cut.from)};
      const Interval after{std::max(on.from, cut.to), on.to};
      if (!before.empty()) rest.push_back(before);
      if (!after.empty()) rest.push_back(after);
    }
    left = std::move(rest);
  }
  return left;
}

}  // namespace rostrum
